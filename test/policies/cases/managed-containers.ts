import { behindAlb, containers, fromAlb, group, open, prefect, service, task } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** What a service of AWS's says of the one container that it runs, and what tells an image of one's own. */

const start = "prefect server start --host 0.0.0.0";
const words = start.split(" ");
const image = "acme/flows:1";

function runner(configuration: Record<string, unknown>, more: Record<string, unknown> = {}): Declared[] {
  return [
    declare("aws:apprunner/service:Service", "runner", {
      sourceConfiguration: {
        imageRepository: {
          imageIdentifier: "prefecthq/prefect:3.8.8",
          imageRepositoryType: "ECR_PUBLIC",
          imageConfiguration: configuration,
        },
      },
      ...more,
    }),
  ];
}

function express(container: Record<string, unknown>, more: Record<string, unknown> = {}): Declared[] {
  return [
    declare("aws:ecs/expressGatewayService:ExpressGatewayService", "express", {
      primaryContainer: { image: "prefecthq/prefect:3.8.8", containerPort: 4200, commands: words, ...container },
      ...more,
    }),
  ];
}

function deployment(container: Record<string, unknown>, containerPort = 4200): Declared[] {
  return [
    declare("aws:lightsail/containerServiceDeploymentVersion:ContainerServiceDeploymentVersion", "deployment", {
      serviceName: "box",
      containers: [{ containerName: "web", image: "prefecthq/prefect:3.8.8", ...container }],
      publicEndpoint: { containerName: "web", containerPort },
    }),
  ];
}

const box = (userData: unknown): Declared[] => [declare("aws:lightsail/instance:Instance", "box", { userData })];

/** A task of one's own image with this check of its health. */
const checked = (...command: string[]): Declared[] => {
  const [definition] = JSON.parse(containers(prefect({ name: "web", image: undefined, command: undefined }))) as Record<
    string,
    unknown
  >[];
  return behindAlb({
    definitions: JSON.stringify([{ ...definition, healthCheck: { command } }]),
    target: { container: "web", port: 4200 },
  });
};

const name = "PREFECT_SERVER_API_AUTH_STRING";
const key = declare("random:index/randomPassword:RandomPassword", "key", { length: 16 });

export const managedContainerCases: Cases = {
  "an App Runner service on its default port": {
    stack: runner({ startCommand: `${start} --port 8080` }),
    ...reject("what it runs is a Prefect API server on port 8080"),
  },
  "an App Runner service with blanks in its command": {
    stack: runner({ port: "4200", startCommand: "prefect  server  start  --host  0.0.0.0" }),
    ...reject("what it runs is a Prefect API server"),
  },
  "an App Runner service whose command is not known in preview": {
    stack: runner({ port: "4200", startCommand: built(["key"], start) }),
    ...reject("what it runs"),
  },
  "an App Runner service whose image decides": {
    stack: runner({ port: "4200" }),
    ...reject("what it runs is a Prefect API server on port 4200"),
  },
  "an App Runner service whose variables are not known in preview": {
    stack: runner({
      port: "4200",
      startCommand: start,
      runtimeEnvironmentVariables: built(["key"], "x"),
    }),
    ...reject(`${name} is not set on it`),
    preview: cannotTell("its environment files cannot be seen"),
  },
  "an App Runner service whose source is not known in preview": {
    stack: [
      key,
      declare("aws:apprunner/service:Service", "prefect", {
        sourceConfiguration: built(["key"], {
          imageRepository: { imageIdentifier: "acme/web:1", imageRepositoryType: "ECR" },
        }),
      }),
    ],
    preview: cannotTell("its source configuration is not known yet"),
  },
  "an Express service on its default port": {
    stack: express({ containerPort: undefined, commands: [...words, "--port", "80"] }),
    ...reject('container "Main" is a Prefect API server on port 80'),
  },
  "an Express service whose port is not known in preview": {
    stack: express({ containerPort: built(["key"], "4200") }),
    ...reject('container "Main" is a Prefect API server on port 4200'),
  },
  "an Express service whose image decides": {
    stack: express({ commands: undefined }),
    ...reject('container "Main" is a Prefect API server on port 4200'),
  },
  "an Express service whose container is not known in preview": {
    stack: [key].concat(
      express({}).map((each) =>
        declare(each.type, "prefect", {
          primaryContainer: built(["key"], each.inputs["primaryContainer"]),
        }),
      ),
    ),
    ...reject('container "Main"'),
    preview: cannotTell("its primary container is not known yet"),
  },
  "a Lightsail container whose image decides": {
    stack: deployment({ ports: { "4200": "HTTP" } }),
    ...reject('container "web" is a Prefect API server on port 4200'),
  },
  "a Lightsail container called Prefect one of whose words is not known in preview": {
    stack: [
      key,
      ...deployment(
        { image: "acme/prefect:1", commands: ["/start.sh", built(["key"], "x")], ports: { "8080": "HTTP" } },
        8080,
      ),
    ],
    preview: cannotTell('container "web" is likely a Prefect API server'),
  },
  "a Lightsail container that is a worker": {
    stack: deployment({ ports: { "4200": "HTTP" }, commands: ["prefect", "worker", "start"] }),
  },
  "a Lightsail container whose variables are not known in preview": {
    stack: deployment({ commands: words, ports: { "4200": "HTTP" }, environment: built(["key"], "x") }),
    ...reject(`${name} is not set on it`),
    preview: cannotTell("its environment files cannot be seen"),
  },
  "Lightsail containers that are not known in preview": {
    stack: [key].concat(
      deployment({ commands: words }).map((each) =>
        declare(each.type, "prefect", {
          ...each.inputs,
          containers: built(["key"], each.inputs["containers"]),
        }),
      ),
    ),
    ...reject('container "web"'),
    preview: cannotTell("its containers is not known yet"),
  },
  "a Lightsail instance of something else": { stack: box("#!/bin/sh\nsleep 1\n") },
  "a Lightsail instance called Prefect whose user data is not known in preview": {
    stack: [key].concat(
      box(built(["key"], "#!/bin/sh\nsleep 1\n")).map(({ type, inputs }) => declare(type, "prefect", inputs)),
    ),
    preview: cannotTell("its user data is not known yet"),
  },
  "a task of which its health check alone tells": {
    stack: checked("CMD-SHELL", "curl http://localhost:4200/api/health"),
    ...cannotTell('container "web" is likely a Prefect API server'),
  },
  "a service that names its definition by family and revision": {
    stack: [
      group("taskGroup", open(4200)),
      task(containers(prefect())),
      service(undefined, {
        taskDefinition: "app:12",
        networkConfiguration: { assignPublicIp: true, subnets: ["subnet-1"], securityGroups: [ref("taskGroup", "id")] },
      }),
    ],
    ...reject('aws.ecs.Service "service": gives its tasks public addresses'),
  },
  "a task in a subnet with IPv6": {
    stack: [
      group("taskGroup", { protocol: "tcp", fromPort: 4200, toPort: 4200, ipv6CidrBlocks: ["::/0"] }),
      declare("aws:ec2/subnet:Subnet", "six", { vpcId: "vpc-1", ipv6CidrBlock: "2600:1f00::/64" }),
      task(containers(prefect())),
      service(undefined, {
        networkConfiguration: { subnets: [ref("six", "id")], securityGroups: [ref("taskGroup", "id")] },
      }),
    ],
    ...cannotTell("IPv6 addresses, all of which are public"),
  },
  "a deployment of a service without a load balancer": {
    stack: [
      group("taskGroup", fromAlb(4200)),
      task(containers(prefect({ image }))),
      service(undefined),
      declare("aws:codedeploy/deploymentGroup:DeploymentGroup", "deployments", {
        ecsService: { clusterName: "main", serviceName: ref("service", "name") },
        loadBalancerInfo: {
          targetGroupPairInfo: {
            prodTrafficRoute: { listenerArns: ["arn:listener"] },
            targetGroups: [{ name: "blue" }, { name: "green" }],
          },
        },
      }),
    ],
  },
};
