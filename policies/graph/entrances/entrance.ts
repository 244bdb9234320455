import type { Relay } from "../relays/relay";
import type { Graph, Resource } from "../model";
import type { SecurityGroups } from "../security-groups";
import type { Target, Workload } from "../tasks";

/** One step of the way from the internet inward, and why it does not authenticate. */
export interface Hop {
  readonly resource: Resource | undefined;
  readonly note: string;
}

/** Requests that nobody has authenticated, arriving at a port of a workload's tasks. */
export interface Arrival {
  readonly workload: Workload;
  /** What the service itself declares of this way in; undefined where it comes straight to the task's address. */
  readonly target: Pick<Target, "containerName"> | undefined;
  /** Of the container. Undefined: any port, or one that is not known. */
  readonly port: number | undefined;
  readonly hops: readonly Hop[];
  /** False where some value on the way is not known and was taken at its worst. */
  readonly certain: boolean;
  /** The smallest edit that closes this way in. */
  readonly fix: string;
  /** Something on the way answers Prefect's own question for strangers. */
  readonly addsCredential?: boolean;
  /** It comes by the loopback of the task. */
  readonly onLoopback?: boolean;
}

/** What every kind of entrance is found in. */
export interface World {
  readonly graph: Graph;
  readonly securityGroups: SecurityGroups;
  readonly workloads: readonly Workload[];
  /** What passes strangers' requests on, as far as it is found yet. */
  readonly relays: readonly Relay[];
}

/** A kind of entrance: all unauthenticated arrivals that come through it. */
export type Entrance = (world: World) => Arrival[];
