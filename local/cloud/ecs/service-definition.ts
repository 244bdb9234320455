import type { CloudResource } from "../contract";

/** A service as it was asked for, with ECS's defaults. */
export interface ServiceDefinition {
  arn: string;
  name: string;
  desiredCount: number;
  taskDefinitionArn: string;
  subnetIds: string[];
  /** Default: the default group of the VPC */
  securityGroupIds: string[] | undefined;
  loadBalancers: { targetGroupArn: string; containerName: string; containerPort: number }[];
  minimumHealthyPercent: number;
  maximumPercent: number;
  /** Seconds. */
  healthCheckGracePeriod: number;
  circuitBreaker: { enable: boolean; rollback: boolean };
  forceNewDeployment: boolean;
  waitForSteadyState: boolean;
}

/** @throws Error in ECS's words when CreateService would refuse it */
export function readService({ properties: given, id }: CloudResource): ServiceDefinition {
  const network = (given.networkConfiguration ?? {}) as { subnets?: string[]; securityGroups?: string[] };
  if (!network.subnets?.length) {
    throw new Error(
      "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    );
  }
  const breaker = (given.deploymentCircuitBreaker ?? {}) as { enable?: boolean; rollback?: boolean };
  return {
    arn: String(given.arn ?? id),
    name: String(given.name),
    desiredCount: Number(given.desiredCount ?? 0),
    taskDefinitionArn: String(given.taskDefinition),
    subnetIds: network.subnets,
    securityGroupIds: network.securityGroups,
    loadBalancers: (given.loadBalancers ?? []) as ServiceDefinition["loadBalancers"],
    minimumHealthyPercent: Number(given.deploymentMinimumHealthyPercent ?? 100),
    maximumPercent: Number(given.deploymentMaximumPercent ?? 200),
    healthCheckGracePeriod: Number(given.healthCheckGracePeriodSeconds ?? 0),
    circuitBreaker: { enable: breaker.enable ?? false, rollback: breaker.rollback ?? false },
    forceNewDeployment: given.forceNewDeployment === true,
    waitForSteadyState: given.waitForSteadyState === true,
  };
}

/** What a change of starts a new deployment (ECS API, UpdateService). */
export function deploymentInputs(service: ServiceDefinition): string {
  const { taskDefinitionArn, subnetIds, securityGroupIds, loadBalancers } = service;
  return JSON.stringify({ taskDefinitionArn, subnetIds, securityGroupIds, loadBalancers });
}
