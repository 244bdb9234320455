import type { Inputs } from "../translate";
import { type Cases, set } from "./case";

/** By type of resource. */
export const loadBalancers: Record<string, Cases> = {
  "aws:lb/loadBalancer:LoadBalancer": {
    "a name that is too long": [
      "prefect-lb-alb",
      set("name", "n".repeat(33)),
      /Name: got 33 characters, allowed up to 32$/,
    ],
    "a reserved name": ["prefect-lb-alb", set("name", "internal-web"), /Name: got "internal-web", allowed /],
    "an unknown input": [
      "prefect-lb-alb",
      set("idleTimeoutSec", 60),
      /CreateLoadBalancer\.idleTimeoutSec: got a member of/,
    ],
    "an idle timeout out of range": [
      "prefect-lb-alb",
      set("idleTimeout", 4001),
      /ModifyLoadBalancerAttributes\.Attributes\.idle_timeout\.timeout_seconds: got "4001", allowed 1 to 4000$/,
    ],
    "an attribute's unknown word": [
      "prefect-lb-alb",
      set("desyncMitigationMode", "strict"),
      /desync_mitigation_mode: got "strict", allowed monitor, defensive, strictest$/,
    ],
    "one subnet": ["prefect-lb-alb", set("subnets", ["subnet-1"]), /Subnets: got 1, allowed 2 or more$/],
    "a subnet that is none": [
      "prefect-lb-alb",
      set("subnets", ["subnet-1", "vpc-1"]),
      /Subnets\[1\]: got "vpc-1", allowed subnet/,
    ],
    "a wrong kind of addresses": [
      "prefect-internal-lb",
      set("ipAddressType", "ipv6"),
      /IpAddressType: got "ipv6", allowed ipv4, /,
    ],
  },
  "aws:lb/listener:Listener": {
    "a TLS policy that does not exist": [
      "prefect-lb-https",
      set("sslPolicy", "ELBSecurityPolicy-TLS13-1-2-Res-2025-09"),
      /^prefect-lb-https: CreateListener\.SslPolicy: got "ELBSecurityPolicy-TLS13-1-2-Res-2025-09", allowed ELBSecurityPolicy-/,
    ],
    "a protocol that does not exist": [
      "prefect-internal-tcp",
      set("protocol", "TPC"),
      /Protocol: got "TPC", allowed HTTP, HTTPS, TCP, /,
    ],
    "a port that does not exist": ["prefect-internal-tcp", set("port", 70_000), /Port: got 70000, allowed 1 to 65535$/],
    "a port that is taken": ["prefect-lb-http", set("port", 443), /Port: got 443 of 2 listeners/],
    "no default action": [
      "prefect-lb-http",
      set("defaultActions", undefined),
      /DefaultActions: got nothing, and it is required$/,
    ],
    "no certificate": [
      "prefect-lb-https",
      set("certificateArn", undefined),
      /Certificates: got 0, allowed 1 with protocol HTTPS$/,
    ],
    "an unknown attribute": [
      "prefect-lb-https",
      set("routingHttpResponseServer", true),
      /CreateListener\.routingHttpResponseServer: got a member of that name/,
    ],
    "a header that is too long": [
      "prefect-lb-https",
      set("routingHttpResponseContentSecurityPolicyHeaderValue", "x".repeat(1025)),
      /ModifyListenerAttributes\.Attributes\[\d+\]\.Value: got 1025 characters, allowed up to 1024$/,
    ],
    "an attribute of another type of load balancer": [
      "prefect-lb-http",
      set("tcpIdleTimeoutSeconds", 350),
      /tcp\.idle_timeout\.seconds: got it with type application, allowed with network, gateway$/,
    ],
    "a wrong redirect": [
      "prefect-lb-http",
      ({ defaultActions: [action] }) => (action.redirect.statusCode = "HTTP_307"),
      /DefaultActions\[0\]\.RedirectConfig\.StatusCode: got "HTTP_307", allowed HTTP_301, HTTP_302$/,
    ],
    "a login without TLS": [
      "prefect-lb-http",
      (inputs) => inputs.defaultActions.unshift({ order: 0, type: "authenticate-oidc", authenticateOidc: {} }),
      /DefaultActions: got authenticate-oidc, redirect with protocol HTTP, allowed on HTTPS listeners$/,
    ],
  },
  "aws:lb/listenerRule:ListenerRule": {
    "priority 0": [
      "prefect-login-api",
      set("priority", 0),
      /^prefect-login-api: CreateRule\.Priority: got 0, allowed 1 to 50000$/,
    ],
    "priority 50,001": ["prefect-login-api", set("priority", 50_001), /Priority: got 50001, allowed 1 to 50000$/],
    "half a priority": ["prefect-login-api", set("priority", 60.5), /Priority: got 60\.5, allowed a whole number$/],
    "no priority": ["prefect-login-api", set("priority", undefined), /Priority: got nothing, and it is required$/],
    "a priority that is taken": ["prefect-login-api", set("priority", 70), /Priority: got 70 of 2 rules/],
    "no condition": ["prefect-login-api", set("conditions", []), /Conditions: got none/],
    "a sixth value": [
      "prefect-login-api",
      (inputs) => inputs.conditions.push({ httpRequestMethod: { values: ["GET", "PUT"] } }),
      /Conditions: got 6 values, allowed up to 5 a rule$/,
    ],
    "a target group of two load balancers": [
      "prefect-internal-programs",
      (inputs, world) =>
        (inputs.actions[0].targetGroupArn = world.only(
          "aws:lb/targetGroup:TargetGroup",
          "prefect-login-prefect",
        ).outputs?.arn),
      /Actions: got arn:aws:elasticloadbalancing:.*prefect-login-prefect.* of 2 load balancers, allowed one$/,
    ],
    "two conditions on the path": [
      "prefect-login-sign-out",
      (inputs) => inputs.conditions.push({ pathPattern: { values: ["/x"] } }),
      /Conditions: got path-pattern twice, allowed once a rule$/,
    ],
    "a pattern that is too long": [
      "prefect-login-signed-out",
      (inputs) => (inputs.conditions[1].pathPattern.values[0] = `/${"x".repeat(128)}`),
      /PathPatternConfig\.Values\[0\]: got 129 characters, allowed up to 128$/,
    ],
    "a header name that is too long": [
      "prefect-login-sockets",
      (inputs) => (inputs.conditions[1].httpHeader.httpHeaderName = "X".repeat(41)),
      /HttpHeaderName: got 41 characters, allowed up to 40$/,
    ],
    "the host as a header": [
      "prefect-login-sockets",
      (inputs) => (inputs.conditions[1].httpHeader.httpHeaderName = "Host"),
      /HttpHeaderName: got "Host"/,
    ],
    "a page that is too long": [
      "prefect-login-signed-out",
      (inputs) => (inputs.actions[0].fixedResponse.messageBody = "x".repeat(1025)),
      /MessageBody: got 1025 characters, allowed 0 to 1024$/,
    ],
    "a status that no page has": [
      "prefect-login-signed-out",
      (inputs) => (inputs.actions[0].fixedResponse.statusCode = "301"),
      /StatusCode: got "301", allowed /,
    ],
    "no forward at the end": [
      "prefect-login-api",
      ({ actions }) => actions.pop(),
      /Actions: got authenticate-cognito, allowed one of/,
    ],
    "a session of more than a week": [
      "prefect-login-api",
      (inputs) => (inputs.actions[0].authenticateCognito.sessionTimeout = 604_801),
      /SessionTimeout: got 604801, allowed 1 to 604800$/,
    ],
    "a pool's id for its ARN": [
      "prefect-login-api",
      (inputs) => (inputs.actions[0].authenticateCognito.userPoolArn = "eu-west-1_abcdefghi"),
      /UserPoolArn: got "eu-west-1_abcdefghi", allowed arn/,
    ],
    "an action's unknown word": [
      "prefect-login-api",
      (inputs) => (inputs.actions[0].authenticateCognito.onUnauthenticatedRequest = "denied"),
      /OnUnauthenticatedRequest: got "denied", allowed deny, allow, authenticate$/,
    ],
    "eleven claims": [
      "prefect-login-tokens",
      (inputs) => (inputs.actions[0].jwtValidation.additionalClaims = Array(11).fill(claim("aud"))),
      /AdditionalClaims: got 11 entries, allowed up to 10$/,
    ],
    "a claim that is checked anyway": [
      "prefect-login-tokens",
      (inputs) => (inputs.actions[0].jwtValidation.additionalClaims = [claim("iss")]),
      /AdditionalClaims\[0\]\.Name: got "iss"/,
    ],
    "keys without TLS": [
      "prefect-login-tokens",
      (inputs) => (inputs.actions[0].jwtValidation.jwksEndpoint = "http://login.example.com/keys"),
      /JwksEndpoint: got "http:\/\/login\.example\.com\/keys"/,
    ],
  },
  "aws:lb/targetGroup:TargetGroup": {
    "a name that ends badly": ["prefect-login-gate", set("name", "gate-"), /Name: got "gate-"/],
    "a protocol of another load balancer": ["prefect-login-gate", set("protocol", "TCP"), /a target group of TCP/],
    "a check that does not end": [
      "prefect-login-gate",
      (inputs) => (inputs.healthCheck.timeout = 10),
      /HealthCheckTimeoutSeconds: got 10, allowed less than the interval 10$/,
    ],
    "checks too often": [
      "prefect-login-gate",
      (inputs) => (inputs.healthCheck.interval = 4),
      /IntervalSeconds: got 4, allowed 5 to 300$/,
    ],
    "a wait that is too long": [
      "prefect-login-gate",
      set("deregistrationDelay", 3601),
      /timeout_seconds: got "3601", allowed 0 to 3600$/,
    ],
  },
};

function claim(name: string): Inputs {
  return { name, format: "single-string", values: ["prefect"] };
}
