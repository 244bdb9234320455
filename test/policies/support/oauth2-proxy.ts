import { type Oauth2Proxy, oauth2ProxyOf } from "../../../policies/graph/oauth2-proxy";
import type { Container } from "../../../policies/graph/tasks";
import type { Case } from "../cases/case";
import { container } from "./containers";
import { behindAlb, containers, hidden, oauth2Proxy } from "./pieces";

/** oauth2-proxy alone before Prefect in its task. */
export function behindOauth2Proxy(
  environment: Record<string, string>,
  piece: Parameters<typeof oauth2Proxy>[1] = {},
  server: Parameters<typeof hidden>[0] = {},
): Case["stack"] {
  const address = { OAUTH2_PROXY_UPSTREAMS: "http://127.0.0.1:4200", OAUTH2_PROXY_HTTP_ADDRESS: "0.0.0.0:4180" };
  return behindAlb({
    definitions: containers(hidden(server), oauth2Proxy({ ...address, ...environment }, { ports: [4180], ...piece })),
    target: { container: "oauth2-proxy", port: 4180 },
  });
}

type Settings = Readonly<Record<string, string | undefined>>;

/** A container of oauth2-proxy's image with these variables, without their prefix, as the pack reads it. */
export function proxyWith(settings: Settings = {}, more: Partial<Container> = {}): Container {
  const variables = Object.entries(settings).map(([name, value]) => [`OAUTH2_PROXY_${name}`, value] as const);
  return container({
    name: "login",
    image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3-alpine",
    environment: new Map(variables),
    ...more,
  });
}

/** What the pack makes of it. */
export function proxyOf(settings: Settings, more: Partial<Container> = {}): Oauth2Proxy {
  return oauth2ProxyOf(proxyWith(settings, more));
}

/** Secrets that hold these variables. */
export function secret(...names: string[]): Partial<Container> {
  return { secrets: new Set(names.map((name) => `OAUTH2_PROXY_${name}`)) };
}
