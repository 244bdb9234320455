import { forRange, fromVpc, internalAlb } from "../support/inside";
import { address, behindProxy } from "../support/other-services";
import { bare, containers, group, nginx, prefect, site } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases } from "./case";
import { lambda, toAlb } from "./functions";

/** What the environment of a function names. */

const onPort8080 = containers(
  prefect({ name: "main", command: ["prefect", "server", "start", "--host", "0.0.0.0", "--port", "8080"] }),
);

/** The function without an interface in the VPC. */
const outside = (stack: Declared[]): Declared[] =>
  stack.map(({ type, name, inputs: { vpcConfig: _, ...inputs } }) => declare(type, name, inputs));

/** The internal balancer by the name that AWS gives it. */
const alb = (before: string, after = ""): string => `${before}alb.dnsname.amazonaws.com${after}`;

export const functionSettingCases: Cases = {
  "a function that names Prefect by its port": {
    stack: internalAlb(lambda({ TARGET: "http://10.0.3.4:4200" }), { taskIngress: [fromVpc(4200)] }),
    ...cannotTell('aws.ecs.Service "service": is named in its environment'),
  },
  "a function outside the VPC that names an internal balancer": {
    stack: internalAlb(outside(lambda({ UPSTREAM_URL: toAlb }))),
  },
  "a function outside the VPC that names a balancer for AWS's services": {
    stack: forRange(
      "13.32.0.0/15",
      outside(lambda({ UPSTREAM_URL: built(["alb"], "http://alb.dnsname.amazonaws.com") })),
    ),
    ...cannotTell("is named in its environment"),
  },
  "a function outside the VPC that names a balancer for an office": {
    stack: forRange(
      "13.32.0.0/24",
      outside(lambda({ UPSTREAM_URL: built(["alb"], "http://alb.dnsname.amazonaws.com") })),
    ),
  },
  "a function that names itself": {
    stack: internalAlb(lambda({ SELF_URL: "https://url.functionurl.amazonaws.com/" })),
  },
  "a function that names a port where nothing listens": {
    stack: internalAlb(lambda({ TARGET: alb("https://", ":8443/") })),
    preview: {},
  },
  "a function that names HTTP of a balancer with HTTPS": {
    stack: internalAlb(lambda({ TARGET: alb("http://") })),
    preview: {},
  },
  "a function that names HTTPS": {
    stack: internalAlb(lambda({ TARGET: alb("https://") })),
    ...cannotTell("is named in its environment"),
    preview: {},
  },
  "a function that names a host and no port": {
    stack: internalAlb(lambda({ TARGET: alb("") })),
    ...cannotTell("is named in its environment"),
    preview: {},
  },
  "a function that names the balancer in a list": {
    stack: internalAlb(lambda({ TARGETS: `https://a.example.com, ${alb("https://")};b` })),
    ...cannotTell("is named in its environment"),
    preview: {},
  },
  "a function that names every address of its own": {
    stack: internalAlb(lambda({ A: "0.0.0.0:4200", B: "[::]:4200", C: "127.0.0.1:4200", D: "localhost:4200" }), {
      taskIngress: [fromVpc(4200)],
    }),
  },
  "a function that names Prefect by a name": {
    stack: internalAlb(lambda({ TARGET: "http://prefect.example.com/" }), { taskIngress: [fromVpc(4200)] }),
    ...cannotTell('aws.ecs.Service "service": is named in its environment'),
  },
  "a function that names something else": {
    stack: internalAlb(lambda({ TARGET: "http://wiki.example.com/" }), { taskIngress: [fromVpc(4200)] }),
  },
  "a function that names a port of Prefect, and a task that is not known and called otherwise": {
    stack: internalAlb(lambda({ TARGET: "http://10.0.3.4:4200" }), {
      taskIngress: [fromVpc(8080)],
      definitions: built(["alb"], onPort8080),
      target: { container: "main", port: 8080 },
    }),
    ...cannotTell("is named in its environment"),
    preview: {},
  },
  "a function that names a port of Prefect, and a task that is not known and called so": {
    stack: internalAlb(lambda({ TARGET: "http://10.0.3.4:4200" }), {
      taskIngress: [fromVpc(4200)],
      definitions: built(["alb"], bare),
      task: { family: "prefect" },
    }),
    ...cannotTell("is named in its environment"),
  },
  "a function that names a port of Prefect, and a task that is not known and called otherwise behind that port": {
    stack: internalAlb(lambda({ TARGET: "http://10.0.3.4:4200" }), {
      taskIngress: [fromVpc(4200)],
      definitions: built(["alb"], containers(prefect({ name: "main" }))),
      target: { container: "main", port: 4200 },
      service: { loadBalancers: undefined },
    }),
    ...cannotTell("is named in its environment"),
  },
  "a function that names a port of Prefect, which only another proxy is admitted to": {
    stack: [
      ...behindProxy(containers(nginx(site(`location / { proxy_pass ${address}; }`))), { publicly: false }),
      ...lambda({ TARGET: "http://10.0.3.4:4200" }).map((each) =>
        each.name === "function"
          ? declare(each.type, each.name, {
              ...each.inputs,
              vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: [ref("functionGroup", "id")] },
            })
          : each,
      ),
      group("functionGroup"),
    ],
  },
  "a function that names itself by its ARN": {
    stack: internalAlb(lambda({ SELF: "arn:function", UPSTREAM_URL: toAlb })),
    ...cannotTell("is named in its environment"),
  },
  "two functions that name one another": {
    stack: internalAlb([
      ...lambda({ NEXT: "arn:second", UPSTREAM_URL: toAlb }),
      declare("aws:lambda/function:Function", "second", { environment: { variables: { NEXT: "arn:function" } } }),
    ]),
    ...cannotTell("is named in its environment"),
  },
  "a function with a word that is also a name": {
    stack: [
      ...behindProxy(containers(nginx(site("location / { return 404; }")))),
      ...lambda({ STAGE: "prefect" }).map((each) =>
        each.name === "function"
          ? declare(each.type, each.name, {
              ...each.inputs,
              vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: [ref("proxyGroup", "id")] },
            })
          : each,
      ),
    ],
  },
  "a function that names a port of Prefect, which has another container beside it": {
    stack: internalAlb(lambda({ TARGET: "http://10.0.3.4:4200" }), {
      taskIngress: [fromVpc(4200)],
      definitions: containers(prefect(), { name: "side", image: "acme/side:1" }),
    }),
    ...cannotTell("is named in its environment"),
  },
};
