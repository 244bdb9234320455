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

const kinds = { instance: instanceType, cluster: clusterType, "cluster instance": clusterInstanceType } as const;
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
  const all = Object.entries(kinds).flatMap(([kind, type]) =>
    graph.ofType([type]).map((resource) => ({ resource, kind: kind as Database["kind"] })),
  );
  return all.flatMap(({ resource, kind }) => {
    const engine = property(resource, "engine").word();
    const isCopy = sources.some((name) => !property(resource, name).isOmitted);
    // A replica takes its engine from its source as well.
    const mayBe = engine === undefined ? isCopy : engine.includes("postgres");
    return mayBe ? [{ resource, kind, isCopy }] : [];
  });
}
