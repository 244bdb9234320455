import { call, type Inputs, some, type Translation } from "../translate";

/** internal/service/ecs/service.go, resourceServiceCreate; forceNewDeployment is of UpdateService alone. */
const service: Translation = ({
  name,
  networkConfiguration,
  deploymentMinimumHealthyPercent,
  deploymentMaximumPercent,
  deploymentCircuitBreaker,
  loadBalancers,
  // The provider's own, or of a later update.
  waitForSteadyState: _waits,
  forceNewDeployment: _forces,
  triggers: _triggers,
  ...inputs
}) => [
  call(
    "ecs",
    "CreateService",
    {
      ...inputs,
      serviceName: name,
      loadBalancers: some(loadBalancers as Inputs[]),
      networkConfiguration: networkConfiguration && { awsvpcConfiguration: awsvpc(networkConfiguration) },
      deploymentConfiguration: {
        minimumHealthyPercent: deploymentMinimumHealthyPercent,
        maximumPercent: deploymentMaximumPercent,
        deploymentCircuitBreaker,
      },
    },
    { LoadBalancer: { elbName: "loadBalancerName" } },
  ),
];

function awsvpc({ assignPublicIp, ...rest }: Inputs): Inputs {
  return { ...rest, assignPublicIp: assignPublicIp ? "ENABLED" : "DISABLED" };
}

/** The containers are the API's own JSON: what they hold is checked as it stands. */
const taskDefinition: Translation = ({ containerDefinitions, ...inputs }) => {
  const { input, ...rest } = call("ecs", "RegisterTaskDefinition", inputs);
  return [{ ...rest, input: { ...input, containerDefinitions: JSON.parse(containerDefinitions as string) } }];
};

export const ecs: Record<string, Translation> = {
  "aws:ecs/cluster:Cluster": ({ name, ...inputs }) => [call("ecs", "CreateCluster", { ...inputs, clusterName: name })],
  "aws:ecs/service:Service": service,
  "aws:ecs/taskDefinition:TaskDefinition": taskDefinition,
};
