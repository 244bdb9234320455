import { authString, type ContainerPiece, containers, forward, prefect } from "../../support/pieces";
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
const worker = (name: string): Declared =>
  declare("aws:ecs/taskDefinition:TaskDefinition", "worker", {
    family: "worker",
    containerDefinitions: JSON.stringify([{ name: "worker", image: name, command: ["prefect", "worker", "start"] }]),
  });

/** A worker that nobody reaches. */
const express = (container: Record<string, unknown>): Declared =>
  declare("aws:ecs/expressGatewayService:ExpressGatewayService", "express", {
    primaryContainer: { commands: ["prefect", "worker", "start"], containerPort: 8080, ...container },
    networkConfigurations: [{ securityGroups: [ref("taskGroup", "id")] }],
  });

export const prefectCases = {
  "prefect-version-keeps-strangers-out": {
    bad: {
      "a version whose socket takes everybody": {
        stack: asking("prefecthq/prefect:3.6.13-python3.12"),
        says: [
          'Container "prefect" runs Prefect 3.6.13: below 3.6.14, its socket',
          "(CVE-2026-7723); below 3.6.22, every path",
          "(CVE-2026-7722); below 3.7.3, a made-up",
          "(starlette, CVE-2026-48710). Take 3.7.3 or later.",
        ],
        of: "task",
      },
      "an old version in each of two servers": {
        stack: [
          ...asking("prefecthq/prefect:3.6.21"),
          declare("aws:ecs/taskDefinition:TaskDefinition", "secondTask", {
            family: "second",
            containerDefinitions: containers(
              prefect({
                image: "prefecthq/prefect:3.6.21",
                environment: settings,
                secrets: [...database, ...authString.secrets],
              }),
            ),
          }),
          declare("aws:ecs/service:Service", "second", { taskDefinition: ref("secondTask"), desiredCount: 1 }),
        ],
        says: ["runs Prefect 3.6.21"],
        count: 2,
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
    refused: {
      "a version that does not ask where the internet comes in": changed(asking("prefecthq/prefect:3.1.0"), "https", {
        defaultActions: [forward],
      }),
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
        says: [
          'Container "prefect" runs Prefect 3.7.5, below 3.8.3: below 3.7.7, the UI redirects',
          "(prefect#22405); below 3.8.3, clients lose",
          "(prefect#22812). Take 3.8.3 or later.",
        ],
        of: "task",
      },
      "a worker as old as a server with holes": {
        stack: [...soundAlb(), worker("prefecthq/prefect:3.6.0")],
        says: ['Container "worker" runs Prefect 3.6.0, below 3.8.3: below 3.7.4'],
        of: "worker",
      },
      "a worker in the server's task": {
        stack: soundAlb({
          beside: [
            { name: "worker", image: "prefecthq/prefect-client:3.4.7", command: ["prefect", "worker", "start"] },
          ],
        }),
        says: ["runs Prefect 3.4.7, below 3.8.3: below 3.4.8, clients cannot send headers"],
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
      latest: {
        stack: image("prefecthq/prefect:latest"),
        says: [
          'Images that may change under it: "prefect" (prefecthq/prefect:latest). Name a full version or a digest.',
        ],
        of: "task",
      },
      "two of them": {
        stack: soundAlb({
          prefect: { image: "prefecthq/prefect:3-latest" },
          beside: [{ name: "beside", image: "acme/beside:edge" }],
        }),
        says: ['"prefect" (prefecthq/prefect:3-latest), "beside" (acme/beside:edge). Name'],
      },
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
      "the image of an Express service": {
        stack: [...soundAlb(), express({ image: built(["database"], "prefecthq/prefect:latest") })],
        finished: ['"Main" (prefecthq/prefect:latest)'],
      },
    },
  },
  "prefect-auth-string-is-not-empty": {
    bad: {
      "an empty one": {
        stack: withSettings({ PREFECT_SERVER_API_AUTH_STRING: "" }),
        says: ['PREFECT_SERVER_API_AUTH_STRING of container "prefect" is empty: an empty credential then passes.'],
        of: "task",
      },
      blanks: { stack: withSettings({ PREFECT_SERVER_API_AUTH_STRING: "  " }), says: ["is empty"] },
      "an empty one in lower case beside the secret": {
        stack: withSettings({ prefect_server_api_auth_string: "" }, { secrets: [...database, ...authString.secrets] }),
        says: ["prefect_server_api_auth_string of container"],
      },
      "two empty ones": {
        stack: withSettings({ PREFECT_SERVER_API_AUTH_STRING: "", prefect_server_api_auth_string: "" }),
        says: ["PREFECT_SERVER_API_AUTH_STRING, prefect_server_api_auth_string of container"],
      },
    },
    good: { none: soundAlb(), "a secret": withSettings({}, { secrets: [...database, ...authString.secrets] }) },
    lookAlikes: { "a client's, empty": withSettings({ PREFECT_API_AUTH_STRING: "" }) },
    unknown: {
      "the task definition": {
        stack: changed(soundAlb(), "task", { containerDefinitions: built(["database"], "[]") }),
      },
    },
    refused: {
      "an empty one where the internet comes in": changed(
        withSettings({ PREFECT_SERVER_API_AUTH_STRING: "" }),
        "https",
        { defaultActions: [forward] },
      ),
    },
  },
} satisfies Readonly<Record<string, Cases>>;
