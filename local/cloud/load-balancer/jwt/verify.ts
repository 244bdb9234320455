import { errors, type JWTPayload, jwtVerify } from "jose";
import type { AdditionalClaim, JwtValidationProperties } from "../declarations";
import type { KeySets } from "./key-sets";

/**
 * Why a token is refused, or undefined when it is good.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-verify-jwt.html
 *
 * @throws Error when the keys cannot be had
 */
export async function refusal(
  token: string,
  { issuer, jwksEndpoint, additionalClaims = [] }: JwtValidationProperties,
  keySets: KeySets,
): Promise<string | undefined> {
  // "requires two mandatory claims: 'iss' and 'exp'", "Only the RS256 algorithm is supported"
  const options = { algorithms: ["RS256"], issuer, requiredClaims: ["exp"] };
  const keys = await keySets.get(jwksEndpoint);
  try {
    const { payload } = await jwtVerify(token, keys, options).catch(async (error: Error) => {
      const newer = error instanceof errors.JWKSNoMatchingKey && (await keySets.renewed(jwksEndpoint));
      if (newer) return jwtVerify(token, newer, options);
      throw error;
    });
    // "if present in the token, ALB will also validate 'nbf' and 'iat'"
    if (payload.iat !== undefined && payload.iat > Date.now() / 1000 + 1) return "iat is in the future";
    const wrong = additionalClaims.find((claim) => !holds(claim, payload));
    return wrong && `claim ${wrong.name} is not as required`;
  } catch (error) {
    if (error instanceof errors.JOSEError) return error.code;
    throw error;
  }
}

function holds({ name, format, values }: AdditionalClaim, payload: JWTPayload): boolean {
  const claim = payload[name];
  switch (format) {
    case "single-string":
      return typeof claim === "string" && values.includes(claim);
    case "string-array":
      return Array.isArray(claim) && values.every((value) => claim.includes(value));
    case "space-separated-values":
      return typeof claim === "string" && values.every((value) => claim.split(" ").includes(value));
  }
}

const formats = ["single-string", "string-array", "space-separated-values"];
const reserved = ["exp", "iss", "nbf", "iat"];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_JwtValidationActionAdditionalClaim.html */
export function claimProblems(claims: readonly AdditionalClaim[], at: string): string[] {
  const problems = claims.length > 10 ? [`${at} may have 10 entries; got ${claims.length}`] : [];
  for (const { name, format, values } of claims) {
    const where = `${at} "${name}"`;
    if (reserved.includes(name)) problems.push(`${where}: ${reserved.join(", ")} are checked anyway; leave it out`);
    if (!formats.includes(format))
      problems.push(`${where}: format must be one of ${formats.join(", ")}; got "${format}"`);
    if (values.length === 0 || values.length > 10)
      problems.push(`${where}: needs 1 to 10 values; got ${values.length}`);
    if (values.some((value) => value.length > 256)) problems.push(`${where}: a value may have 256 characters`);
    if (format === "space-separated-values" && values.some((value) => value.includes(" "))) {
      problems.push(`${where}: the values of this format can't include spaces`);
    }
    // AWS says nowhere whether several mean any or all: a rule that depends on it is not one to be sure of.
    if (format !== "single-string" && values.length > 1) {
      problems.push(`${where}: several values of format ${format} are not served here, AWS leaves open what they mean`);
    }
  }
  return problems;
}
