import { pages, problems } from "./gateway-pages";
import { html, json } from "./nginx-answers";
import { oauth2ProxyHeaders, ownPagesPolicy, prefectHeaders, securityHeaders } from "./nginx-headers";
import { quoted } from "./nginx-http";
import type { Paths } from "./paths";
import { uiSettings } from "./ui-settings";

export interface PeopleServerOptions {
  /** Where it listens. */
  listen: number;
  domain: string;
  paths: Paths;
  dir: string;
  /** Whether the machine credential counts here as well. */
  machinesToo: boolean;
}

/**
 * The domain: Prefect for people with a session and, where there is no other way in for them, for machines.
 *
 * Every location is behind oauth2-proxy's session (or, by `satisfy any`, the machine credential), as inherited from the
 * server; the exceptions name themselves with `auth_request off` and reach oauth2-proxy only.
 */
export function peopleServer({ listen, domain, paths, dir, machinesToo }: PeopleServerOptions): string {
  const own = pages(paths, paths.oauth2SignOut);
  return `  server {
    listen ${listen};
    server_name ${domain};
    limit_req zone=failing burst=60 nodelay;

    # Who may come in: ${machinesToo ? "the machine credential, or " : ""}a session that oauth2-proxy knows. If ${machinesToo ? "neither" : "it cannot"} can be asked: nobody.
${machinesToo ? machineCredential(dir) : ""}    auth_request ${paths.oauth2Proxy}/auth;
    auth_request_set $person $upstream_http_x_auth_request_email;
    auth_request_set $refreshed_cookies $upstream_http_set_cookie;

    error_page 429 = @too_many;

${securityHeaders(4)}
    add_header Cache-Control $cache_control always;
    add_header Set-Cookie $refreshed_cookie_0 always;
    add_header Set-Cookie $refreshed_cookie_1 always;
    add_header Set-Cookie $refreshed_cookie_2 always;

${prefectHeaders(domain)}

    location ${paths.home} {
${refusals}
      proxy_pass http://prefect;
      proxy_redirect http://${domain}/ https://${domain}/;
    }
${outside(paths)}
    # try_files runs after the access phase and \`return\` before it: this order keeps the answer behind the login.
    location = ${paths.base}/ui-settings {
${refusals}
      root /nonexistent;
      try_files /none @ui_settings;
    }
    location @ui_settings {
      default_type application/json;
      return 200 ${quoted(uiSettings(paths))};
    }

    # oauth2-proxy, these paths of it and no others: it answers 202 to paths that it does not know.
    location ${paths.oauth2Proxy}/ {
      auth_request off;
      auth_basic off;
      # An error's line would hold the query, and a callback's query the login's code.
      error_log stderr emerg;
${securityHeaders(6, ownPagesPolicy)}
${oauth2ProxyHeaders(domain)}
      return 404;

      # Asked for every request that has no machine credential.
      location = ${paths.oauth2Proxy}/auth {
        internal;
        access_log off;
        # No cookie opens a socket: both UIs open none, and the browser's same-origin rules do not hold for them.
        if ($http_upgrade) {
          return 401;
        }
        # Nor does a cookie count for a change that another site asks for.
        if ($cross_site) {
          return 401;
        }
        proxy_read_timeout 5s;
        proxy_pass http://oauth2_proxy;
      }
      # Its query is dropped: it could name a page to go to after the login.
      location = ${paths.oauth2Proxy}/start {
        error_page 502 504 = @unavailable_page;
        rewrite ^ ${paths.oauth2Proxy}/start? break;
        proxy_pass http://oauth2_proxy;
      }
      # What oauth2-proxy says of a login that failed holds its version and text from the query.
      location = ${paths.oauth2Callback} {
        proxy_intercept_errors on;
        error_page 400 403 500 = @login_failed;
        error_page 502 504 = @unavailable_page;
        proxy_pass http://oauth2_proxy;
      }

      # Signing out: a button, then the cookie goes, then the identity provider ends its own session and sends back.
      location = ${paths.oauth2SignOut} {
        if ($cross_site) {
          return 401;
        }
        error_page 401 = @unauthorized;
        error_page 502 504 = @unavailable_page;
        if ($request_method != POST) {
          return 302 ${paths.signOut};
        }
        rewrite ^ ${paths.oauth2SignOut}? break;
        proxy_pass http://oauth2_proxy;
        proxy_redirect ~.* $sign_out_url;
      }
    }
    location = ${paths.signOut} {
      ${html(200, own.signOut)}
    }
    location = ${paths.signedOut} {
      ${html(200, own.signedOut)}
    }

    # A page without a session: on to the login, and back to the very same address afterwards.
    location @sign_in {
      auth_request off;
      auth_basic off;
${securityHeaders(6)}
      add_header Cache-Control no-store always;
${oauth2ProxyHeaders(domain, "$return_to")}
      rewrite ^ ${paths.oauth2Proxy}/start? break;
      proxy_pass http://oauth2_proxy;
    }
    location @unauthorized {
      ${json(401, problems.unauthorized)}
    }
    location @forbidden_page {
      ${html(403, own.forbidden)}
    }
    location @forbidden {
      ${json(403, problems.forbidden)}
    }
    location @login_failed {
      ${html(403, own.loginFailed)}
    }
    location @too_many {
      ${json(429, problems.tooMany)}
    }
    location @unavailable_page {
      ${html(503, own.unavailable)}
    }
    location @unavailable {
      add_header Retry-After 5 always;
      ${json(503, problems.unavailable)}
    }
  }
`;
}

function machineCredential(dir: string): string {
  return `    satisfy any;
    auth_basic $machine_realm;
    auth_basic_user_file ${dir}/htpasswd;
`;
}

/** With a prefix: its own name without the slash leads to it, and nothing else answers. */
function outside({ base, home }: Paths): string {
  if (base === "") return "";
  return `    location = ${base} {
      return 308 ${home};
    }
    location / {
      return 404;
    }
`;
}

/**
 * What the two locations before Prefect answer when they refuse. Not inherited from the server: the subrequest to
 * oauth2-proxy would inherit it too, and turn its plain 401 into a page.
 */
const refusals = `      error_page 401 = $on_unauthorized;
      error_page 403 = $on_forbidden;
      error_page 429 = @too_many;
      error_page 500 502 503 504 = $on_unavailable;`;
