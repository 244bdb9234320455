/**
 * What the providers and the local cloud say to each other: JSON over HTTP on the unix socket `paths.cloudSocket`.
 *
 *   PUT    /resources          CloudResource -> 200 {outputs} once AWS would have answered the create or update call
 *   DELETE /resources          {type, id}    -> 204 once gone; 204 also when it never was
 *   GET    /resources?type=T   -> 200 CloudResource[]
 *   GET    /status             -> 200 CloudStatus
 *   POST   /admin/create-user  AdminCreateUser -> 204 (Cognito's AdminCreateUser + AdminSetUserPassword + AdminAddUserToGroup)
 *   POST   /admin/create-issuer ExternalIssuerDeclaration -> 204 (an identity provider outside AWS, declared or changed)
 *
 * A refused call answers 4xx or 5xx with {message}: the words that AWS would use, where it has them.
 */
export interface CloudResource {
  /** Pulumi type token: `aws:lb/listener:Listener`. */
  type: string;
  /** The provider's id; with `type` the key of a resource: a replacement has the same urn and another id. */
  id: string;
  urn: string;
  /** Every property: what the program gave, the defaults and what AWS computes (arn, dnsName...). Secrets in plain. */
  properties: Record<string, unknown>;
}

export interface PutResult {
  /** Properties that only the running thing knows; they replace those of the provider. */
  outputs: Record<string, unknown>;
}

export interface AdminCreateUser {
  userPoolId: string;
  email: string;
  password: string;
  groups: string[];
}

export interface CloudStatus {
  services: ServiceStatus[];
  loadBalancers: { name: string; hosts: string[] }[];
  /** The host names that the internet reaches; all others are known inside the VPC only. */
  publicHosts: string[];
}

export interface TaskStatus {
  id: string;
  /** In the VPC. */
  address: string;
  /** A process that holds its network namespace, by the id that it has inside the local cloud: see inside.ts. */
  networkPid: number;
}

export interface ServiceStatus {
  name: string;
  desiredCount: number;
  runningCount: number;
  /** True when one deployment is left, its tasks run and pass their health checks. */
  steady: boolean;
  /** ARN of the newest deployment's. */
  taskDefinition: string;
  /** Those that run. */
  tasks: TaskStatus[];
  /** The newest things that happened, oldest first, as ECS words its service events. */
  events: string[];
}
