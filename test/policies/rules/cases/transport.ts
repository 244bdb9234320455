import { authString, containers, forward, fromAlb, open, path, prefect, refuse, rule } from "../../support/pieces";
import { built, declare, type Declared, ref } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, secondServer, soundAlb, soundGateway, soundNetwork } from "../support/sound";

const policy = (sslPolicy: unknown): Declared[] => changed(soundAlb(), "https", { sslPolicy });
const http = (inputs: Record<string, unknown>, stack = soundGateway()): Declared[] => changed(stack, "http", inputs);
const balancer = (inputs: Record<string, unknown>): Declared[] => changed(soundAlb(), "alb", inputs);
const forwards = { defaultActions: [forward] };

/** A server that asks for its auth string, and another one, of which a classic load balancer leads to the first. */
const classic = (inputs: Record<string, unknown>, protocol = "http"): Declared[] => [
  ...changed(soundAlb({ prefect: { secrets: ["PREFECT_SERVER_DATABASE_HOST", ...authString.secrets] } }), "service", {
    loadBalancers: [{ elbName: "prefect-classic", containerName: "prefect", containerPort: 4200 }],
  }),
  declare("aws:ecs/service:Service", "second", { taskDefinition: ref("task"), desiredCount: 1 }),
  declare("aws:elb/loadBalancer:LoadBalancer", "classic", {
    name: "prefect-classic",
    listeners: [{ lbPort: 80, lbProtocol: protocol, instancePort: 4200, instanceProtocol: "http" }],
    securityGroups: [ref("albGroup", "id")],
    ...inputs,
  }),
];

/** HTTP to a service that is no Prefect server. */
const toOthers = (name: string, command: string[], isUnknown = false): Declared[] => {
  const definitions = containers({ name: "main", image: "acme/main:1.2.3", command, ports: [8000] });
  return [
    ...http({ defaultActions: [{ type: "forward", targetGroupArn: ref("othersTg") }] }),
    declare("aws:lb/targetGroup:TargetGroup", "othersTg", { port: 8000, protocol: "HTTP", targetType: "ip" }),
    declare("aws:ecs/taskDefinition:TaskDefinition", "others", {
      family: "others",
      containerDefinitions: isUnknown ? built(["database"], definitions) : definitions,
    }),
    declare("aws:ecs/service:Service", name, {
      taskDefinition: ref("others"),
      loadBalancers: [{ targetGroupArn: ref("othersTg"), containerName: "main", containerPort: 8000 }],
    }),
  ];
};

export const transportCases = {
  "tls-has-a-floor": {
    bad: {
      "no policy": {
        stack: policy(undefined),
        says: [
          'sslPolicy is not set, which is "ELBSecurityPolicy-2016-08": it takes TLS 1.0. Write one whose name says 1-2 or more.',
        ],
        of: "https",
      },
      "an empty policy": {
        stack: policy(""),
        says: ['sslPolicy is not set, which is "ELBSecurityPolicy-2016-08": it takes TLS 1.0'],
      },
      "TLS of a network load balancer": {
        stack: changed(soundNetwork(), "https", {
          protocol: "TLS",
          certificateArn: "arn:c",
          sslPolicy: "ELBSecurityPolicy-TLS13-1-1-2021-06",
        }),
        says: ["TLS 1.1"],
      },
      "a policy of 2015": { stack: policy("ELBSecurityPolicy-2015-05"), says: ["TLS 1.0"] },
      "a policy with TLS 1.1": { stack: policy("ELBSecurityPolicy-TLS-1-1-2017-01"), says: ["TLS 1.1"] },
      "a policy with TLS 1.3 and 1.0": { stack: policy("ELBSecurityPolicy-TLS13-1-0-2021-06"), says: ["TLS 1.0"] },
      "a forward secret policy without a version": { stack: policy("ELBSecurityPolicy-FS-2018-06"), says: ["TLS 1.0"] },
      "a coming policy with TLS 1.1": {
        stack: policy("ELBSecurityPolicy-TLS14-1-1-Ext9-FIPS-PQ-2031-01"),
        says: ["TLS 1.1"],
      },
      "a name built otherwise": {
        stack: policy("Modern2031"),
        says: ['sslPolicy is "Modern2031": what that takes cannot be told from its name'],
      },
      "a name with more before it": { stack: policy("MyELBSecurityPolicy-TLS-1-2-2017-01"), says: ["cannot be told"] },
      "a name with more behind it": {
        stack: policy("ELBSecurityPolicy-TLS-1-2-2017-01-Mine"),
        says: ["cannot be told"],
      },
    },
    good: {
      "TLS 1.2 and 1.3": policy("ELBSecurityPolicy-TLS13-1-2-2021-06"),
      "TLS 1.3 alone": policy("ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04"),
      "an old policy with TLS 1.2": policy("ELBSecurityPolicy-TLS-1-2-Ext-2018-06"),
      "a coming policy": policy("ELBSecurityPolicy-TLS14-1-3-Res-PQ-2031-01"),
    },
    lookAlikes: {
      "an old policy before another application": [
        ...soundAlb(),
        declare("aws:lb/listener:Listener", "shop", {
          loadBalancerArn: ref("alb"),
          port: 8443,
          protocol: "HTTPS",
          defaultActions: [refuse],
        }),
      ],
      "a listener without TLS": soundNetwork(),
    },
    unknown: {
      "the policy": { stack: policy(built(["secret"], "ELBSecurityPolicy-2016-08")), finished: ["TLS 1.0"] },
    },
  },
  "http-only-redirects": {
    bad: {
      "a forward": {
        stack: http(forwards),
        says: ["takes HTTP on port 80 and its default action forwards it. Let it redirect to HTTPS."],
        of: "http",
      },
      "a forward by a rule": {
        stack: [
          ...soundGateway(),
          declare("aws:lb/listenerRule:ListenerRule", "api", {
            listenerArn: ref("http"),
            conditions: [path("/api/*")],
            actions: [forward],
          }),
        ],
        says: ['aws.lb.Listener "http" takes HTTP on port 80 and aws.lb.ListenerRule "api" forwards it. Let'],
        of: "api",
      },
      "a forward of a load balancer outside of the stack": {
        stack: http({
          ...forwards,
          loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shared/1",
        }),
        says: ["forwards it (whether the internet reaches it is not known)"],
      },
      "a forward without a protocol, which is HTTP": {
        stack: http({ ...forwards, protocol: undefined }),
        says: ["takes HTTP"],
      },
      "a forward to a server that asks by itself and one that is open": {
        stack: changed(
          [
            ...soundAlb({ prefect: { secrets: ["PREFECT_SERVER_DATABASE_HOST", ...authString.secrets] } }),
            ...secondServer(4200, fromAlb(4200)),
          ],
          "http",
          {
            defaultActions: [
              { type: "forward", forward: { targetGroups: [{ arn: ref("tg") }, { arn: ref("secondTg") }] } },
            ],
          },
        ),
        says: ["takes HTTP on port 80"],
        besides: ["prefect-api-requires-auth"],
      },
      "a classic load balancer": {
        stack: classic({}),
        says: ['aws.elb.LoadBalancer "classic" takes HTTP on port 80 and cannot redirect it. Take HTTPS only.'],
        of: "classic",
      },
      "two ports of a classic load balancer beside an application one": {
        stack: changed(
          classic({
            listeners: [80, built(["secret"], "8080")].map((lbPort) => ({
              ...{ lbPort, lbProtocol: "HTTP", instancePort: 4200, instanceProtocol: "http" },
            })),
          }),
          "service",
          {
            loadBalancers: [
              { targetGroupArn: ref("tg"), containerName: "prefect", containerPort: 4200 },
              { elbName: "prefect-classic", containerName: "prefect", containerPort: 4200 },
            ],
          },
        ),
        says: ["takes HTTP on port 80, "],
      },
      "a forward by aws.alb's names": {
        stack: soundGateway()
          .map((each) => ({ ...each, type: each.type.replace("aws:lb/", "aws:alb/") }))
          .map((each) => (each.name === "http" ? { ...each, inputs: { ...each.inputs, ...forwards } } : each)),
        says: ["aws.alb.Listener"],
      },
    },
    good: {
      "a redirect": soundGateway(),
      "a fixed answer": http({ defaultActions: [refuse] }),
    },
    lookAlikes: {
      "a forward inside the VPC": changed(http(forwards), "alb", { internal: true }),
      "a forward that a company reaches": changed(http(forwards), "albGroup", {
        ingress: [80, 443].map((port) => ({ ...open(port), cidrBlocks: ["203.0.0.0/16"] })),
      }),
      "a classic load balancer inside the VPC": classic({ internal: true }),
      "a classic load balancer's HTTPS": classic({}, "https"),
      "a classic load balancer before another application": changed(classic({}), "service", {
        loadBalancers: [{ elbName: "shop-classic", containerName: "prefect", containerPort: 4200 }],
      }),
      "a rule of a listener outside of the stack": [
        ...soundGateway(),
        declare("aws:lb/listenerRule:ListenerRule", "api", {
          listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/1/2",
          conditions: [path("/prefect/*")],
          actions: [forward],
        }),
      ],
      "a forward to another application of the stack": toOthers("shop", ["shop"]),
      "a forward to workers, which serve nobody": toOthers("prefect-workers", ["prefect", "worker", "start"]),
      "a forward to another application": http({ defaultActions: [{ type: "forward", targetGroupArn: "arn:other" }] }),
      "a forward that nobody reaches": changed(http(forwards), "albGroup", { ingress: [] }),
    },
    unknown: {
      "whether the balancer is internal": {
        stack: changed(http(forwards), "alb", { internal: built(["secret"], "true") }),
        preview: ["forwards it (whether the internet reaches it is not known). Let it redirect"],
      },
      "what another application runs": { stack: toOthers("shop", ["shop"], true) },
      "the port": {
        stack: http({ ...forwards, port: built(["secret"], "80") }),
        preview: ["takes HTTP on port (not known) and"],
        finished: ["takes HTTP on port 80 and"],
      },
    },
    refused: {
      "a forward past a gateway with an open route": http(
        forwards,
        soundGateway({ proxy: { OAUTH2_PROXY_SKIP_AUTH_ROUTES: "GET=^/api/flows" }, prefect: { secrets: [] } }),
      ),
      "a classic load balancer before a server that asks nobody": changed(classic({}), "task", {
        containerDefinitions: containers(
          prefect({
            environment: { PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75" },
            secrets: ["PREFECT_SERVER_DATABASE_HOST"],
          }),
        ),
      }),
    },
  },
  "invalid-headers-are-dropped": {
    bad: {
      "AWS's default": {
        stack: balancer({ dropInvalidHeaderFields: undefined }),
        says: ["dropInvalidHeaderFields is not true."],
        of: "alb",
      },
      "headers that are passed on": {
        stack: balancer({ dropInvalidHeaderFields: false }),
        says: ["dropInvalidHeaderFields"],
      },
      "ambiguous requests that are only watched": {
        stack: balancer({ desyncMitigationMode: "monitor" }),
        says: ['desyncMitigationMode is "monitor".'],
      },
      "both at once": {
        stack: balancer({ dropInvalidHeaderFields: undefined, desyncMitigationMode: "monitor" }),
        says: ['dropInvalidHeaderFields is not true and desyncMitigationMode is "monitor".'],
      },
    },
    good: { "headers that are dropped": soundAlb(), "written as text": balancer({ dropInvalidHeaderFields: "true" }) },
    lookAlikes: {
      "a network load balancer, which reads no headers": soundNetwork(),
      "a balancer of another application": [
        ...soundAlb(),
        declare("aws:lb/loadBalancer:LoadBalancer", "shop", { internal: true }),
        declare("aws:lb/listener:Listener", "shop-http", {
          loadBalancerArn: ref("shop"),
          port: 80,
          defaultActions: [refuse],
        }),
        rule("shop-rule", 7, [path("/shop")], [refuse]),
      ],
    },
    unknown: { "the attribute": { stack: balancer({ dropInvalidHeaderFields: built(["secret"], "true") }) } },
  },
} satisfies Readonly<Record<string, Cases>>;
