import { base64 } from "../support/machines";
import { behindAlb, containers, forward, group, login, open, prefect } from "../support/pieces";
import { declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** ECS tasks on machines, and those that something else than a service starts. */

/** An ECS service without an interface of its own, on machines of the stack. */
export function onMachines(
  mode: string,
  mapping: Record<string, unknown>,
  machines: Declared[],
  ...ingress: Record<string, unknown>[]
): Declared[] {
  const [definition] = JSON.parse(containers(prefect())) as Record<string, unknown>[];
  return [
    group("taskGroup", ...ingress),
    declare("aws:ecs/taskDefinition:TaskDefinition", "task", {
      family: "prefect",
      networkMode: mode,
      containerDefinitions: JSON.stringify([{ ...definition, portMappings: [{ containerPort: 4200, ...mapping }] }]),
    }),
    declare("aws:ecs/service:Service", "service", { taskDefinition: ref("task"), cluster: "arn:cluster" }),
    ...machines,
  ];
}

export const containerInstances = (associatePublicIpAddress: boolean): Declared[] => [
  declare("aws:ec2/launchTemplate:LaunchTemplate", "template", {
    userData: base64("#!/bin/bash\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n"),
    networkInterfaces: [
      { associatePublicIpAddress: String(associatePublicIpAddress), securityGroups: [ref("taskGroup", "id")] },
    ],
  }),
  declare("aws:autoscaling/group:Group", "machines", { launchTemplate: { id: ref("template", "id") } }),
];

/** A task with a public address that something else than a service starts. */
export const started = (by: (ecs: Record<string, unknown>) => Declared): Declared[] => [
  group("taskGroup", open(4200)),
  declare("aws:ecs/taskDefinition:TaskDefinition", "task", {
    family: "prefect",
    networkMode: "awsvpc",
    containerDefinitions: containers(prefect()),
  }),
  by({
    taskDefinitionArn: ref("task"),
    networkConfiguration: { assignPublicIp: true, subnets: ["subnet-1"], securityGroups: [ref("taskGroup", "id")] },
  }),
];

export const containerInstanceCases: Cases = {
  "a task in host mode behind a load balancer": {
    stack: behindAlb({
      definitions: containers(prefect()),
      task: { networkMode: "host" },
      service: { networkConfiguration: undefined },
    }),
    count: 2,
    ...reject('aws.ecs.Service "service": its tasks take them on port 4200'),
  },
  "a task in host mode on public machines": {
    stack: onMachines("host", {}, containerInstances(true), open(4200)),
    ...reject(
      'aws.ecs.Service "service": runs its tasks on machines with public addresses',
      "admits the internet to port 4200",
    ),
  },
  "a task in host mode on private machines": { stack: onMachines("host", {}, containerInstances(false), open(4200)) },
  "a task in host mode on machines of another stack": {
    stack: onMachines("host", {}, []),
    ...cannotTell("machines that are not in this stack"),
  },
  "a task in bridge mode whose port is mapped": {
    stack: onMachines("bridge", { hostPort: 80 }, containerInstances(true), open(80)),
    ...reject("admits the internet to port 80"),
  },
  "a task in bridge mode whose port is mapped to one that is shut": {
    stack: onMachines("bridge", { hostPort: 8080 }, containerInstances(true), open(80)),
  },
  "a task in bridge mode on a port that the machine picks": {
    stack: onMachines("bridge", { hostPort: 0 }, containerInstances(true), {
      protocol: "tcp",
      fromPort: 32768,
      toPort: 65535,
      cidrBlocks: ["0.0.0.0/0"],
    }),
    ...reject("picked by the machine"),
  },
  "a task in bridge mode behind a load balancer that logs people in": {
    stack: behindAlb({
      definitions: containers(prefect()),
      task: { networkMode: "bridge" },
      service: { networkConfiguration: undefined },
      actions: [login(), forward],
    }),
  },
  "a task in bridge mode behind an open load balancer": {
    stack: behindAlb({
      definitions: containers(prefect()),
      task: { networkMode: "bridge" },
      service: { networkConfiguration: undefined },
    }),
    ...reject('aws.lb.Listener "https"'),
  },
  "a daemon in host mode": {
    stack: [
      group("taskGroup", open(4200)),
      declare("aws:ecs/daemonTaskDefinition:DaemonTaskDefinition", "task", {
        family: "prefect",
        containerDefinitions: [
          {
            name: "prefect",
            image: "prefecthq/prefect:3.8.8",
            commands: ["prefect", "server", "start", "--host", "0.0.0.0"],
          },
        ],
      }),
      declare("aws:ecs/daemon:Daemon", "daemon", { daemonTaskDefinitionArn: ref("task"), clusterArn: "arn:cluster" }),
      ...containerInstances(true),
    ],
    ...reject('aws.ecs.Daemon "daemon"'),
  },
  "a task that a schedule starts with a public address": {
    stack: started((ecsParameters) =>
      declare("aws:scheduler/schedule:Schedule", "nightly", { target: { arn: "arn:cluster", ecsParameters } }),
    ),
    ...reject('aws.scheduler.Schedule "nightly": gives its tasks public addresses'),
  },
  "a task that an event starts with a public address": {
    stack: started((ecsTarget) =>
      declare("aws:cloudwatch/eventTarget:EventTarget", "event", { arn: "arn:cluster", ecsTarget }),
    ),
    ...reject('aws.cloudwatch.EventTarget "event"'),
  },
};
