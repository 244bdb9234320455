import { BridgedProvider } from "../bridge/provider";
import type { Behaviour } from "../bridge/behaviour";
import type { Created } from "../grpc/provider";
import type { Properties } from "../grpc/values";
import { generators } from "./generators";

type NoContext = Record<string, never>;

/** Nothing can change in place (terraform-provider-random: every attribute requires replacement). */
const FIXED: string[] = [];

const CHARACTERS = {
  lower: true,
  upper: true,
  numeric: true,
  number: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
};

/** Static defaults of the provider's plan, known in a preview. */
function planned(type: string, inputs: Properties): Properties {
  const name = type.slice(type.lastIndexOf(":") + 1);
  if (name === "RandomPassword" || name === "RandomString") {
    const { numeric = inputs.number ?? true } = inputs;
    return { ...CHARACTERS, ...inputs, numeric, number: numeric };
  }
  if (name === "RandomPet") return { length: 2, separator: "-", ...inputs };
  return {};
}

/** Local stand-in for the provider of @pulumi/random: the randomness is the machine's. */
export class RandomProvider extends BridgedProvider<NoContext> {
  constructor() {
    super("@pulumi/random");
  }

  protected behaviour(type: string): Behaviour<NoContext> {
    return { autoname: null, updatable: FIXED, planned: (inputs) => planned(type, inputs) };
  }

  protected context(): NoContext {
    return {};
  }

  protected async make(type: string, inputs: Properties): Promise<Created> {
    const generate = generators[type.slice(type.lastIndexOf(":") + 1)];
    if (!generate) throw new Error(`unrecognized resource type (Create): ${type}`);
    return generate(inputs);
  }

  async delete(): Promise<void> {}
}
