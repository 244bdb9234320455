import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** A container of a task definition; the provider's type does not know `tmpfs`, which Fargate takes since January 2026. */
export interface Container
  extends Omit<aws.ecs.ContainerDefinition, "environment" | "linuxParameters" | "logConfiguration"> {
  environment?: pulumi.Input<aws.ecs.KeyValuePair[]>;
  linuxParameters?: aws.ecs.LinuxParameters & { tmpfs?: { containerPath: string; size: number }[] };
}

/** One stack's release of everything that runs. Changed together, tested together. */
export const images = {
  prefect: "prefecthq/prefect:3.8.8-python3.12",
  nginx: "nginxinc/nginx-unprivileged:1.30.4-alpine",
  oauth2Proxy: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3-alpine",
};

/** No capability, no writing but to /tmp, which is memory of its own and not the task's disk. */
export function lockedDown(tmpMiB: number): Pick<Container, "readonlyRootFilesystem" | "linuxParameters"> {
  return {
    readonlyRootFilesystem: true,
    linuxParameters: {
      initProcessEnabled: true,
      capabilities: { drop: ["ALL"] },
      tmpfs: [{ containerPath: "/tmp", size: tmpMiB }],
    },
  };
}

export function environment(variables: Record<string, pulumi.Input<string>>): aws.ecs.KeyValuePair[] {
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}
