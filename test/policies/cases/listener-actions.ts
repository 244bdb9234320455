import { bare, behindAlb, forward, login, open, path, refuse, rule } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** The actions of listeners and rules: kinds of logins, their order, what is not known of them, and which rule is first. */

const oidc = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: "authenticate-oidc",
  authenticateOidc: {
    ...{ issuer: "https://login.example.com", clientId: "c", clientSecret: "s" },
    authorizationEndpoint: "https://login.example.com/authorize",
    tokenEndpoint: "https://login.example.com/token",
    userInfoEndpoint: "https://login.example.com/me",
    ...more,
  },
});

const tokens = (issuer: unknown, ...claims: unknown[]): Record<string, unknown> => ({
  type: "jwt-validation",
  jwtValidation: {
    issuer,
    jwksEndpoint: "https://login.example.com/keys",
    ...(claims.length > 0
      ? { additionalClaims: claims.map((name) => ({ name, format: "single-string", values: ["acme"] })) }
      : {}),
  },
});

const asking = (...actions: unknown[]): Declared[] => behindAlb({ definitions: bare, actions });

/** An open default, with a second listener and these rules. */
const besideSecond = (...rules: Declared[]): Declared[] =>
  behindAlb({
    definitions: bare,
    albIngress: [open(443), open(8443)],
    more: [
      declare("aws:lb/listener:Listener", "second", {
        loadBalancerArn: ref("alb"),
        port: 8443,
        protocol: "HTTPS",
        defaultActions: [refuse],
      }),
      ...rules,
    ],
  });

export const listenerActionCases: Cases = {
  "a login of an OIDC provider": { stack: asking(oidc(), forward) },
  "a login of an OIDC provider that lets strangers pass": {
    stack: asking(oidc({ onUnauthenticatedRequest: "allow" }), forward),
    ...reject(
      "although its onUnauthenticatedRequest lets requests without a session pass",
      'before the forward in defaultActions of aws.lb.Listener "https"',
    ),
  },
  "a login of an OIDC provider of which nothing is known in preview": {
    stack: asking({ type: "authenticate-oidc", authenticateOidc: built(["taskGroup"], "later") }, forward),
    preview: { cannotTell: ["onUnauthenticatedRequest is not known"] },
  },
  "a login that comes after the forward": {
    stack: asking({ ...forward, order: 1 }, { ...login(), order: 2 }),
    ...reject('aws.lb.Listener "https"'),
  },
  "a login in the forward's own place": {
    stack: asking({ ...login(), order: 1 }, { ...forward, order: 1 }),
    ...reject('aws.lb.Listener "https"'),
  },
  "a login that says its order, and a forward that does not": { stack: asking({ ...login(), order: 1 }, forward) },
  "a forward that says nothing of where, in preview": {
    stack: asking({
      type: "forward",
      forward: built(["tg"], { targetGroups: [{ arn: "arn:tg" }] }),
    }),
    ...reject('aws.lb.TargetGroup "tg"'),
  },
  "a weighted forward of which one target group is not known in preview": {
    stack: asking({
      type: "forward",
      forward: { targetGroups: built(["tg"], [{ arn: "arn:tg", weight: 1 }]) },
    }),
    ...reject('aws.lb.TargetGroup "tg"'),
  },
  "tokens of an issuer that is not known in preview": {
    stack: asking(tokens(built(["taskGroup"], "https://login.example.com")), forward),
    preview: { cannotTell: ["the issuer of its tokens is not known"] },
  },
  "tokens of an issuer that is not known in preview, for an owner": {
    stack: asking(tokens(built(["taskGroup"], "https://token.actions.githubusercontent.com"), "repository"), forward),
  },
  "tokens of a public issuer with a claim that is not known in preview": {
    stack: asking(tokens("https://token.actions.githubusercontent.com", built(["taskGroup"], "repository")), forward),
    preview: { cannotTell: ["public issuer"] },
  },
  "a login whose type is not known in preview": {
    stack: asking({ ...login(), type: built(["taskGroup"], "authenticate-cognito") }, forward),
    preview: { cannotTell: ['aws.lb.Listener "https"'] },
  },
  "a login whose order is not known in preview": {
    stack: asking({ ...login(), order: built(["taskGroup"], "1") }, { ...forward, order: 2 }),
    preview: { cannotTell: ['aws.lb.Listener "https"'] },
  },
  "a forward whose order is not known in preview": {
    stack: asking({ ...login(), order: 1 }, { ...forward, order: built(["taskGroup"], "2") }),
    preview: { cannotTell: ['aws.lb.Listener "https"'] },
  },
  "a rule that may be on either of two listeners in preview": {
    stack: besideSecond(
      declare("aws:lb/listenerRule:ListenerRule", "all", {
        listenerArn: built(["https", "second"], "arn:second"),
        priority: 1,
        conditions: [path("/*")],
        actions: [login(), forward],
      }),
    ),
    ...reject('aws.lb.Listener "https": on HTTPS port 443, its default action forwards'),
  },
  "a rule that takes all, before one whose priority AWS picks": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [rule("first", 1, [path("/*")], [login(), forward]), rule("second", undefined, [path("/*")], [forward])],
    }),
    ...reject('aws.lb.Listener "https": listens on HTTPS port 443', 'aws.lb.ListenerRule "second"'),
  },
  "a rule whose priority AWS picks takes nothing from others for certain": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [rule("some", undefined, [path("/*")], [login(), forward]), rule("open", 7, [path("/*")], [forward])],
    }),
    ...reject('aws.lb.ListenerRule "open"'),
  },
  "two open rules of one listener": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [rule("first", 1, [path("/a/*")], [forward]), rule("second", 2, [path("/b/*")], [forward])],
    }),
    count: 2,
    ...reject('aws.lb.ListenerRule "first"', 'aws.lb.ListenerRule "second"'),
  },
  "a listener whose port is not known in preview": {
    stack: behindAlb({ definitions: bare, listener: { port: built(["taskGroup"], "443"), protocol: undefined } }),
    ...reject('aws.lb.Listener "https": on port 443'),
    preview: { rejects: ["admits the internet to its ports", 'aws.lb.Listener "https": on port (not known)'] },
  },
  "a rule of another stack's listener for an office": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      more: [
        declare("aws:lb/listenerRule:ListenerRule", "rule", {
          listenerArn: "arn:elsewhere",
          conditions: [{ sourceIp: { values: ["203.0.113.0/24"] } }],
          actions: [forward],
        }),
      ],
    }),
  },
  "a listener on another stack's balancer with a rule for an office": {
    stack: behindAlb({
      definitions: bare,
      actions: [refuse],
      listener: { loadBalancerArn: "arn:balancer" },
      more: [rule("office", 1, [{ sourceIp: { values: ["203.0.113.0/24"] } }], [forward])],
    }),
  },
  "a listener on another stack's balancer before tasks that admit another group": {
    stack: behindAlb({
      definitions: bare,
      listener: { loadBalancerArn: "arn:balancer" },
      taskIngress: [{ ...open(4200), cidrBlocks: [], securityGroups: ["sg-of-the-balancer"] }],
    }),
    ...cannotTell("a load balancer that is not in this stack"),
  },
};
