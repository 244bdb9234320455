import { label, property, type Resource } from "../graph/model";
import { types } from "../graph/types";
import { isOff, setting } from "../support/prefect-settings";
import type { PrefectStack, Server } from "../support/prefect-stack";
import type { Rule } from "../support/rule";

const autoscaling = ["aws:appautoscaling/target:Target"];

/** Settings whose default is the memory of one process, or its disk (prefect/settings/models/server). */
const shared: readonly (readonly [names: readonly string[], alone: RegExp, what: string])[] = [
  [
    ["PREFECT_SERVER_EVENTS_MESSAGING_BROKER", "PREFECT_MESSAGING_BROKER"],
    /\.memory$/,
    "events (prefect_redis.messaging)",
  ],
  [
    ["PREFECT_SERVER_EVENTS_MESSAGING_CACHE", "PREFECT_MESSAGING_CACHE"],
    /\.memory$/,
    "the events' cache (prefect_redis.messaging)",
  ],
  [["PREFECT_SERVER_EVENTS_CAUSAL_ORDERING"], /\.memory$/, "the events' order (prefect_redis.ordering)"],
  [
    ["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"],
    /\.(?:memory|filesystem)$/,
    "concurrency leases (prefect_redis.lease_storage)",
  ],
  [["PREFECT_SERVER_DOCKET_URL"], /^memory:/, "background services (redis://...)"],
];

/** Prefect's guide "How to scale self-hosted Prefect". */
export const replicasShareTheirState: Rule = {
  name: "replicas-share-their-state",
  description: "Several replicas of a Prefect server share PostgreSQL and Redis, and migrate the database apart.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps:
    "Set the variables that the message names to Redis, PREFECT_API_DATABASE_MIGRATE_ON_START to false, and run prefect server database upgrade before the deployment.",
  find: (stack) =>
    stack.servers.flatMap(({ workload, container }) => {
      const count = replicasOf(stack, workload.service);
      if (count <= 1) return [];
      const alone = [...databaseProblems({ workload, container }), ...memoryProblems({ workload, container })];
      const message = `Its service ${label(workload.service)} may run ${count} tasks of container ${JSON.stringify(container.name)}: ${alone.join("; ")}.`;
      return alone.length > 0 ? [{ message, resource: workload.definition ?? workload.service }] : [];
    }),
};

/** The most that may run, as far as it is known: what is wished for, or what autoscaling may make of it. */
function replicasOf({ world: { graph } }: PrefectStack, service: Resource): number {
  const targets = graph.ofType(autoscaling).filter((target) => {
    const scaled = property(target, "resourceId");
    // `service/CLUSTER/NAME`
    const [, , name = ""] = scaled.text()?.split("/") ?? [];
    return [...graph.named(name, types.ecsService), ...graph.referred(scaled, types.ecsService)].includes(service);
  });
  const counts = [property(service, "desiredCount"), ...targets.map((target) => property(target, "maxCapacity"))];
  return Math.max(...counts.map((count) => count.integer() ?? 0));
}

function databaseProblems({ container }: Server): string[] {
  const url = setting(container, "PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL");
  const host = setting(container, "PREFECT_SERVER_DATABASE_HOST", "PREFECT_API_DATABASE_HOST");
  const migrates = setting(
    container,
    "PREFECT_SERVER_DATABASE_MIGRATE_ON_START",
    "PREFECT_API_DATABASE_MIGRATE_ON_START",
  );
  const own = url.isSet ? /^sqlite/i.test(url.value ?? "") : !host.isSet;
  const off = migrates.isSet && (migrates.value === undefined || isOff(migrates.value));
  return [
    ...(own ? ["each has a SQLite database of its own"] : []),
    ...(off ? [] : ["each migrates the database at its start (PREFECT_API_DATABASE_MIGRATE_ON_START is not false)"]),
  ];
}

function memoryProblems({ container }: Server): string[] {
  const alone = shared.filter(([names, memory]) => {
    const { isSet, value } = setting(container, ...names);
    return !isSet || memory.test(value ?? "");
  });
  return alone.map(([names, , what]) => `each keeps for itself ${what}: set ${names.at(-1) ?? ""}`);
}
