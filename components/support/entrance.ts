import type * as pulumi from "@pulumi/pulumi";
import type { Container } from "./containers";

/** A load balancer's way to a container of the server's task. */
export interface Entrance {
  /** In names of rules: `public-nginx`. */
  name: string;
  /** The load balancer's. */
  securityGroupId: pulumi.Input<string>;
  /** Resolves once a listener leads to it: ECS refuses services whose target group has no load balancer. */
  targetGroupArn: pulumi.Input<string>;
  container: string;
  port: number;
}

/** What a task reads at its start; a new version starts new tasks. */
export interface SecretReference {
  arnPattern: pulumi.Output<string>;
  versionId: pulumi.Output<string>;
}

/** What asks for the login: containers beside Prefect, and how the public load balancer reaches the task. */
export interface Front {
  containers: Container[];
  secrets: SecretReference[];
  entrances: Entrance[];
}
