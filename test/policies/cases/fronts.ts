import {
  behindAlb,
  fromAlb,
  forward,
  group,
  listener,
  login,
  open,
  service,
  targetGroup,
  task,
  bare,
} from "../support/pieces";
import { asking } from "../support/inside";
import { built, type Declared, declare, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";

function internalAlb(more: Declared[], options: Partial<Parameters<typeof behindAlb>[0]> = {}): Declared[] {
  return behindAlb({ definitions: bare, alb: { internal: true }, more, ...options });
}

function accelerator(inputs: Record<string, unknown> = {}, portRanges = [{ fromPort: 443, toPort: 443 }]): Declared[] {
  return [
    declare("aws:globalaccelerator/accelerator:Accelerator", "accelerator", { enabled: true }),
    declare("aws:globalaccelerator/listener:Listener", "edge", {
      acceleratorArn: ref("accelerator"),
      protocol: "TCP",
      portRanges,
    }),
    declare("aws:globalaccelerator/endpointGroup:EndpointGroup", "endpoints", {
      listenerArn: ref("edge"),
      endpointConfigurations: [{ endpointId: ref("alb"), weight: 100 }],
      ...inputs,
    }),
  ];
}

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

function express(container: Record<string, unknown>, more: Record<string, unknown> = {}): Declared[] {
  return [
    declare("aws:ecs/expressGatewayService:ExpressGatewayService", "express", {
      primaryContainer: { image: "prefecthq/prefect:3.8.8-python3.12", containerPort: 4200, ...container },
      ...more,
    }),
  ];
}

const serve = { commands: ["prefect", "server", "start", "--host", "0.0.0.0"] };

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

export const frontCases: Cases = {
  "an accelerator before an internal ALB": {
    stack: internalAlb(accelerator()),
    ...reject(
      'aws.globalaccelerator.Listener "edge": Global Accelerator takes connections from the internet',
      'aws.lb.LoadBalancer "alb": is its endpoint, internal or not; aws.ec2.SecurityGroup "albGroup" admits the internet',
    ),
  },
  "an accelerator before an internal ALB that logs people in": {
    stack: internalAlb(accelerator(), { actions: [login(), forward] }),
  },
  "an accelerator before an internal ALB whose group admits the VPC": {
    stack: internalAlb(accelerator(), {
      albIngress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/16"] }],
    }),
  },
  "an accelerator for another port": { stack: internalAlb(accelerator({}, [{ fromPort: 80, toPort: 80 }])) },
  "an accelerator that sends another port there": {
    stack: internalAlb(
      accelerator({ portOverrides: [{ listenerPort: 8443, endpointPort: 443 }] }, [{ fromPort: 8443, toPort: 8443 }]),
    ),
    ...reject("Global Accelerator"),
  },
  "an accelerator whose listener is in another stack": {
    stack: internalAlb(accelerator({ listenerArn: "arn:elsewhere" })),
    ...cannotTell("may reach", "aws.globalaccelerator.EndpointGroup"),
  },
  "an accelerator before something else": {
    stack: internalAlb(accelerator({ endpointConfigurations: [{ endpointId: "arn:other" }] })),
  },
  "an accelerator before a public ALB, reported once": {
    stack: behindAlb({ definitions: bare, more: accelerator() }),
    ...reject("faces the internet"),
  },
  "an accelerator before an internal NLB": {
    stack: [
      group("taskGroup", open(4200)),
      declare("aws:lb/loadBalancer:LoadBalancer", "alb", { loadBalancerType: "network", internal: true }),
      targetGroup(4200, { protocol: "TCP" }),
      listener([forward], { protocol: "TCP" }),
      task(bare),
      service({ container: "prefect", port: 4200 }),
      ...accelerator(),
    ],
    ...reject("a network load balancer never authenticates", 'take aws.lb.LoadBalancer "alb" out of'),
  },
  "an Express service in the default subnets": {
    stack: express(serve),
    ...reject(
      "The internet reaches",
      'aws.ecs.ExpressGatewayService "express": AWS puts a load balancer before it',
      'container "Main" is a Prefect API server on port 4200',
      "PREFECT_SERVER_API_AUTH_STRING by secrets",
    ),
  },
  "an Express service in subnets that are named": {
    stack: express(serve, { networkConfigurations: [{ subnets: ["subnet-1"], securityGroups: ["sg-1"] }] }),
    ...cannotTell("may reach", "public if its subnets are"),
  },
  "an Express service with Prefect's auth string": {
    stack: express({ ...serve, secrets: [{ name: "PREFECT_SERVER_API_AUTH_STRING", valueFrom: "arn:secret" }] }),
  },
  "an Express service with an empty auth string": {
    stack: express({ ...serve, environments: [{ name: "PREFECT_SERVER_API_AUTH_STRING", value: "" }] }),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is empty"),
  },
  "an Express service that is a worker": {
    stack: express({ commands: ["prefect", "worker", "start", "--pool", "p"] }),
  },
  "an Express service of another application": { stack: express({ image: "acme/web:1", containerPort: 80 }) },
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
    stack: behindCdn(distribution(), { albIngress: [{ ...fromAlb(443), securityGroups: [ref("taskGroup", "id")] }] }),
  },
  "an accelerator that is switched off": {
    stack: internalAlb(accelerator()).map((each) =>
      each.name === "accelerator" ? declare(each.type, each.name, { enabled: false }) : each,
    ),
  },
  "an accelerator of another stack": {
    stack: internalAlb(accelerator()).filter(({ name }) => name !== "accelerator"),
    ...reject("Global Accelerator"),
  },
  "an accelerator for several ports": {
    stack: internalAlb(
      accelerator({}, [
        { fromPort: 8000, toPort: 9000 },
        { fromPort: 440, toPort: 443 },
      ]),
    ),
    ...reject("Global Accelerator"),
  },
  "an accelerator for ports above": { stack: internalAlb(accelerator({}, [{ fromPort: 444, toPort: 500 }])) },
  "an accelerator that sends its port elsewhere": {
    stack: internalAlb(accelerator({ portOverrides: [{ listenerPort: 443, endpointPort: 8443 }] })),
  },
  "an accelerator of which it is not known where it sends a port": {
    stack: internalAlb(
      accelerator({ portOverrides: [{ listenerPort: 8443, endpointPort: built(["alb"], "443") }] }, [
        { fromPort: 8443, toPort: 8443 },
      ]),
    ),
    ...reject("Global Accelerator"),
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
