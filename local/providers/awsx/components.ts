import type * as pulumi from "@pulumi/pulumi";
import type { ConstructResult } from "@pulumi/pulumi/provider";
import { Vpc, type VpcArgs } from "./vpc";

type Construct = (name: string, inputs: never, options: pulumi.ComponentResourceOptions) => Promise<ConstructResult>;

/** By type token. */
export const components: Record<string, Construct> = {
  "awsx:ec2:Vpc": async (name, inputs: VpcArgs, options) => {
    const vpc = new Vpc(name, options);
    return { urn: vpc.urn, state: await vpc.build(inputs) };
  },
};
