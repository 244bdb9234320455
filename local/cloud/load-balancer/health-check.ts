import http from "node:http";
import https from "node:https";
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
  tls: boolean;
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
    tls: declared.protocol === "HTTPS",
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
  return new Promise((resolve) => {
    const request = (check.tls ? https : http).request({
      host: target.ip,
      port,
      localAddress,
      path: check.path,
      agent: false,
      signal: AbortSignal.timeout(check.timeout),
      headers: { Host: `${target.ip}:${port}`, Connection: "close", "User-Agent": "ELB-HealthChecker/2.0" },
      ...(check.tls && { rejectUnauthorized: false }),
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
