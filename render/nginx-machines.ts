import { problems } from "./gateway-pages";
import { json } from "./nginx-answers";
import { prefectHeaders } from "./nginx-headers";
import type { Paths } from "./paths";

export interface MachinesServerOptions {
  /** Where it listens. */
  listen: number;
  /** The only Host that is served. */
  host: string;
  /** The public name: what Prefect is told. */
  domain: string;
  paths: Paths;
  dir: string;
  /** Further locations. @default none */
  locations?: string;
}

/** Prefect's API for programs that bring the machine credential, and nothing else of Prefect: HTTP and sockets alike. */
export function machinesServer({ listen, host, domain, paths, dir, locations = "" }: MachinesServerOptions): string {
  return `  server {
    listen ${listen};
    server_name ${host};
    limit_req zone=failing burst=60 nodelay;

    auth_basic machines;
    auth_basic_user_file ${dir}/htpasswd;

${prefectHeaders(domain)}

    location ${paths.api} {
      # As written, since Prefect gets it as written: no /apiX, and no way out of it that only one of the two sees.
      if ($request_uri !~ "^${paths.api}(/|\\?|$)") {
        return 404;
      }
      # Programs only: a browser's 401 must not carry WWW-Authenticate, or it opens its own password box.
      if ($http_sec_fetch_site) {
        return 401;
      }
      error_page 401 = @unauthorized;
      error_page 429 = @too_many;
      error_page 502 504 = @unavailable;
      proxy_pass http://prefect;
    }
${locations}    location / {
      return 404;
    }
    location @unauthorized {
      ${json(401, problems.unauthorized)}
    }
    location @too_many {
      ${json(429, problems.tooMany)}
    }
    location @unavailable {
      add_header Retry-After 5 always;
      ${json(503, problems.unavailable)}
    }
  }
`;
}
