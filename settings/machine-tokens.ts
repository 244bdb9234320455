import { z } from "zod";
import { list, name } from "./kinds";

const tokenType = {
  about: "Whose tokens let programs in.",
  allowed: "github, cognito or jwt",
  example: "github",
};
/** The load balancer compares claims with up to ten values of up to 256 characters (JwtValidationActionConfig). */
const claimValue = /^[\x21-\x7e]{1,256}$/;
const audience = (about: string) =>
  name(claimValue, { about, allowed: "up to 256 characters without blanks", example: "https://prefect.example.com" });

const github = z.strictObject({
  type: z.literal("github").meta(tokenType),
  repository: name(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/, {
    about: "The repository whose workflows may come in. For several, type jwt with a claim such as repository_owner.",
    allowed: "a name OWNER/REPOSITORY",
    example: "example/flows",
  }),
  ref: name(/^refs\/(heads|tags)\/[\x21-\x7e]{1,200}$/, {
    about: "The branch or tag whose workflows may come in. A pull request's is another, refs/pull/NUMBER/merge.",
    allowed: "a full name, refs/heads/... or refs/tags/...",
    example: "refs/heads/main",
  }).default("refs/heads/main"),
  audience: audience("The audience that workflows ask their token for. Default: https:// and the domain.").optional(),
});
const cognito = z.strictObject({ type: z.literal("cognito").meta(tokenType) });
/** As httpsUrl, with a path for the keys, and as long as the load balancer takes (JwtValidationActionConfig). */
const issuerUrl = /^(?=.{1,256}$)https:\/\/[A-Za-z0-9.-]+(:[0-9]+)?(\/[A-Za-z0-9._~/%+-]*)?$/;
const keysUrl = /^(?=.{1,256}$)https:\/\/[A-Za-z0-9.-]+(:[0-9]+)?\/[A-Za-z0-9._~/%+-]+$/;
const jwt = z.strictObject({
  type: z.literal("jwt").meta(tokenType),
  issuer: name(issuerUrl, {
    about: "The tokens' issuer, as in their claim iss.",
    allowed: "an https address of up to 256 characters",
    example: "https://login.example.com/realms/main",
  }),
  jwksUrl: name(keysUrl, {
    about: "Where its keys are; the load balancer must reach it on the internet.",
    allowed: "an https address with a path, of up to 256 characters",
    example: "https://login.example.com/realms/main/protocol/openid-connect/certs",
  }),
  audience: audience("The audience that tokens must be for."),
  audienceFormat: z.enum(["single-string", "string-array"]).default("single-string").meta({
    about: "How the issuer writes the claim aud.",
    allowed: "single-string or string-array",
    example: "string-array",
  }),
  claims: z
    .array(
      z.strictObject({
        name: name(/^(?!(aud|exp|iss|nbf|iat)$)[\x21-\x7e]{1,256}$/, {
          about: "The claim.",
          allowed: "a claim's name, not aud, exp, iss, nbf or iat",
          example: "scope",
        }),
        format: z.enum(["single-string", "string-array", "space-separated-values"]).default("single-string").meta({
          about: "How the issuer writes it.",
          allowed: "single-string, string-array or space-separated-values",
          example: "space-separated-values",
        }),
        values: list("What it must be; with single-string one value.", "1 to 10 values", "prefect", claimValue)
          .min(1)
          .max(10),
      }),
    )
    .max(9)
    .default([])
    .meta({ about: "What else a token must say.", allowed: "a list of up to 9 claims", example: "scope" }),
});

export const machineTokens = z.discriminatedUnion("type", [github, cognito, jwt]).optional().meta({
  about:
    "Programs from outside come in with a token of an issuer instead of a stored secret (access alb only). Default: none do.",
  allowed: "an object with type github, cognito or jwt",
  example: "github",
});
