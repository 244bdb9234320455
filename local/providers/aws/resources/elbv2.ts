import { isObject, type Properties, type Value } from "../../grpc/values";
import type { Created } from "../../grpc/provider";
import { type AwsContext, arn } from "../context";
import { alphanumeric, digits, hex } from "../identifiers";
import type { AwsBehaviours } from "./behaviours";
import { actionDefaults, filledActions, validateActions } from "./elbv2-actions";
import { defaultSecurityGroup, nameProblems, oneOf, portRange, vpcOfSubnets } from "./shared";

/** Hosted zones of load balancers' names: docs.aws.amazon.com/general/latest/gr/elb.html. */
const zones: Record<string, { application: string; network: string }> = {
  "eu-west-1": { application: "Z32O12XQLNTSW2", network: "Z2IFOLAFXWLO4F" },
  "eu-central-1": { application: "Z215JYRZR1TBD5", network: "Z3F0SRJ5LGBH90" },
  "us-east-1": { application: "Z35SXDOTRQ7X7K", network: "Z26RNL4JYFTOTI" },
  "us-east-2": { application: "Z3AADJGX6KTTL2", network: "ZLMOA37VPKANP" },
  "us-west-2": { application: "Z1H1FL5HABSF5", network: "Z18D5FSROUN65G" },
};

/** Defaults and ForceNew of internal/service/elbv2 (hashicorp/terraform-provider-aws). */
export const elbv2: AwsBehaviours = {
  "aws:lb/loadBalancer:LoadBalancer": {
    autoname: { property: "name", maxLength: 32 },
    defaults: {
      clientKeepAlive: 3600,
      desyncMitigationMode: "defensive",
      dnsRecordClientRoutingPolicy: "any_availability_zone",
      dropInvalidHeaderFields: false,
      idleTimeout: 60,
    },
    replaces: ["internal", "loadBalancerType", "customerOwnedIpv4Pool"],
    validate: (inputs) => [
      ...nameProblems(inputs, { reserved: "internal-" }),
      ...oneOf(inputs, "loadBalancerType", ["application", "network", "gateway"]),
      ...oneOf(inputs, "ipAddressType", ["ipv4", "dualstack", "dualstack-without-public-ipv4"]),
    ],
    create: loadBalancer,
  },
  "aws:lb/targetGroup:TargetGroup": {
    autoname: { property: "name", maxLength: 32 },
    defaults: {
      deregistrationDelay: 300,
      lambdaMultiValueHeadersEnabled: false,
      proxyProtocolV2: false,
      slowStart: 0,
      targetType: "instance",
      "healthCheck.enabled": true,
      "healthCheck.healthyThreshold": 3,
      "healthCheck.interval": 30,
      "healthCheck.port": "traffic-port",
      "healthCheck.protocol": "HTTP",
      "healthCheck.unhealthyThreshold": 3,
      "stickiness.cookieDuration": 86_400,
      "stickiness.enabled": true,
    },
    replaces: ["ipAddressType", "port", "protocol", "protocolVersion", "targetType", "vpcId"],
    validate: (inputs) => [
      ...nameProblems(inputs, {}),
      ...portRange(inputs, "port"),
      ...oneOf(inputs, "targetType", ["instance", "ip", "lambda", "alb"]),
      ...oneOf(inputs, "protocol", PROTOCOLS),
    ],
    create: targetGroup,
  },
  "aws:lb/listener:Listener": {
    defaults: actionDefaults("defaultActions"),
    replaces: ["loadBalancerArn"],
    validate: (inputs) => [
      ...portRange(inputs, "port"),
      ...oneOf(inputs, "protocol", PROTOCOLS),
      ...validateActions(inputs.defaultActions, "defaultActions"),
    ],
    create: listener,
    update: (state) => ({ defaultActions: filledActions(state.defaultActions) }),
  },
  "aws:lb/listenerRule:ListenerRule": {
    defaults: actionDefaults("actions"),
    replaces: ["listenerArn"],
    validate: (inputs) => [...portRange(inputs, "priority", 99_999), ...validateActions(inputs.actions, "actions")],
    create: (inputs, context) => {
      const listenerArn = String(inputs.listenerArn);
      const rules = context.existing(context.type).filter(({ properties }) => properties.listenerArn === listenerArn);
      const priorities = rules.map(({ properties }) => Number(properties.priority));
      const priority = inputs.priority ?? Math.max(0, ...priorities) + 1;
      if (priorities.includes(Number(priority))) {
        throw new Error(
          `creating ELBv2 Listener Rule: api error PriorityInUse: Priority '${String(priority)}' is currently in use`,
        );
      }
      const id = `${listenerArn.replace(":listener/", ":listener-rule/")}/${hex(16)}`;
      return { id, properties: { arn: id, priority, actions: filledActions(inputs.actions) } };
    },
    update: (state) => ({ actions: filledActions(state.actions) }),
  },
  "aws:lb/listenerCertificate:ListenerCertificate": {
    updatable: [],
    create: (inputs) => ({ id: `${String(inputs.listenerArn)}_${String(inputs.certificateArn)}`, properties: {} }),
  },
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": {
    updatable: [],
    create: (inputs) => ({ id: `${String(inputs.targetGroupArn)}-${digits(26)}`, properties: {} }),
  },
  "aws:lb/trustStore:TrustStore": {
    autoname: { property: "name", maxLength: 32 },
    create: (inputs, context) => {
      const name = String(inputs.name);
      const id = arn(context, "elasticloadbalancing", `truststore/${name}/${hex(16)}`);
      return { id, properties: { arn: id, arnSuffix: id.split(":").at(-1) ?? "" } };
    },
  },
};

const PROTOCOLS = ["GENEVE", "HTTP", "HTTPS", "QUIC", "TCP", "TCP_QUIC", "TCP_UDP", "TLS", "UDP"];

const shortTypes: Record<string, string> = { application: "app", network: "net", gateway: "gwy" };

function loadBalancer(inputs: Properties, context: AwsContext) {
  const name = String(inputs.name ?? `tf-lb-${alphanumeric(20)}`);
  const type = String(inputs.loadBalancerType);
  const suffix = `${shortTypes[type]}/${name}/${hex(16)}`;
  const id = arn(context, "elasticloadbalancing", `loadbalancer/${suffix}`);
  const internal = inputs.internal ?? false;
  const { region } = context;
  const label = `${internal === true ? "internal-" : ""}${name}`;
  const dnsName =
    type === "application"
      ? `${label}-${digits(10)}.${region}.elb.amazonaws.com`
      : `${name}-${suffix.slice(-16)}.elb.${region}.amazonaws.com`;
  const mappings = Array.isArray(inputs.subnetMappings) ? inputs.subnetMappings.filter(isObject) : [];
  const subnets = (inputs.subnets ?? mappings.map((mapping) => mapping.subnetId ?? "")) as Value[];
  if (subnets.length === 0) {
    throw new Error("creating ELBv2 Load Balancer: api error ValidationError: At least one subnet must be specified");
  }
  const vpcId = vpcOfSubnets(subnets, context);
  const ofSubnet = (subnetId: Value) => ({ subnetId, outpostId: "" });
  const zone = zones[region]?.[type === "application" ? "application" : "network"];
  const properties: Properties = {
    enablePrefixForIpv6SourceNat: "",
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "",
    ipAddressType: "ipv4",
    namePrefix: "",
    secondaryIpsAutoAssignedPerSubnet: 0,
    // An ALB always has a security group; an NLB has one only where it was made with one.
    securityGroups: type === "application" ? [defaultSecurityGroup(vpcId)] : [],
    subnetMappings: subnets.map(ofSubnet),
    ...inputs,
    ...{ name, internal, subnets, vpcId, dnsName, arn: id, arnSuffix: suffix },
    ...(zone ? { zoneId: zone } : {}),
  };
  return { id, properties };
}

function targetGroup(inputs: Properties, context: AwsContext) {
  const name = String(inputs.name ?? `tf-${alphanumeric(23)}`);
  const suffix = `targetgroup/${name}/${hex(16)}`;
  const id = arn(context, "elasticloadbalancing", suffix);
  const web = inputs.protocol === "HTTP" || inputs.protocol === "HTTPS";
  const lambda = inputs.targetType === "lambda";
  if (!lambda && (inputs.port === undefined || inputs.protocol === undefined || inputs.vpcId === undefined)) {
    const missing = ["port", "protocol", "vpcId"].filter((property) => inputs[property] === undefined);
    throw new Error(`creating ELBv2 Target Group (${name}): ${missing.join(", ")} must be set for this target type`);
  }
  const health = isObject(inputs.healthCheck) ? inputs.healthCheck : {};
  const protocol = health.protocol ?? (web ? "HTTP" : "TCP");
  const overHttp = protocol !== "TCP";
  const healthCheck: Properties = {
    ...{ enabled: !lambda, interval: lambda ? 35 : 30, port: "traffic-port", protocol },
    ...{
      healthyThreshold: web ? 5 : 3,
      unhealthyThreshold: web ? 2 : 3,
      timeout: lambda ? 30 : overHttp && web ? 5 : 10,
    },
    ...{ path: overHttp ? "/" : "", matcher: overHttp ? (web ? "200" : "200-399") : "" },
    ...health,
  };
  const stickiness = {
    type: web ? "lb_cookie" : "source_ip",
    enabled: false,
    cookieDuration: web ? 86_400 : 0,
    cookieName: "",
  };
  const properties: Properties = {
    connectionTermination: false,
    ipAddressType: lambda ? "" : "ipv4",
    loadBalancerArns: [],
    loadBalancingAlgorithmType: web ? "round_robin" : "",
    loadBalancingAnomalyMitigation: web ? "off" : "",
    loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
    namePrefix: "",
    preserveClientIp: web || lambda ? "" : String(inputs.targetType === "instance"),
    ...(web ? { protocolVersion: "HTTP1" } : { protocolVersion: "" }),
    stickiness,
    targetFailovers: [],
    targetGroupHealth: {
      dnsFailover: { minimumHealthyTargetsCount: "1", minimumHealthyTargetsPercentage: "off" },
      unhealthyStateRouting: { minimumHealthyTargetsCount: 1, minimumHealthyTargetsPercentage: "off" },
    },
    targetHealthStates: [],
    ...inputs,
    ...{ name, arn: id, arnSuffix: suffix, healthCheck },
  };
  return { id, properties };
}

function listener(inputs: Properties, context: AwsContext): Created {
  const loadBalancerArn = String(inputs.loadBalancerArn);
  const id = `${loadBalancerArn.replace(":loadbalancer/", ":listener/")}/${hex(16)}`;
  const isAlb = loadBalancerArn.includes(":loadbalancer/app/");
  const protocol = inputs.protocol ?? (isAlb ? "HTTP" : undefined);
  const secure = protocol === "HTTPS" || protocol === "TLS";
  const refuse = (code: string, message: string) =>
    new Error(`creating ELBv2 Listener (${loadBalancerArn}): api error ${code}: ${message}`);
  if (secure && inputs.certificateArn === undefined) {
    throw refuse("ValidationError", `A certificate must be specified for ${String(protocol)} listeners`);
  }
  const others = context
    .existing(context.type)
    .filter(({ properties }) => properties.loadBalancerArn === loadBalancerArn);
  if (others.some(({ properties }) => properties.port === inputs.port)) {
    throw refuse(
      "DuplicateListener",
      `A listener already exists on port ${String(inputs.port)} for this load balancer`,
    );
  }
  const actions = Array.isArray(inputs.defaultActions) ? inputs.defaultActions.filter(isObject) : [];
  if (!secure && actions.some(({ type }) => /^(authenticate-|jwt-)/i.test(String(type)))) {
    throw refuse("InvalidLoadBalancerAction", "Authentication actions are supported only on HTTPS listeners");
  }
  const filled: Properties = { sslPolicy: secure ? "ELBSecurityPolicy-2016-08" : "" };
  if (isAlb) filled.routingHttpResponseServerEnabled = true;
  else filled.tcpIdleTimeoutSeconds = 350;
  if (protocol === "HTTPS") filled.mutualAuthentication = { mode: "off", advertiseTrustStoreCaNames: "" };
  if (protocol !== undefined) filled.protocol = protocol;
  return { id, properties: { ...filled, ...inputs, defaultActions: filledActions(inputs.defaultActions), arn: id } };
}
