import http from "node:http";
import https from "node:https";
import { connect } from "node:net";
import type { HealthCheckProperties, TargetAddress } from "./declarations";

/** A health check's settings with AWS's defaults: target-group-health-checks.html */
export interface HealthCheck {
  enabled: boolean;
  healthyThreshold: number;
  unhealthyThreshold: number;
  /** Milliseconds. */
  interval: number;
  /** Milliseconds. */
  timeout: number;
  matches(status: number): boolean;
  path: string;
  /** The target's own port when undefined. */
  port: number | undefined;
  protocol: "HTTP" | "HTTPS" | "TCP";
}

export function healthCheckOf(declared: HealthCheckProperties = {}): HealthCheck {
  const port = declared.port ?? "traffic-port";
  return {
    enabled: declared.enabled ?? true,
    healthyThreshold: Number(declared.healthyThreshold ?? 5),
    unhealthyThreshold: Number(declared.unhealthyThreshold ?? 2),
    interval: Number(declared.interval ?? 30) * 1000,
    timeout: Number(declared.timeout ?? 5) * 1000,
    matches: matcher(declared.matcher || "200"),
    path: declared.path || "/",
    port: port === "traffic-port" ? undefined : Number(port),
    protocol: declared.protocol === "HTTPS" || declared.protocol === "TCP" ? declared.protocol : "HTTP",
  };
}

/** `200`, `200,302` or `200-299`. */
function matcher(text: string): (status: number) => boolean {
  const ranges = text.split(",").map((part) => part.split("-").map(Number) as [number, number?]);
  return (status) => ranges.some(([from, to = from]) => status >= from && status <= to);
}

/** Asks once. "The load balancer does not verify the certificate of a target." */
export function probe(target: TargetAddress, check: HealthCheck, localAddress: string): Promise<boolean> {
  const port = check.port ?? target.port;
  if (check.protocol === "TCP") return connects({ ...target, port }, check, localAddress);
  const secure = check.protocol === "HTTPS";
  return new Promise((resolve) => {
    const request = (secure ? https : http).request({
      host: target.ip,
      port,
      localAddress,
      path: check.path,
      agent: false,
      signal: AbortSignal.timeout(check.timeout),
      headers: { Host: `${target.ip}:${port}`, Connection: "close", "User-Agent": "ELB-HealthChecker/2.0" },
      ...(secure && { rejectUnauthorized: false }),
    });
    request.on("response", (response) => {
      response.resume();
      response.on("error", () => resolve(false));
      response.on("end", () => resolve(check.matches(response.statusCode ?? 0)));
    });
    request.on("error", () => resolve(false));
    request.end();
  });
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html: "TCP" */
function connects({ ip, port }: TargetAddress, check: HealthCheck, localAddress: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: ip, port, localAddress, timeout: check.timeout });
    const end = (fine: boolean) => () => {
      socket.destroy();
      resolve(fine);
    };
    socket.once("connect", end(true));
    socket.once("timeout", end(false));
    socket.once("error", end(false));
  });
}
