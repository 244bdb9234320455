import { type AttributeKind, attributeProblems, documentedAttributes, type LoadBalancerType } from "../attributes";
import { serviceModel } from "../models";
import type { PlannedCall } from "../plan";
import type { Inputs } from "../translate";
import { made, type Rule, type Rules } from "./rule";

/** CreateListener, Protocol; a gateway load balancer's listener has none. */
const listenerProtocols: Record<LoadBalancerType, string[]> = {
  application: ["HTTP", "HTTPS"],
  network: ["TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"],
  gateway: [],
};
const isSecure = (protocol: unknown) => protocol === "HTTPS" || protocol === "TLS";

/** `.../loadbalancer/app/name/id`, and the same in the ARN of a listener. */
function typeIn(arn: unknown): LoadBalancerType | undefined {
  const kind = /:(?:loadbalancer|listener)\/(app|net|gwy)\//.exec(String(arn))?.[1] ?? "";
  return ({ app: "application", net: "network", gwy: "gateway" } as const)[kind];
}

/** CreateLoadBalancer, Subnets: "You must specify subnets from at least two Availability Zones." */
const createLoadBalancer: Rule = ({ Type: type, Subnets: subnets = [] }) =>
  type === "application" && subnets.length < 2 ? [`Subnets: got ${subnets.length}, allowed 2 or more`] : [];

/** CreateTargetGroup: HealthCheckProtocol says which go together; a check must end before the next one begins. */
const createTargetGroup: Rule = (input) => {
  const { Protocol: protocol, HealthCheckProtocol: checked } = input;
  const { HealthCheckTimeoutSeconds: timeout, HealthCheckIntervalSeconds: interval } = input;
  return [
    ...(checked === "TCP" && /^HTTPS?$/.test(protocol)
      ? [`HealthCheckProtocol: got TCP, allowed HTTP, HTTPS with targets of ${protocol}`]
      : []),
    ...(timeout >= interval
      ? [`HealthCheckTimeoutSeconds: got ${timeout}, allowed less than the interval ${interval}`]
      : []),
  ];
};

/** CreateListener: Protocol, and "You must provide exactly one certificate" for a secure one. */
const createListener: Rule = (input, calls) => {
  const { LoadBalancerArn: balancer, Protocol: protocol, Certificates: certificates = [], SslPolicy: policy } = input;
  const type = typeIn(balancer);
  const wanted = isSecure(protocol) ? 1 : 0;
  const ports = calls.filter(
    ({ operation, input: other }) =>
      operation === "CreateListener" && other.LoadBalancerArn === balancer && other.Port === input.Port,
  );
  return [
    ...(type && !listenerProtocols[type].includes(protocol)
      ? [`Protocol: got ${protocol}, allowed ${listenerProtocols[type].join(", ")} with type ${type}`]
      : []),
    ...(certificates.length === wanted
      ? []
      : [`Certificates: got ${certificates.length}, allowed ${wanted} with protocol ${protocol}`]),
    ...(policy && !isSecure(protocol) ? [`SslPolicy: got one, allowed none with protocol ${protocol}`] : []),
    ...(ports.length > 1 ? [`Port: got ${input.Port} of ${ports.length} listeners, allowed one a port`] : []),
    ...actionProblems("DefaultActions", input.DefaultActions, protocol, type, calls),
  ];
};

const createRule: Rule = (input, calls) => {
  const { ListenerArn: listener, Priority: priority, Conditions: conditions = [] } = input;
  const rivals = calls.filter(
    ({ operation, input: other }) =>
      operation === "CreateRule" && other.ListenerArn === listener && other.Priority === priority,
  );
  const protocol = made(calls, "CreateListener", listener)?.Protocol;
  return [
    // PriorityInUseException: "The specified priority is in use."
    ...(rivals.length > 1 ? [`Priority: got ${priority} of ${rivals.length} rules, allowed one rule a priority`] : []),
    ...conditionProblems(conditions),
    ...actionProblems("Actions", input.Actions, protocol, typeIn(listener), calls),
  ];
};

/** What each type of action is configured by; `Specify only when Type is ...` (Action). */
const configurations: Record<string, string[]> = {
  forward: ["TargetGroupArn", "ForwardConfig"],
  redirect: ["RedirectConfig"],
  "fixed-response": ["FixedResponseConfig"],
  "authenticate-cognito": ["AuthenticateCognitoConfig"],
  "authenticate-oidc": ["AuthenticateOidcConfig"],
  "jwt-validation": ["JwtValidationConfig"],
};
const isLast = (type: string) => ["forward", "redirect", "fixed-response"].includes(type);

/** "Each rule must include exactly one of forward, redirect, or fixed-response, and it must be the last action" (guide, Actions). */
function actionProblems(
  member: string,
  actions: Inputs[] = [],
  protocol: string | undefined,
  balancerType: LoadBalancerType | undefined,
  calls: PlannedCall[],
): string[] {
  const sorted = [...actions].sort((a, b) => a.Order - b.Order);
  const types: string[] = sorted.map(({ Type: type }) => type);
  const order = types.join(", ");
  return [
    ...(types.filter(isLast).length === 1 && isLast(types.at(-1) ?? "")
      ? []
      : [`${member}: got ${order || "none"}, allowed one of forward, redirect, fixed-response, as the last`]),
    ...(types.some((type) => !isLast(type)) && protocol !== undefined && protocol !== "HTTPS"
      ? [`${member}: got ${order} with protocol ${protocol}, allowed on HTTPS listeners`]
      : []),
    ...(balancerType === "network" && types.some((type) => type !== "forward")
      ? [`${member}: got ${order}, allowed forward with type network`]
      : []),
    ...sorted.flatMap((action) => {
      const allowed = configurations[action.Type] ?? [];
      const given = Object.values(configurations)
        .flat()
        .filter((key) => action[key] !== undefined);
      return given.length === 1 && allowed.includes(given[0] ?? "")
        ? []
        : [`${member}: got ${given.join(", ") || "nothing"} with ${action.Type}, allowed one of ${allowed.join(", ")}`];
    }),
    ...targetsOf(sorted).flatMap((arn) => {
      const balancers = balancersOf(arn, calls);
      // Quotas: "Load Balancers per Target Group: 1".
      return balancers.size > 1 ? [`${member}: got ${arn} of ${balancers.size} load balancers, allowed one`] : [];
    }),
    ...targetsOf(sorted).flatMap((arn) => {
      const target = made(calls, "CreateTargetGroup", arn)?.Protocol;
      const kind = target && balancerOf(target);
      return kind && balancerType && kind !== balancerType
        ? [`${member}: got a target group of ${target}, allowed such of a load balancer of type ${balancerType}`]
        : [];
    }),
  ];
}

function targetsOf(actions: Inputs[]): string[] {
  return actions.flatMap(({ TargetGroupArn: single, ForwardConfig: several }) => [
    ...(single ? [single] : []),
    ...(several?.TargetGroups ?? []).map(({ TargetGroupArn: arn }: Inputs) => arn),
  ]);
}

/** Those whose listeners, or rules of them, forward to a target group. */
function balancersOf(targetGroup: string, calls: PlannedCall[]): Set<unknown> {
  const forwarding = calls.filter(({ input: { Actions: ofRule, DefaultActions: ofListener } }) =>
    targetsOf(((ofRule ?? ofListener) as Inputs[] | undefined) ?? []).includes(targetGroup),
  );
  return new Set(
    forwarding.map(
      ({ input }) => input.LoadBalancerArn ?? made(calls, "CreateListener", input.ListenerArn)?.LoadBalancerArn,
    ),
  );
}

function balancerOf(protocol: string): LoadBalancerType {
  if (protocol === "GENEVE") return "gateway";
  return protocol === "HTTP" || protocol === "HTTPS" ? "application" : "network";
}

/**
 * RuleCondition: "up to one of each of the following conditions: http-request-method, host-header, path-pattern, and
 * source-ip". Quotas for your Application Load Balancers: five condition values and five wildcards a rule.
 */
function conditionProblems(conditions: Inputs[]): string[] {
  const configs = conditions.flatMap((condition) =>
    Object.entries<Inputs>(condition).filter(([key]) => key.endsWith("Config")),
  );
  const values = configs.flatMap(([, { Values: list = [] }]) => list).map((value) => JSON.stringify(value));
  const wildcards = values.join("").match(/[*?]/g) ?? [];
  const single = conditions
    .map(({ Field: field }) => field)
    .filter((field) => !/^(http-header|query-string)$/.test(field));
  const twice = single.filter((field, index) => single.indexOf(field) !== index);
  return [
    ...(conditions.length === 0 ? ["Conditions: got none, allowed one or more"] : []),
    ...configs.filter(([, { Values: list }]) => !list?.length).map(([key]) => `Conditions.${key}: got no value`),
    ...(values.length > 5 ? [`Conditions: got ${values.length} values, allowed up to 5 a rule`] : []),
    ...(wildcards.length > 5 ? [`Conditions: got ${wildcards.length} wildcards, allowed up to 5 a rule`] : []),
    ...twice.map((field) => `Conditions: got ${field} twice, allowed once a rule`),
  ];
}

const attributes =
  (kind: AttributeKind, typeOf: (input: Inputs, calls: PlannedCall[]) => LoadBalancerType | undefined): Rule =>
  (input, calls) =>
    attributeProblems(documentedAttributes(serviceModel("elbv2"), kind), typeOf(input, calls), input.Attributes);

export const elbv2: Rules = {
  "elbv2:CreateLoadBalancer": createLoadBalancer,
  "elbv2:ModifyLoadBalancerAttributes": attributes("LoadBalancerAttribute", (input) => typeIn(input.LoadBalancerArn)),
  "elbv2:CreateTargetGroup": createTargetGroup,
  "elbv2:ModifyTargetGroupAttributes": attributes("TargetGroupAttribute", (input, calls) => {
    const protocol = made(calls, "CreateTargetGroup", input.TargetGroupArn)?.Protocol;
    return protocol && balancerOf(protocol);
  }),
  "elbv2:CreateListener": createListener,
  "elbv2:ModifyListenerAttributes": attributes("ListenerAttribute", (input) => typeIn(input.ListenerArn)),
  "elbv2:CreateRule": createRule,
};
