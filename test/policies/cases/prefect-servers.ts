import { authString, bare, behindAlb, containers, prefect } from "../support/pieces";
import { built, type Declared, declare } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** What Prefect's containers say: its own auth string, its version, what is not known of them. */

/** Something of which nothing but its port and its health check tells what it is. */
const onDefaultPort = (path: string): Declared[] =>
  behindAlb({
    definitions: containers({ name: "app", image: "acme/orchestrator:1", ports: [4200] }),
    target: { container: "app", port: 4200 },
  }).map((each) =>
    each.name === "tg" ? declare(each.type, each.name, { ...each.inputs, healthCheck: { path } }) : each,
  );

/** Something whose definitions are not known in preview, by whatever name. */
const unknownWeb = (options: Partial<Parameters<typeof behindAlb>[0]>): Declared[] =>
  behindAlb({
    definitions: built(["albGroup"], containers({ name: "web", image: "acme/web:1", ports: [80] })),
    target: { container: "web", port: 80 },
    ...options,
  });

export const prefectServerCases: Cases = {
  "a family called Prefect whose definitions are not known in preview": {
    stack: unknownWeb({ task: { family: "prefect" } }),
    preview: cannotTell("its task definition is not known yet"),
  },
  "a family whose name and definitions are not known in preview": {
    stack: unknownWeb({ task: { family: built(["albGroup"], "web") } }),
  },
  "a service that AWS calls Prefect, whose definitions are not known in preview": {
    stack: unknownWeb({ service: { name: "prefect" } }),
    preview: cannotTell("its task definition is not known yet"),
  },
  "a service tagged Prefect, whose definitions are not known in preview": {
    stack: unknownWeb({ service: { tags: { Name: "prefect" } } }),
    preview: cannotTell("its task definition is not known yet"),
  },
  "Prefect's own auth string": { stack: behindAlb({ definitions: containers(prefect(authString)) }) },
  "an empty auth string": {
    stack: behindAlb({ definitions: containers(prefect({ environment: { PREFECT_SERVER_API_AUTH_STRING: "" } })) }),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is empty"),
  },
  "the client's auth string in place of the server's": {
    stack: behindAlb({ definitions: containers(prefect({ secrets: ["PREFECT_API_AUTH_STRING"] })) }),
    ...reject("is not set on it"),
  },
  "an auth string on a version that ignores it": {
    stack: behindAlb({
      definitions: containers(prefect({ ...authString, image: "prefecthq/prefect:3.1.7-python3.12" })),
    }),
    ...reject("ignores the auth string"),
  },
  "Prefect 2": {
    stack: behindAlb({
      definitions: containers(
        prefect({ ...authString, image: "docker.io/prefecthq/prefect:2.20.1", command: ["prefect", "orion", "start"] }),
      ),
    }),
    ...reject("ignores the auth string"),
  },
  "a worker of the same image": {
    stack: behindAlb({
      definitions: containers(prefect({ command: ["prefect", "worker", "start", "--pool", "p"], ports: [8080] })),
      target: { container: "prefect", port: 8080 },
    }),
  },
  "an image of one's own on Prefect's port whose target group asks for Prefect's health": {
    stack: onDefaultPort("/api/health"),
    ...cannotTell('container "app" is likely a Prefect API server on port 4200'),
  },
  "an image of one's own on Prefect's port whose target group asks for something else": {
    stack: onDefaultPort("/healthz"),
  },
  "an image of one's own called Prefect on another port, which it may set itself": {
    stack: behindAlb({
      definitions: containers({ name: "app", image: "acme/prefect-server:1", ports: [8080] }),
      target: { container: "app", port: 8080 },
    }),
    ...cannotTell('container "app" is sent requests on port 8080, and whether Prefect listens there cannot be seen'),
  },
  "an image of one's own that starts Prefect on a port that it may set itself": {
    stack: behindAlb({
      definitions: containers(prefect({ image: "acme/prefect-server:1", ports: [8080] })),
      target: { container: "prefect", port: 8080 },
    }),
    ...cannotTell('container "prefect" is sent requests on port 8080'),
  },
  "an image of one's own called Prefect on another port, which asks": {
    stack: behindAlb({
      definitions: containers({ name: "app", image: "acme/prefect-server:3.8.8", ports: [8080], ...authString }),
      target: { container: "app", port: 8080 },
    }),
  },
  "the auth string of Prefect's documentation": {
    stack: behindAlb({
      definitions: containers(prefect({ environment: { PREFECT_SERVER_API_AUTH_STRING: "admin:pass" } })),
    }),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is the example of Prefect's documentation"),
  },
  "another application on an open ALB": {
    stack: behindAlb({
      definitions: containers({ name: "web", image: "acme/web:1", ports: [80] }),
      target: { container: "web", port: 80 },
    }),
  },
  "another application whose definitions are not known": {
    stack: behindAlb({
      definitions: built(["albGroup"], containers({ name: "web", image: "acme/web:1", ports: [80] })),
      target: { container: "web", port: 80 },
    }),
  },
  "Prefect whose definitions are not known in preview": {
    stack: behindAlb({ definitions: built(["albGroup"], bare) }),
    ...reject('aws.ecs.Service "service"'),
    preview: {
      cannotTell: ["may reach", 'built from outputs of aws.ec2.SecurityGroup "albGroup"', "secrets[].valueFrom"],
    },
  },
  "Prefect whose definitions hold a generated password that is not known in preview": {
    stack: behindAlb({
      definitions: built(["password"], bare),
      more: [declare("random:index/randomPassword:RandomPassword", "password", { length: 32 })],
    }),
    ...reject('aws.ecs.Service "service"'),
    preview: { cannotTell: ['built from outputs of random.RandomPassword "password"'] },
  },
  "a task definition outside the stack, on Prefect's port": {
    stack: behindAlb({ definitions: bare, service: { taskDefinition: "prefect-server:12" } }).filter(
      ({ name }) => name !== "task",
    ),
    ...cannotTell("may reach", "is not in this stack"),
  },
  "a task definition by its family and revision": {
    stack: behindAlb({ definitions: bare, service: { taskDefinition: built(["task"], "app:7") } }),
    ...reject('container "prefect" is a Prefect API server on port 4200'),
  },
  "an auth string in small letters": {
    stack: behindAlb({ definitions: containers(prefect({ secrets: ["prefect_server_api_auth_string"] })) }),
  },
  "an auth string beside an empty one in small letters": {
    stack: behindAlb({
      definitions: containers(prefect({ ...authString, environment: { prefect_server_api_auth_string: "" } })),
    }),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is empty"),
  },
  "an auth string on an image without a version": {
    stack: behindAlb({ definitions: containers(prefect({ ...authString, image: "acme/prefect-server@sha256:00" })) }),
    ...cannotTell("the Prefect version of its image cannot be seen"),
  },
  "an auth string that the command takes away": {
    stack: behindAlb({
      definitions: containers(
        prefect({
          ...authString,
          entryPoint: ["env", "-u", "PREFECT_SERVER_API_AUTH_STRING"],
        }),
      ),
    }),
    ...reject("its command touches PREFECT_SERVER_API_AUTH_STRING"),
  },
  "an auth string that the command may drop": {
    stack: behindAlb({ definitions: containers(prefect({ ...authString, entryPoint: ["env", "-i"] })) }),
    ...cannotTell("its command may drop its environment"),
  },
};
