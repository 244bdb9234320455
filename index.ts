import * as pulumi from "@pulumi/pulumi";
import { withEndpoints } from "./components/support/discovery";
import { System } from "./components/system";
import { readSettings } from "./settings";

const settings = readSettings();
// An issuer that does not answer is a wrong setting: nothing is registered before it has.
const system = pulumi.output(withEndpoints(settings).then((complete) => new System("prefect", complete)));

/** Where people point their browser. */
export const url = system.apply((one) => one.url);
/** PREFECT_API_URL of workers and other programs. */
export const apiUrl = system.apply((one) => one.apiUrl);
/** Secret: the environment of a Prefect client; `pulumi stack output workerEnv --show-secrets`. */
export const workerEnv = system.apply((one) => one.workerEnv);
export const access = settings.access;
/** Secret: how programs from outside get a token; with `machineTokens` only. */
export const tokenAccess = system.apply((one) => one.tokenAccess ?? null);
/** The Cognito pool in which to make people; with `identity.type` cognito only. */
export const userPoolId = system.apply((one) => one.userPoolId ?? null);
