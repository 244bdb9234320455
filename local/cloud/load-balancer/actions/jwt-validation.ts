import { answer } from "../answer";
import { urlProblems } from "../authentication/login-settings";
import { valuesOf } from "../exchange";
import { claimProblems, refusal } from "../jwt/verify";
import type { ActionKind } from "./action";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_JwtValidationActionConfig.html */
export const jwtValidation: ActionKind = {
  secureOnly: true,

  problems({ jwtValidation: validation }) {
    if (!validation) return ['an action of type "jwt-validation" needs jwtValidation'];
    const { issuer, jwksEndpoint, additionalClaims = [] } = validation;
    const problems = urlProblems(jwksEndpoint, "jwtValidation.jwksEndpoint");
    if (!issuer) problems.push("jwtValidation.issuer must not be empty");
    for (const [name, value] of Object.entries({ issuer, jwksEndpoint })) {
      if ((value ?? "").length > 256)
        problems.push(`jwtValidation.${name} may have 256 characters; got ${value.length}`);
    }
    return [...problems, ...claimProblems(additionalClaims, "jwtValidation.additionalClaims")];
  },

  async run(visit, { jwtValidation: validation }) {
    const { exchange, server, loadBalancer, log } = visit;
    const given = valuesOf(exchange.headers, "authorization");
    const [, token = ""] = /^Bearer +(\S+)$/i.exec(given.length === 1 ? (given[0] as string) : "") ?? [];
    let status = 401;
    try {
      const refused = token && validation ? await refusal(token, validation, loadBalancer.keySets) : "no Bearer token";
      if (refused === undefined) return "next";
      log(`jwt-validation: 401 ${refused}`);
    } catch (error) {
      // "the Application Load Balancer will not forward requests to your backend targets"
      status = 500;
      log(`jwt-validation: 500 ${(error as Error).message}`);
    }
    answer(exchange, { status, server });
    return "answered";
  },
};
