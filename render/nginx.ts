import { healthServer, nginxFile, type NginxOptions } from "./nginx-http";
import { machinesServer } from "./nginx-machines";
import { gatewayMaps } from "./nginx-maps";
import { peopleServer } from "./nginx-people";
import { pathsBelow } from "./paths";
import { healthCheckPath, ports as taskPorts } from "./ports";

export interface GatewayNginxOptions extends NginxOptions {
  /** The name under which machines come in from inside the VPC. @default - they come in under the domain */
  internalDomain?: string;
}

/** The gateway's nginx.conf: `credentials.conf` and `htpasswd` beside it come from `gatewayStart`. */
export function nginxConf(options: GatewayNginxOptions): string {
  const { domain, path, internalDomain, ports = taskPorts, dir = "/tmp" } = options;
  const paths = pathsBelow(path);
  const place = { listen: ports.nginx, domain, paths, dir };
  const about = `The gateway: what comes in on port ${ports.nginx} goes to Prefect only with a session or the machine credential.`;
  return nginxFile(options, about, {
    upstreams: `  upstream oauth2_proxy {
    server 127.0.0.1:${ports.oauth2Proxy};
    keepalive 16;
  }
`,
    maps: gatewayMaps(domain, paths),
    servers: [
      healthServer(ports.nginx, healthCheckPath, askPrefect(paths.api)),
      peopleServer({ ...place, machinesToo: internalDomain === undefined }),
      ...(internalDomain === undefined ? [] : [machinesServer({ ...place, host: internalDomain })]),
    ],
  });
}

function askPrefect(api: string): string {
  return `      proxy_pass_request_headers off;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header Connection "";
      proxy_pass http://prefect${api}/health;`;
}
