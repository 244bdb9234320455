import { withEndpoints } from "./components/support/discovery";
import { System } from "./components/system";
import { readSettings } from "./settings";

/** Called by Pulumi, which takes what it returns for the stack's outputs. */
module.exports = async function prefectOnFargate() {
  // An issuer that does not answer is a wrong setting: nothing is registered before it has.
  const settings = await withEndpoints(readSettings());
  const system = new System("prefect", settings);
  return {
    /** Where people point their browser. */
    url: system.url,
    /** PREFECT_API_URL of workers and other programs. */
    apiUrl: system.apiUrl,
    /** Secret: the environment of a Prefect client; `pulumi stack output workerEnv --show-secrets`. */
    workerEnv: system.workerEnv,
    access: settings.access,
    /** Secret: how programs from outside get a token; with `machineTokens` only. */
    tokenAccess: system.tokenAccess ?? null,
    /** The Cognito pool in which to make people; with `identity.type` cognito only. */
    userPoolId: system.userPoolId ?? null,
  };
};
