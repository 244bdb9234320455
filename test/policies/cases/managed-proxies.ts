import { internalAlb } from "../support/inside";
import { group } from "../support/pieces";
import { built, type Declared, declare, ref } from "../support/stack";
import { type Cases, cannotTell } from "./case";

/** App Runner services with a connector into the VPC, which pass on what strangers ask. */

/** Prefect behind an internal balancer for the VPC, and a service with these settings. */
function before(image: string, settings: Record<string, unknown>): Declared[] {
  const runner = [
    group("connectorGroup"),
    declare("aws:apprunner/vpcConnector:VpcConnector", "connector", {
      vpcConnectorName: "connector",
      subnets: ["subnet-1"],
      securityGroups: [ref("connectorGroup", "id")],
    }),
    declare("aws:apprunner/service:Service", "runner", {
      sourceConfiguration: {
        imageRepository: {
          imageIdentifier: image,
          imageRepositoryType: "ECR_PUBLIC",
          imageConfiguration: { port: "8080", ...settings },
        },
      },
      networkConfiguration: { egressConfiguration: { egressType: "VPC", vpcConnectorArn: ref("connector") } },
    }),
  ];
  return internalAlb(runner);
}

const caddy = "public.ecr.aws/docker/library/caddy:2";
const toAlb = (before_ = "", path = ""): unknown =>
  built(["alb"], `${before_}https://alb.dnsname.amazonaws.com${path}`);
const through = cannotTell("what it runs may pass requests on", 'aws.lb.LoadBalancer "alb"');

export const managedProxyCases: Cases = {
  "an App Runner service that is a proxy before Prefect": {
    stack: before(caddy, { runtimeEnvironmentVariables: { UPSTREAM: toAlb() } }),
    ...through,
  },
  "an App Runner service that is a proxy before Prefect by its command": {
    stack: before(caddy, { startCommand: toAlb("caddy reverse-proxy --to ") }),
    ...through,
  },
  "an App Runner service that is a proxy before Prefect, of whose environment nothing is known in preview": {
    stack: before(caddy, {
      runtimeEnvironmentVariables: built(["alb"], { UPSTREAM: "https://alb.dnsname.amazonaws.com" }),
    }),
    ...through,
  },
  "an App Runner service whose environment names where it passes requests on": {
    stack: before("acme/web:1", { runtimeEnvironmentVariables: { BACKEND_URL: toAlb() } }),
    ...through,
  },
  "an App Runner service that asks Prefect's API itself": {
    stack: before("acme/web:1", { runtimeEnvironmentVariables: { PREFECT_API_URL: toAlb("", "/api") } }),
  },
};
