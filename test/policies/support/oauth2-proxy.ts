import { behindAlb, containers, hidden, oauth2Proxy } from "./pieces";
import type { Case } from "../cases/case";

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
