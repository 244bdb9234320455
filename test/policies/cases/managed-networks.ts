import { containers, group, prefect } from "../support/pieces";
import { address, service } from "../support/other-services";
import { declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases } from "./case";

/** Whom services of AWS's reach that run a container themselves, and what tells what they run. */

/** Prefect under a name of service discovery, in this group or the VPC's default one, and these resources. */
const beside = (groups: unknown[] | undefined, ...more: Declared[]): Declared[] => [
  group("callers"),
  group("others"),
  group("taskGroup", {
    protocol: "tcp",
    fromPort: 4200,
    toPort: 4200,
    securityGroups: [ref("callers", "id")],
  }),
  declare("aws:servicediscovery/service:Service", "registry", { name: "prefect" }),
  ...service("prefect", containers(prefect()), "taskGroup", false, {
    serviceRegistries: { registryArn: ref("registry") },
    networkConfiguration: { subnets: ["subnet-1"], securityGroups: groups },
  }),
  ...more,
];
const guarded = [ref("taskGroup", "id")];

const passesOn = { UPSTREAM: address };

const appRunner = (image: Record<string, unknown>, more: Record<string, unknown> = {}): Declared =>
  declare("aws:apprunner/service:Service", "runner", {
    sourceConfiguration: {
      imageRepository: {
        imageIdentifier: "public.ecr.aws/docker/library/caddy:2",
        imageRepositoryType: "ECR_PUBLIC",
        imageConfiguration: { port: "8080", runtimeEnvironmentVariables: passesOn, ...image },
      },
    },
    ...more,
  });
const into = (vpcConnectorArn: unknown): Record<string, unknown> => ({
  networkConfiguration: { egressConfiguration: { egressType: "VPC", vpcConnectorArn } },
});
const connector = (groupName: string): Declared =>
  declare("aws:apprunner/vpcConnector:VpcConnector", "connector", {
    vpcConnectorName: "connector",
    subnets: ["subnet-1"],
    securityGroups: [ref(groupName, "id")],
  });
const passedOn = cannotTell("what it runs may pass requests on", 'aws.ecs.Service "prefect"');

const express = (container: Record<string, unknown>, more: Record<string, unknown> = {}): Declared =>
  declare("aws:ecs/expressGatewayService:ExpressGatewayService", "express", {
    primaryContainer: {
      image: "caddy:2",
      containerPort: 8080,
      environments: [{ name: "UPSTREAM", value: address }],
      ...container,
    },
    ...more,
  });
const expressIn = (groupName: string): Declared =>
  express({}, { networkConfigurations: [{ subnets: ["subnet-1"], securityGroups: [ref(groupName, "id")] }] });

const ofImage = (imageIdentifier: string): Record<string, unknown> => ({
  sourceConfiguration: {
    imageRepository: { imageIdentifier, imageRepositoryType: "ECR", imageConfiguration: { port: "4200" } },
  },
});

export const managedNetworkCases: Cases = {
  "an App Runner proxy with a connector that Prefect's group admits": {
    stack: beside(guarded, connector("callers"), appRunner({}, into(ref("connector")))),
    ...passedOn,
  },
  "an App Runner proxy with a connector that Prefect's group keeps out": {
    stack: beside(guarded, connector("others"), appRunner({}, into(ref("connector")))),
  },
  "an App Runner proxy with a connector of another stack": {
    stack: beside(guarded, appRunner({}, into("arn:connector"))),
    ...passedOn,
  },
  "an App Runner proxy without a connector, beside Prefect in the default group": {
    stack: beside(undefined, appRunner({})),
  },
  "an App Runner service that sends to another port than Prefect's": {
    stack: [
      appRunner(
        {},
        {
          sourceConfiguration: {
            imageRepository: {
              imageIdentifier: "prefecthq/prefect:3.8.8",
              imageRepositoryType: "ECR_PUBLIC",
              imageConfiguration: { startCommand: "prefect server start --host 0.0.0.0" },
            },
          },
        },
      ),
    ],
  },
  "an App Runner service of an image of one's own that is checked like Prefect": {
    stack: [appRunner({}, { ...ofImage("acme/web:1"), healthCheckConfiguration: { path: "/api/health" } })],
    ...cannotTell("what it runs is likely a Prefect API server"),
  },
  "an App Runner service of an image of one's own that is checked like another": {
    stack: [appRunner({}, { ...ofImage("acme/web:1"), healthCheckConfiguration: { path: "/" } })],
  },
  "an Express proxy that Prefect's group admits": {
    stack: beside(guarded, expressIn("callers")),
    ...cannotTell('container "Main" may pass requests on', 'aws.ecs.Service "prefect"'),
  },
  "an Express proxy that Prefect's group keeps out": { stack: beside(guarded, expressIn("others")) },
  "an Express proxy in the default group, as Prefect is": {
    stack: beside(undefined, express({})),
    ...cannotTell('container "Main" may pass requests on', 'aws.ecs.Service "prefect"'),
  },
  "an Express service of an image of one's own that is checked like Prefect": {
    stack: [
      express({ image: "acme/web:1", containerPort: 4200, environments: [] }, { healthCheckPath: "/api/health" }),
    ],
    ...cannotTell('container "Main" is likely a Prefect API server'),
  },
  "an Express service of an image of one's own that is checked like another": {
    stack: [express({ image: "acme/web:1", containerPort: 4200, environments: [] }, { healthCheckPath: "/" })],
  },
  "a distribution before a Lightsail instance whose firewall admits some addresses": {
    stack: [
      declare("aws:lightsail/instance:Instance", "machine", {
        userData: "pip install prefect\nprefect server start --host 0.0.0.0\n",
      }),
      declare("aws:lightsail/instancePublicPorts:InstancePublicPorts", "firewall", {
        instanceName: ref("machine", "name"),
        portInfos: [{ protocol: "tcp", fromPort: 4200, toPort: 4200, cidrs: ["13.32.0.0/15"] }],
      }),
      declare("aws:route53/record:Record", "record", {
        name: "prefect.example.com",
        type: "A",
        zoneId: "Z1",
        ttl: 60,
        records: [ref("machine", "publicIpAddress")],
      }),
      declare("aws:cloudfront/distribution:Distribution", "cdn", {
        enabled: true,
        origins: [
          {
            originId: "machine",
            domainName: ref("record", "fqdn"),
            customOriginConfig: { httpPort: 4200, httpsPort: 443, originProtocolPolicy: "http-only" },
          },
        ],
        defaultCacheBehavior: { targetOriginId: "machine" },
      }),
    ],
    ...cannotTell('aws.cloudfront.Distribution "cdn"'),
  },
};
