import { answer } from "../answer";
import { commonProblems, poolOf, settingsOf, urlProblems } from "../authentication/login-settings";
import type { ActionKind } from "./action";

const run: ActionKind["run"] = (visit, action) => {
  const settings = settingsOf(action, visit.world);
  if (settings) return visit.loadBalancer.authenticator.authenticate(visit, settings);
  visit.log(`${action.type}: the user pool client is gone`);
  answer(visit.exchange, { status: 500, server: visit.server });
  return "answered";
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html */
export const authenticateOidc: ActionKind = {
  secureOnly: true,
  run,

  problems({ authenticateOidc: declared }) {
    if (!declared) return ['an action of type "authenticate-oidc" needs authenticateOidc'];
    const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId, clientSecret } = declared;
    const urls = { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint };
    const missing = Object.entries({ clientId, clientSecret }).filter(([, value]) => !value);
    return [
      ...Object.entries(urls).flatMap(([name, url]) => urlProblems(url, `authenticateOidc.${name}`)),
      ...missing.map(([name]) => `authenticateOidc.${name} must not be empty`),
      ...commonProblems(declared, "authenticateOidc"),
    ];
  },
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateCognitoActionConfig.html */
export const authenticateCognito: ActionKind = {
  secureOnly: true,
  run,

  problems(action, { world }) {
    const { authenticateCognito: declared } = action;
    if (!declared) return ['an action of type "authenticate-cognito" needs authenticateCognito'];
    const problems = commonProblems(declared, "authenticateCognito");
    if (!poolOf(declared.userPoolArn).poolId) {
      problems.push(`authenticateCognito.userPoolArn must be a user pool's ARN; got "${declared.userPoolArn}"`);
    }
    if (!declared.userPoolDomain) problems.push("authenticateCognito.userPoolDomain must not be empty");
    // "You must configure the client to generate a client secret, use code grant flow": listener-authenticate-users
    if (problems.length === 0 && !settingsOf(action, world)) {
      problems.push(
        `user pool client "${declared.userPoolClientId}" must be one of that pool and have a client secret`,
      );
    }
    return problems;
  },
};
