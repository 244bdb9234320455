import { behindAlb, forward, group, listener, login, open, service, targetGroup, task, bare } from "../support/pieces";
import { built, type Declared, declare, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";

export function internalAlb(more: Declared[], options: Partial<Parameters<typeof behindAlb>[0]> = {}): Declared[] {
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

function express(container: Record<string, unknown>, more: Record<string, unknown> = {}): Declared[] {
  return [
    declare("aws:ecs/expressGatewayService:ExpressGatewayService", "express", {
      primaryContainer: { image: "prefecthq/prefect:3.8.8-python3.12", containerPort: 4200, ...container },
      ...more,
    }),
  ];
}

const serve = { commands: ["prefect", "server", "start", "--host", "0.0.0.0"] };

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
};
