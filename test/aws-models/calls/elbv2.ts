import { documentedAttributes } from "../attributes";
import { serviceModel } from "../models";
import { type Call, call, type Inputs, type Names, some, type Translation } from "../translate";

/** As the provider has them: internal/service/elbv2/load_balancer.go, loadBalancerAttributes. */
const loadBalancerAttributes = {
  clientKeepAlive: "client_keep_alive.seconds",
  desyncMitigationMode: "routing.http.desync_mitigation_mode",
  dnsRecordClientRoutingPolicy: "dns_record.client_routing_policy",
  dropInvalidHeaderFields: "routing.http.drop_invalid_header_fields.enabled",
  enableCrossZoneLoadBalancing: "load_balancing.cross_zone.enabled",
  enableDeletionProtection: "deletion_protection.enabled",
  enableHttp2: "routing.http2.enabled",
  enableTlsVersionAndCipherSuiteHeaders: "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
  enableWafFailOpen: "waf.fail_open.enabled",
  enableXffClientPort: "routing.http.xff_client_port.enabled",
  enableZonalShift: "zonal_shift.config.enabled",
  idleTimeout: "idle_timeout.timeout_seconds",
  preserveHostHeader: "routing.http.preserve_host_header.enabled",
  xffHeaderProcessingMode: "routing.http.xff_header_processing.mode",
};

/** target_group.go, targetGroupAttributes. */
const targetGroupAttributes = {
  connectionTermination: "deregistration_delay.connection_termination.enabled",
  deregistrationDelay: "deregistration_delay.timeout_seconds",
  lambdaMultiValueHeadersEnabled: "lambda.multi_value_headers.enabled",
  loadBalancingAlgorithmType: "load_balancing.algorithm.type",
  loadBalancingAnomalyMitigation: "load_balancing.algorithm.anomaly_mitigation",
  loadBalancingCrossZoneEnabled: "load_balancing.cross_zone.enabled",
  preserveClientIp: "preserve_client_ip.enabled",
  proxyProtocolV2: "proxy_protocol_v2.enabled",
  slowStart: "slow_start.duration_seconds",
};

/** `routingHttpResponseServerEnabled`: listener.go names these as the API does, with other separators. */
function listenerAttributes(): Record<string, string> {
  const keys = documentedAttributes(serviceModel("elbv2"), "ListenerAttribute").keys();
  const camel = (key: string) => key.replace(/[._]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries([...keys].map((key) => [camel(key), key]));
}

/** Takes the attributes out of the inputs: they are set by a call of their own. */
function divide(inputs: Inputs, known: Record<string, string>): { attributes: Inputs[]; rest: Inputs } {
  const isAttribute = ([key]: [string, unknown]) => Object.hasOwn(known, key);
  const given = Object.entries<unknown>(inputs).filter(([, value]) => value !== undefined);
  return {
    attributes: given.filter(isAttribute).map(([key, value]) => ({ Key: known[key], Value: String(value) })),
    rest: Object.fromEntries(given.filter((entry) => !isAttribute(entry))),
  };
}

const names: Names = {
  Action: {
    authenticateCognito: "AuthenticateCognitoConfig",
    authenticateOidc: "AuthenticateOidcConfig",
    fixedResponse: "FixedResponseConfig",
    forward: "ForwardConfig",
    jwtValidation: "JwtValidationConfig",
    redirect: "RedirectConfig",
  },
  RuleCondition: {
    hostHeader: "HostHeaderConfig",
    httpHeader: "HttpHeaderConfig",
    httpRequestMethod: "HttpRequestMethodConfig",
    pathPattern: "PathPatternConfig",
    queryStrings: "QueryStringConfig",
    sourceIp: "SourceIpConfig",
  },
  TargetGroupStickinessConfig: { duration: "DurationSeconds" },
  TargetGroupTuple: { arn: "TargetGroupArn" },
};

const loadBalancer: Translation = ({ internal, loadBalancerType = "application", ...inputs }, { arn }) => {
  const { attributes, rest } = divide(inputs, loadBalancerAttributes);
  // The provider leaves out, without a word, what the type does not have (loadBalancerTypesSupported).
  const known = documentedAttributes(serviceModel("elbv2"), "LoadBalancerAttribute");
  const supported = attributes.filter(({ Key: key }) => known.get(key)?.types.includes(loadBalancerType) ?? true);
  return [
    call("elbv2", "CreateLoadBalancer", {
      ...rest,
      type: loadBalancerType,
      scheme: internal ? "internal" : undefined,
      subnets: some(inputs.subnets),
      securityGroups: some(inputs.securityGroups),
    }),
    ...modify("LoadBalancer", arn, supported),
  ];
};

const targetGroup: Translation = ({ healthCheck, protocol, ...inputs }, { arn }) => {
  const { attributes, rest } = divide(inputs, targetGroupAttributes);
  const isHttp = protocol === "HTTP" || protocol === "HTTPS";
  return [
    call("elbv2", "CreateTargetGroup", {
      ...rest,
      protocol,
      protocolVersion: isHttp ? (inputs.protocolVersion ?? "HTTP1") : undefined,
      ...(healthCheck && healthCheckMembers(healthCheck)),
    }),
    ...modify("TargetGroup", arn, attributes),
  ];
};

/** target_group.go, resourceTargetGroupCreate: what is not given has the schema's default and is sent all the same. */
function healthCheckMembers(healthCheck: Inputs): Inputs {
  const { enabled, interval, timeout, healthyThreshold, unhealthyThreshold, matcher, path, port, protocol, ...others } =
    healthCheck;
  return {
    ...others,
    HealthCheckEnabled: enabled ?? true,
    HealthCheckIntervalSeconds: interval ?? 30,
    HealthCheckTimeoutSeconds: timeout,
    HealthyThresholdCount: healthyThreshold ?? 3,
    UnhealthyThresholdCount: unhealthyThreshold ?? 3,
    HealthCheckPort: port ?? "traffic-port",
    HealthCheckProtocol: protocol ?? "HTTP",
    HealthCheckPath: path,
    Matcher: matcher && { HttpCode: matcher },
  };
}

const listener: Translation = ({ certificateArn, defaultActions, ...inputs }, { arn }) => {
  const { attributes, rest } = divide(inputs, listenerAttributes());
  const certificates = certificateArn && [{ certificateArn }];
  return [
    call("elbv2", "CreateListener", { ...rest, certificates, defaultActions: ordered(defaultActions) }, names),
    ...modify("Listener", arn, attributes),
  ];
};

const listenerRule: Translation = ({ actions, conditions, ...inputs }) => [
  call("elbv2", "CreateRule", { ...inputs, actions: ordered(actions), conditions: conditions?.map(condition) }, names),
];

/** Actions are performed in the order in which they stand (listener.go, expandListenerActions). */
function ordered(actions: Inputs[] | undefined): Inputs[] | undefined {
  return actions?.map((action, index) => ({ order: index + 1, ...action }));
}

const fields: Record<string, string> = {
  hostHeader: "host-header",
  httpHeader: "http-header",
  httpRequestMethod: "http-request-method",
  pathPattern: "path-pattern",
  queryStrings: "query-string",
  sourceIp: "source-ip",
};

/** One kind of condition each (listener_rule.go, expandRuleConditions). */
function condition(given: Inputs): Inputs {
  const [kind = ""] = Object.keys(given).filter((key) => given[key] !== undefined);
  const content = kind === "queryStrings" ? { values: given.queryStrings } : given[kind];
  return { ...given, field: fields[kind], [kind]: content };
}

function modify(what: string, arn: string, attributes: Inputs[]): Call[] {
  return attributes.length > 0 ? [call("elbv2", `Modify${what}Attributes`, { [`${what}Arn`]: arn, attributes })] : [];
}

export const elbv2: Record<string, Translation> = {
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:lb/targetGroup:TargetGroup": targetGroup,
  "aws:lb/listener:Listener": listener,
  "aws:lb/listenerRule:ListenerRule": listenerRule,
};
