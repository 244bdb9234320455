import { pages, problems } from "./gateway-pages";
import { oauth2ProxyHeaders, ownPagesPolicy, prefectHeaders, securityHeaders } from "./nginx-headers";
import { maps } from "./nginx-maps";
import { type GatewayPorts, healthCheckPath, ports as taskPorts } from "./ports";
import { callbackPath, proxyPrefix, signedOutPath, signOutPagePath, signOutPath } from "./session";
import { uiSettings } from "./ui-settings";

export interface NginxOptions {
  /** The one host name that is served, lower case: `prefect.example.com`. */
  domain: string;
  /** Networks whose X-Forwarded-For is believed: those of the load balancer. */
  trustedProxyCidrs: string[];
  /** Seconds without a byte before nginx gives up on Prefect or a client; the load balancer's idle timeout is below. */
  idleTimeoutSec: number;
  /** @default the task's ports */
  ports?: GatewayPorts;
  /** A writable directory. @default "/tmp" */
  dir?: string;
  /** @default "/dev/stdout" */
  accessLog?: string;
}

/** Prefect answers a client's 4 MB log batch; nginx's default of 1 MB would refuse it. */
const maxBody = "16m";

/**
 * The gateway's nginx.conf: no secret in it. `credentials.conf` and `htpasswd` beside it come from `gatewayStart`.
 *
 * Every location of the domain is behind `satisfy any` of the machine credential and of oauth2-proxy's session, as
 * inherited from the server; the exceptions name themselves with `auth_request off` and reach oauth2-proxy only.
 */
export function nginxConf(options: NginxOptions): string {
  const { domain, trustedProxyCidrs, idleTimeoutSec, ports = taskPorts, dir = "/tmp", accessLog } = options;
  return `# The gateway: what comes in on port ${ports.nginx} goes to Prefect only with a session or the machine credential.
worker_processes 2;
pid ${dir}/nginx.pid;
error_log stderr warn;

events {
  worker_connections 4096;
}

http {
  include ${dir}/credentials.conf;
  default_type application/octet-stream;
  server_tokens off;
  client_body_temp_path ${dir}/client_body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;

  # The path without its query: a callback's query holds the login's code.
  log_format gateway escape=json '{"time":"$time_iso8601","client":"$remote_addr","person":"$person","machine":"$remote_user",'
    '"method":"$request_method","path":"$uri","status":$status,"bytes":$body_bytes_sent,'
    '"seconds":$request_time,"upstreamSeconds":"$upstream_response_time","agent":"$http_user_agent"}';
  access_log ${accessLog ?? "/dev/stdout"} gateway;

  # The load balancer appends the client's address; only that last entry is believed.
${trustedProxyCidrs.map((cidr) => `  set_real_ip_from ${cidr};`).join("\n")}
  real_ip_header X-Forwarded-For;
  real_ip_recursive off;

  client_max_body_size ${maxBody};
  client_header_timeout 10s;
  client_body_timeout 15s;
  # Longer than the load balancer's idle timeout, or it would reuse a connection that nginx has just closed.
  keepalive_timeout ${idleTimeoutSec + 15}s;
  reset_timedout_connection on;
  # Session cookies of several 4 kB pieces, both ways.
  large_client_header_buffers 4 32k;
  proxy_buffer_size 32k;
  proxy_buffers 8 32k;
  proxy_busy_buffers_size 64k;
  # /tmp is memory: answers that a slow client does not take yet wait at Prefect and not there.
  proxy_max_temp_file_size 0;
  proxy_http_version 1.1;
  proxy_connect_timeout 2s;
  # Prefect pings its sockets every 20 s, so this also does for sockets that live for days.
  proxy_read_timeout ${idleTimeoutSec}s;
  proxy_send_timeout ${idleTimeoutSec}s;
  absolute_redirect off;

  upstream prefect {
    server 127.0.0.1:${ports.prefect};
    # Prefect keeps idle connections for 75 s: nginx closes first, so no request meets a closing connection.
    keepalive 32;
    keepalive_timeout 60s;
  }
  upstream oauth2_proxy {
    server 127.0.0.1:${ports.oauth2Proxy};
    keepalive 16;
  }

${maps(domain)}

  # Wrong credentials are slowed down, right ones never ($failing_client is empty then).
  limit_req_zone $failing_client zone=failing:1m rate=10r/s;
  limit_req_status 429;

  # A Host that is not the domain: health checks of the load balancer, and nothing else.
  server {
    listen ${ports.nginx} default_server;
    server_name _;
    location = ${healthCheckPath} {
      access_log off;
      if ($request_method !~ "^(GET|HEAD)$") {
        return 405;
      }
      proxy_pass_request_headers off;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header Connection "";
      proxy_pass http://prefect/api/health;
    }
    location / {
      return 404;
    }
  }

  server {
    listen ${ports.nginx};
    server_name ${domain};
    limit_req zone=failing burst=60 nodelay;

    # Who may come in: the machine credential, or a session that oauth2-proxy knows. If neither can be asked: nobody.
    satisfy any;
    auth_basic $machine_realm;
    auth_basic_user_file ${dir}/htpasswd;
    auth_request ${proxyPrefix}/auth;
    auth_request_set $person $upstream_http_x_auth_request_email;
    auth_request_set $refreshed_cookies $upstream_http_set_cookie;

    error_page 429 = @too_many;

${securityHeaders(4)}
    add_header Cache-Control $cache_control always;
    add_header Set-Cookie $refreshed_cookie_0 always;
    add_header Set-Cookie $refreshed_cookie_1 always;
    add_header Set-Cookie $refreshed_cookie_2 always;

${prefectHeaders(domain)}

    location / {
${refusals}
      proxy_pass http://prefect;
      proxy_redirect http://${domain}/ https://${domain}/;
    }

    # try_files runs after the access phase and \`return\` before it: this order keeps the answer behind the login.
    location = /ui-settings {
${refusals}
      root /nonexistent;
      try_files /none @ui_settings;
    }
    location @ui_settings {
      default_type application/json;
      return 200 ${quoted(uiSettings())};
    }

    # oauth2-proxy, these paths of it and no others: it answers 202 to paths that it does not know.
    location ${proxyPrefix}/ {
      auth_request off;
      auth_basic off;
      # An error's line would hold the query, and a callback's query the login's code.
      error_log stderr emerg;
${securityHeaders(6, ownPagesPolicy)}
${oauth2ProxyHeaders(domain)}
      return 404;

      # Asked for every request that has no machine credential.
      location = ${proxyPrefix}/auth {
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
      location = ${proxyPrefix}/start {
        error_page 502 504 = @unavailable_page;
        rewrite ^ ${proxyPrefix}/start? break;
        proxy_pass http://oauth2_proxy;
      }
      # What oauth2-proxy says of a login that failed holds its version and text from the query.
      location = ${callbackPath} {
        proxy_intercept_errors on;
        error_page 400 403 500 = @login_failed;
        error_page 502 504 = @unavailable_page;
        proxy_pass http://oauth2_proxy;
      }

      # Signing out: a button, then the cookie goes, then the identity provider ends its own session and sends back.
      location = ${signOutPath} {
        if ($cross_site) {
          return 401;
        }
        error_page 401 = @unauthorized;
        error_page 502 504 = @unavailable_page;
        if ($request_method != POST) {
          return 302 ${signOutPagePath};
        }
        rewrite ^ ${signOutPath}? break;
        proxy_pass http://oauth2_proxy;
        proxy_redirect ~.* $sign_out_url;
      }
    }
    location = ${signOutPagePath} {
      ${html(200, pages.signOut)}
    }
    location = ${signedOutPath} {
      ${html(200, pages.signedOut)}
    }

    # A page without a session: on to the login, and back to the very same address afterwards.
    location @sign_in {
      auth_request off;
      auth_basic off;
${securityHeaders(6)}
      add_header Cache-Control no-store always;
${oauth2ProxyHeaders(domain, "$return_to")}
      rewrite ^ ${proxyPrefix}/start? break;
      proxy_pass http://oauth2_proxy;
    }
    location @unauthorized {
      ${json(401, problems.unauthorized)}
    }
    location @forbidden_page {
      ${html(403, pages.forbidden)}
    }
    location @forbidden {
      ${json(403, problems.forbidden)}
    }
    location @login_failed {
      ${html(403, pages.loginFailed)}
    }
    location @too_many {
      ${json(429, problems.tooMany)}
    }
    location @unavailable_page {
      ${html(503, pages.unavailable)}
    }
    location @unavailable {
      add_header Retry-After 5 always;
      ${json(503, problems.unavailable)}
    }
  }
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

function html(status: number, body: string): string {
  return `${securityHeaders(6, ownPagesPolicy).trimStart()}
      add_header Cache-Control no-store always;
      default_type "text/html; charset=utf-8";
      return ${status} ${quoted(body)};`;
}

function json(status: number, body: string): string {
  return `${securityHeaders(6, ownPagesPolicy).trimStart()}
      add_header Cache-Control no-store always;
      default_type application/json;
      return ${status} ${quoted(body)};`;
}

/** A string of ours in nginx's language. @throws Error where nginx would read something else than was written */
function quoted(text: string): string {
  if (/['$\\]/.test(text)) throw new Error(`nginx would misread ', $ or \\ in: ${text}`);
  return `'${text}'`;
}
