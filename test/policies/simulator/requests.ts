/** Requests that could make a difference to a listener, and whether a rule's conditions take them. */
import type { Cloud, Condition, Listener } from "./cloud";
import { inRange } from "./packets";

export interface Request {
  /** The address that the listener sees. */
  readonly from: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function plain(from: number): Request {
  return { from, method: "POST", host: "203.0.113.80", path: "/api/flows/filter", headers: {} };
}

/** Every value that a condition names, something that it does not, and neighbours. */
export function requestsOf(cloud: Cloud, listener: Listener, from: number): Request[] {
  if (listener.protocol === "TCP" || listener.protocol === "TLS") {
    // What is inside is not looked at here; an application load balancer behind it looks.
    const behind = cloud.listeners.filter(({ protocol }) => protocol === "HTTP" || protocol === "HTTPS");
    return [plain(from), ...behind.flatMap((inner) => requestsOf(cloud, inner, from))];
  }
  const conditions = cloud.rules.filter((rule) => rule.listener === listener.name).flatMap((rule) => rule.conditions);
  const values = (kind: Condition["kind"]): string[] =>
    conditions.flatMap((each) => (each.kind === kind ? each.values : []));
  // A path begins with a slash, whatever the pattern begins with.
  const paths = values("path")
    .map((pattern) => example(pattern).replace(/^\/?/, "/"))
    .flatMap((path) => [path, `${path}x`, path.toUpperCase()]);
  const hosts = values("host").map(example);
  const headers = conditions.flatMap((each) =>
    each.kind === "header" ? each.values.map((value) => ({ [each.header.toLowerCase()]: example(value) })) : [],
  );
  const all: Request[] = [];
  for (const path of new Set(["/", "/api/flows/filter", "/%61pi/flows/filter", ...paths]))
    for (const host of new Set(["203.0.113.80", ...hosts]))
      for (const method of new Set(["GET", "POST", "PATCH", ...values("method")]))
        for (const header of [{}, ...headers]) all.push({ from, method, host, path, headers: header });
  return all;
}

function example(pattern: string): string {
  return pattern.replaceAll("*", "x").replaceAll("?", "y");
}

/** Listener rules ("Condition types"): values are alternatives; paths and header values are globs, hosts ignore case. */
export function matches(condition: Condition, request: Request): boolean {
  switch (condition.kind) {
    case "path":
      return condition.values.some((value) => glob(value, request.path));
    case "host":
      return condition.values.some((value) => glob(value.toLowerCase(), request.host.toLowerCase()));
    case "method":
      return condition.values.includes(request.method);
    case "source":
      return condition.values.some((value) => inRange(request.from, value));
    case "header": {
      const sent = request.headers[condition.header.toLowerCase()];
      return sent !== undefined && condition.values.some((value) => glob(value.toLowerCase(), sent.toLowerCase()));
    }
  }
}

const globs = new Map<string, RegExp>();

function glob(pattern: string, text: string): boolean {
  let regex = globs.get(pattern);
  if (regex === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    globs.set(pattern, (regex = new RegExp(`^${source}$`, "s")));
  }
  return regex.test(text);
}
