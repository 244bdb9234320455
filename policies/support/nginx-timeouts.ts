import { nginxConfigOf, Unseen } from "../graph/nginx-config";
import type { Directive } from "../graph/nginx-parser";
import type { Container } from "../graph/tasks";
import { imageOf, isBelow, versionOf } from "./images";

/** Seconds (ngx_http_core_module and ngx_http_upstream_module, keepalive_timeout). */
const defaults = { clients: 75, upstreams: 60 };
/** The first that keeps connections to upstreams without `keepalive` (nginx's CHANGES). */
const keepsByItself = [1, 29, 7];

/** The shortest time for which nginx keeps a client's idle connection; undefined where that cannot be seen. */
export function nginxKeepsClients(container: Container): number | undefined {
  const http = httpOf(container);
  if (http === undefined) return undefined;
  const all = [...http, ...http.filter(({ name }) => name === "server").flatMap(({ block = [] }) => block)];
  const said = all.filter(({ name }) => name === "keepalive_timeout").map(({ args }) => secondsOf(args[0]));
  const known = said.filter((seconds) => seconds !== undefined);
  if (known.length < said.length) return undefined;
  return said.length === 0 ? defaults.clients : Math.min(...known);
}

/** The longest time for which it keeps one to an upstream; 0 where it keeps none, or that cannot be seen. */
export function nginxKeepsUpstreams(container: Container): number {
  const http = httpOf(container);
  if (http === undefined) return 0;
  const upstreams = http.filter(({ name }) => name === "upstream").map(({ block = [] }) => block);
  const version = container.image === undefined ? undefined : versionOf(imageOf(container.image).tag);
  const isOld = version !== undefined && isBelow(version, keepsByItself);
  const keeping = isOld ? upstreams.filter((block) => block.some(({ name }) => name === "keepalive")) : upstreams;
  const waits = keeping.map(
    (block) => secondsOf(block.find(({ name }) => name === "keepalive_timeout")?.args[0]) ?? defaults.upstreams,
  );
  return waits.length > 0 ? Math.max(...waits) : isOld ? 0 : defaults.upstreams;
}

function httpOf(container: Container): readonly Directive[] | undefined {
  const config = nginxConfigOf(container);
  if (config instanceof Unseen) return undefined;
  return config.directives.filter(({ name }) => name === "http").flatMap(({ block = [] }) => block);
}

/** `75`, `75s`, `1m`, `500ms` */
function secondsOf(text: string | undefined): number | undefined {
  const [, count, unit = ""] = /^(\d{1,9})(ms|s|m|h|d)?$/.exec(text ?? "") ?? [];
  const seconds: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 };
  return count === undefined ? undefined : Number(count) * (seconds[unit] ?? 1);
}
