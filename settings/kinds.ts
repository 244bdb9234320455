import { z } from "zod";

/** What a person may write for a setting, and one value that would do; `later` are values that a coming version takes. */
export interface Meaning {
  about: string;
  allowed: string;
  example: string;
  /** Of a number: `days`. */
  unit?: string;
  later?: Record<string, string>;
}

export const name = (pattern: RegExp, meaning: Meaning) =>
  z
    .string()
    .regex(pattern)
    .meta({ ...meaning });
export const whole = (min: number, max: number, unit: string, example: string, about: string) =>
  z
    .int()
    .min(min)
    .max(max)
    .meta({ about, allowed: `a whole number of ${unit} from ${min} to ${max}`, example, unit });
export const list = (about: string, allowed: string, example: string, pattern: RegExp) =>
  z.array(name(pattern, { about, allowed, example })).meta({ about, allowed: `a list: ${allowed}`, example });

/** 64 characters: what ACM takes for a certificate, and a host condition of a load balancer more than that (RequestCertificate). */
export const hostName = /^(?=.{1,64}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
export const zoneName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Such addresses end up in nginx's configuration, hence no quote, `;`, `$` or blank. */
export const httpsUrl = /^https:\/\/[A-Za-z0-9.-]+(:[0-9]+)?(\/[A-Za-z0-9._~/%+-]*)?$/;
/** IPv4 ranges from /8 on: a wider one would be most of the internet. */
export const ipv4Range = /^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)\/([89]|[12]\d|3[0-2])$/;
