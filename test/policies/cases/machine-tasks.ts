import { base64 } from "../support/machines";
import { behindGateway, containers, gated, group, hidden, open, prefect } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";
import { containerInstances, onMachines, started } from "./container-instances";

/** On which machines ECS tasks run, and on which of their ports. */

/** Machines by a template of this script, with these further properties of their group. */
const machines = (script: unknown, more: Record<string, unknown> = {}, publicly = true): Declared[] => [
  declare("aws:ec2/launchTemplate:LaunchTemplate", "template", {
    userData: script,
    networkInterfaces: [{ associatePublicIpAddress: String(publicly), securityGroups: [ref("taskGroup", "id")] }],
  }),
  declare("aws:autoscaling/group:Group", "machines", { launchTemplate: { id: ref("template", "id") }, ...more }),
];

/** A task of this mode with these mappings of its ports, on public machines. */
const mapped = (mode: string | undefined, mappings: unknown[], port: number): Declared[] =>
  onMachines("host", {}, containerInstances(true), open(port)).map((each) => {
    if (each.name !== "task") return each;
    const [definition] = JSON.parse(containers(prefect())) as Record<string, unknown>[];
    const containerDefinitions = JSON.stringify([{ ...definition, portMappings: mappings }]);
    return declare(each.type, each.name, { ...each.inputs, networkMode: mode, containerDefinitions });
  });

const daemon = (more: Record<string, unknown>): Declared[] => [
  group("taskGroup", open(4200)),
  declare("aws:ecs/daemonTaskDefinition:DaemonTaskDefinition", "task", {
    family: "prefect",
    containerDefinitions: [{ name: "prefect", image: "prefecthq/prefect:3.8.8", ...more }],
  }),
  declare("aws:ecs/daemon:Daemon", "daemon", { daemonTaskDefinitionArn: ref("task"), clusterArn: "arn:cluster" }),
];

/** The same on machines. */
const startedOnMachines = (by: (ecs: Record<string, unknown>) => Declared): Declared[] => [
  ...onMachines("host", {}, []).filter(({ name }) => name !== "service"),
  by({ taskDefinitionArn: ref("task") }),
];

/** A gateway in the task, without an interface of its own, on a cluster that is trusted to have private machines. */
const behindGatewayIn = (networkMode: string): Declared[] =>
  behindGateway(gated, { prefect: hidden() }).map((each) => {
    if (each.name === "task")
      return declare(each.type, each.name, { ...each.inputs, networkMode, requiresCompatibilities: ["EC2"] });
    if (each.name !== "service") return each;
    const { networkConfiguration: _, ...inputs } = each.inputs;
    return declare(each.type, each.name, inputs);
  });

const twoPorts = [
  { containerPort: 9090, hostPort: 80 },
  { containerPort: 4200, hostPort: 8080 },
];

export const machineTaskCases: Cases = {
  "a task in host mode on a trusted cluster": {
    stack: onMachines("host", {}, []),
    trusted: ["arn:cluster"],
  },
  "a daemon on a trusted cluster": {
    stack: daemon({ commands: ["prefect", "server", "start", "--host", "0.0.0.0"] }),
    trusted: ["arn:cluster"],
  },
  "a daemon with its command in its entry point": {
    stack: [
      ...daemon({ entryPoints: ["prefect", "server", "start", "--host", "0.0.0.0"] }),
      ...containerInstances(true),
    ],
    ...reject('aws.ecs.Daemon "daemon"'),
  },
  "a daemon that is a worker by its entry point": {
    stack: [...daemon({ entryPoints: ["prefect", "worker", "start"] }), ...containerInstances(true)],
  },
  "a daemon with an empty auth string": {
    stack: [
      ...daemon({
        commands: ["prefect", "server", "start", "--host", "0.0.0.0"],
        environments: [{ name: "PREFECT_SERVER_API_AUTH_STRING", value: "" }],
      }),
      ...containerInstances(true),
    ],
    ...reject("PREFECT_SERVER_API_AUTH_STRING is empty"),
  },
  "a task in host mode on private machines beside a public one of something else": {
    stack: [
      ...onMachines("host", {}, containerInstances(false), open(4200)),
      declare("aws:ec2/instance:Instance", "web", {
        userData: "#!/bin/bash\nsleep 1\n",
        associatePublicIpAddress: true,
        vpcSecurityGroupIds: [ref("taskGroup", "id")],
      }),
    ],
  },
  "a task in host mode on machines that a capacity provider names": {
    stack: onMachines(
      "host",
      {},
      [
        ...machines(base64("#!/bin/bash\nsleep 1\n")),
        declare("aws:ecs/capacityProvider:CapacityProvider", "provider", {
          autoScalingGroupProvider: { autoScalingGroupArn: ref("machines") },
        }),
      ],
      open(4200),
    ),
    ...reject("runs its tasks on machines with public addresses"),
  },
  "a task in host mode on machines whose script is not known in preview": {
    stack: onMachines("host", {}, machines(built(["cluster"], base64("echo ECS_CLUSTER=main"))), {
      ...open(4200),
      fromPort: 4000,
      toPort: 4999,
    }),
    ...reject("runs its tasks on machines with public addresses"),
  },
  "a task in host mode on machines whose script writes the agent's file": {
    stack: onMachines(
      "host",
      {},
      machines(base64("#!/bin/bash\naws s3 cp s3://b/e /etc/ecs/ecs.config\n")),
      open(4200),
    ),
    ...reject("runs its tasks on machines with public addresses"),
  },
  "a task in host mode on machines in a subnet with IPv6": {
    stack: [
      ...onMachines(
        "host",
        {},
        [
          declare("aws:ec2/subnet:Subnet", "six", { vpcId: "vpc-1", ipv6CidrBlock: "2600:1f00::/64" }),
          ...machines(base64("echo ECS_CLUSTER=main"), { vpcZoneIdentifiers: [ref("six", "id")] }, false),
        ],
        { protocol: "tcp", fromPort: 4200, toPort: 4200, ipv6CidrBlocks: ["::/0"] },
      ),
    ],
    ...cannotTell("IPv6 addresses, all of which are public"),
  },
  "a task in host mode on machines with a group of another stack": {
    stack: onMachines(
      "host",
      {},
      containerInstances(true).map((each) =>
        each.name === "template"
          ? declare(each.type, each.name, {
              ...each.inputs,
              networkInterfaces: [{ associatePublicIpAddress: "true", securityGroups: ["sg-1"] }],
            })
          : each,
      ),
    ),
    ...cannotTell("who its security groups admit"),
  },
  "a task without a network mode whose port is mapped to one that is shut": {
    stack: mapped(undefined, [{ containerPort: 4200, hostPort: 8080 }], 4200),
  },
  "a task without a network mode whose port is mapped": {
    stack: mapped(undefined, [{ containerPort: 4200, hostPort: 8080 }], 8080),
    ...reject("admits the internet to port 8080"),
  },
  "a task in bridge mode whose second port is mapped": {
    stack: mapped("bridge", twoPorts, 8080),
    ...reject("admits the internet to port 8080"),
  },
  "a task in bridge mode whose first port is open": {
    stack: mapped("bridge", twoPorts, 80),
  },
  "a task in bridge mode whose port is not mapped": {
    stack: mapped("bridge", [{ containerPort: 9090, hostPort: 80 }], 80),
  },
  "a task whose network mode is not known in preview": {
    stack: mapped("bridge", [{ containerPort: 4200, hostPort: 8080 }], 4200).map((each) =>
      each.name === "task"
        ? declare(each.type, each.name, { ...each.inputs, networkMode: built(["cluster"], "bridge") })
        : each,
    ),
    preview: reject("admits the internet to port 4200"),
  },
  "a gateway in host mode": {
    stack: behindGatewayIn("host"),
  },
  "a gateway in bridge mode": {
    stack: behindGatewayIn("bridge"),
    ...cannotTell("is nginx outside awsvpc mode: what it reaches cannot be told"),
  },
  "a task in host mode that a schedule starts on a trusted cluster": {
    stack: startedOnMachines((ecsParameters) =>
      declare("aws:scheduler/schedule:Schedule", "nightly", { target: { arn: "arn:cluster", ecsParameters } }),
    ),
    trusted: ["arn:cluster"],
  },
  "a task in host mode that an event starts on a trusted cluster": {
    stack: startedOnMachines((ecsTarget) =>
      declare("aws:cloudwatch/eventTarget:EventTarget", "event", { arn: "arn:cluster", ecsTarget }),
    ),
    trusted: ["arn:cluster"],
  },
  "a task that an event starts, all of which is unknown in preview": {
    stack: started(() =>
      declare("aws:cloudwatch/eventTarget:EventTarget", "event", {
        arn: "arn:cluster",
        ecsTarget: built(["task", "taskGroup"], {
          taskDefinitionArn: "arn:task",
          networkConfiguration: { assignPublicIp: true, subnets: ["subnet-1"], securityGroups: ["id:taskGroup"] },
        }),
      }),
    ),
    ...reject('aws.cloudwatch.EventTarget "event": gives its tasks public addresses'),
    preview: { cannotTell: ['aws.cloudwatch.EventTarget "event"'] },
  },
  "an event called Prefect that starts no task": {
    stack: [declare("aws:cloudwatch/eventTarget:EventTarget", "prefect", { arn: "arn:function" })],
  },
};
