import { answer } from "../answer";
import type { ActionProperties } from "../declarations";
import type { ActionKind, Visit } from "./action";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html */
export const redirect: ActionKind = {
  problems({ redirect: target }) {
    if (!target) return ['an action of type "redirect" needs redirect'];
    const problems: string[] = [];
    if (!["HTTP_301", "HTTP_302"].includes(target.statusCode)) {
      problems.push(`redirect.statusCode must be HTTP_301 or HTTP_302; got "${target.statusCode}"`);
    }
    const kept = (value: string | undefined, own: string) => value === undefined || value === own;
    if (
      kept(target.protocol, "#{protocol}") &&
      kept(target.host, "#{host}") &&
      kept(target.port, "#{port}") &&
      kept(target.path, "/#{path}")
    ) {
      problems.push("a redirect must change at least one of protocol, host, port and path, or it would loop");
    }
    return problems;
  },

  run(visit, { redirect: target }) {
    if (!target) return "next";
    const status = Number(target.statusCode.slice("HTTP_".length));
    const { cookies, server } = visit;
    answer(visit.exchange, { status, headers: { Location: location(visit, target) }, cookies, server });
    return "answered";
  },
};

/** The port is always written, as the load balancer does: `https://example.com:443/`. */
export function location(
  visit: Pick<Visit, "protocol" | "port" | "host" | "path" | "query">,
  target: NonNullable<ActionProperties["redirect"]>,
): string {
  const own: Record<string, string> = {
    protocol: visit.protocol,
    host: visit.host.replace(/:\d+$/, ""),
    port: String(visit.port),
    path: visit.path.replace(/^\//, ""),
    query: visit.query,
  };
  const fill = (template: string) =>
    template.replace(/#\{(protocol|host|port|path|query)\}/g, (_, name: string) => own[name] ?? "");
  const protocol = fill(target.protocol ?? "#{protocol}").toLowerCase();
  const host = fill(target.host ?? "#{host}");
  const query = fill(target.query ?? "#{query}");
  const path = fill(target.path ?? "/#{path}");
  return `${protocol}://${host}:${fill(target.port ?? "#{port}")}${path}${query ? `?${query}` : ""}`;
}
