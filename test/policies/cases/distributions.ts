import { behindAlb, fromAlb, forward, login } from "../support/pieces";
import { asking, fromVpc } from "../support/inside";
import { built, type Declared, declare, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";
import { internalAlb } from "./fronts";

/** Distributions before a load balancer inside the VPC. */

function distribution(behaviour: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Declared[] {
  return [
    declare("aws:cloudfront/vpcOrigin:VpcOrigin", "origin", {
      vpcOriginEndpointConfig: {
        arn: ref("alb"),
        name: "prefect",
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: "https-only",
      },
    }),
    declare("aws:cloudfront/distribution:Distribution", "cdn", {
      enabled: true,
      origins: [
        { originId: "files", domainName: "files.example.com" },
        { originId: "prefect", domainName: "prefect", vpcOriginConfig: { vpcOriginId: ref("origin", "id") } },
      ],
      defaultCacheBehavior: { targetOriginId: "prefect", ...behaviour },
      ...more,
    }),
  ];
}

const fromCloudFront = { protocol: "tcp", fromPort: 443, toPort: 443, prefixListIds: ["pl-4fa04526"] };

const behindCdn = (cdn: Declared[], options: Partial<Parameters<typeof behindAlb>[0]> = {}): Declared[] =>
  internalAlb(cdn, { albIngress: [fromCloudFront], ...options });

/** The distribution, which writes this header. */
const withHeader = (name: unknown): Declared[] =>
  distribution(
    {},
    {
      origins: [
        {
          originId: "prefect",
          domainName: "prefect",
          customHeaders: [{ name, value: "Basic eA==" }],
          vpcOriginConfig: { vpcOriginId: ref("origin", "id") },
        },
      ],
    },
  );

/** The same for many tenants; its default behaviour, itself and its origin with these changes. */
function multitenant(
  behaviour: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
  origin: Record<string, unknown> = {},
): Declared[] {
  return [
    ...distribution().filter(({ name }) => name === "origin"),
    declare("aws:cloudfront/multitenantDistribution:MultitenantDistribution", "cdn", {
      enabled: true,
      origins: [
        { id: "files", domainName: "files.example.com" },
        {
          id: "prefect",
          domainName: "prefect",
          vpcOriginConfigs: [{ vpcOriginId: ref("origin", "id") }],
          ...origin,
        },
      ],
      defaultCacheBehavior: { targetOriginId: "prefect", ...behaviour },
      ...more,
    }),
  ];
}

export const distributionCases: Cases = {
  "a distribution before an internal ALB": {
    stack: behindCdn(distribution()),
    ...reject(
      'aws.cloudfront.Distribution "cdn": its default behaviour asks viewers for no signature',
      'aws.cloudfront.VpcOrigin "origin"',
      'aws.lb.LoadBalancer "alb": is that origin, internal or not',
    ),
  },
  "a distribution before an internal ALB that logs people in": {
    stack: behindCdn(distribution(), { actions: [login(), forward] }),
  },
  "a distribution that is switched off": { stack: behindCdn(distribution({}, { enabled: false })) },
  "a distribution that wants signed requests": { stack: behindCdn(distribution({ trustedKeyGroups: ["key-group"] })) },
  "a distribution that wants certificates": {
    stack: behindCdn(distribution({}, { viewerMtlsConfig: { mode: "required" } })),
  },
  "a distribution that takes certificates or none": {
    stack: behindCdn(distribution({}, { viewerMtlsConfig: { mode: "optional" } })),
    ...reject("no signature"),
  },
  "a distribution with one behaviour that wants no signature": {
    stack: behindCdn(
      distribution(
        { trustedKeyGroups: ["key-group"] },
        { orderedCacheBehaviors: [{ pathPattern: "/api/*", targetOriginId: "prefect" }] },
      ),
    ),
    ...reject('its behaviour for "/api/*"'),
  },
  "a distribution whose behaviours lead to other origins": {
    stack: behindCdn(distribution({ targetOriginId: "files" })),
  },
  "a distribution with an origin group": {
    stack: behindCdn(distribution({ targetOriginId: "both" }, { originGroups: [{ originId: "both", members: [] }] })),
    ...reject("its default behaviour"),
  },
  "a distribution with a function": {
    stack: behindCdn(distribution({ functionAssociations: [{ eventType: "viewer-request", functionArn: "arn:f" }] })),
    ...cannotTell("may reach", "what its functions ask for is not followed"),
  },
  "a distribution before an internal ALB whose group keeps it out": {
    stack: behindCdn(distribution(), {
      albIngress: [{ ...fromAlb(443), securityGroups: [ref("taskGroup", "id")] }],
      taskIngress: [fromVpc(4200)],
    }),
  },
  "a distribution that trusts signers": { stack: behindCdn(distribution({ trustedSigners: ["self"] })) },
  "a distribution that is not known to be on": {
    stack: behindCdn(distribution({}, { enabled: built(["alb"], "true") })),
    ...reject("its default behaviour asks viewers for no signature\n"),
    preview: { cannotTell: ["its default behaviour"] },
  },
  "a distribution with a function on one behaviour": {
    stack: behindCdn(
      distribution(
        {},
        {
          orderedCacheBehaviors: [
            {
              pathPattern: "/files/*",
              targetOriginId: "files",
              lambdaFunctionAssociations: [{ eventType: "viewer-request", lambdaArn: "arn:f" }],
            },
          ],
        },
      ),
    ),
    ...cannotTell("what its functions ask for is not followed"),
  },
  "a distribution whose targets are not known": {
    stack: behindCdn(
      distribution(
        { targetOriginId: built(["alb"], "prefect") },
        {
          origins: [
            { originId: built(["alb"], "files"), domainName: "files.example.com" },
            { originId: "prefect", domainName: "prefect", vpcOriginConfig: { vpcOriginId: ref("origin", "id") } },
          ],
        },
      ),
    ),
    ...reject('aws.cloudfront.VpcOrigin "origin"'),
  },
  "a distribution that writes Prefect's credential": {
    stack: behindCdn(withHeader("Authorization"), { definitions: asking }),
    ...reject("what passes requests on adds a credential of its own"),
  },
  "a distribution that writes another header": {
    stack: behindCdn(withHeader("X-Origin"), { definitions: asking }),
  },
  "a distribution that writes a header that is not known": {
    stack: behindCdn(withHeader(built(["alb"], "X-Origin")), { definitions: asking }),
    preview: reject("what passes requests on adds a credential of its own"),
  },
  "a VPC origin of a distribution in another stack, before a Prefect that asks": {
    stack: behindCdn(
      distribution().filter(({ name }) => name === "origin"),
      { definitions: asking },
    ),
  },
  "a multitenant distribution": {
    stack: behindCdn(multitenant()),
    ...reject('aws.cloudfront.MultitenantDistribution "cdn": its default behaviour asks viewers for no signature'),
  },
  "a multitenant distribution that wants signatures": {
    stack: behindCdn(multitenant({ trustedKeyGroups: { enabled: true, items: ["key-group"] } })),
  },
  "a multitenant distribution whose key groups are switched off": {
    stack: behindCdn(multitenant({ trustedKeyGroups: { enabled: false, items: ["key-group"] } })),
    ...reject("its default behaviour asks viewers for no signature"),
  },
  "a multitenant distribution with one behaviour that wants no signature": {
    stack: behindCdn(
      multitenant(
        { trustedKeyGroups: { enabled: true, items: ["key-group"] } },
        { cacheBehaviors: [{ pathPattern: "/api/*", targetOriginId: "prefect" }] },
      ),
    ),
    ...reject('its behaviour for "/api/*"'),
  },
  "a multitenant distribution whose behaviours lead to other origins": {
    stack: behindCdn(multitenant({ targetOriginId: "files" })),
  },
  "a multitenant distribution that writes Prefect's credential": {
    stack: behindCdn(
      multitenant({}, {}, { customHeaders: [{ headerName: "Authorization", headerValue: "Basic eA==" }] }),
      {
        definitions: asking,
      },
    ),
    ...reject("what passes requests on adds a credential of its own"),
  },
  "a multitenant distribution that writes another header": {
    stack: behindCdn(multitenant({}, {}, { customHeaders: [{ headerName: "X-Origin", headerValue: "1" }] }), {
      definitions: asking,
    }),
  },
};
