import type { Policies, StackValidationPolicy } from "@pulumi/policy";
import { collectInputs } from "./collector";
import { cognitoPoolInvitesPeople } from "./rules/cognito-pool-invites-people";
import { databaseIsBackedUp } from "./rules/database-is-backed-up";
import { databaseIsEncrypted } from "./rules/database-is-encrypted";
import { databaseIsPrivate } from "./rules/database-is-private";
import { httpOnlyRedirects } from "./rules/http-only-redirects";
import { imagesAreFixed } from "./rules/images-are-fixed";
import { invalidHeadersAreDropped } from "./rules/invalid-headers-are-dropped";
import { keepAliveOutlastsIdleTimeout } from "./rules/keep-alive-outlasts-idle-timeout";
import { loginIsNeverOptional } from "./rules/login-is-never-optional";
import { loginNamesWhoMayEnter } from "./rules/login-names-who-may-enter";
import { loginSessionsEnd } from "./rules/login-sessions-end";
import { noPassRoleOnEverything } from "./rules/no-pass-role-on-everything";
import { oauth2ProxyAsksEverybody } from "./rules/oauth2-proxy-asks-everybody";
import { oauth2ProxyIsHardened } from "./rules/oauth2-proxy-is-hardened";
import { prefectApiRequiresAuth } from "./rules/prefect-api-requires-auth";
import { prefectAuthStringIsNotEmpty } from "./rules/prefect-auth-string-is-not-empty";
import { prefectVersionIsRecent } from "./rules/prefect-version-is-recent";
import { prefectVersionKeepsStrangersOut } from "./rules/prefect-version-keeps-strangers-out";
import { productionDatabaseIsKept } from "./rules/production-database-is-kept";
import { replicasShareTheirState } from "./rules/replicas-share-their-state";
import { stackLeaksNoSecret } from "./rules/stack-leaks-no-secret";
import { taskAdmitsItsBalancersOnly } from "./rules/task-admits-its-balancers-only";
import { taskDefinitionHoldsNoSecret } from "./rules/task-definition-holds-no-secret";
import { tlsHasAFloor } from "./rules/tls-has-a-floor";
import type { Rule } from "./support/rule";
import { announcing, exemptable, RulePolicy } from "./support/rule-policy";

/** Identity, transport, secrets, Prefect itself, data, IAM, the way past the load balancer. */
export const rules: readonly Rule[] = [
  cognitoPoolInvitesPeople,
  loginNamesWhoMayEnter,
  loginIsNeverOptional,
  loginSessionsEnd,
  oauth2ProxyAsksEverybody,
  oauth2ProxyIsHardened,
  httpOnlyRedirects,
  tlsHasAFloor,
  invalidHeadersAreDropped,
  stackLeaksNoSecret,
  prefectVersionKeepsStrangersOut,
  prefectVersionIsRecent,
  prefectAuthStringIsNotEmpty,
  imagesAreFixed,
  keepAliveOutlastsIdleTimeout,
  replicasShareTheirState,
  databaseIsPrivate,
  databaseIsEncrypted,
  databaseIsBackedUp,
  productionDatabaseIsKept,
  noPassRoleOnEverything,
  taskAdmitsItsBalancersOnly,
];

/** In this order: the collector before all, and the rules after what they need not say again. */
export const policies: Policies = [
  announcing(collectInputs),
  exemptable(prefectApiRequiresAuth),
  taskDefinitionHoldsNoSecret,
  // A rule has validateStack only where it has something to say.
  ...rules.map((rule) => new RulePolicy(rule) as StackValidationPolicy),
];
