import type { Behaviour } from "../../bridge/behaviour";
import type { Properties } from "../../grpc/values";
import { type AwsContext, arn } from "../context";
import { ec2Id } from "../identifiers";

export type AwsBehaviour = Behaviour<AwsContext>;
/** By type token. */
export type AwsBehaviours = Record<string, AwsBehaviour>;

type Filled = (inputs: Properties, context: AwsContext) => Properties;

/** An EC2 resource: `igw-...`, `arn:aws:ec2:...:internet-gateway/igw-...`. `filled` is what AWS sets if it is omitted. */
export function ec2(prefix: string, kind: string, rest: AwsBehaviour & { filled?: Filled }): AwsBehaviour {
  const { filled, ...behaviour } = rest;
  return {
    ...behaviour,
    create: (inputs, context) => {
      const id = ec2Id(prefix);
      const own = { ownerId: context.account, arn: arn(context, "ec2", `${kind}/${id}`) };
      return { id, properties: { ...filled?.(inputs, context), ...inputs, ...own } };
    },
  };
}
