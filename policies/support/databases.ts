import { property, type Resource } from "../graph/model";
import type { PrefectStack } from "./prefect-stack";

const instanceType = "aws:rds/instance:Instance";
const clusterType = "aws:rds/cluster:Cluster";
const clusterInstanceType = "aws:rds/clusterInstance:ClusterInstance";

/** A database that may be Prefect's. */
export interface Database {
  readonly resource: Resource;
  readonly kind: "instance" | "cluster" | "cluster instance";
  /** It takes its data, and most of its settings, from another database or a snapshot. */
  readonly isCopy: boolean;
}

const kinds: Readonly<Record<string, Database["kind"]>> = {
  [instanceType]: "instance",
  [clusterType]: "cluster",
  [clusterInstanceType]: "cluster instance",
};
const sources = [
  "replicateSourceDb",
  "replicationSourceIdentifier",
  "snapshotIdentifier",
  "restoreToPointInTime",
  "globalClusterIdentifier",
];

/** PostgreSQL databases of a stack with a Prefect server: Prefect knows no other that several processes can share. */
export function databasesOf({ world: { graph }, workloads }: PrefectStack): Database[] {
  if (workloads.length === 0) return [];
  return graph.ofType(Object.keys(kinds)).flatMap((resource) => {
    const kind = kinds[resource.type];
    const engine = property(resource, "engine").word();
    const isCopy = sources.some((name) => !property(resource, name).isOmitted);
    // A replica takes its engine from its source as well.
    const mayBe = engine === undefined ? isCopy : engine.includes("postgres");
    return kind !== undefined && mayBe ? [{ resource, kind, isCopy }] : [];
  });
}
