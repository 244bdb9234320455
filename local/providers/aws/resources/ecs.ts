import { isObject, type Properties, UNKNOWN, type Value } from "../../grpc/values";
import { type AwsContext, arn } from "../context";
import type { AwsBehaviours } from "./behaviours";
import { oneOf } from "./shared";

/** internal/service/ecs (hashicorp/terraform-provider-aws). */
export const ecs: AwsBehaviours = {
  "aws:ecs/cluster:Cluster": {
    create: (inputs, context) => {
      const id = arn(context, "ecs", `cluster/${String(inputs.name)}`);
      return { id, properties: { settings: [{ name: "containerInsights", value: "disabled" }], ...inputs, arn: id } };
    },
  },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
    autoname: null,
    replaces: ["clusterName"],
    create: (inputs) => ({ id: String(inputs.clusterName), properties: {} }),
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    // task_definition.go: all but the tags is ForceNew; a changed definition is a new revision.
    updatable: ["tags", "tagsAll", "skipDestroy", "trackLatest"],
    validate: (inputs) => [
      ...containerProblems(inputs),
      ...oneOf(inputs, "networkMode", ["awsvpc", "bridge", "host", "none"]),
    ],
    create: (inputs, context) => {
      fargateSize(inputs);
      const family = String(inputs.family);
      const revision = context.next(`${context.region}/task-definition/${family}`);
      const arnWithoutRevision = arn(context, "ecs", `task-definition/${family}`);
      const own = { arn: `${arnWithoutRevision}:${revision}`, arnWithoutRevision, revision };
      return { id: family, properties: { networkMode: "bridge", enableFaultInjection: false, ...inputs, ...own } };
    },
  },
  "aws:ecs/service:Service": {
    defaults: {
      deploymentMaximumPercent: 200,
      deploymentMinimumHealthyPercent: 100,
      desiredCount: 0,
      enableEcsManagedTags: false,
      enableExecuteCommand: false,
      healthCheckGracePeriodSeconds: 0,
    },
    replaces: ["cluster", "launchType", "schedulingStrategy", "iamRole", "deploymentController.type"],
    validate: (inputs) => oneOf(inputs, "launchType", ["EC2", "EXTERNAL", "FARGATE"]),
    create: service,
  },
};

function service(inputs: Properties, context: AwsContext) {
  const cluster = String(inputs.cluster ?? arn(context, "ecs", "cluster/default"));
  const clusterName = cluster.slice(cluster.lastIndexOf("/") + 1);
  const id = arn(context, "ecs", `service/${clusterName}/${String(inputs.name)}`);
  const strategies = Array.isArray(inputs.capacityProviderStrategies) && inputs.capacityProviderStrategies.length > 0;
  const launchType = inputs.launchType ?? (strategies ? "" : "EC2");
  const properties: Properties = {
    availabilityZoneRebalancing: "ENABLED",
    deploymentConfiguration: { strategy: "ROLLING", bakeTimeInMinutes: "0" },
    iamRole: "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    platformVersion: launchType === "FARGATE" || strategies ? "LATEST" : "",
    triggers: {},
    ...inputs,
    ...{ cluster, launchType, arn: id },
  };
  return { id, properties };
}

/** The provider parses the document in its plan: a mistake in it fails the preview. */
function containerProblems({ containerDefinitions }: Properties): { path: string; reason: string }[] {
  if (typeof containerDefinitions !== "string" || containerDefinitions.includes(UNKNOWN)) return [];
  const invalid = (detail: string) => [
    { path: "containerDefinitions", reason: `ECS Task Definition container_definitions is invalid: ${detail}` },
  ];
  let parsed: Value;
  try {
    parsed = JSON.parse(containerDefinitions) as Value;
  } catch (error) {
    return invalid(`Error decoding JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(parsed))
    return invalid(
      "Error decoding JSON: json: cannot unmarshal object into Go value of type []types.ContainerDefinition",
    );
  const broken = parsed.findIndex((container) => !isObject(container));
  return broken < 0 ? [] : invalid(`invalid container definition supplied at index (${broken})`);
}

/** Memory in MiB for each CPU size: docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html. */
const fargateMemory: Record<number, (memory: number) => boolean> = {
  256: (memory) => [512, 1024, 2048].includes(memory),
  512: (memory) => memory >= 1024 && memory <= 4096 && memory % 1024 === 0,
  1024: (memory) => memory >= 2048 && memory <= 8192 && memory % 1024 === 0,
  2048: (memory) => memory >= 4096 && memory <= 16_384 && memory % 1024 === 0,
  4096: (memory) => memory >= 8192 && memory <= 30_720 && memory % 1024 === 0,
  8192: (memory) => memory >= 16_384 && memory <= 61_440 && memory % 4096 === 0,
  16384: (memory) => memory >= 32_768 && memory <= 122_880 && memory % 8192 === 0,
};

function fargateSize({ requiresCompatibilities, cpu, memory, family, networkMode }: Properties): void {
  if (!Array.isArray(requiresCompatibilities) || !requiresCompatibilities.includes("FARGATE")) return;
  const refuse = (message: string) =>
    new Error(`creating ECS Task Definition (${String(family)}): api error ClientException: ${message}`);
  if (networkMode !== "awsvpc") throw refuse("Fargate only supports network mode ‘awsvpc’.");
  const amount = (value: unknown, word: RegExp, unit: number) => {
    const text = String(value).trim();
    return word.test(text) ? Number.parseFloat(text) * unit : Number(text);
  };
  const units = amount(cpu, /vcpu$/i, 1024);
  const mebibytes = amount(memory, /gb$/i, 1024);
  if (cpu === undefined || memory === undefined || fargateMemory[units]?.(mebibytes) !== true) {
    throw refuse(
      `No Fargate configuration exists for given values: ${String(cpu)} CPU, ${String(memory)} memory. ` +
        "See the Amazon ECS documentation for the valid values.",
    );
  }
}
