import type { Paths } from "./paths";
import { sessionCookieName } from "./session";

/** What the gateway decides by looking at a request. */
export function gatewayMaps(domain: string, { api }: Paths): string {
  const origin = `https://${domain.replaceAll(".", "\\.")}`;
  return `  # A page that a person opens: to the login. Everything else (API calls, scripts, pictures): a plain 401.
  map "$request_method $http_sec_fetch_mode $uri" $is_page {
    default 0;
    "~^(GET|HEAD) (navigate)? ${api}(/|$)" 0;
    "~^(GET|HEAD) (navigate)? /" 1;
  }
  map $is_page $on_unauthorized {
    default @unauthorized;
    1 @sign_in;
  }
  map $is_page $on_forbidden {
    default @forbidden;
    1 @forbidden_page;
  }
  map $is_page $on_unavailable {
    default @unavailable;
    1 @unavailable_page;
  }

  # Where a request comes from: browsers say so by Origin or Sec-Fetch-Site.
  map "$http_sec_fetch_site|$http_origin" $source {
    default foreign;
    "~^(same-origin)?\\|${origin}$" own;
    "~^same-origin\\|$" own;
    "|" unstated;
  }

  # Basic counts for programs only (browsers say Sec-Fetch-Site): a browser's 401 must not carry WWW-Authenticate, or
  # it opens its own password box; a password that the UI once stored must not stand in a session's way either.
  # Nor does it count for another site's page in a browser that says no Sec-Fetch-Site.
  map "$http_sec_fetch_site:$source:$http_authorization" $machine_realm {
    default off;
    "~*^:(own|unstated):Basic " machines;
  }

  # A change counts with a session only when it comes from the own pages.
  map "$request_method $source" $cross_site {
    default 1;
    "~^(GET|HEAD|OPTIONS) " 0;
    "~ own$" 0;
  }

  # Where to go after the login. Far longer than any link of the UI: load balancers and identity providers, who get it
  # encoded twice, take 16 kB at most.
  map $request_uri $return_to {
    default $request_uri;
    "~^.{2049}" /;
  }

  # Pages and answers are a person's own and leave with the session; scripts and pictures may be kept.
  map "$sent_http_cache_control|$sent_http_content_type" $cache_control {
    default "";
    "~*^\\|(text/html|application/json)" no-store;
  }

${programMaps()}

  # A refreshed session of several cookies comes as one joined line from the subrequest: taken apart again.
  map $refreshed_cookies $refreshed_cookie_0 {
    default $refreshed_cookies;
    "~^(?<cookie_0>.+?), ${sessionCookieName}_1=" $cookie_0;
  }
  map $refreshed_cookies $refreshed_cookie_1 {
    default "";
    "~, (?<cookie_1>${sessionCookieName}_1=.+?)(?:, ${sessionCookieName}_2=|$)" $cookie_1;
  }
  map $refreshed_cookies $refreshed_cookie_2 {
    default "";
    "~, (?<cookie_2>${sessionCookieName}_2=.+)$" $cookie_2;
  }`;
}

/** What is decided for programs, wherever they come in. */
export function programMaps(): string {
  return `  # The address of who sends a wrong credential; empty without one, and with the right one.
  map "$http_authorization|$prefect_authorization" $failing_client {
    default $binary_remote_addr;
    "~^\\|" "";
    "~^(.+)\\|\\1$" "";
  }

  # Only WebSockets are upgraded.
  map $http_upgrade $upgrade_header {
    default "";
    "~*^websocket$" websocket;
  }
  map $upgrade_header $connection_header {
    default "";
    websocket upgrade;
  }

  # Of the cookies, Prefect gets its own one (which UI the person likes) and not the session.
  map $http_cookie $prefect_cookie {
    default "";
    "~(?:^|; ?)(?<ui_cookie>prefect_ui_version=[a-z0-9]+)(?:;|$)" $ui_cookie;
  }`;
}
