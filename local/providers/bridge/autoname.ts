import { createHash, randomBytes } from "node:crypto";
import type { CheckRequest } from "../grpc/provider";

/** As tfbridge.AutoNameOptions; the random part is 7 hexadecimal digits. */
export interface AutoName {
  property: string;
  /** 255 where the bridge sets no other length. */
  maxLength?: number;
  transform?: (name: string) => string;
  /** Appended last: `.fifo`. */
  suffix?: string;
}

const DIGITS = 7;

/**
 * The name that the bridge would propose (tfbridge/info/autonaming.go): the logical name, "-" and random digits from
 * the engine's seed, so that a preview already knows it.
 *
 * @throws Error in the bridge's words when the name is too long or automatic naming is off.
 */
export function automaticName(options: AutoName, request: Pick<CheckRequest, "name" | "seed" | "autonaming">): string {
  const { maxLength = 255, transform = (name: string) => name, suffix = "" } = options;
  const { autonaming } = request;
  if (autonaming?.mode === "disable") throw new Error("automatic naming is disabled but no explicit name was provided");
  if (autonaming?.mode === "enforce") return autonaming.proposed;
  if (autonaming) {
    const proposed = transform(autonaming.proposed);
    if (proposed.length > maxLength) {
      throw new Error(`calculated name '${proposed}' exceeds maximum length of ${maxLength}`);
    }
    return proposed + suffix;
  }
  const prefix = `${transform(request.name)}-`;
  if (prefix.length + DIGITS > maxLength) {
    throw new Error(`name '${prefix}' plus ${DIGITS} random chars is longer than maximum length ${maxLength}`);
  }
  const seed = request.seed.length > 0 ? request.seed : randomBytes(32);
  return prefix + createHash("sha256").update(seed).digest("hex").slice(0, DIGITS) + suffix;
}
