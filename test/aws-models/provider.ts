import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "../../local/providers/aws/provider";
import { withoutDefaults } from "../../local/providers/bridge/walk";
import type { Properties } from "../../local/providers/grpc/values";
import { build, type Provide, type World } from "../support/world";

/**
 * Runs a program against the local AWS provider: automatic names and defaults are among the inputs, and what one resource
 * hands to another has the form that AWS gives it.
 *
 * @throws Error with the provider's own words for inputs that it refuses
 */
export async function planned(program: () => unknown): Promise<World> {
  const stateDir = mkdtempSync(join(tmpdir(), "planned-"));
  const provider = new AwsProvider({ stateDir });
  const refused: string[] = [];
  const provide: Provide = async ({ type, name, inputs: given }) => {
    const request = { urn: `urn:pulumi:test::prefect-on-fargate::${type}::${name}`, type, name };
    const seed = Buffer.from(name);
    const { inputs, failures } = await provider.check({ ...request, news: given as Properties, olds: {}, seed });
    refused.push(...failures.map(({ reason }) => `${name}: ${reason}`));
    const { id, properties } = await provider.create({ ...request, inputs, preview: false });
    return { inputs: withoutDefaults(inputs), outputs: { ...properties, id } };
  };
  // The SDK writes a stack trace down for every promise that it makes, which takes longer than all the rest.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const world = await build(program, { provide });
    if (refused.length > 0) throw new Error(refused.join("\n"));
    return world;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    rmSync(stateDir, { recursive: true });
  }
}
