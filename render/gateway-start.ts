/** Environment of the nginx container: one plain, three secret. */
export const gatewayEnvironment = {
  conf: "NGINX_CONF",
  basic: "MACHINE_BASIC",
  htpasswd: "MACHINE_HTPASSWD",
  signOutUrl: "SIGN_OUT_URL",
} as const;

export interface StartOptions {
  /** Whether machines come in by this nginx: it gets their credential then. */
  machines: boolean;
  /** A writable directory. @default "/tmp" */
  dir?: string;
}

/**
 * The nginx container's start: writes the configuration and the credentials to `dir`, then becomes nginx.
 *
 * The image's own entry point is not used: where /etc/nginx cannot be written it starts the default site and says
 * nothing. Values that could end a string in nginx's language are refused, and then nothing is served at all.
 * `printf` is the shell's own, so no value stands in a process list. The image runs as a user without rights; where
 * something runs it as root, the workers stay root too, or they could not read the files that are root's alone.
 */
export function gatewayStart({ machines, dir = "/tmp" }: StartOptions): string {
  const { conf, basic, htpasswd, signOutUrl } = gatewayEnvironment;
  const credentialChecks = `case "$${basic}" in ''|*[!A-Za-z0-9+/=]*) refuse ${basic} ;; esac
case "$${htpasswd}" in admin:{SHA}*[!A-Za-z0-9+/=]*) refuse ${htpasswd} ;; admin:{SHA}?*) ;; *) refuse ${htpasswd} ;; esac
`;
  const credentialFile = `printf '%s\\n' "$${htpasswd}" > ${dir}/htpasswd\n`;
  return `umask 077
refuse() { echo "gateway: $1 is missing or holds characters that it may not: nothing is served" >&2; exit 1; }
${machines ? credentialChecks : ""}case "$${signOutUrl}" in https://*[!A-Za-z0-9._~:/?\\&=%+-]*) refuse ${signOutUrl} ;; https://?*) ;; *) refuse ${signOutUrl} ;; esac
${machines ? credentialFile : ""}cat > ${dir}/credentials.conf <<EOF
map "" \\$prefect_authorization { default "${machines ? `Basic $${basic}` : ""}"; }
map "" \\$sign_out_url { default "$${signOutUrl}"; }
EOF
printf '%s' "$${conf}" > ${dir}/nginx.conf
unset ${conf} ${basic} ${htpasswd} ${signOutUrl}
nginx -t -q -c ${dir}/nginx.conf
user=
[ "$(id -u)" != 0 ] || user='user root;'
exec nginx -c ${dir}/nginx.conf -g "daemon off;$user"
`;
}
