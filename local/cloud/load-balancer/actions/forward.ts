import { answer } from "../answer";
import type { ActionProperties } from "../declarations";
import { eachHeader } from "../exchange";
import { relay, RelayError } from "../relay";
import { targetHeaders } from "../request-headers";
import { withResponseHeaders } from "../response-headers";
import { stickyCookies, stickyGroupCookies, stuckGroup, stuckTarget } from "../stickiness";
import { transformed } from "../transforms";
import type { ActionKind, Visit } from "./action";

const defaultIdleTimeout = 60;

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
const statusOf: Record<RelayError["reason"], number> = {
  unreachable: 502,
  "connect-timeout": 504,
  idle: 504,
  "client-idle": 408,
  "client-gone": 460,
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html#forward-actions */
export const forward: ActionKind = {
  problems(action) {
    const groups = weights(action);
    if (groups.length === 0) return ['an action of type "forward" needs targetGroupArn or forward.targetGroups'];
    const problems = groups
      .filter(({ weight }) => !(weight >= 0 && weight <= 999))
      .map(({ weight }) => `a target group's weight must be from 0 to 999; got ${weight}`);
    const { enabled, duration = 0 } = action.forward?.stickiness ?? {};
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupStickinessConfig.html
    if (enabled && !(duration >= 1 && duration <= 604_800)) {
      problems.push(`forward.stickiness.duration must be from 1 to 604800 seconds; got ${duration}`);
    }
    return problems;
  },

  async run(visit, action) {
    const { attributes, address, keys } = visit.loadBalancer;
    const groups = weights(action);
    const groupStickiness = action.forward?.stickiness?.enabled ? action.forward.stickiness.duration : undefined;
    const remembered = groupStickiness && stuckGroup(keys.session, visit.exchange);
    const arn = groups.find((one) => one.arn === remembered)?.arn ?? chooseGroup(groups) ?? "";
    if (groupStickiness) visit.cookies.push(...stickyGroupCookies(keys.session, arn, groupStickiness));
    const group = visit.targetGroup(arn);
    const sticky = group?.stickiness;
    const target = group?.choose(sticky && stuckTarget(keys.session, arn, sticky, visit.exchange));
    // "The target groups for the load balancer have no registered targets" and the like: 503
    if (!group || !target) {
      answer(visit.exchange, { status: 503, cookies: visit.cookies, server: visit.server });
      return "answered" as const;
    }
    const sent = transformed(visit.transforms, { target: visit.exchange.target, host: visit.host });
    if (!sent) {
      answer(visit.exchange, { status: 500, cookies: visit.cookies, server: visit.server });
      return "answered" as const;
    }
    if (sent.host !== visit.host) visit.added.set("Host", sent.host);
    const { upgrade, response } = visit.exchange;
    const end = target.begin(() => (upgrade?.socket ?? response).destroy());
    try {
      await relay(visit.exchange, {
        upstream: {
          ...target.address,
          localAddress: address,
          agent: group.agent,
          ...(group.tls && { tls: group.tls }),
        },
        target: sent.target,
        headers: withAdded(targetHeaders(visit, attributes), visit.added),
        answerHeaders: (headers) => {
          const stuck = { group: arn, target: target.name };
          if (sticky) visit.cookies.push(...stickyCookies(keys.session, stuck, sticky, visit.exchange, headers));
          const cookies = visit.cookies.flatMap((line) => ["Set-Cookie", line]);
          return [...withResponseHeaders(headers, visit.responseHeaders), ...cookies];
        },
        idleTimeout: (attributes.idleTimeout ?? defaultIdleTimeout) * 1000,
      });
    } catch (error) {
      const status = error instanceof RelayError ? statusOf[error.reason] : 500;
      answer(visit.exchange, { status, cookies: visit.cookies, server: visit.server });
    } finally {
      end();
    }
    return "answered" as const;
  },
};

export function weights(action: ActionProperties): { arn: string; weight: number }[] {
  const groups = action.forward?.targetGroups ?? [];
  if (groups.length > 0) return groups.map(({ arn, weight }) => ({ arn, weight: Number(weight ?? 1) }));
  return action.targetGroupArn ? [{ arn: action.targetGroupArn, weight: 1 }] : [];
}

/** By weight only: "the load balancer does not fail over to another target group" when the chosen one has no targets. */
export function chooseGroup(groups: { arn: string; weight: number }[]): string | undefined {
  let at = Math.random() * groups.reduce((sum, { weight }) => sum + weight, 0);
  for (const { arn, weight } of groups) {
    at -= weight;
    if (at < 0) return arn;
  }
  return undefined;
}

function withAdded(headers: string[], added: Visit["added"]): string[] {
  if (added.size === 0) return headers;
  const names = new Set([...added.keys()].map((name) => name.toLowerCase()));
  const all: string[] = [];
  eachHeader(headers, (name, value, sent) => !names.has(name) && all.push(sent, value));
  for (const [name, value] of added) if (value !== undefined) all.push(name, value);
  return all;
}
