import { healthServer, nginxFile, type NginxOptions, quoted } from "./nginx-http";
import { machinesServer } from "./nginx-machines";
import { programMaps } from "./nginx-maps";
import { pathsBelow } from "./paths";
import { healthCheckPath, ports as taskPorts } from "./ports";
import { loadBalancerCookieName, loadBalancerCookies } from "./session";

export interface GateOptions extends NginxOptions {
  /** Whether machines come in here with their credential. */
  machines: boolean;
}

/**
 * nginx.conf of the gate, the helper beside Prefect where the load balancer logs people in. It does what a load balancer
 * cannot: it takes its session cookies away, and asks machines for their credential.
 */
export function gateConf(options: GateOptions): string {
  const { domain, path, machines, ports = taskPorts, dir = "/tmp" } = options;
  const paths = pathsBelow(path);
  const signOut = `    # The load balancer has asked for a session before. Expired one by one: which there are is not said.
    location = ${paths.signOut} {
      auth_basic off;
      # As written: /api/..%2fsign-out comes here too, and the load balancer takes it for a machine's call below /api.
      if ($request_uri !~ "^${paths.signOut}(\\?|$)") {
        # A header of its own, or it would inherit those below and sign out all the same.
        add_header Cache-Control no-store always;
        return 404;
      }
      if ($request_method != POST) {
        # Likewise.
        add_header Allow POST always;
        return 405;
      }
${expiredCookies()}
      add_header Cache-Control no-store always;
      return 303 $sign_out_url;
    }
`;
  const about = `The gate: on port ${ports.nginx} it ends sessions of the load balancer${machines ? " and lets machines to Prefect" : ""}.`;
  return nginxFile(options, about, {
    maps: `${programMaps()}

  map "" $person {
    default "";
  }`,
    servers: [
      healthServer(ports.nginx, healthCheckPath, `      return 200 ${quoted("ok")};`),
      machines
        ? machinesServer({ listen: ports.nginx, host: domain, domain, paths, dir, locations: signOut })
        : `  server {
    listen ${ports.nginx};
    server_name ${domain};
${signOut}    location / {
      return 404;
    }
  }
`,
    ],
  });
}

/** Same name, path and attributes, or the browser takes them for other cookies. */
function expiredCookies(): string {
  return Array.from(
    { length: loadBalancerCookies },
    (_, shard) =>
      `      add_header Set-Cookie "${loadBalancerCookieName}-${shard}=; Path=/; Max-Age=-1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly; SameSite=None" always;`,
  ).join("\n");
}
