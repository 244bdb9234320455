import { createHash } from "node:crypto";

/** One machine credential in the forms its readers need. All of them are secrets. */
export interface MachineCredential {
  /** `PREFECT_SERVER_API_AUTH_STRING` and `PREFECT_API_AUTH_STRING`: Prefect compares the whole decoded string. */
  authString: string;
  /** The value after `Basic `. */
  basic: string;
  /** A line of nginx's password file. */
  htpasswd: string;
  /** `PREFECT_CLIENT_CUSTOM_HEADERS`: four of Prefect's five sockets send no credential on the upgrade without it. */
  customHeaders: string;
}

const user = "admin";

/**
 * @param password letters and digits only, 32 or more: `{SHA}` is one round of SHA-1, safe for random passwords alone
 *   (and cheap, for nginx computes it in its event loop on every request); `:` or an empty password would make
 *   nginx's file accept something else than what was meant.
 * @throws Error without the password in it
 */
export function machineCredential(password: string): MachineCredential {
  if (!/^[A-Za-z0-9]{32,}$/.test(password)) {
    throw new Error(
      `the machine password has ${password.length} characters or some that are no letters or digits; it must be 32 or more letters and digits`,
    );
  }
  const authString = `${user}:${password}`;
  const basic = Buffer.from(authString).toString("base64");
  return {
    authString,
    basic,
    htpasswd: `${user}:{SHA}${createHash("sha1").update(password).digest("base64")}`,
    customHeaders: JSON.stringify({ Authorization: `Basic ${basic}` }),
  };
}
