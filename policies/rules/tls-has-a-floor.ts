import { property, type Resource } from "../graph/model";
import type { Rule } from "../support/rule";

interface Config {
  readonly minimum: string;
}

/** What AWS takes where the program chooses none ("Security policies for your Application Load Balancer"). */
const defaultPolicy = "ELBSecurityPolicy-2016-08";

export const tlsHasAFloor: Rule<Config> = {
  name: "tls-has-a-floor",
  description: "A listener before Prefect takes no TLS below the floor.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Set sslPolicy, for example to ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09.",
  settings: {
    minimum: {
      type: "string",
      enum: ["1.2", "1.3"],
      default: "1.2",
      description: "The lowest version of TLS to take.",
    },
  },
  find: ({ fronts }, { minimum }) => {
    const listeners = new Set(fronts.flatMap(({ listener }) => listener ?? []).filter(isEncrypted));
    return [...listeners].flatMap((listener) => {
      const policy = property(listener, "sslPolicy");
      if (policy.isUnknown) return [];
      const name = policy.text() || defaultPolicy;
      const lowest = lowestVersion(name);
      if ((lowest ?? "") >= minimum) return [];
      const found = `sslPolicy is ${policy.text() ? "" : "not set, which is "}${JSON.stringify(name)}`;
      const takes = lowest === undefined ? "what that takes cannot be told from its name" : `it takes TLS ${lowest}`;
      const message = `${found}: ${takes}. Write one whose name says ${minimum.replace(".", "-")} or more.`;
      return [{ message, resource: listener }];
    });
  },
};

function isEncrypted(listener: Resource): boolean {
  return ["https", "tls"].includes(property(listener, "protocol").word() ?? "");
}

/**
 * The lowest version that a policy takes: AWS's names say it since 2017, `ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09`.
 * Those that say none (2015-05, 2016-08, FS-2018-06) take TLS 1.0. Undefined for a name built otherwise.
 */
function lowestVersion(policy: string): string | undefined {
  const [whole, major, minor] =
    /^ELBSecurityPolicy-(?:(?:TLS\d{0,3}|FS)-)?(?:(\d)-(\d)-)?(?:[A-Za-z]+\d?-)*\d{4}-\d{2}$/.exec(policy) ?? [];
  if (whole === undefined) return undefined;
  return major === undefined ? "1.0" : `${major}.${minor}`;
}
