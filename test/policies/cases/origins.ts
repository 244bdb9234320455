import { asking, byName, cdnInVpc, forRange, noEntry } from "../support/inside";
import { bare, behindAlb, forward, rule } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** CloudFront and Amplify before a load balancer that they reach by its name or inside the VPC. */

/** A public balancer whose group admits what AWS calls its own ranges only. */
const forAws = { albIngress: [{ protocol: "tcp", fromPort: 443, toPort: 443, prefixListIds: ["pl-aws"] }] };

/** An Amplify app with one rewrite or redirect to the balancer. */
const amplify = (
  status: unknown,
  more: Record<string, unknown> = {},
  target: unknown = built(["alb"], "http://alb.dnsname.amazonaws.com/api/<*>"),
): Declared[] => [
  declare("aws:amplify/app:App", "app", { customRules: [{ source: "/api/<*>", status, target }], ...more }),
];

/** A distribution whose origin is the balancer by its name. */
const cdnByName = declare("aws:cloudfront/distribution:Distribution", "cdn", {
  enabled: true,
  origins: [
    {
      originId: "alb",
      domainName: ref("alb", "dnsName"),
      customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
    },
  ],
  defaultCacheBehavior: { targetOriginId: "alb" },
});

/** The same for many tenants, on HTTP alone. */
const multitenantCdn = (httpPort: number): Declared =>
  declare("aws:cloudfront/multitenantDistribution:MultitenantDistribution", "cdn", {
    enabled: true,
    origins: [
      {
        id: "alb",
        domainName: ref("alb", "dnsName"),
        customOriginConfigs: [{ httpPort, httpsPort: 8443, originProtocolPolicy: "http-only" }],
      },
    ],
    defaultCacheBehavior: { targetOriginId: "alb" },
  });

/** A rule that forwards for these addresses alone. */
const forAddresses = (name: string, ...values: string[]): Declared =>
  rule(name, 1, [{ sourceIp: { values } }], [forward]);

/** The same with these settings of its way there. */
const byNameWith = (settings: Record<string, unknown>): Declared =>
  declare(cdnByName.type, cdnByName.name, {
    ...cdnByName.inputs,
    origins: [
      {
        originId: "alb",
        domainName: ref("alb", "dnsName"),
        customOriginConfig: { httpPort: 80, httpsPort: 443, ...settings },
      },
    ],
  });

export const originCases: Cases = {
  "an Amplify rewrite": {
    stack: byName(amplify("200")),
    ...cannotTell('aws.amplify.App "app": a rewrite of it passes requests on'),
  },
  "an Amplify rewrite before a Prefect that asks": { stack: byName(amplify("200"), asking) },
  ...Object.fromEntries(
    ["301", "302", "404"].map((status): [string, Cases[string]] => [
      `an Amplify redirect by status ${status}`,
      { stack: forRange("13.32.0.0/15", amplify(status)) },
    ]),
  ),
  "an Amplify rewrite of what is not there": {
    stack: forRange("13.32.0.0/15", amplify("404-200")),
    ...cannotTell("a rewrite of it passes requests on"),
  },
  "a distribution before a public ALB by its name": {
    stack: behindAlb({ definitions: bare, ...forAws, more: [cdnByName] }),
    ...cannotTell("who its security groups admit to port 443 is not known"),
  },
  "a distribution before an internal ALB by its name, which leads outside nowhere": {
    stack: behindAlb({ definitions: bare, alb: { internal: true }, more: [cdnByName] }),
  },
  "a distribution before a public ALB whose rule admits CloudFront's ranges": {
    stack: behindAlb({
      definitions: bare,
      actions: [noEntry],
      more: [forAddresses("edge", "13.32.0.0/15", "52.84.0.0/15"), cdnByName],
    }),
    ...reject('aws.cloudfront.Distribution "cdn"', 'aws.lb.ListenerRule "edge"'),
  },
  "a distribution before an internal ALB whose rule admits the VPC": {
    stack: behindAlb({
      definitions: bare,
      alb: { internal: true },
      actions: [noEntry],
      more: [forAddresses("inner", "10.0.0.0/8"), ...cdnInVpc()],
    }),
    ...reject('aws.lb.ListenerRule "inner"'),
  },
  "a distribution whose interface the group admits, and the rule from elsewhere only": {
    stack: behindAlb({
      definitions: bare,
      alb: { internal: true },
      albIngress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/16"] }],
      actions: [noEntry],
      more: [forAddresses("inner", "172.16.0.0/12"), ...cdnInVpc()],
    }),
  },
  "an Amplify rewrite to a balancer for AWS's services": {
    stack: forRange("13.32.0.0/15", amplify("200")),
    ...reject("a rewrite of it passes requests on"),
  },
  "an Amplify rewrite to a balancer for an office": { stack: forRange("13.32.0.0/24", amplify("200")) },
  "an Amplify rewrite of an app with a password": {
    stack: forRange("13.32.0.0/15", amplify("200", { enableBasicAuth: true, basicAuthCredentials: "eA==" })),
    ...cannotTell("a rewrite of it passes requests on"),
  },
  "an Amplify rule of which it is not known whether it rewrites": {
    stack: forRange("13.32.0.0/15", amplify(built(["alb"], "302"))),
    preview: { cannotTell: ["a rewrite of it passes requests on"] },
  },
  "an Amplify rewrite to a port where the balancer does not listen": {
    stack: forRange("13.32.0.0/15", amplify("200", {}, "http://alb.dnsname.amazonaws.com:8080/")),
  },
  "an Amplify rewrite to a balancer for AWS's services and a Prefect that asks": {
    stack: forRange("13.32.0.0/15", amplify("200"), asking),
  },
  "a distribution before a balancer for AWS's services": {
    stack: forRange("13.32.0.0/15", [byNameWith({ originProtocolPolicy: "http-only" })]),
    ...reject('aws.cloudfront.Distribution "cdn": its default behaviour'),
  },
  "a distribution that takes the viewer's protocol before a balancer for AWS's services": {
    stack: forRange("13.32.0.0/15", [byNameWith({ originProtocolPolicy: "match-viewer" })]),
    ...reject('aws.cloudfront.Distribution "cdn"'),
  },
  "a distribution on HTTPS before a balancer that takes HTTP": {
    stack: forRange("13.32.0.0/15", [byNameWith({ originProtocolPolicy: "https-only" })]),
  },
  "a distribution on another port before a balancer for AWS's services": {
    stack: forRange("13.32.0.0/15", [byNameWith({ originProtocolPolicy: "http-only", httpPort: 8080 })]),
  },
  "a distribution on HTTP alone before a balancer on the port of its HTTPS": {
    stack: forRange("13.32.0.0/15", [byNameWith({ originProtocolPolicy: "http-only", httpPort: 8080, httpsPort: 80 })]),
  },
  "a distribution on another HTTPS port": {
    stack: forRange("13.32.0.0/15", [byNameWith({ originProtocolPolicy: "https-only", httpsPort: 8443 })]),
  },
  "a multitenant distribution before a balancer for AWS's services, on another port": {
    stack: forRange("13.32.0.0/15", [multitenantCdn(8080)]),
  },
  "a multitenant distribution before a balancer for AWS's services": {
    stack: forRange("13.32.0.0/15", [multitenantCdn(80)]),
    ...reject('aws.cloudfront.MultitenantDistribution "cdn": its default behaviour'),
  },
};
