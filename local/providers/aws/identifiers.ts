import { createHash, randomBytes, randomInt } from "node:crypto";

const LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const MIXED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export function hex(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString("hex")
    .slice(0, length);
}

function any(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

export const lowercase = (length: number): string => any(LOWER, length);
export const uppercase = (length: number): string => any(UPPER, length);
export const alphanumeric = (length: number): string => any(MIXED, length);
export const digits = (length: number): string => any("0123456789", length);

/** EC2's long identifiers: `vpc-0a1b2c3d4e5f67890`. */
export function ec2Id(prefix: string): string {
  return `${prefix}-0${hex(16)}`;
}

/** Identifiers that depend on their parts only, as AWS's own default VPC has the same id in every call. */
export function stableHex(length: number, ...parts: string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, length);
}

export function publicIp(): string {
  return `52.${randomInt(16, 32)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

/** Terraform's own unique names: a timestamp and a counter. */
export function terraformName(prefix: string): string {
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 17);
  return `${prefix}${stamp.padEnd(18, "0")}${hex(8)}`;
}
