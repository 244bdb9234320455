import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A Prefect server on Fargate as people write it; each project opens or closes one thing. */
export function vpc(): { vpcId: pulumi.Output<string>; subnetIds: pulumi.Output<string>[] } {
  const network = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
  const subnets = ["a", "b"].map(
    (zone, index) =>
      new aws.ec2.Subnet(`subnet-${zone}`, {
        vpcId: network.id,
        cidrBlock: `10.0.${index}.0/24`,
        availabilityZone: `eu-west-1${zone}`,
      }),
  );
  return { vpcId: network.id, subnetIds: subnets.map((subnet) => subnet.id) };
}

export const prefect = {
  name: "prefect",
  image: "prefecthq/prefect:3.8.8-python3.12",
  command: ["prefect", "server", "start", "--host", "0.0.0.0"],
  portMappings: [{ containerPort: 4200 }],
};

export function task(containers: pulumi.Input<string>): aws.ecs.TaskDefinition {
  return new aws.ecs.TaskDefinition("task", {
    family: "prefect",
    cpu: "512",
    memory: "1024",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    containerDefinitions: containers,
  });
}

export function service(
  definition: aws.ecs.TaskDefinition,
  network: aws.types.input.ecs.ServiceNetworkConfiguration,
  target?: { arn: pulumi.Input<string>; container: string; port: number },
): aws.ecs.Service {
  const cluster = new aws.ecs.Cluster("cluster");
  return new aws.ecs.Service("server", {
    cluster: cluster.arn,
    taskDefinition: definition.arn,
    launchType: "FARGATE",
    desiredCount: 1,
    networkConfiguration: network,
    ...(target && {
      loadBalancers: [{ targetGroupArn: target.arn, containerName: target.container, containerPort: target.port }],
    }),
  });
}

export const anyone = (port: number): aws.types.input.ec2.SecurityGroupIngress => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrBlocks: ["0.0.0.0/0"],
});
