import type { ResourceValidation, ResourceValidationPolicy } from "@pulumi/policy";
import { property, type Resource } from "../graph/model";
import { types } from "../graph/types";
import { rawProperties } from "../graph/values";
import { containersOf } from "../graph/workloads/ecs";
import { couldNotJudgeMessage } from "../report";
import { type Exemption, exemptionsSchema } from "../support/exemptions";
import { isPrefectContainer } from "../support/prefect-stack";
import { exempted, say } from "../support/rule-policy";
import { heldIn } from "../support/task-secrets";

const description = "A task definition with Prefect in it holds no credential in plain text.";

const validateResource: ResourceValidation = (args, report) => {
  try {
    const properties = rawProperties(args.props);
    const resource: Resource = {
      ...args,
      parent: undefined,
      inputs: properties,
      outputs: properties,
      dependencies: new Map(),
    };
    const { exemptions = [] } = args.getConfig<{ exemptions?: Exemption[] }>();
    const refuse = (message: string, level?: "advisory"): void =>
      say(report, exempted(`${description}\n${message}`, args.urn, exemptions, level));
    const definitions = property(resource, "containerDefinitions");
    if (definitions.isUnknown) {
      const named = /prefect|orion/i.test(`${args.name} ${property(resource, "family").text() ?? ""}`);
      if (named)
        refuse("Its containerDefinitions is not known yet: it is judged when it is, before it is made.", "advisory");
      return;
    }
    if (!containersOf(resource)?.some(isPrefectContainer)) return;
    const held = heldIn(definitions.json() ?? definitions);
    if (held.length > 0) refuse(`${held.join("; ")}. Everybody who may describe task definitions reads it.`);
  } catch (error) {
    say(report, {
      message: couldNotJudgeMessage(`resource ${JSON.stringify(args.name)}`, error),
      enforcementLevel: "mandatory",
    });
  }
};

/**
 * Judged on what the program passes, so that `pulumi up` stops before the credential is in AWS's hands: a stack policy
 * would speak when it is.
 */
export const taskDefinitionHoldsNoSecret: ResourceValidationPolicy = {
  name: "task-definition-holds-no-secret",
  description,
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Put it into Secrets Manager or Parameter Store and name it in secrets[].valueFrom.",
  configSchema: { properties: { exemptions: exemptionsSchema } },
  // The mark that validateResourceOfType puts on its functions, without the class of @pulumi/aws.
  validateResource: Object.assign(validateResource, { __pulumiType: types.taskDefinition[0] }),
};
