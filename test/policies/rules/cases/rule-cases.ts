import { bypassCases } from "./bypass";
import { cognitoCases } from "./cognito";
import { dataCases } from "./data";
import { hardenedCases } from "./hardened";
import { iamCases } from "./iam";
import { identityCases } from "./identity";
import { oauth2ProxyCases } from "./oauth2-proxy";
import { prefectCases } from "./prefect";
import { scalingCases } from "./scaling";
import { stackSecretCases } from "./stack-secrets";
import { taskSecretCases } from "./task-secrets";
import { transportCases } from "./transport";
import type { Cases } from "../support/cases";

/** The cases of every rule, by its name. */
export const ruleCases: Readonly<Record<string, Cases>> = {
  ...cognitoCases,
  ...identityCases,
  ...oauth2ProxyCases,
  ...hardenedCases,
  ...transportCases,
  ...taskSecretCases,
  ...stackSecretCases,
  ...prefectCases,
  ...scalingCases,
  ...dataCases,
  ...iamCases,
  ...bypassCases,
};
