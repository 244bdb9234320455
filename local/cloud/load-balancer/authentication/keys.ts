import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
} from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../../json-file";

/** The keys of one load balancer: made once, the same after a restart. */
export interface LoadBalancerKeys {
  /** 32 bytes; encrypts sessions and login states. */
  session: Buffer;
  /** P-256; signs claims. */
  signing: KeyObject;
  /** The id that the public half is served under. */
  kid: string;
  /** PEM. */
  publicKey: string;
}

interface StoredKeys {
  session: string;
  signing: string;
  kid: string;
}

/** @param stateDir of the whole cloud; the keys are in a folder of their own in it, readable by this user only */
export function loadBalancerKeys(stateDir: string, loadBalancerArn: string): LoadBalancerKeys {
  const file = fileOf(stateDir, loadBalancerArn);
  const known = readJson<StoredKeys>(file);
  const stored = known ?? newKeys();
  if (!known) writeJson(file, stored);
  const signing = createPrivateKey(stored.signing);
  const publicKey = createPublicKey(signing).export({ type: "spki", format: "pem" }).toString();
  return { session: Buffer.from(stored.session, "base64"), signing, kid: stored.kid, publicKey };
}

/** Every session of the load balancer ends with it. */
export function forgetKeys(stateDir: string, loadBalancerArn: string): void {
  rmSync(fileOf(stateDir, loadBalancerArn), { force: true });
}

function fileOf(stateDir: string, loadBalancerArn: string): string {
  const directory = join(stateDir, "load-balancer");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return join(directory, `${createHash("sha256").update(loadBalancerArn).digest("hex").slice(0, 32)}.json`);
}

function newKeys(): StoredKeys {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    session: randomBytes(32).toString("base64"),
    signing: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    kid: randomUUID(),
  };
}
