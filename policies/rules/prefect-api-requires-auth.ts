import type { StackValidationPolicy } from "@pulumi/policy";
import { collected } from "../collector";
import { configSchema, configured, defaults } from "../configuration";
import { type Judgement, judge } from "../graph/judge";
import { couldNotJudgeMessage } from "../report";
import { writeReport } from "../report-file";

export const prefectApiRequiresAuth: StackValidationPolicy = {
  name: "prefect-api-requires-auth",
  description: "Everything on the way from the internet to a Prefect API asks for a login.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps:
    "Let the load balancer log people in before it forwards, or let it reach nothing but a gateway in the task that does.",
  configSchema,
  validateStack: (args, reportViolation) => {
    const report = reportViolation as unknown as Report;
    let judgement: Judgement;
    let configuration = defaults;
    try {
      configuration = configured(args.getConfig());
      judgement = judge(collected(args), configuration.trusted);
    } catch (error) {
      const message = couldNotJudgeMessage("this stack", error);
      judgement = {
        verdict: "cannot tell",
        findings: [{ verdict: "could not judge", message, urn: undefined, path: [], fix: undefined }],
      };
    }
    const { cannotTell: level } = configuration;
    for (const { verdict, message, urn } of judgement.findings) {
      if (verdict !== "cannot tell") reportViolation(message, urn);
      else if (level === "advisory") report({ message, urn, enforcementLevel: level });
      else if (level === "mandatory") reportViolation(message, urn);
    }
    const problem = writeReport(judgement);
    if (problem !== undefined) report({ message: problem, enforcementLevel: "advisory" });
  },
};

/** A violation with a level of its own: what @pulumi/policy's server takes, and its declarations leave out. */
type Report = (violation: { message: string; urn?: string; enforcementLevel: "advisory" }) => void;
