import { randomBytes } from "node:crypto";
import type { LoadBalancerProperties } from "./declarations";
import { eachHeader, type Exchange, valuesOf } from "./exchange";
import { endToEnd } from "./relay";

export interface Arrival {
  exchange: Exchange;
  protocol: "http" | "https";
  /** The listener's port. */
  port: number;
  host: string;
}

/**
 * The headers as the target gets them.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
 *
 * `x-amzn-oidc-*` sent by the client passes: only an authenticate action sets these, and AWS's advice is to verify them.
 */
export function targetHeaders(arrival: Arrival, attributes: LoadBalancerProperties): string[] {
  const { exchange, protocol, port } = arrival;
  const headers: string[] = [];
  const forwardedFor: string[] = [];
  eachHeader(endToEnd(exchange.headers), (name, value, sent) => {
    // "ELB requires that message header names conform to [-A-Za-z0-9]+" (routing.http.drop_invalid_header_fields.enabled)
    if (attributes.dropInvalidHeaderFields && !/^[-A-Za-z0-9]+$/.test(sent)) return;
    // The load balancer itself has answered 100 Continue.
    if (name === "expect" || name === "x-forwarded-proto" || name === "x-forwarded-port") return;
    if (name === "x-amzn-trace-id" || name === "host") return;
    if (name === "x-forwarded-for") forwardedFor.push(value);
    else headers.push(sent, value);
  });
  const first = ["Host", hostFor(arrival, attributes)];
  const mode = attributes.xffHeaderProcessingMode ?? "append";
  if (mode === "append")
    first.push("X-Forwarded-For", [...forwardedFor, clientAddress(exchange, attributes)].join(", "));
  if (mode === "preserve") for (const value of forwardedFor) first.push("X-Forwarded-For", value);
  first.push("X-Forwarded-Proto", protocol, "X-Forwarded-Port", String(port));
  first.push("X-Amzn-Trace-Id", traceId(valuesOf(exchange.headers, "x-amzn-trace-id")[0]));
  return [...first, ...headers];
}

function clientAddress({ client }: Exchange, attributes: LoadBalancerProperties): string {
  const ip = client.ip.includes(":") && attributes.enableXffClientPort ? `[${client.ip}]` : client.ip;
  return attributes.enableXffClientPort ? `${ip}:${client.port}` : ip;
}

/** Without preserveHostHeader a port other than 80 and 443 is appended ("Host header preservation"). */
function hostFor({ exchange, host, port }: Arrival, attributes: LoadBalancerProperties): string {
  if (attributes.preserveHostHeader) return valuesOf(exchange.headers, "host")[0] ?? host;
  return port === 80 || port === 443 || /:\d+$/.test(host) ? host : `${host}:${port}`;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html */
export function traceId(received: string | undefined, now = Date.now()): string {
  const fresh = `1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;
  const fields = (received ?? "").split(";").filter((field) => field !== "" && !field.startsWith("Self="));
  if (fields.length === 0) return `Root=${fresh}`;
  return [`Self=${fresh}`, ...fields].join(";");
}

/** Addresses in X-Forwarded-For, of which the load balancer takes 30. */
export function forwardedHops(headers: readonly string[]): number {
  return valuesOf(headers, "x-forwarded-for").flatMap((value) => value.split(",")).length;
}
