import type { DocumentedLimit, ServiceLimits } from "./limit";
import { securityPolicies } from "./security-policies";

const guide = (page: string) => `https://docs.aws.amazon.com/elasticloadbalancing/latest/application/${page}.html`;

/** The formats of ARNs, in the table of resource types. */
const arns = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html";
const arn = (resource: string): DocumentedLimit => ({
  pattern: `arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\\d{12}:${resource}/\\S+`,
  page: arns,
});

const eachUpTo128 = { max: 128, says: "The maximum length of each string is 128 characters" };
const upToTen = { max: 10, says: "The maximum size of the list is 10" };
const extraParams = { max: 10, says: "The query parameters (up to 10)" };
const fullUrl = {
  pattern: "https://[^/\\s]+/\\S*",
  says: "This must be a full URL, including the HTTPS protocol, the domain, and the path",
};
/** "The session timeout is a fixed duration from 1 second to 7 days." */
const sessionTimeout = { min: 1, max: 604_800, page: guide("listener-authenticate-users") };

export const elbv2: ServiceLimits = {
  LoadBalancerArn: arn("loadbalancer/(app|net|gwy)"),
  ListenerArn: arn("listener/(app|net|gwy)"),
  TargetGroupArn: arn("targetgroup"),
  SubnetId: { pattern: "subnet-[0-9a-f]+", page: "https://docs.aws.amazon.com/ec2/latest/userguide/resource-ids.html" },
  SecurityGroupId: {
    pattern: "sg-[0-9a-f]+",
    page: "https://docs.aws.amazon.com/ec2/latest/userguide/resource-ids.html",
  },
  VpcId: { pattern: "vpc-[0-9a-f]+", page: "https://docs.aws.amazon.com/ec2/latest/userguide/resource-ids.html" },
  CertificateArn: {
    pattern: "arn:[a-z-]+:(acm:[a-z0-9-]+:\\d{12}:certificate|iam::\\d{12}:server-certificate)/\\S+",
    page: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html",
  },

  "CreateLoadBalancerInput.Name": {
    max: 32,
    pattern: "(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?",
    says: 'can have a maximum of 32 characters, must contain only alphanumeric characters or hyphens, must not begin or end with a hyphen, and must not begin with "internal-"',
  },

  "CreateTargetGroupInput.Name": {
    max: 32,
    pattern: "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?",
    says: "can have a maximum of 32 characters, must contain only alphanumeric characters or hyphens, and must not begin or end with a hyphen",
  },
  "CreateTargetGroupInput.ProtocolVersion": {
    enum: ["GRPC", "HTTP1", "HTTP2"],
    says: "Specify HTTP2 to send requests to targets using HTTP/2. The default is HTTP1",
  },
  "CreateTargetGroupInput.HealthCheckPort": { pattern: "traffic-port|\\d{1,5}", says: "the default is traffic-port" },
  "CreateTargetGroupInput.HealthCheckProtocol": {
    enum: ["HTTP", "HTTPS", "TCP"],
    says: "The GENEVE, TLS, UDP, TCP_UDP, QUIC, and TCP_QUIC protocols are not supported for health checks",
  },
  "Matcher.HttpCode": {
    pattern: "[2-5]\\d\\d([,-][2-5]\\d\\d)*",
    says: 'You can specify multiple values (for example, "200,202") or a range of values (for example, "200-299")',
  },

  // DescribeSSLPolicies answers the names: they are the service's data.
  SslPolicyName: { enum: securityPolicies, page: guide("describe-ssl-policies") },
  /** "The value for the attribute can not exceed 1K bytes in size." */
  ListenerAttributeValue: { max: 1024, page: guide("header-modification") },

  "HostHeaderConditionConfig.Values[]": {
    ...eachUpTo128,
    // "You must include at least one "." character. You can include only alphabetical characters after the final ".""
    pattern: "[A-Za-z0-9*?._-]*\\.[A-Za-z*?]+",
  },
  // Characters: the guide's "Path conditions" and "HTTP header conditions".
  "PathPatternConditionConfig.Values[]": { ...eachUpTo128, pattern: "[A-Za-z0-9_.$/~\"'@:+&*?-]+" },
  "HttpHeaderConditionConfig.Values[]": { ...eachUpTo128, pattern: "[\\x20-\\x5b\\x5d-\\x7e]+" },
  "HttpHeaderConditionConfig.HttpHeaderName": {
    max: 40,
    // RFC 7230, token; the host has a condition of its own.
    pattern: "(?![Hh][Oo][Ss][Tt]$)[A-Za-z0-9!#$%&'*+.^_`|~-]+",
    says: "The maximum length is 40 characters. The header name is case insensitive. The allowed characters are specified by RFC 7230",
  },
  "HttpRequestMethodConditionConfig.Values[]": {
    max: 40,
    pattern: "[A-Z_-]+",
    says: "The maximum length is 40 characters. The allowed characters are A-Z, hyphen (-), and underscore (_)",
  },
  "SourceIpConditionConfig.Values[]": {
    pattern: "[0-9a-f.:]+/\\d{1,3}",
    says: "The source IP addresses, in CIDR format",
  },

  "FixedResponseActionConfig.ContentType": {
    enum: ["text/plain", "text/css", "text/html", "application/javascript", "application/json"],
    says: "Valid Values: text/plain | text/css | text/html | application/javascript | application/json",
  },
  "RedirectActionConfig.Protocol": {
    enum: ["HTTP", "HTTPS", "#{protocol}"],
    says: "You can specify HTTP, HTTPS, or #{protocol}",
  },
  "RedirectActionConfig.Port": {
    pattern: "\\d{1,5}|#\\{port\\}",
    says: "You can specify a value from 1 to 65535 or #{port}",
  },

  "AuthenticateCognitoActionConfig.UserPoolArn": {
    pattern: "arn:[a-z-]+:cognito-idp:[a-z0-9-]+:\\d{12}:userpool/\\S+",
    says: "The Amazon Resource Name (ARN) of the Amazon Cognito user pool",
  },
  "AuthenticateCognitoActionConfig.AuthenticationRequestExtraParams": extraParams,
  AuthenticateCognitoActionSessionTimeout: sessionTimeout,
  // Its path may be empty: https://accounts.google.com is a common one.
  "AuthenticateOidcActionConfig.Issuer": { ...fullUrl, pattern: "https://[^/\\s]+(/\\S*)?" },
  "AuthenticateOidcActionConfig.AuthorizationEndpoint": fullUrl,
  "AuthenticateOidcActionConfig.TokenEndpoint": fullUrl,
  "AuthenticateOidcActionConfig.UserInfoEndpoint": fullUrl,
  "AuthenticateOidcActionConfig.AuthenticationRequestExtraParams": extraParams,
  AuthenticateOidcActionSessionTimeout: sessionTimeout,

  "JwtValidationActionConfig.Issuer": { max: 256, says: "The maximum length is 256 characters" },
  "JwtValidationActionConfig.JwksEndpoint": { ...fullUrl, max: 256 },
  "JwtValidationActionConfig.AdditionalClaims": upToTen,
  "JwtValidationActionAdditionalClaim.Name": {
    pattern: "(?!(exp|iss|nbf|iat)$).+",
    says: "You can't specify exp, iss, nbf, or iat because we validate them by default",
  },
  "JwtValidationActionAdditionalClaim.Values": { ...upToTen, min: 1 },
  "JwtValidationActionAdditionalClaim.Values[]": {
    max: 256,
    says: "Each value can be up to 256 characters in length",
  },
};
