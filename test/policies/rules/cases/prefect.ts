import { authString, type ContainerPiece, containers, gated, nginx, prefect } from "../../support/pieces";
import { built, declare, type Declared, ref } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, soundAlb, soundGateway } from "../support/sound";

const settings = { PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75" };
const database = ["PREFECT_SERVER_DATABASE_HOST", "PREFECT_SERVER_DATABASE_PASSWORD"];
const image = (name: string): Declared[] => soundAlb({ prefect: { image: name } });
/** With Prefect's own authentication, which these versions do not hold. */
const asking = (name: string): Declared[] =>
  soundAlb({ prefect: { image: name, secrets: [...database, ...authString.secrets] } });
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
const autoscaled = (most: number): Declared[] => [
  ...changed(soundAlb(), "service", { name: "prefect" }),
  declare("aws:appautoscaling/target:Target", "scaling", {
    resourceId: built(["service"], "service/cluster/prefect"),
    maxCapacity: most,
    scalableDimension: "ecs:service:DesiredCount",
  }),
];
const conf = (directive: string): string => gated.replace("events {}\nhttp {", `events {}\nhttp {\n${directive}`);
const upstream = (name: string, more: string): string => `upstream ${name} { server 127.0.0.1:4200; ${more} }\n`;

export const prefectCases = {
  "prefect-version-keeps-strangers-out": {
    bad: {
      "a version whose socket takes everybody": {
        stack: asking("prefecthq/prefect:3.6.13-python3.12"),
        says: ["runs Prefect 3.6.13", "CVE-2026-7723", "CVE-2026-7722", "CVE-2026-48710", "Take 3.7.3"],
      },
      "a version with open paths": {
        stack: asking("prefecthq/prefect:3.6.21"),
        says: ["CVE-2026-7722", "CVE-2026-48710"],
      },
      "a version that a Host header fools": {
        stack: asking("docker.io/prefecthq/prefect:3.7.2-python3.11-conda"),
        says: ["below 3.7.3"],
      },
      "Prefect 2": { stack: asking("prefecthq/prefect:2.20.17-python3.11"), says: ["runs Prefect 2.20.17"] },
      "a mirror of the image": {
        stack: asking("123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/prefecthq/prefect:3.1.0"),
        says: ["runs Prefect 3.1.0"],
      },
      "a version with holes where nobody counts on it": {
        stack: image("prefecthq/prefect:3.6.0"),
        says: ["runs Prefect 3.6.0"],
        level: "advisory",
      },
      "a version before its release": {
        stack: asking("prefecthq/prefect:3.7.2.dev3-python3.12"),
        says: ["runs Prefect 3.7.2"],
      },
    },
    good: { "the first without": changed(image("prefecthq/prefect:3.8.3-python3.12"), "service", {}) },
    lookAlikes: {
      "an image of one's own with a low number": image("acme/prefect:1.4.2"),
      "a worker of an old version, which nobody reaches": [...soundAlb(), worker("prefecthq/prefect:3.8.4")],
      "a digest": image(`prefecthq/prefect@sha256:${"0".repeat(64)}`),
    },
    unknown: {
      "the image": {
        stack: changed(soundAlb(), "task", {
          containerDefinitions: built(
            ["database"],
            containers(
              prefect({
                image: "prefecthq/prefect:3.6.0",
                environment: settings,
                secrets: [...database, ...authString.secrets],
              }),
            ),
          ),
        }),
        finished: ["runs Prefect 3.6.0"],
      },
    },
  },
  "prefect-version-is-recent": {
    bad: {
      "a server that redirects past the proxy": {
        stack: image("prefecthq/prefect:3.7.5"),
        says: ["below 3.8.3", "prefect#22405"],
      },
      "a server of a line without a patch": {
        stack: image(`prefecthq/prefect:3.7-python3.12@sha256:${"0".repeat(64)}`),
        says: ["runs Prefect 3.7"],
      },
      "a worker that loses events": {
        stack: [...soundAlb(), worker("prefecthq/prefect:3.8.2")],
        says: ["runs Prefect 3.8.2", "prefect#22812"],
      },
    },
    good: { "the newest": soundAlb(), "the lowest that will do": image("prefecthq/prefect:3.8.3") },
    lookAlikes: { "another image with that number": [...soundAlb(), worker("acme/worker:3.0.1")] },
    unknown: {
      "the image": { stack: changed(soundAlb(), "task", { containerDefinitions: built(["database"], "[]") }) },
    },
  },
  "images-are-fixed": {
    bad: {
      latest: { stack: image("prefecthq/prefect:latest"), says: ['"prefect" (prefecthq/prefect:latest)'] },
      "3-latest": { stack: image("prefecthq/prefect:3-latest"), says: ["3-latest"] },
      "3-python3.12": { stack: image("prefecthq/prefect:3-python3.12"), says: ["3-python3.12"] },
      "no tag": { stack: image("prefecthq/prefect"), says: ["Name a full version or a digest"] },
      "no tag, a registry with a port": {
        stack: image("registry.example.com:5000/prefecthq/prefect"),
        says: ["registry.example.com:5000"],
      },
      "a sidecar's line": {
        stack: soundGateway({ nginx: { image: "nginx:1.30-alpine" } }),
        says: ['"nginx" (nginx:1.30-alpine)'],
      },
      "the sidecar's branch": { stack: soundGateway({ nginx: { image: "nginx:mainline" } }), says: ["mainline"] },
    },
    good: { "full versions": soundGateway(), "a digest": image(`prefecthq/prefect@sha256:${"a1".repeat(32)}`) },
    lookAlikes: {
      "a tag that is a commit": image("acme/prefect:9f86d08"),
      "a tag that is a date": image("acme/prefect:20270131"),
      "latest in a task without Prefect": [
        ...soundAlb(),
        declare("aws:ecs/taskDefinition:TaskDefinition", "shop", {
          family: "shop",
          containerDefinitions: JSON.stringify([{ name: "shop", image: "acme/shop:latest" }]),
        }),
      ],
    },
    unknown: {
      "the image": { stack: changed(soundAlb(), "task", { containerDefinitions: built(["database"], "[]") }) },
    },
  },
  "prefect-auth-string-is-not-empty": {
    bad: {
      "an empty one": {
        stack: withSettings({ PREFECT_SERVER_API_AUTH_STRING: "" }),
        says: ["is empty: an empty credential then passes"],
      },
      blanks: { stack: withSettings({ PREFECT_SERVER_API_AUTH_STRING: "  " }), says: ["is empty"] },
      "an empty one in lower case beside the secret": {
        stack: withSettings({ prefect_server_api_auth_string: "" }, { secrets: [...database, ...authString.secrets] }),
        says: ["prefect_server_api_auth_string of container"],
      },
    },
    good: { none: soundAlb(), "a secret": withSettings({}, { secrets: [...database, ...authString.secrets] }) },
    lookAlikes: { "a client's, empty": withSettings({ PREFECT_API_AUTH_STRING: "" }) },
    unknown: {
      "the task definition": {
        stack: changed(soundAlb(), "task", { containerDefinitions: built(["database"], "[]") }),
      },
    },
  },
  "keep-alive-outlasts-idle-timeout": {
    bad: {
      "Prefect's default behind a load balancer": {
        stack: soundAlb({ prefect: { environment: {} } }),
        says: ["ends idle connections after 5 s", "the load balancer after 60 s"],
      },
      "an idle timeout above it": {
        stack: changed(soundAlb(), "alb", { idleTimeout: 120 }),
        says: ["after 75 s", "after 120 s"],
      },
      "an equal one": { stack: withSettings({ PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "60" }), says: ["after 60 s"] },
      "Prefect's default behind nginx": {
        stack: soundGateway({ prefect: { environment: {} } }),
        says: ["nginx before it after 60 s"],
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
          "may run 2 tasks",
          "set PREFECT_MESSAGING_BROKER",
          "set PREFECT_SERVER_DOCKET_URL",
          "migrates the database",
        ],
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
      "in another spelling": replicas(2, { ...redis, PREFECT_SERVER_DATABASE_MIGRATE_ON_START: "False" }),
    },
    lookAlikes: {
      "several workers": [
        ...soundAlb(),
        worker("prefecthq/prefect:3.8.8"),
        declare("aws:ecs/service:Service", "workers", { taskDefinition: ref("worker"), desiredCount: 5 }),
      ],
      "one that stays one": autoscaled(1),
    },
    unknown: { "how many": { stack: replicas(built(["secret"], "2")), finished: ["may run 2 tasks"] } },
  },
} satisfies Readonly<Record<string, Cases>>;
