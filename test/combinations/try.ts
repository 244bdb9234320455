import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../local/paths";
import { type Counts, execute, mochaWith, type Output } from "../support/check";
import { type Combination, titleOf } from "./combinations";

/** A stack of its own, beside that of test/e2e. */
const env = { PREFECT_LOCAL_DIR: join(root, ".local", "combinations") };
const port = "9444";

/**
 * Brings up one combination after the other, each by `npm start` on the stack of the one before, as a user changes his
 * mind: policy pack and all. On each, strangers, a person with a browser and the worker are tried.
 */
export async function tryCombinations(output: Output, combinations: Combination[]): Promise<Counts> {
  const npm = (...args: string[]) => execute(output, "npm", args, env);
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  await npm("stop", "--silent");
  rmSync(env.PREFECT_LOCAL_DIR, { recursive: true, force: true });
  try {
    for (const [index, combination] of combinations.entries()) {
      const started = performance.now();
      const title = `${index + 1} of ${combinations.length}: ${titleOf(combination)}`;
      console.log(`-- ${title} ...`);
      const up = await npm("start", "--silent", "--", "--detach", "--port", port, ...optionsFor(combination));
      const counts = up
        ? await mochaWith(output, env, ["combinations", "e2e/person", ...(takesTokens(combination) ? ["tokens"] : [])])
        : { passed: 0, failed: 1, skipped: 0 };
      total.passed += counts.passed;
      total.failed += counts.failed;
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.log(`-- ${title}: ${counts.failed > 0 ? "FAILED" : "passed"} (${seconds} s)`);
    }
  } finally {
    await npm("stop", "--silent");
  }
  return total;
}

/** Where people come from elsewhere than an issuer's file. */
function takesTokens({ access, identity }: Combination): boolean {
  return access === "alb" && identity === "cognito";
}

function optionsFor(combination: Combination): string[] {
  const { access, identity, workersEndpoint, path } = combination;
  const tokens = takesTokens(combination);
  const settings = {
    access,
    workersEndpoint,
    path,
    ...(tokens && { "machineTokens.type": "github", "machineTokens.repository": "example/flows" }),
  };
  return [
    ...Object.entries(settings).flatMap(([key, value]) => ["--set", `${key}=${value}`]),
    ...(tokens ? ["--issuer", join(root, "test", "tokens", "github.json")] : []),
    ...(identity === "oidc" ? ["--issuer", join(root, "examples", "issuer.json")] : []),
  ];
}
