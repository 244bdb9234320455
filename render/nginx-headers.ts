/** What a client may not say about itself to Prefect, overwritten: nginx passes everything else on. */
export function prefectHeaders(domain: string): string {
  return setHeaders(4, {
    Host: domain,
    // Constant, and so right for people and machines alike: no request gets here without one of the two proofs.
    Authorization: "$prefect_authorization",
    Cookie: "$prefect_cookie",
    Upgrade: "$upgrade_header",
    Connection: "$connection_header",
    ...forwardedHeaders(domain),
  });
}

/** Set in the two locations that speak to oauth2-proxy: one with a `proxy_set_header` of its own inherits none. */
export function oauth2ProxyHeaders(domain: string, returnTo = '""'): string {
  return `${setHeaders(6, {
    Host: domain,
    Authorization: '""',
    "Content-Length": '""',
    Connection: '""',
    Upgrade: '""',
    ...forwardedHeaders(domain),
    "X-Auth-Request-Redirect": returnTo,
  })}
      proxy_pass_request_body off;`;
}

function forwardedHeaders(domain: string): Record<string, string> {
  const removed = [
    "Forwarded",
    "X-Forwarded-Prefix",
    "X-Forwarded-Uri",
    "X-Forwarded-Method",
    "X-Forwarded-User",
    "X-Forwarded-Email",
    "X-Forwarded-Groups",
    "X-Forwarded-Preferred-Username",
    "X-Forwarded-Access-Token",
    "X-Auth-Request-User",
    "X-Auth-Request-Email",
    "X-Auth-Request-Groups",
    "X-Auth-Request-Preferred-Username",
    "X-Auth-Request-Access-Token",
    "X-Auth-Request-Redirect",
    "X-Amzn-Oidc-Data",
    "X-Amzn-Oidc-Identity",
    "X-Amzn-Oidc-Accesstoken",
    "X-Original-URL",
    "X-Rewrite-URL",
  ];
  return {
    "X-Real-IP": "$remote_addr",
    "X-Forwarded-For": "$remote_addr",
    "X-Forwarded-Host": domain,
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https",
    ...Object.fromEntries(removed.map((name) => [name, '""'])),
  };
}

function setHeaders(indent: number, headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${" ".repeat(indent)}proxy_set_header ${name} ${value};`)
    .join("\n");
}

/**
 * `connect-src 'self'` keeps the analytics in that Prefect's UI sends to a third party whatever its settings say.
 * `'unsafe-eval'` is for the flow run graph (Pixi compiles shaders), `blob:` for its workers.
 */
export const uiPolicy =
  "default-src 'self'; script-src 'self' 'unsafe-eval' blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

/** No form-action: it would also forbid the redirect to the identity provider that follows the sign-out button. */
export const ownPagesPolicy =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; base-uri 'none'; frame-ancestors 'none'";

export const strictTransportSecurity = "max-age=31536000";

export function securityHeaders(indent: number, contentSecurityPolicy = uiPolicy): string {
  return [
    `add_header Strict-Transport-Security "${strictTransportSecurity}" always;`,
    `add_header Content-Security-Policy "${contentSecurityPolicy}" always;`,
    `add_header X-Content-Type-Options nosniff always;`,
    `add_header X-Frame-Options DENY always;`,
    `add_header Referrer-Policy same-origin always;`,
  ]
    .map((line) => " ".repeat(indent) + line)
    .join("\n");
}
