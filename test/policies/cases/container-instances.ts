import { base64 } from "../support/machines";
import { address, service } from "../support/other-services";
import { behindAlb, containers, forward, group, hidden, login, open, prefect } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
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

const piped = (assignPublicIp: string): Declared[] =>
  started(({ taskDefinitionArn }) =>
    declare("aws:pipes/pipe:Pipe", "pipe", {
      roleArn: "arn:role",
      source: "arn:aws:sqs:eu-west-1:123456789012:queue",
      target: "arn:aws:ecs:eu-west-1:123456789012:cluster/main",
      targetParameters: {
        ecsTaskParameters: {
          taskDefinitionArn,
          networkConfiguration: {
            awsVpcConfiguration: { assignPublicIp, subnets: ["subnet-1"], securityGroups: [ref("taskGroup", "id")] },
          },
        },
      },
    }),
  );

/** A state of a parallel branch that runs the task. */
function byStates(
  resource: string,
  assignPublicIp: string,
  from = ["task", "taskGroup"],
  field = "Parameters",
): Declared[] {
  const network = { AssignPublicIp: assignPublicIp, Subnets: ["subnet-1"], SecurityGroups: ["id:taskGroup"] };
  const run = {
    Type: "Task",
    Resource: resource,
    [field]: {
      Cluster: "main",
      TaskDefinition: "arn:task",
      NetworkConfiguration: { AwsvpcConfiguration: network },
    },
    End: true,
  };
  const branches = [{ StartAt: "Run", States: { Run: run } }];
  const states = { StartAt: "All", States: { All: { Type: "Parallel", Branches: branches, End: true } } };
  const definition = from.length === 0 ? JSON.stringify(states) : built(from, JSON.stringify(states));
  return started(() => declare("aws:sfn/stateMachine:StateMachine", "machine", { roleArn: "arn:role", definition }));
}

/** Opens the ports of which a machine picks some. */
const pickedPorts = { protocol: "tcp", fromPort: 32768, toPort: 65535, cidrBlocks: ["0.0.0.0/0"] };

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
  "a task in bridge mode whose machine picks its port, behind a load balancer": {
    stack: [
      ...behindAlb({
        definitions: containers(prefect()),
        task: { networkMode: "bridge" },
        taskIngress: [{ ...open(32768), toPort: 65535, cidrBlocks: [], securityGroups: [ref("albGroup", "id")] }],
        service: { networkConfiguration: undefined, cluster: "arn:cluster" },
      }),
      ...containerInstances(false),
    ],
    ...reject('aws.ecs.Service "service": its tasks take them on port 4200'),
  },
  "a task in bridge mode whose machine picks its port, behind a proxy that finds it by service discovery": {
    stack: [
      ...onMachines("bridge", {}, containerInstances(false), {
        ...open(32768),
        toPort: 65535,
        cidrBlocks: ["10.0.0.0/16"],
      }).map((each) =>
        each.name === "service"
          ? declare(each.type, each.name, {
              ...each.inputs,
              serviceRegistries: { registryArn: ref("registry"), containerName: "prefect", containerPort: 4200 },
            })
          : each,
      ),
      declare("aws:servicediscovery/service:Service", "registry", { name: "prefect" }),
      group("proxyGroup", open(8080)),
      ...service(
        "proxy",
        containers({ name: "caddy", image: "caddy:2", environment: { UPSTREAM: address }, ports: [8080] }),
        "proxyGroup",
        true,
      ),
    ],
    ...cannotTell('container "caddy" may pass requests on', 'aws.ecs.Service "service"'),
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
    stack: onMachines("bridge", { hostPort: 0 }, containerInstances(true), pickedPorts),
    ...reject("picked by the machine"),
  },
  "a task in bridge mode on a port that the machine picks, in a group of another stack": {
    stack: onMachines("bridge", { hostPort: 0 }, containerInstances(true)).map((each) =>
      each.name === "template"
        ? declare(each.type, each.name, {
            ...each.inputs,
            networkInterfaces: [{ associatePublicIpAddress: "true", securityGroups: ["sg-0123456789abcdef0"] }],
          })
        : each,
    ),
    ...cannotTell("who its security groups admit to port (picked by the machine) is not known"),
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
  "a forwarder in bridge mode that maps no port": {
    stack: onMachines("bridge", {}, containerInstances(true), pickedPorts).map((each) =>
      each.name === "task"
        ? declare(each.type, each.name, {
            ...each.inputs,
            containerDefinitions: containers(hidden(), { name: "socat", image: "alpine/socat:1.8" }),
          })
        : each,
    ),
  },
  "a task that a state machine starts in JSONata": {
    stack: byStates("arn:aws:states:::ecs:runTask", "ENABLED", ["task", "taskGroup"], "Arguments"),
    ...reject('aws.sfn.StateMachine "machine": gives its tasks public addresses'),
    preview: { cannotTell: ['aws.sfn.StateMachine "machine"'] },
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
  "a task that a pipe starts with a public address": {
    stack: piped("ENABLED"),
    ...reject('aws.pipes.Pipe "pipe": gives its tasks public addresses'),
  },
  "a task that a pipe starts without a public address": { stack: piped("DISABLED") },
  "a task that a state machine starts with a public address": {
    stack: byStates("arn:aws:states:::ecs:runTask.sync", "ENABLED"),
    ...reject('aws.sfn.StateMachine "machine": gives its tasks public addresses'),
    preview: { cannotTell: ['aws.sfn.StateMachine "machine": may give its tasks public addresses'] },
  },
  "a task that a state machine starts without a public address": {
    stack: byStates("arn:aws:states:::ecs:runTask", "DISABLED"),
    preview: { cannotTell: ['aws.sfn.StateMachine "machine": may give its tasks public addresses'] },
  },
  "a state machine that starts something else": { stack: byStates("arn:aws:states:::lambda:invoke", "ENABLED", []) },
  "a task that an event starts with a public address": {
    stack: started((ecsTarget) =>
      declare("aws:cloudwatch/eventTarget:EventTarget", "event", { arn: "arn:cluster", ecsTarget }),
    ),
    ...reject('aws.cloudwatch.EventTarget "event"'),
  },
};
