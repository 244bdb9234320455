import type { World } from "../context";
import type { Vpc } from "../network/vpc";
import type { Programs } from "../programs";

/** Where the target groups of a service's load balancers are: load-balancer/load-balancing.ts. */
export interface TargetGroups {
  registerTarget(targetGroupArn: string, target: Target): void;
  /** Resolves when drained. */
  deregisterTarget(targetGroupArn: string, target: Target): Promise<void>;
  targetHealth(targetGroupArn: string, target: Target): TargetHealth;
}

export interface Target {
  ip: string;
  port: number;
}

export type TargetHealth = "initial" | "healthy" | "unhealthy" | "draining" | "unused";

/** What tasks and services need of the rest of the cloud. */
export interface Runtime {
  world: World;
  vpc: Vpc;
  targetGroups: TargetGroups;
  programs: () => Programs;
  hostsFile: string;
  trustDirectory: string;
  /** Roots and volumes of running tasks. */
  tasksDir: string;
  logsDir: string;
  log: (line: string) => void;
}
