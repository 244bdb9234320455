import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";

const algorithm = "aes-256-gcm";
const ivLength = 12;
const tagLength = 16;
const maxOpened = 64 * 1024;

/**
 * Encrypts a JSON value for a client to keep: it can neither be read nor changed.
 *
 * @param key 32 bytes
 * @param purpose what it is for: sealed for one purpose it does not open for another
 * @returns base64url
 */
export function seal(key: Buffer, purpose: string, value: unknown): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(purpose));
  const text = Buffer.concat([cipher.update(deflateRawSync(JSON.stringify(value))), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url");
}

/** What `seal` was given, or undefined when it was not made by it with this key and purpose. */
export function open<T>(key: Buffer, purpose: string, sealed: string): T | undefined {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes.length <= ivLength + tagLength) return undefined;
  try {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivLength), { authTagLength: tagLength });
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
    const text = Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]);
    return JSON.parse(inflateRawSync(text, { maxOutputLength: maxOpened }).toString("utf8")) as T;
  } catch {
    return undefined;
  }
}
