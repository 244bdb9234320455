import { isPublicIssuer } from "../graph/tokens";
import { label, property, type Resource } from "../graph/model";
import { types } from "../graph/types";
import { loginActions } from "../support/login-actions";
import { isCognito, proxiesOf } from "../support/oauth2-proxies";
import type { PrefectStack } from "../support/prefect-stack";
import type { Finding, Rule } from "../support/rule";
import { poolsOfApis, poolsOfIssuer } from "../support/user-pools";

const clientType = ["aws:cognito/userPoolClient:UserPoolClient"];
const providerType = ["aws:cognito/identityProvider:IdentityProvider"];
const social = ["google", "facebook", "loginwithamazon", "signinwithapple"];

/**
 * AWS's default is open: who knows a client's id, which every login page shows, registers. Federated people get their
 * profile at the first login, whatever allowAdminCreateUserOnly says (Amazon Cognito, "User pool sign-in with third party
 * identity providers"). A pre sign-up trigger may deny both, and what it does cannot be seen.
 */
export const cognitoPoolInvitesPeople: Rule = {
  name: "cognito-pool-invites-people",
  description: "Nobody registers in the Cognito pool that logs people in to Prefect.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps:
    "Set adminCreateUserConfig.allowAdminCreateUserOnly to true; federate with issuers that know your people only.",
  find: (stack) =>
    [...new Set([...poolsOfBalancers(stack), ...poolsOfApis(stack), ...poolsOfProxies(stack)])].flatMap((pool) =>
      judged(stack, pool),
    ),
};

function judged(stack: PrefectStack, pool: Resource): Finding[] {
  const only = property(pool, "adminCreateUserConfig").get("allowAdminCreateUserOnly");
  const trigger = property(pool, "lambdaConfig").get("preSignUp");
  const open = [
    ...(only.flag() === true
      ? []
      : [
          only.isUnknown
            ? "whether people may register is not known"
            : "everybody may register: allowAdminCreateUserOnly is not true",
        ]),
    ...openProviders(stack, pool).map(
      (provider) => `everybody with an account at the provider of ${label(provider)} comes in`,
    ),
  ];
  if (open.length === 0) return [];
  const what = `In this pool ${open.join(", and ")}`;
  if (trigger.isOmitted) return [{ message: `${what}.`, resource: pool }];
  const message = `${what}; its preSignUp trigger may deny them, which cannot be seen.`;
  return [{ message, resource: pool, level: "advisory" }];
}

function openProviders({ world: { graph } }: PrefectStack, pool: Resource): Resource[] {
  const clients = graph.thatName(pool, clientType, "userPoolId", types.userPool);
  return graph.thatName(pool, providerType, "userPoolId", types.userPool).filter((provider) => {
    const issuer = property(provider, "providerDetails").get("oidc_issuer").text() ?? "";
    const isOpen = social.includes(property(provider, "providerType").word() ?? "") || isPublicIssuer(issuer);
    const name = property(provider, "providerName").text();
    const offered = clients.map((client) =>
      property(client, "supportedIdentityProviders")
        .list()
        .map((each) => each.text()),
    );
    return (
      isOpen && (clients.length === 0 || offered.some((names) => names.includes(name) || names.includes(undefined)))
    );
  });
}

function poolsOfBalancers({ world: { graph }, fronts }: PrefectStack): Resource[] {
  return fronts.flatMap(loginActions).flatMap(({ type, settings }) => {
    if (type === "authenticate-cognito") return graph.referred(settings.get("userPoolArn"), types.userPool);
    return poolsOfIssuer(graph, settings.get("issuer"));
  });
}

/** Of an oauth2-proxy that names nobody: which pool is its issuer is mostly a secret, its callback address tells. */
function poolsOfProxies(stack: PrefectStack): Resource[] {
  const { graph } = stack.world;
  const open = proxiesOf(stack).filter(({ settings }) => {
    const issuer = settings.text("oidc-issuer-url");
    const mayBePool = issuer === undefined || isCognito(issuer);
    return mayBePool && !settings.namesPeople && !settings.namesMailDomains;
  });
  if (open.length === 0) return [];
  return graph.ofType(types.userPool).filter((pool) => {
    const clients = graph.thatName(pool, clientType, "userPoolId", types.userPool);
    const callbacks = clients.flatMap((client) =>
      property(client, "callbackUrls")
        .list()
        .map((url) => url.text()),
    );
    const prefixes = open.map(({ settings }) => settings.text("proxy-prefix") ?? "/oauth2");
    return (
      callbacks.length === 0 ||
      callbacks.some((url) => url === undefined || prefixes.some((prefix) => url.endsWith(`${prefix}/callback`)))
    );
  });
}
