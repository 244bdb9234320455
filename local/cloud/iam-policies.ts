import type { CloudPart } from "./context";
import type { CloudResource } from "./contract";
import { statementsOf } from "./iam";

const types = /^aws:iam\/(policy:Policy|(role|user|group)Policy:(Role|User|Group)Policy)$/;

/** IAM's identity-based policies: refused where IAM refuses them. What they allow is asked of iam.ts. */
export class IamPolicies implements CloudPart {
  handles(type: string): boolean {
    return types.test(type);
  }

  /** @throws Error in IAM's words (hashicorp/terraform#17987, pulumi/pulumi-aws#5737) */
  async put({ properties }: CloudResource): Promise<Record<string, unknown>> {
    for (const { Action, NotAction, Resource, NotResource } of statementsOf(properties.policy)) {
      if (isEmpty(Action ?? NotAction)) throw malformed("Policy statement must contain actions.");
      if (isEmpty(Resource ?? NotResource)) throw malformed("Policy statement must contain resources.");
    }
    return {};
  }

  async remove(): Promise<void> {}

  async close(): Promise<void> {}
}

function isEmpty(element: string | string[] | undefined): boolean {
  return element === undefined || element.length === 0;
}

function malformed(what: string): Error {
  return new Error(`MalformedPolicyDocument: ${what}`);
}
