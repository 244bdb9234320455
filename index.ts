import { System } from "./components/system";
import { readSettings } from "./settings";

const settings = readSettings();
const system = new System("prefect", settings);

/** Where people point their browser. */
export const url = system.url;
/** PREFECT_API_URL of workers and other programs. */
export const apiUrl = system.apiUrl;
/** Secret: the environment of a Prefect client; `pulumi stack output workerEnv --show-secrets`. */
export const workerEnv = system.workerEnv;
export const access = settings.access;
/** Secret: how programs from outside get a token; with `machineTokens` only. */
export const tokenAccess = system.tokenAccess ?? null;
/** The Cognito pool in which to make people; with `identity.type` cognito only. */
export const userPoolId = system.userPoolId ?? null;
