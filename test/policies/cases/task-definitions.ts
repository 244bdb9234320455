import { base64 } from "../support/machines";
import { authString, behindAlb, containers, open, prefect } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Case, type Cases, reject } from "./case";
import { containerInstances, onMachines, started } from "./container-instances";

/** How task definitions are written, and on which machines and ports their tasks are. */

/** A document whose fields are written otherwise: the provider reads them in any case. */
const rewritten = (definitions: string, write: (name: string) => string): string =>
  JSON.stringify(JSON.parse(definitions), (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([name, field]) => [write(name), field]))
      : value,
  );
const inCapitals = (definitions: string): string =>
  rewritten(definitions, (name) => name.charAt(0).toUpperCase() + name.slice(1));
const inSmallLetters = (definitions: string): string => rewritten(definitions, (name) => name.toLowerCase());
const served = (definitions: string): Case["stack"] => behindAlb({ definitions });
const words = ["prefect", "server", "start", "--host", "0.0.0.0"];
const unnamed = { name: "web", image: "prefecthq/prefect:3.8.8", ports: [4200] };
const isWeb = reject('container "web" is a Prefect API server on port 4200');
const isServer = reject('container "prefect" is a Prefect API server on port 4200');

/** Tasks in bridge mode of these containers, on machines of which this port is open. */
const bridged = (port: number, definitions: string): Declared[] =>
  onMachines("bridge", {}, containerInstances(true), open(port)).map((each) =>
    each.name === "task" ? declare(each.type, each.name, { ...each.inputs, containerDefinitions: definitions }) : each,
  );
const withMappings = (definitions: string, ...mappings: unknown[][]): string =>
  JSON.stringify(
    (JSON.parse(definitions) as object[]).map((each, index) => ({ ...each, portMappings: mappings[index] })),
  );
const worker = { name: "worker", image: "acme/worker:1" };

const bySix = { protocol: "tcp", fromPort: 4200, toPort: 4200, ipv6CidrBlocks: ["::/0"] };

export const taskDefinitionCases: Cases = {
  "containers in capital letters": { stack: served(inCapitals(containers(prefect()))), ...isServer },
  "containers in small letters": {
    stack: behindAlb({
      definitions: inSmallLetters(containers({ ...unnamed, image: "acme/flows:1", entryPoint: words })),
      target: { container: "web", port: 4200 },
    }),
    ...isWeb,
  },
  "containers in capital letters with an auth string": {
    stack: served(inCapitals(containers(prefect(authString)))),
  },
  "containers in capital letters with an empty auth string": {
    stack: served(inCapitals(containers(prefect({ environment: { PREFECT_SERVER_API_AUTH_STRING: "" } })))),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is empty"),
  },
  "containers in capital letters with files of variables": {
    stack: served(
      inCapitals(containers(prefect({ environmentFiles: [{ type: "s3", value: "arn:aws:s3:::acme/prefect.env" }] }))),
    ),
    ...cannotTell("its environment files cannot be seen"),
  },
  "a container with two images, of which the last counts": {
    stack: behindAlb({
      definitions: containers(unnamed).replace('"image"', '"image":"acme/web:1","Image"'),
      target: { container: "web", port: 4200 },
    }),
    ...isWeb,
  },
  "containers in capital letters whose health check alone tells": {
    stack: behindAlb({
      definitions: JSON.stringify([
        {
          Name: "web",
          Image: "acme/web:1",
          PortMappings: [{ ContainerPort: 4200 }],
          HealthCheck: { Command: ["CMD", "check", "http://localhost:4200/api/health", "twice"] },
        },
      ]),
      target: { container: "web", port: 4200 },
    }),
    ...cannotTell('container "web" is likely a Prefect API server'),
  },
  "a task in bridge mode whose port is mapped in capital letters": {
    stack: bridged(80, inCapitals(withMappings(containers(prefect()), [{ containerPort: 4200, hostPort: 80 }]))),
    ...reject("admits the internet to port 80"),
  },
  "a task in bridge mode two of whose containers have Prefect's port": {
    stack: bridged(
      80,
      withMappings(
        containers(worker, prefect()),
        [{ containerPort: 4200, hostPort: 9000 }],
        [{ containerPort: 4200, hostPort: 80 }],
      ),
    ),
    ...reject("admits the internet to them"),
  },
  "a task in bridge mode whose port is mapped twice to the same": {
    stack: bridged(
      80,
      withMappings(containers(prefect()), [
        { containerPort: 4200, hostPort: 8080, protocol: "tcp" },
        { containerPort: 4200, hostPort: 8080, protocol: "udp" },
      ]),
    ),
  },
  "a task in bridge mode whose port is one of a range that is mapped": {
    stack: bridged(32768, withMappings(containers(prefect()), [{ containerPortRange: "4200-4210" }])),
    ...reject("picked by the machine"),
  },
  "a task in bridge mode on a port that the machine picks, by interfaces that are not known in preview": {
    stack: bridged(32768, containers(prefect())).map((each) =>
      each.name === "template"
        ? declare(each.type, each.name, {
            ...each.inputs,
            networkInterfaces: built(
              ["taskGroup"],
              [{ associatePublicIpAddress: "true", securityGroups: ["id:taskGroup"] }],
            ),
          })
        : each,
    ),
    ...reject("picked by the machine"),
    preview: cannotTell("picked by the machine"),
  },
  "a task in bridge mode on a port that the machine picks, in groups that are not known in preview": {
    stack: [
      declare("random:index/randomPassword:RandomPassword", "key", { length: 16 }),
      ...bridged(32768, containers(prefect())).map((each) =>
        each.name === "template"
          ? declare(each.type, each.name, {
              ...each.inputs,
              networkInterfaces: [{ associatePublicIpAddress: "true", securityGroups: [built(["key"], "sg-1")] }],
            })
          : each,
      ),
    ],
    ...cannotTell("picked by the machine"),
  },
  "a task in host mode on machines of Bottlerocket": {
    stack: onMachines(
      "host",
      {},
      containerInstances(true).map((each) =>
        each.name === "template"
          ? declare(each.type, each.name, { ...each.inputs, userData: base64('[settings.ecs]\ncluster = "main"\n') })
          : each,
      ),
      open(4200),
    ),
    ...reject("runs its tasks on machines with public addresses"),
  },
  "a task in host mode on a trusted cluster, beside public machines": {
    stack: onMachines("host", {}, containerInstances(true), open(4200)),
    trusted: ["arn:cluster"],
  },
  "a task in host mode on private machines without IPv6, whose group admits everybody by that": {
    stack: onMachines("host", {}, containerInstances(false), bySix),
  },
  "a task in host mode on machines some of which are in a subnet with IPv6": {
    stack: [
      ...onMachines("host", {}, containerInstances(false), bySix),
      declare("aws:ec2/subnet:Subnet", "six", { vpcId: "vpc-1", ipv6CidrBlock: "2600:1f00::/64" }),
      declare("aws:ec2/instance:Instance", "other", {
        subnetId: ref("six", "id"),
        associatePublicIpAddress: false,
        userData: "#!/bin/sh\nsleep 1\n",
        launchTemplate: { id: ref("template", "id") },
      }),
    ],
    ...cannotTell("IPv6 addresses, all of which are public"),
  },
  "a task in host mode on machines some of which have a group of another stack": {
    stack: [
      ...onMachines("host", {}, containerInstances(true)),
      declare("aws:ec2/instance:Instance", "other", {
        associatePublicIpAddress: true,
        userData: "#!/bin/sh\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n",
        vpcSecurityGroupIds: ["sg-1"],
      }),
    ],
    ...cannotTell("who its security groups admit"),
  },
  "a service that names its definition by an ARN with numbers in it": {
    stack: started(() =>
      declare("aws:ecs/service:Service", "service", {
        taskDefinition: built(["2048"], "arnWithoutRevision:2048:7"),
        networkConfiguration: { assignPublicIp: true, subnets: ["subnet-1"], securityGroups: [ref("taskGroup", "id")] },
      }),
    )
      .map((each) => (each.name === "task" ? declare(each.type, "2048", each.inputs) : each))
      .concat(
        declare("aws:ecs/service:Service", "inner", {
          taskDefinition: ref("2048", "arnWithoutRevision"),
          networkConfiguration: { subnets: ["subnet-1"], securityGroups: [ref("taskGroup", "id")] },
        }),
      ),
    ...reject('aws.ecs.Service "service": gives its tasks public addresses'),
  },
  "an App Runner service called Prefect whose values its repository's file replaces": {
    stack: [
      declare("aws:apprunner/service:Service", "prefect", {
        sourceConfiguration: {
          codeRepository: {
            repositoryUrl: "https://github.com/acme/flows",
            codeConfiguration: {
              configurationSource: "REPOSITORY",
              codeConfigurationValues: { runtime: "PYTHON_3", startCommand: "prefect worker start", port: "8080" },
            },
          },
        },
      }),
    ],
    ...cannotTell("its source configuration is not in this stack or cannot be read"),
  },
};
