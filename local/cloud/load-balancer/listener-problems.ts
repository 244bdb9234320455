import type { World } from "../context";
import { actionProblems, targetGroupArns } from "./actions";
import type {
  ActionProperties,
  ListenerProperties,
  ListenerRuleProperties,
  LoadBalancerProperties,
} from "./declarations";
import { responseHeaderProblems } from "./response-headers";
import { conditionProblems } from "./rule";
import { tlsVersions } from "./tls";
import { transformProblems } from "./transforms";

/** The types of load balancer that are served, and the protocols of each. */
export const protocols = { application: ["HTTP", "HTTPS"], network: ["TCP", "TLS"] };

export type LoadBalancerType = keyof typeof protocols;

export function typeOf({ loadBalancerType }: LoadBalancerProperties): LoadBalancerType {
  return (loadBalancerType ?? "application") as LoadBalancerType;
}

/** What a listener and its rules are judged by. */
export interface ListenerContext {
  world: World;
  type: LoadBalancerType;
  /** A target group's; undefined when there is no such group. */
  protocolOf: (targetGroupArn: string) => string | undefined;
}

/**
 * What AWS would refuse of a listener, or what is not served here.
 *
 * @param ruleActions of the rules it has: they stay when a listener changes its protocol and have to fit the new one
 * @throws Error for a security policy that there is not
 */
export function listenerProblems(
  properties: ListenerProperties,
  ruleActions: readonly ActionProperties[][],
  context: ListenerContext,
): string[] {
  const protocol = properties.protocol ?? "HTTP";
  const sets = [properties.defaultActions ?? [], ...ruleActions];
  const problems = [...new Set(sets.flatMap((actions) => problemsOfActions(actions, protocol, context)))];
  const served = protocols[context.type];
  if (!served.includes(protocol)) problems.push(`protocol must be ${served.join(" or ")}; got "${protocol}"`);
  const secure = protocol === "HTTPS" || protocol === "TLS";
  if (secure && !properties.certificateArn) problems.push(`a listener of protocol ${protocol} needs certificateArn`);
  if (secure) tlsVersions(properties.sslPolicy);
  problems.push(...responseHeaderProblems(properties));
  const { mode = "off" } = properties.mutualAuthentication ?? {};
  if (mode !== "off") problems.push(`mutualAuthentication of mode "${mode}" is not served here`);
  return problems;
}

/** The same of a rule, but for its priority. @param protocol the listener's */
export function ruleProblems(rule: ListenerRuleProperties, protocol: string, context: ListenerContext): string[] {
  const { actions = [], conditions = [], transforms = [] } = rule;
  const problems = problemsOfActions(actions, protocol, context);
  problems.push(...transformProblems(transforms), ...conditionProblems(conditions));
  if (conditions.length === 0) problems.push("a rule needs at least one condition");
  return problems;
}

function problemsOfActions(actions: ActionProperties[], protocol: string, context: ListenerContext): string[] {
  const { type, world, protocolOf } = context;
  const problems = actionProblems(actions, { world, protocol });
  if (type === "network" && (actions.length !== 1 || actions[0]?.type !== "forward")) {
    problems.push("a listener of a Network Load Balancer has one action, of type forward");
  }
  for (const arn of targetGroupArns(actions)) {
    const own = protocolOf(arn);
    // "Listener protocol and target group protocol are not compatible"
    if (own && !protocols[type].includes(own)) {
      problems.push(`a target group of protocol ${own} does not go with a load balancer of type ${type}`);
    }
  }
  return problems;
}
