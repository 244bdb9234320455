import { type NginxConfig } from "../../../policies/graph/nginx-config";
import { openWays } from "../../../policies/graph/nginx-gate";
import { parseNginx } from "../../../policies/graph/nginx-parser";
import type { Neighbours } from "../../../policies/graph/nginx-targets";
import type { Oauth2Proxy } from "../../../policies/graph/oauth2-proxy";

/** nginx in a task: Prefect on 4200, oauth2-proxy on 4180, nginx itself on 8080 and 9000, something unseen on 5000. */

export const proxy: Oauth2Proxy = {
  port: 4180,
  metricsPorts: [],
  loopbackOnly: true,
  prefix: "/oauth2",
  upstreams: ["static://202"],
  passesOn: false,
  problems: [],
  unseen: undefined,
  mayAddCredential: false,
};
export const neighbours: Neighbours = {
  oauth2Proxy: proxy,
  prefectAsks: false,
  healthPaths: ["/api/health", "/api/ready"],
  listener: (port) =>
    port === 4200
      ? "prefect"
      : port === 4180
        ? "oauth2-proxy"
        : port === 8080 || port === 9000
          ? "nginx"
          : port === 5000
            ? "unseen"
            : "nobody",
};

/** The ways through port 8080 to Prefect that ask for no login. */
export function ways(conf: string, files: Record<string, string> = {}, around: Partial<Neighbours> = {}): string[] {
  const config: NginxConfig = { directives: parseNginx(conf), files: new Map(Object.entries(files)) };
  return openWays(config, 8080, { ...neighbours, ...around });
}

export const pass = "proxy_pass http://127.0.0.1:4200;";
export const basic = "auth_basic realm; auth_basic_user_file /tmp/htpasswd;";
export const ask = "auth_request /oauth2/auth;";
/** nginx whose question is answered so. */
export const auth = (body: string): string => `${ask} location / { ${pass} } location = /oauth2/auth { ${body} }`;
