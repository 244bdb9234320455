import { type ContainerPiece, containers, gated, nginx, prefect } from "../../support/pieces";
import { built, declare, type Declared, ref } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, soundAlb, soundGateway, soundNetwork } from "../support/sound";

const settings = { PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75" };
const database = ["PREFECT_SERVER_DATABASE_HOST", "PREFECT_SERVER_DATABASE_PASSWORD"];
const withSettings = (environment: Record<string, string>, more: Partial<ContainerPiece> = {}): Declared[] =>
  soundAlb({ prefect: { environment: { ...settings, ...environment }, ...more } });
const replicas = (count: unknown, environment: Record<string, string> = {}): Declared[] =>
  changed(withSettings(environment), "service", { desiredCount: count });
const redis = {
  PREFECT_MESSAGING_BROKER: "prefect_redis.messaging",
  PREFECT_MESSAGING_CACHE: "prefect_redis.messaging",
  PREFECT_SERVER_EVENTS_CAUSAL_ORDERING: "prefect_redis.ordering",
  PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE: "prefect_redis.lease_storage",
  PREFECT_SERVER_DOCKET_URL: "redis://redis:6379/1",
};
const apart = { PREFECT_API_DATABASE_MIGRATE_ON_START: "false" };
const worker = (name: string): Declared =>
  declare("aws:ecs/taskDefinition:TaskDefinition", "worker", {
    family: "worker",
    containerDefinitions: JSON.stringify([{ name: "worker", image: name, command: ["prefect", "worker", "start"] }]),
  });
const target = (resourceId: unknown, maxCapacity: number): Declared =>
  declare("aws:appautoscaling/target:Target", `scaling${maxCapacity}`, {
    ...{ resourceId, maxCapacity, scalableDimension: "ecs:service:DesiredCount" },
  });
const autoscaled = (most: number): Declared[] => [
  ...changed(soundAlb(), "service", { name: "prefect" }),
  target(built(["service"], "service/cluster/prefect"), most),
];
const conf = (directive: string): string => gated.replace("events {}\nhttp {", `events {}\nhttp {\n${directive}`);
const upstream = (name: string, more: string): string => `upstream ${name} { server 127.0.0.1:4200; ${more} }\n`;

export const scalingCases = {
  "keep-alive-outlasts-idle-timeout": {
    bad: {
      "Prefect's default behind a load balancer": {
        stack: soundAlb({ prefect: { environment: {} } }),
        says: [
          'Container "prefect" ends idle connections after 5 s (PREFECT_SERVER_API_KEEPALIVE_TIMEOUT), the load balancer after 60 s. Set more than 60.',
        ],
        of: "task",
      },
      "the shorter of two servers' behind a load balancer": {
        stack: [
          ...soundAlb({ prefect: { environment: {} } }),
          declare("aws:ecs/taskDefinition:TaskDefinition", "secondTask", {
            family: "second",
            containerDefinitions: containers(prefect({ environment: settings, secrets: database })),
          }),
          declare("aws:ecs/service:Service", "second", { taskDefinition: ref("secondTask"), desiredCount: 1 }),
        ],
        says: ["after 5 s", "the load balancer after 60 s"],
      },
      "two load balancers with timeouts of their own": {
        stack: [
          ...changed(withSettings({ PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "30" }), "service", {
            loadBalancers: ["tg", "innerTg"].map((name) => ({
              ...{ targetGroupArn: ref(name), containerName: "prefect", containerPort: 4200 },
            })),
          }),
          declare("aws:lb/loadBalancer:LoadBalancer", "inner", {
            ...{ internal: true, securityGroups: [ref("albGroup", "id")], dropInvalidHeaderFields: true },
            idleTimeout: 90,
          }),
          declare("aws:lb/targetGroup:TargetGroup", "innerTg", { port: 4200, protocol: "HTTP", targetType: "ip" }),
          declare("aws:lb/listener:Listener", "innerHttp", {
            ...{ loadBalancerArn: ref("inner"), port: 80, protocol: "HTTP" },
            defaultActions: [{ type: "forward", targetGroupArn: ref("innerTg") }],
          }),
        ],
        says: ["ends idle connections after 30 s"],
        count: 2,
      },
      "an idle timeout above it": {
        stack: changed(soundAlb(), "alb", { idleTimeout: 120 }),
        says: ["after 75 s", "after 120 s"],
      },
      "an equal one": { stack: withSettings({ PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "60" }), says: ["after 60 s"] },
      "Prefect's default behind nginx": {
        stack: soundGateway({ prefect: { environment: {} } }),
        says: ["(PREFECT_SERVER_API_KEEPALIVE_TIMEOUT), nginx before it after 60 s. Set more than 60."],
        of: "task",
      },
      "as long as nginx waits": {
        stack: soundGateway({ prefect: { environment: { PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "60" } } }),
        says: ["after 60 s (PREFECT_SERVER_API_KEEPALIVE_TIMEOUT), nginx before it after 60 s"],
      },
      "nginx's default below the load balancer's": {
        stack: changed(soundGateway(), "alb", { idleTimeout: 90 }),
        says: ['Container "nginx" ends idle connections after 75 s (keepalive_timeout), the load balancer after 90 s'],
      },
      "nginx that hangs up early": {
        stack: soundGateway({ conf: conf("keepalive_timeout 1m 30s;") }),
        says: ["after 60 s (keepalive_timeout)"],
      },
      "an old nginx that keeps connections to an upstream": {
        stack: soundGateway({
          prefect: { environment: {} },
          nginx: nginx(conf(`${upstream("a", "")}${upstream("b", "keepalive 8; keepalive_timeout 20s;")}`), {
            image: "nginx:1.28.0-alpine",
          }),
        }),
        says: ["nginx before it after 20 s"],
      },
    },
    good: {
      "above all defaults": soundAlb(),
      "a gateway above all defaults": soundGateway(),
      "in another spelling": soundAlb({ prefect: { environment: { prefect_server_api_keepalive_timeout: "75" } } }),
    },
    lookAlikes: {
      "nginx that hangs up early on a network load balancer": soundNetwork({ conf: conf("keepalive_timeout 30s;") }),
      "a timeout that cannot be read": withSettings({ PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "1_000" }),
      "a load balancer that ends first": changed(soundAlb({ prefect: { environment: {} } }), "alb", { idleTimeout: 4 }),
      "an nginx that keeps no connections to Prefect": soundGateway({
        prefect: { environment: {} },
        nginx: nginx(gated, { image: "nginx:1.28.0-alpine" }),
      }),
      "an upstream without it": soundGateway({
        prefect: { environment: {} },
        nginx: nginx(conf(upstream("a", "")), { image: "nginx:1.28.0-alpine" }),
      }),
      "a secret that holds it": withSettings(
        {},
        { environment: {}, secrets: [...database, "PREFECT_SERVER_API_KEEPALIVE_TIMEOUT"] },
      ),
    },
    unknown: {
      "to which container it leads": {
        stack: changed(soundAlb({ prefect: { environment: {} } }), "service", {
          loadBalancers: [
            { targetGroupArn: ref("tg"), containerName: built(["secret"], "prefect"), containerPort: 4200 },
          ],
        }),
        finished: ["after 5 s"],
      },
      "the idle timeout": {
        stack: changed(soundAlb(), "alb", { idleTimeout: built(["secret"], "300") }),
        finished: ["after 300 s"],
      },
    },
  },
  "replicas-share-their-state": {
    bad: {
      "two without Redis": {
        stack: replicas(2),
        says: [
          'Its service aws.ecs.Service "service" may run 2 tasks of container "prefect": each migrates the database at its start (PREFECT_API_DATABASE_MIGRATE_ON_START is not false); each keeps for itself events',
          "set PREFECT_MESSAGING_BROKER; each keeps for itself the events' cache",
          "set PREFECT_MESSAGING_CACHE;",
          "set PREFECT_SERVER_EVENTS_CAUSAL_ORDERING;",
          "set PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE;",
          "background services (redis://...): set PREFECT_SERVER_DOCKET_URL.",
        ],
        of: "task",
      },
      ...Object.fromEntries(
        Object.entries({
          PREFECT_MESSAGING_BROKER: "prefect.server.utilities.messaging.memory",
          PREFECT_MESSAGING_CACHE: "prefect.server.utilities.messaging.memory",
          PREFECT_SERVER_EVENTS_CAUSAL_ORDERING: "prefect.server.events.ordering.memory",
          PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE: "prefect.server.concurrency.lease_storage.filesystem",
        }).map(([name, value]) => [
          `two whose ${name} is one process's`,
          {
            stack: replicas(2, { ...redis, ...apart, [name]: value }),
            says: [`"prefect": each keeps for itself`, name],
          },
        ]),
      ),
      ...Object.fromEntries(
        ["true", "on", "1"].map((value) => [
          `two that migrate by ${value}`,
          {
            stack: replicas(2, { ...redis, PREFECT_API_DATABASE_MIGRATE_ON_START: value }),
            says: ['"prefect": each migrates the database at its start'],
          },
        ]),
      ),
      "two with SQLite by its address": {
        stack: replicas(2, {
          ...{ ...redis, ...apart },
          PREFECT_API_DATABASE_CONNECTION_URL: "sqlite+aiosqlite:////data/prefect.db",
        }),
        says: ["a SQLite database of its own"],
      },
      "one that autoscaling by its name may make four": {
        stack: [
          ...changed(soundAlb(), "service", { name: "prefect" }),
          target("service/main/prefect", 4),
          target("service/main/shop", 9),
        ],
        says: ["may run 4 tasks"],
      },
      "one whose name AWS gives that may become four": {
        stack: [
          ...soundAlb(),
          target(built(["name"], "service/main/name:service"), 4),
          declare("aws:ssm/parameter:Parameter", "name", { type: "String", value: ref("service", "name") }),
        ],
        says: ["may run 4 tasks"],
      },
      "three that migrate at their start": {
        stack: replicas(3, redis),
        says: ["each migrates the database at its start"],
      },
      "two with background services of their own": {
        stack: replicas(2, { ...redis, ...apart, PREFECT_SERVER_DOCKET_URL: "memory://" }),
        says: ["background services"],
      },
      "two with SQLite": {
        stack: changed(
          soundAlb({ prefect: { environment: { ...settings, ...redis, ...apart }, secrets: [] } }),
          "service",
          { desiredCount: 2 },
        ),
        says: ["a SQLite database of its own"],
      },
      "one that may become four": { stack: autoscaled(4), says: ["may run 4 tasks"] },
    },
    good: {
      one: soundAlb(),
      "two that share": replicas(2, { ...redis, ...apart }),
      ...Object.fromEntries(
        ["0", "f", "False", "n", "no", "OFF"].map((value) => [
          `two that do not migrate by ${value}`,
          replicas(2, { ...redis, PREFECT_SERVER_DATABASE_MIGRATE_ON_START: value }),
        ]),
      ),
      "two by the settings' full names": replicas(2, {
        ...apart,
        PREFECT_SERVER_EVENTS_MESSAGING_BROKER: "prefect_redis.messaging",
        PREFECT_SERVER_EVENTS_MESSAGING_CACHE: "prefect_redis.messaging",
        PREFECT_SERVER_EVENTS_CAUSAL_ORDERING: "prefect_redis.ordering",
        PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE: "prefect_redis.lease_storage",
        PREFECT_SERVER_DOCKET_URL: "redis://redis:6379/1",
      }),
      "two whose migration a secret decides": changed(
        withSettings(redis, { secrets: [...database, "PREFECT_API_DATABASE_MIGRATE_ON_START"] }),
        "service",
        { desiredCount: 2 },
      ),
      ...Object.fromEntries(
        [
          "PREFECT_SERVER_DATABASE_CONNECTION_URL",
          "PREFECT_API_DATABASE_CONNECTION_URL",
          "PREFECT_API_DATABASE_HOST",
        ].map((name) => [
          `two whose database ${name} names`,
          changed(withSettings({ ...redis, ...apart }, { secrets: [name] }), "service", { desiredCount: 2 }),
        ]),
      ),
    },
    lookAlikes: {
      "several workers": [
        ...soundAlb(),
        worker("prefecthq/prefect:3.8.8"),
        declare("aws:ecs/service:Service", "workers", { taskDefinition: ref("worker"), desiredCount: 5 }),
      ],
      "one that stays one": autoscaled(1),
      "one beside a service that is scaled": [
        ...changed(soundAlb(), "service", { name: "prefect" }),
        target("service/main/shop", 5),
        target("service/main", 6),
      ],
      "two with databases and modules whose names say memory": replicas(2, {
        ...apart,
        PREFECT_API_DATABASE_CONNECTION_URL: "postgresql+asyncpg://prefect@db/sqlite_import",
        PREFECT_MESSAGING_BROKER: "acme.memorydb.messaging",
        PREFECT_MESSAGING_CACHE: "acme.memorydb.messaging",
        PREFECT_SERVER_EVENTS_CAUSAL_ORDERING: "acme.memorydb.ordering",
        PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE: "acme.memorydb.leases",
        PREFECT_SERVER_DOCKET_URL: "redis://memory:6379/1",
      }),
    },
    unknown: { "how many": { stack: replicas(built(["secret"], "2")), finished: ["may run 2 tasks"] } },
  },
} satisfies Readonly<Record<string, Cases>>;
