import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { readJson, writeJson } from "../json-file";

export interface IssuerKeys {
  /** RS256, private. */
  signing: JWK & { kid: string };
  /** Signs the session's cookies. */
  cookies: string;
}

/** An issuer's keys: made once, the same after a restart. */
export async function issuerKeys(file: string): Promise<IssuerKeys> {
  const known = readJson<IssuerKeys>(file);
  if (known) return known;
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const signing = {
    ...(await exportJWK(privateKey)),
    alg: "RS256",
    use: "sig",
    kid: randomBytes(32).toString("base64"),
  };
  const keys = { signing, cookies: randomBytes(32).toString("base64url") };
  writeJson(file, keys);
  return keys;
}

/** What the jwks endpoint shows. */
export function publicKeys({ signing: { alg, e, kid, kty, n, use } }: IssuerKeys): { keys: JWK[] } {
  return { keys: [{ alg, e, kid, kty, n, use }] as JWK[] };
}
