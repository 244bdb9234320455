import type {
  PolicyConfigSchema,
  ReportViolation,
  ResourceRemediation,
  ResourceValidation,
  ResourceValidationPolicy,
  Severity,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";
import { rawProperties } from "../graph/values";
import { couldNotJudgeMessage } from "../report";
import { type Exemption, exemptionsSchema, ruling } from "./exemptions";
import { judgement } from "./judgement";
import type { Remedy, Rule } from "./rule";

/** @pulumi/policy takes this as well as a text, and only so a level of its own (server.ts, makeReportViolationFun). */
interface Report {
  readonly message: string;
  readonly urn?: string | undefined;
  readonly enforcementLevel?: "advisory" | "mandatory" | undefined;
}

/** A rule as @pulumi/policy wants it: with exemptions, and called only where `judgement` found something. */
export class RulePolicy {
  readonly name: string;
  readonly description: string;
  readonly enforcementLevel: "mandatory" | "advisory";
  readonly severity: Severity;
  readonly remediationSteps: string;
  readonly configSchema: PolicyConfigSchema;
  readonly remediateResource: ResourceRemediation | undefined;
  private readonly rule: Rule;

  constructor(rule: Rule) {
    this.rule = rule;
    this.name = rule.name;
    this.description = rule.description;
    this.enforcementLevel = rule.enforcementLevel;
    this.severity = rule.severity;
    this.remediationSteps = rule.remediationSteps;
    this.configSchema = { properties: { ...rule.settings, exemptions: exemptionsSchema } };
    this.remediateResource = rule.remedy && remediation(rule.remedy);
  }

  /** To @pulumi/policy it is a stack policy, but for the moment in which its configuration can be had. */
  get validateResource(): ResourceValidation | undefined {
    if (!judgement.wantsConfigOf(this.name)) return undefined;
    return (args) => judgement.configure(this.name, args.getConfig<object>());
  }

  get validateStack(): StackValidation | undefined {
    if (judgement.hasLooked && !this.hasSomethingToSay()) return undefined;
    return (args, report) => {
      judgement.look(args);
      this.report(report, args.getConfig<{ exemptions?: Exemption[] }>());
    };
  }

  private hasSomethingToSay(): boolean {
    const verdict = judgement.verdict(this.rule);
    return "error" in verdict || verdict.findings.length > 0;
  }

  private report(report: ReportViolation, config: { exemptions?: Exemption[] }): void {
    const verdict = judgement.verdict(this.rule);
    if ("error" in verdict) {
      say(report, {
        message: couldNotJudgeMessage(`this stack by ${this.name}`, verdict.error),
        enforcementLevel: "mandatory",
      });
      return;
    }
    for (const { message, resource, level } of verdict.findings) {
      const text = `${this.description}\n${message}`;
      say(report, exempted(text, resource.urn, config.exemptions ?? [], level));
    }
  }
}

/** A remedy as @pulumi/policy wants it. What is a secret stays one: the object behind wraps what it is given. */
function remediation(remedy: Remedy): ResourceRemediation {
  const remediate: ResourceRemediation = ({ props }) => {
    const changes = remedy.change(rawProperties(props));
    return changes && Object.assign(props, changes);
  };
  // The mark that remediateResourceOfType puts on its functions, without the class of @pulumi/aws.
  return Object.assign(remediate, { __pulumiType: remedy.type });
}

/** The same policy with exemptions; what it refuses, the rules need not say again. */
export function exemptable(policy: StackValidationPolicy): StackValidationPolicy {
  const properties = { ...policy.configSchema?.properties, exemptions: exemptionsSchema };
  return {
    ...policy,
    configSchema: { ...policy.configSchema, properties },
    validateStack: (args, report) => {
      judgement.look(args);
      const { exemptions = [] } = args.getConfig<{ exemptions?: Exemption[] }>();
      return policy.validateStack(args, (said: string | Report, of?: string) => {
        const { message, urn, enforcementLevel }: Report =
          typeof said === "string" ? { message: `${policy.description}\n${said}`, urn: of } : said;
        if (enforcementLevel !== "advisory") judgement.refuse(urn);
        const level = enforcementLevel === "advisory" ? enforcementLevel : undefined;
        say(report, urn === undefined ? { message, enforcementLevel } : exempted(message, urn, exemptions, level));
      });
    },
  };
}

/** The collector, which sees every resource before the rules. */
export function announcing(collector: ResourceValidationPolicy): ResourceValidationPolicy {
  const collect = [collector.validateResource ?? []].flat();
  return {
    ...collector,
    validateResource: async (args, report) => {
      judgement.sees(args.type);
      for (const each of collect) await each(args, report);
    },
  };
}

export function exempted(message: string, urn: string, exemptions: readonly Exemption[], level?: "advisory"): Report {
  const { refused, note } = ruling(exemptions, urn);
  const text = note === undefined ? message : `${message}\n${note}`;
  return { message: text, urn, ...(refused ? level && { enforcementLevel: level } : { enforcementLevel: "advisory" }) };
}

export function say(report: ReportViolation, violation: Report): void {
  (report as unknown as (violation: Report) => void)(violation);
}
