import {
  behindAlb,
  containers,
  forward,
  group,
  listener,
  login,
  open,
  prefect,
  service,
  targetGroup,
  task,
} from "../support/pieces";
import { type Declared, declare, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";

/** Services of AWS's that run a container themselves, and what moves a service between target groups. */

const start = "prefect server start --host 0.0.0.0 --port 8080";

function appRunner(image: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Declared[] {
  return [
    declare("aws:apprunner/service:Service", "runner", {
      serviceName: "prefect",
      sourceConfiguration: {
        imageRepository: {
          imageIdentifier: "public.ecr.aws/acme/prefecthq/prefect:3.8.8",
          imageRepositoryType: "ECR_PUBLIC",
          imageConfiguration: { port: "8080", startCommand: start, ...image },
        },
      },
      ...more,
    }),
  ];
}
const ingress = (isPubliclyAccessible: unknown): Record<string, unknown> => ({
  networkConfiguration: { ingressConfiguration: { isPubliclyAccessible } },
});

function lightsail(
  container: Record<string, unknown> = {},
  publicEndpoint: unknown = { containerName: "prefect", containerPort: 4200 },
  more: Record<string, unknown> = {},
): Declared[] {
  return [
    declare("aws:lightsail/containerService:ContainerService", "box", { power: "nano", scale: 1, ...more }),
    declare("aws:lightsail/containerServiceDeploymentVersion:ContainerServiceDeploymentVersion", "deployment", {
      serviceName: ref("box", "name"),
      containers: [
        {
          containerName: "prefect",
          image: "prefecthq/prefect:3.8.8",
          commands: ["prefect", "server", "start", "--host", "0.0.0.0"],
          ports: { "4200": "HTTP" },
          ...container,
        },
      ],
      publicEndpoint,
    }),
  ];
}

const machine = (command: string): Declared =>
  declare("aws:lightsail/instance:Instance", "machine", { userData: `pip install prefect\n${command}\n` });
const on = (port: number): Declared => machine(`prefect server start --host 0.0.0.0 --port ${port}`);
const firewall = (...portInfos: Record<string, unknown>[]): Declared =>
  declare("aws:lightsail/instancePublicPorts:InstancePublicPorts", "firewall", {
    instanceName: ref("machine", "name"),
    portInfos: portInfos.map((info) => ({ protocol: "tcp", fromPort: 4200, toPort: 4200, ...info })),
  });

/** A service that CodeDeploy moves from one target group to the other, with a test listener on the other. */
function blueGreen(testActions: unknown[]): Declared[] {
  return [
    ...behindAlb({
      definitions: containers(prefect()),
      actions: [login(), forward],
      albIngress: [open(443), open(8443)],
    }),
    declare("aws:lb/targetGroup:TargetGroup", "green", {
      name: "green",
      port: 4200,
      protocol: "HTTP",
      targetType: "ip",
    }),
    declare("aws:lb/listener:Listener", "test", {
      loadBalancerArn: ref("alb"),
      port: 8443,
      protocol: "HTTPS",
      defaultActions: testActions,
    }),
    declare("aws:codedeploy/deploymentGroup:DeploymentGroup", "deployments", {
      ecsService: { clusterName: "main", serviceName: ref("service", "name") },
      loadBalancerInfo: {
        targetGroupPairInfo: {
          prodTrafficRoute: { listenerArns: [ref("https")] },
          targetGroups: [{ name: ref("tg", "name") }, { name: "green" }],
          testTrafficRoute: { listenerArns: [ref("test")] },
        },
      },
    }),
  ];
}

/** The same by ECS's own deployments: an alternate target group. */
function alternate(testActions: unknown[]): Declared[] {
  return [
    group("albGroup", open(443), open(8443)),
    group("taskGroup", { protocol: "tcp", fromPort: 4200, toPort: 4200, securityGroups: [ref("albGroup", "id")] }),
    declare("aws:lb/loadBalancer:LoadBalancer", "alb", { securityGroups: [ref("albGroup", "id")] }),
    targetGroup(4200),
    declare("aws:lb/targetGroup:TargetGroup", "green", { port: 4200, protocol: "HTTP", targetType: "ip" }),
    listener([login(), forward]),
    declare("aws:lb/listener:Listener", "test", {
      loadBalancerArn: ref("alb"),
      port: 8443,
      protocol: "HTTPS",
      defaultActions: testActions,
    }),
    task(containers(prefect())),
    service(undefined, {
      loadBalancers: [
        {
          targetGroupArn: ref("tg"),
          containerName: "prefect",
          containerPort: 4200,
          advancedConfiguration: {
            alternateTargetGroupArn: ref("green"),
            productionListenerRule: "arn:rule",
            roleArn: "arn:role",
          },
        },
      ],
    }),
  ];
}
const toGreen = { type: "forward", targetGroupArn: ref("green") };

export const managedCases: Cases = {
  "an App Runner service": {
    stack: appRunner(),
    ...reject(
      'aws.apprunner.Service "runner": App Runner gives it a public URL',
      "what it runs is a Prefect API server on port 8080",
    ),
  },
  "a private App Runner service": { stack: appRunner({}, ingress(false)) },
  "an App Runner service that says public": { stack: appRunner({}, ingress(true)), ...reject("public URL") },
  "an App Runner service with an auth string": {
    stack: appRunner({ runtimeEnvironmentSecrets: { PREFECT_SERVER_API_AUTH_STRING: "arn:secret" } }),
  },
  "an App Runner service with an empty auth string": {
    stack: appRunner({ runtimeEnvironmentVariables: { PREFECT_SERVER_API_AUTH_STRING: "" } }),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is empty"),
  },
  "an App Runner service that is a worker": { stack: appRunner({ startCommand: "prefect worker start --pool p" }) },
  "an App Runner service of something else": {
    stack: [
      declare("aws:apprunner/service:Service", "runner", {
        sourceConfiguration: { imageRepository: { imageIdentifier: "acme/web:1", imageRepositoryType: "ECR" } },
      }),
    ],
  },
  "an App Runner service from a repository": {
    stack: [
      declare("aws:apprunner/service:Service", "runner", {
        sourceConfiguration: {
          codeRepository: {
            repositoryUrl: "https://github.com/acme/flows",
            codeConfiguration: {
              configurationSource: "API",
              codeConfigurationValues: { runtime: "PYTHON_3", startCommand: start, port: "8080" },
            },
          },
        },
      }),
    ],
    ...reject('aws.apprunner.Service "runner"'),
  },
  "an App Runner service called Prefect whose configuration is in its repository": {
    stack: [
      declare("aws:apprunner/service:Service", "prefect", {
        sourceConfiguration: { codeRepository: { repositoryUrl: "https://github.com/acme/flows" } },
      }),
    ],
    ...cannotTell("its source configuration is not in this stack or cannot be read"),
  },
  "a Lightsail container service": {
    stack: lightsail(),
    ...reject(
      "its public endpoint has a URL that logs nobody in",
      'container "prefect" is a Prefect API server on port 4200',
    ),
  },
  "a Lightsail container service without a public endpoint": {
    stack: lightsail({}, undefined).map((each) =>
      declare(each.type, each.name, { ...each.inputs, publicEndpoint: undefined }),
    ),
  },
  "a Lightsail container service that is switched off": {
    stack: lightsail({}, { containerName: "prefect", containerPort: 4200 }, { isDisabled: true }),
  },
  "a Lightsail container service with an auth string": {
    stack: lightsail({ environment: { PREFECT_SERVER_API_AUTH_STRING: "admin:secret" } }),
  },
  "a Lightsail instance on port 80, which is open at first": {
    stack: [on(80)],
    ...reject('aws.lightsail.Instance "machine": has a public address', "admits the internet to port 80"),
  },
  "a Lightsail instance on a port that is shut at first": { stack: [on(4200)] },
  "a Lightsail instance whose firewall is opened": {
    stack: [on(4200), firewall({})],
    ...reject('aws.lightsail.InstancePublicPorts "firewall" admits the internet to port 4200'),
  },
  "a Lightsail instance whose firewall admits an office": {
    stack: [on(4200), firewall({ cidrs: ["203.0.113.0/24"] })],
  },
  "a Lightsail instance behind Lightsail's balancer": {
    stack: [
      on(4200),
      declare("aws:lightsail/lb:Lb", "lb", { instancePort: 4200 }),
      declare("aws:lightsail/lbAttachment:LbAttachment", "attachment", {
        lbName: ref("lb", "name"),
        instanceName: ref("machine", "name"),
      }),
    ],
    ...reject('aws.lightsail.Lb "lb": faces the internet'),
  },
  "a test listener without a login on the other target group": {
    stack: blueGreen([toGreen]),
    ...reject('aws.lb.Listener "test"', 'aws.lb.TargetGroup "green"'),
  },
  "a test listener with a login on the other target group": { stack: blueGreen([login(), toGreen]) },
  "an alternate target group behind a test listener without a login": {
    stack: alternate([toGreen]),
    ...reject('aws.lb.Listener "test"', 'aws.lb.TargetGroup "green"'),
  },
  "an alternate target group behind a test listener with a login": { stack: alternate([login(), toGreen]) },
};
