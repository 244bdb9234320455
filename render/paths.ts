/** Everything that has an address of its own under the domain, all of it below the prefix. */
export interface Paths {
  /** Empty at the root, `/prefect` below a prefix. */
  base: string;
  /** The UI's first page. */
  home: string;
  /** Prefect's API: this and everything below. */
  api: string;
  /** oauth2-proxy's own. */
  oauth2Proxy: string;
  oauth2Callback: string;
  /** Takes oauth2-proxy's session away; only by POST from the own pages. */
  oauth2SignOut: string;
  /** The page with the sign-out button. */
  signOut: string;
  /** Where the identity provider sends people after it ended its own session; needs no session. */
  signedOut: string;
}

/** @param path `/` or a prefix without a slash at its end */
export function pathsBelow(path: string): Paths {
  const base = path === "/" ? "" : path;
  const oauth2Proxy = `${base}/oauth2`;
  return {
    base,
    home: `${base}/`,
    api: `${base}/api`,
    oauth2Proxy,
    oauth2Callback: `${oauth2Proxy}/callback`,
    oauth2SignOut: `${oauth2Proxy}/sign_out`,
    signOut: `${base}/sign-out`,
    signedOut: `${base}/signed-out`,
  };
}

/** Fixed by AWS, whatever the prefix (Elastic Load Balancing, "Authenticate users using an Application Load Balancer"). */
export const loadBalancerCallback = "/oauth2/idpresponse";
