import { pathsBelow } from "./paths";
import { ports } from "./ports";
import { sessionCookieName } from "./session";

export interface Oauth2ProxyOptions {
  domain: string;
  /** Where Prefect is on the domain: `/` or `/prefect`. */
  path: string;
  /** OAuth scopes. Always given: without one, allowed groups make oauth2-proxy ask for `groups`, which Cognito refuses. */
  scopes: string[];
  groupsClaim: string;
  /** Groups of whom one is enough; empty admits everybody whom the issuer and `allowedEmailDomains` admit. */
  allowedGroups: string[];
  /** Empty admits every domain. */
  allowedEmailDomains: string[];
  /** For a pool where nobody can register: people whom an administrator made need no verified address. */
  allowUnverifiedEmail: boolean;
  /** Hours until a new login is asked for, whatever happens. */
  lifetimeHours: number;
  /** Minutes between two questions to the issuer whether the person may still come in. */
  refreshMinutes: number;
}

/** The secrets that the container needs besides, by name. */
export const oauth2ProxySecrets = {
  issuer: "OAUTH2_PROXY_OIDC_ISSUER_URL",
  clientId: "OAUTH2_PROXY_CLIENT_ID",
  clientSecret: "OAUTH2_PROXY_CLIENT_SECRET",
  cookieSecret: "OAUTH2_PROXY_COOKIE_SECRET",
} as const;

/**
 * oauth2-proxy's plain environment. Never in it, whatever the wish: skip_auth_*, skip_auth_preflight, trusted_ips,
 * ping_user_agent, gcp_healthchecks, insecure_oidc_skip_issuer_verification: each makes /oauth2/auth say yes to somebody
 * without a session, and most of oauth2-proxy's advisories needed one of them.
 */
export function oauth2ProxyEnvironment(options: Oauth2ProxyOptions): Record<string, string> {
  const paths = pathsBelow(options.path);
  const settings: Record<string, string> = {
    provider: "oidc",
    http_address: `127.0.0.1:${ports.oauth2Proxy}`,
    proxy_prefix: paths.oauth2Proxy,
    // Explicit, or it is built from X-Forwarded-Host.
    redirect_url: `https://${options.domain}${paths.oauth2Callback}`,
    upstreams: "static://202",
    skip_provider_button: "true",

    reverse_proxy: "true",
    // Unset, X-Forwarded-* is believed from everywhere.
    trusted_proxy_ips: "127.0.0.1/32,::1/128",
    real_client_ip_header: "X-Real-IP",

    code_challenge_method: "S256",
    // The default is true.
    insecure_oidc_skip_nonce: "false",
    insecure_oidc_allow_unverified_email: String(options.allowUnverifiedEmail),
    scope: options.scopes.join(" "),

    oidc_groups_claim: options.groupsClaim,
    allowed_groups: options.allowedGroups.join(","),
    email_domains: options.allowedEmailDomains.join(",") || "*",

    cookie_name: sessionCookieName,
    cookie_path: "/",
    cookie_secure: "true",
    cookie_httponly: "true",
    // Unset, Firefox and Safari would send it along from everywhere.
    cookie_samesite: "lax",
    cookie_expire: `${options.lifetimeHours}h`,
    cookie_refresh: `${options.refreshMinutes}m`,
    // One per login, so that several tabs can log in at once.
    cookie_csrf_per_request: "true",
    cookie_csrf_per_request_limit: "8",
    cookie_csrf_samesite: "lax",

    set_xauthrequest: "true",
    // nginx writes the access log; oauth2-proxy's would hold queries, and a callback's query holds the login's code.
    request_logging: "false",
    show_debug_on_error: "false",
    // Its pages would say its version.
    footer: "-",
  };
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== "")
      .map(([name, value]) => [`OAUTH2_PROXY_${name.toUpperCase()}`, value]),
  );
}

/**
 * The container's start. oauth2-proxy exits when it cannot read the issuer's discovery document; ECS's restart policy
 * ignores exits in the first minute, and an essential container would take Prefect and its workers down with it. So it
 * is started again here for as long as the issuer is away: people are refused meanwhile, machines work.
 */
export const oauth2ProxyStart = `child=
trap 'kill "$child" 2>/dev/null; wait "$child"; exit 0' TERM INT
while :; do
  oauth2-proxy &
  child=$!
  wait "$child" || echo "oauth2-proxy: ended with $?, starting again in 5 s" >&2
  sleep 5 &
  child=$!
  wait "$child"
done
`;
