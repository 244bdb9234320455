import type { ResponseHeaderAttributes } from "./response-headers";
import type { TransformProperties } from "./transforms";

/** The properties read of the `aws:lb/*` resources, as @pulumi/aws names them. */

export interface LoadBalancerProperties {
  arn: string;
  name: string;
  dnsName: string;
  loadBalancerType?: string;
  /** Whether it has private addresses only. Default: false */
  internal?: boolean;
  securityGroups?: string[];
  subnets?: string[];
  subnetMappings?: { subnetId: string }[];
  /** Seconds. Default: 60 */
  idleTimeout?: number;
  /** Default: true */
  enableHttp2?: boolean;
  /** Default: false */
  dropInvalidHeaderFields?: boolean;
  /** Default: false */
  preserveHostHeader?: boolean;
  /** Default: append */
  xffHeaderProcessingMode?: "append" | "preserve" | "remove";
  /** Default: false */
  enableXffClientPort?: boolean;
}

export interface ListenerProperties extends ResponseHeaderAttributes {
  arn: string;
  loadBalancerArn: string;
  port: number;
  /** Default: HTTP */
  protocol?: string;
  sslPolicy?: string;
  certificateArn?: string;
  defaultActions: ActionProperties[];
  mutualAuthentication?: { mode?: string };
  /** Seconds; of Network Load Balancers. Default: 350 */
  tcpIdleTimeoutSeconds?: number;
  /** Whether own answers carry `Server: awselb/2.0`. Default: true */
  routingHttpResponseServerEnabled?: boolean;
}

export interface ListenerRuleProperties {
  arn: string;
  listenerArn: string;
  priority: number;
  actions: ActionProperties[];
  conditions: ConditionProperties[];
  transforms?: TransformProperties[];
}

export interface ActionProperties {
  type: string;
  order?: number;
  targetGroupArn?: string;
  forward?: {
    targetGroups: { arn: string; weight?: number }[];
    /** Seconds that a client stays with the group it was given. */
    stickiness?: { enabled?: boolean; duration?: number };
  };
  redirect?: {
    protocol?: string;
    host?: string;
    port?: string;
    path?: string;
    query?: string;
    statusCode: string;
  };
  fixedResponse?: { contentType: string; messageBody?: string; statusCode?: string };
  authenticateOidc?: AuthenticateOidcProperties;
  authenticateCognito?: AuthenticateCognitoProperties;
  jwtValidation?: JwtValidationProperties;
}

export interface AuthenticateProperties {
  /** Query parameters to add to the authorization request. */
  authenticationRequestExtraParams?: Record<string, string>;
  /** Default: authenticate */
  onUnauthenticatedRequest?: "authenticate" | "allow" | "deny";
  /** Default: openid */
  scope?: string;
  /** Default: AWSELBAuthSessionCookie */
  sessionCookieName?: string;
  /** Seconds. Default: 604800, a week */
  sessionTimeout?: number;
}

export interface AuthenticateOidcProperties extends AuthenticateProperties {
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  userInfoEndpoint: string;
  clientId: string;
  clientSecret: string;
}

export interface AuthenticateCognitoProperties extends AuthenticateProperties {
  userPoolArn: string;
  userPoolClientId: string;
  /** A prefix of the hosted login's host, or the whole host. */
  userPoolDomain: string;
}

export interface JwtValidationProperties {
  issuer: string;
  jwksEndpoint: string;
  additionalClaims?: AdditionalClaim[];
}

export interface AdditionalClaim {
  name: string;
  format: "single-string" | "string-array" | "space-separated-values";
  values: string[];
}

export interface ConditionProperties {
  hostHeader?: Patterns;
  httpHeader?: Patterns & { httpHeaderName: string };
  httpRequestMethod?: { values: string[] };
  pathPattern?: Patterns;
  queryStrings?: { key?: string; value: string }[];
  sourceIp?: { values: string[] };
}

interface Patterns {
  values?: string[];
  regexValues?: string[];
}

export interface ListenerCertificateProperties {
  listenerArn: string;
  certificateArn: string;
}

export interface TargetGroupProperties {
  arn: string;
  name: string;
  port?: number;
  /** Default: HTTP */
  protocol?: string;
  targetType?: string;
  /** Seconds. Default: 300 */
  deregistrationDelay?: number | string;
  /** Default: round_robin */
  loadBalancingAlgorithmType?: string;
  healthCheck?: HealthCheckProperties;
  stickiness?: {
    enabled?: boolean;
    type?: string;
    /** Of type app_cookie: the cookie that targets set. */
    cookieName?: string;
    /** Seconds. Default: 86400, a day */
    cookieDuration?: number;
  };
  /** Seconds. Default: 0, none */
  slowStart?: number;
  /** Default: false */
  proxyProtocolV2?: boolean;
  preserveClientIp?: boolean | string;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export interface HealthCheckProperties {
  /** Default: true */
  enabled?: boolean;
  /** Default: 5 */
  healthyThreshold?: number;
  /** Default: 2 */
  unhealthyThreshold?: number;
  /** Seconds. Default: 30 */
  interval?: number;
  /** Seconds. Default: 5 */
  timeout?: number;
  /** Status codes: `200`, `200,302` or `200-299`. Default: 200 */
  matcher?: string;
  /** Default: / */
  path?: string;
  /** A port or `traffic-port`, the default. */
  port?: string;
  /** Default: HTTP */
  protocol?: string;
}

export interface TargetGroupAttachmentProperties {
  targetGroupArn: string;
  targetId: string;
  port?: number;
}

/** Where a target listens. */
export interface TargetAddress {
  ip: string;
  port: number;
}
