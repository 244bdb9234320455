import {
  bare,
  behindAlb,
  forward,
  group,
  login,
  open,
  path,
  refuse,
  rule,
  service,
  targetGroup,
  task,
} from "../support/pieces";
import { built, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** What a listener and its rules let through. */

const tokensOf = (issuer: string): Record<string, unknown> => ({
  type: "jwt-validation",
  jwtValidation: { issuer, jwksEndpoint: "https://login.example.com/keys" },
});

const sourceIp = (...values: string[]): Record<string, unknown> => ({ sourceIp: { values } });

export const listenerRuleCases: Cases = {
  "a login on the default action": { stack: behindAlb({ definitions: bare, actions: [login(), forward] }) },
  "a login with another case and order": {
    stack: behindAlb({
      definitions: bare,
      actions: [
        { ...forward, type: "Forward", order: 2 },
        { ...login({ onUnauthenticatedRequest: "DENY" }), type: "Authenticate-Cognito", order: 1 },
      ],
    }),
  },
  "a login that lets strangers pass": {
    stack: behindAlb({ definitions: bare, actions: [login({ onUnauthenticatedRequest: "allow" }), forward] }),
    ...reject("onUnauthenticatedRequest lets requests without a session pass"),
  },
  "a login whose onUnauthenticatedRequest is not known": {
    stack: behindAlb({
      definitions: bare,
      actions: [login({ onUnauthenticatedRequest: built(["taskGroup"], "deny") }), forward],
    }),
    preview: { cannotTell: ["onUnauthenticatedRequest is not known"] },
  },
  "an action list that is not known at all": {
    stack: behindAlb({
      definitions: bare,
      actions: built(["tg"], [{ type: "forward", targetGroupArn: "arn:tg" }]),
    }),
    ...reject('aws.lb.Listener "https"'),
    preview: { cannotTell: ['aws.lb.Listener "https"'] },
  },
  "a default that refuses and a rule that forwards without a login": {
    stack: behindAlb({ definitions: bare, actions: [refuse], more: [rule("api", 10, [path("/api/*")], [forward])] }),
    ...reject(
      'aws.lb.ListenerRule "api": its conditions (paths, hosts, headers, methods) are the caller\'s choice',
      'actions of aws.lb.ListenerRule "api"',
    ),
  },
  "a login on /api only, with an open default": {
    stack: behindAlb({
      definitions: bare,
      actions: [forward],
      more: [rule("api", 10, [path("/api/*")], [login(), forward])],
    }),
    ...reject("its default action forwards without an authenticate action"),
  },
  "a deny rule on /api with an open default": {
    stack: behindAlb({ definitions: bare, actions: [forward], more: [rule("api", 10, [path("/api/*")], [refuse])] }),
    ...reject("its default action"),
  },
  "a rule for everything that logs in, before an open default": {
    stack: behindAlb({
      definitions: bare,
      actions: [forward],
      more: [rule("all", 10, [path("/*")], [login(), forward])],
    }),
  },
  "a secret header in place of a login": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [rule("secret", 10, [{ httpHeader: { httpHeaderName: "X-Secret", values: ["s3cr3t-value"] } }], [forward])],
    }),
    ...reject("aws.lb.ListenerRule"),
  },
  "an allow-list of source addresses": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [rule("office", 10, [sourceIp("203.0.113.0/24")], [forward])],
    }),
  },
  "an allow-list that is the internet in two halves": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [rule("office", 10, [sourceIp("0.0.0.0/1", "128.0.0.0/1")], [forward])],
    }),
    ...reject("aws.lb.ListenerRule"),
  },
  "the health check, GET only, open beside a login": {
    stack: behindAlb({
      definitions: bare,
      actions: [login(), forward],
      more: [rule("health", 1, [path("/api/health"), { httpRequestMethod: { values: ["GET"] } }], [forward])],
    }),
  },
  "the health check open for every method": {
    stack: behindAlb({
      definitions: bare,
      actions: [login(), forward],
      more: [rule("health", 1, [path("/api/health")], [forward])],
    }),
    ...reject('"health"'),
  },
  "a weighted forward with weight 0": {
    stack: behindAlb({
      definitions: bare,
      actions: [{ type: "forward", forward: { targetGroups: [{ arn: ref("tg"), weight: 0 }] } }],
    }),
    ...reject('aws.lb.TargetGroup "tg"'),
  },
  "client certificates that are verified": {
    stack: behindAlb({
      definitions: bare,
      listener: { mutualAuthentication: { mode: "verify", trustStoreArn: "arn:store" } },
    }),
  },
  "client certificates that are only passed through": {
    stack: behindAlb({ definitions: bare, listener: { mutualAuthentication: { mode: "passthrough" } } }),
    ...reject('aws.lb.Listener "https"'),
  },
  "tokens of an own issuer": {
    stack: behindAlb({
      definitions: bare,
      actions: [tokensOf("https://login.example.com"), forward],
    }),
  },
  "tokens that anyone can get": {
    stack: behindAlb({
      definitions: bare,
      actions: [tokensOf("https://token.actions.githubusercontent.com"), forward],
    }),
    ...reject("public issuer"),
  },
  "tokens of an issuer whose name only begins like a public one's": {
    stack: behindAlb({
      definitions: bare,
      actions: [tokensOf("https://token.actions.githubusercontent.com.example.com"), forward],
    }),
  },
  "tokens of a public issuer with a port and a path": {
    stack: behindAlb({
      definitions: bare,
      actions: [tokensOf("https://Token.Actions.GithubUserContent.com:443/acme"), forward],
    }),
    ...reject("public issuer"),
  },
  "tokens of a public issuer for one audience": {
    stack: behindAlb({
      definitions: bare,
      actions: [
        {
          type: "jwt-validation",
          jwtValidation: {
            issuer: "https://token.actions.githubusercontent.com",
            jwksEndpoint: "https://x",
            additionalClaims: [{ name: "repository_owner", format: "single-string", values: ["acme"] }],
          },
        },
        forward,
      ],
    }),
  },
  "a login on a listener of another stack's balancer": {
    stack: [
      group("taskGroup", open(4200)),
      targetGroup(4200),
      rule("rule", 5, [path("/*")], [login(), forward]),
      task(bare),
      service({ container: "prefect", port: 4200 }),
    ],
  },
  "no login on a listener of another stack's balancer": {
    stack: [
      group("taskGroup", open(4200)),
      targetGroup(4200),
      rule("rule", 5, [path("/*")], [forward]),
      task(bare),
      service({ container: "prefect", port: 4200 }),
    ],
    ...cannotTell("may reach", "not in this stack", 'aws.lb.ListenerRule "rule"'),
  },
  "an open default that earlier rules leave to IPv6": {
    stack: behindAlb({
      definitions: bare,
      actions: [forward],
      albIngress: [{ ...open(443), ipv6CidrBlocks: ["::/0"] }],
      more: [
        rule("half", 1, [sourceIp("0.0.0.0/1")], [login(), forward]),
        rule("other-half", 2, [sourceIp("128.0.0.0/1"), path("/*")], [refuse]),
      ],
    }),
    ...reject("its default action forwards without an authenticate action"),
  },
  "an open default that earlier rules leave nothing of, by addresses": {
    stack: behindAlb({
      definitions: bare,
      actions: [forward],
      more: [
        rule("half", 1, [sourceIp("0.0.0.0/1")], [login(), forward]),
        rule("other-half", 2, [sourceIp("128.0.0.0/1"), path("/*")], [refuse]),
      ],
    }),
  },
  "an open rule behind one that takes all of it": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [
        rule("first", 1, [path("/api/*", "/ui*")], [login(), forward]),
        rule("second", 2, [path("/api/flows/*", "/ui?"), { hostHeader: { values: ["a.example.com"] } }], [forward]),
      ],
    }),
  },
  "an open rule behind one that takes some of it": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [
        rule("first", 1, [path("/api/flows/*")], [login(), forward]),
        rule("second", 2, [path("/api/*")], [forward]),
      ],
    }),
    ...reject('aws.lb.ListenerRule "second"'),
  },
};
