import assert from "node:assert/strict";
import { property } from "../../policies/graph/model";
import {
  isServer,
  listening,
  looksLikePrefect,
  servesNobody,
  startsPrefectAlone,
  whyOpen,
} from "../../policies/graph/prefect";
import { type Container, placedElsewhere, type Target, type Workload } from "../../policies/graph/tasks";
import { container as containerOf } from "./support/containers";
import { graphOf } from "./support/kubernetes";
import { declare } from "./support/stack";

/** What the pack takes containers for. */

const container = (more: Partial<Container> = {}): Container =>
  containerOf({ name: "web", image: "acme/web:1", ...more });
const [resource] = graphOf(declare("aws:ecs/service:Service", "app", {})).resources;
assert.ok(resource);
const service = resource;
const workload = (...targets: Partial<Target>[]): Workload =>
  placedElsewhere({
    service,
    containers: [],
    document: { name: "containers", property: "containers", fix: "" },
    targets: targets.map((target) => ({
      targetGroup: property(service, "none"),
      containerName: undefined,
      containerPort: undefined,
      ...target,
    })),
  });
const variables = (given: Record<string, string | undefined>): Map<string, string | undefined> =>
  new Map(Object.entries(given));
const words = (command: string): string[] => command.split(" ");
const start = words("prefect server start");
const official = "prefecthq/prefect:3.8.8-python3.12";

describe("a container", () => {
  type Kind = ReturnType<typeof isServer>;
  const kinds: Record<string, [Partial<Container>, Kind, ...Partial<Target>[]]> = {
    "that starts Prefect": [{ words: start }, "yes"],
    "that starts Prefect 2": [{ words: words("prefect  orion  start") }, "yes"],
    "that starts Prefect's application": [{ words: words("uvicorn prefect.server.api.server:create_app") }, "yes"],
    "that starts Prefect 2's application": [{ words: words("uvicorn prefect.orion.api.server:app") }, "yes"],
    "that starts another's server": [{ words: words("web server start") }, "no"],
    "of Prefect's image that starts a server": [{ image: official, words: words("server start") }, "yes"],
    "called Orion that starts a server": [{ name: "orion", words: words("server start") }, "yes"],
    "of Prefect's variables that starts a server": [
      { words: words("server start"), environment: variables({ PREFECT_SERVER_API_PORT: "80" }) },
      "yes",
    ],
    "that starts a worker and then Prefect": [{ words: words("prefect worker start & prefect server start") }, "yes"],
    "that starts a worker": [{ image: official, words: words("prefect worker  start") }, "no", { containerPort: 4200 }],
    "that starts an agent": [{ image: official, words: words("prefect agent start") }, "no", {}],
    "that runs a flow": [{ image: official, words: words("prefect flow-run  execute") }, "no", {}],
    "that runs a flow of Prefect 2": [{ image: official, words: words("python -m prefect.engine") }, "no", {}],
    "that runs Prefect's services": [{ image: official, words: words("prefect server  services start") }, "no", {}],
    "that migrates Prefect's database": [
      { image: official, words: words("prefect server database upgrade") },
      "no",
      {},
    ],
    "of Prefect's image alone": [{ image: official }, "no"],
    "of Prefect's image behind a target group": [{ image: official }, "yes", {}],
    "of Prefect's image behind a target group of its own": [{ image: official }, "yes", { containerName: "web" }],
    "of Prefect's image beside one behind a target group": [{ image: official }, "no", { containerName: "other" }],
    "of Prefect's image on Prefect's port": [{ image: official, ports: [4200] }, "yes"],
    "of Prefect's image on another port": [{ image: official, ports: [8080] }, "no"],
    "of Prefect's image with a port in its variables": [
      { image: official, environment: variables({ prefect_server_api_port: "8080" }) },
      "yes",
    ],
    "of Prefect's image with settings of a server": [
      { image: official, environment: variables({ prefect_ui_enabled: "true" }) },
      "yes",
    ],
    "of Prefect's image with settings of a client": [
      { image: official, environment: variables({ PREFECT_API_URL: "http://prefect:4200/api" }) },
      "no",
    ],
    "of Prefect's image with a script": [{ image: official, words: ["/start.sh"] }, "likely", {}],
    "of Prefect's image by digest": [{ image: "docker.io/prefecthq/prefect@sha256:00" }, "yes", {}],
    "of Prefect's image without a tag": [{ image: "mirror/prefecthq/prefect" }, "yes", {}],
    "of an image that ends like Prefect's": [{ image: "xprefecthq/prefect:1", words: ["/x"] }, "no"],
    "of an image that begins like Prefect's": [{ image: "prefecthq/prefect-x:1", words: ["/x"] }, "no"],
    "whose variable starts Prefect": [{ environment: variables({ START: "prefect server start" }) }, "likely"],
    "whose variable is not known": [{ environment: variables({ START: undefined }) }, "no"],
    "whose secret is a setting of a server": [{ secrets: new Set(["PREFECT_API_DATABASE_CONNECTION_URL"]) }, "likely"],
    "with a setting of Prefect's services": [
      { secrets: new Set(["PREFECT_API_SERVICES_SCHEDULER_ENABLED"]) },
      "likely",
    ],
    "with a setting of Prefect 2": [{ secrets: new Set(["PREFECT_ORION_DATABASE_CONNECTION_URL"]) }, "likely"],
    "with an auth string alone": [{ secrets: new Set(["PREFECT_SERVER_API_AUTH_STRING"]) }, "no"],
    "with a setting that workers read too": [
      { environment: variables({ PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: "false" }) },
      "no",
    ],
    "with a setting that has a setting's name in it": [
      { environment: variables({ MY_PREFECT_UI_ENABLED: "true" }) },
      "no",
    ],
    "called Prefect": [{ name: "prefect" }, "no"],
    "called Prefect on another port": [{ name: "prefect", ports: [8080] }, "no"],
    "called Prefect on Prefect's port": [{ name: "prefect", ports: [4200] }, "likely"],
    "called Prefect behind a target group": [{ name: "prefect" }, "likely", {}],
    "called Prefect with a command that is not known": [{ name: "prefect", words: undefined }, "likely"],
    "of an image called Orion on Prefect's port": [{ image: "acme/orion:1", ports: [4200] }, "likely"],
    "that a target group sends to Prefect's port": [{ image: undefined }, "likely", { containerPort: 4200 }],
    "that a target group sends to another port": [{ image: undefined }, "no", { containerPort: 80 }],
    "of an image that is not known on Prefect's port": [{ image: undefined, ports: [4200] }, "likely"],
    "of an image of one's own on Prefect's port": [{ ports: [4200] }, "no"],
    "on Prefect's port that starts a server": [{ ports: [4200], words: words("run server start") }, "likely"],
    "on Prefect's port with its health": [{ ports: [4200], healthCheck: "curl :4200/api/health" }, "likely"],
    "on Prefect's port with its readiness": [{ ports: [4200], healthCheck: "curl :4200/api/ready" }, "likely"],
    "on Prefect's port with another's health": [{ ports: [4200], healthCheck: "curl :4200/api/healthz" }, "no"],
    "with Prefect's health on another port": [{ ports: [8080], healthCheck: "curl :4200/api/health" }, "no"],
    "on Prefect's port whose target group asks for its health": [
      { ports: [4200] },
      "likely",
      { healthPaths: ["/", "/api/health"] },
    ],
    "on Prefect's port beside one whose target group asks for its health": [
      { ports: [4200] },
      "no",
      { containerName: "other", healthPaths: ["/api/health"] },
    ],
    ...Object.fromEntries(
      [
        ...["nginx", "nginxinc/nginx-unprivileged:1", "quay.io/oauth2-proxy/oauth2-proxy:v7", "envoy:1", "haproxy:3"],
        ...[
          "traefik:3",
          "caddy:2",
          "redis@sha256:00",
          "valkey:8",
          "postgres:17",
          "busybox",
          "prefecthq/prefect-client:3",
        ],
        ...["aws-for-fluent-bit:2", "aws-xray-daemon:3", "aws-otel-collector:1"],
      ].map((image): [string, [Partial<Container>, Kind, Partial<Target>]] => [
        `of ${image}, called Prefect on its port`,
        [{ name: "prefect", image, ports: [4200] }, "no", { containerPort: 4200 }],
      ]),
    ),
    "of an image that ends like nginx, called Prefect": [{ name: "prefect", image: "mynginx:1" }, "likely", {}],
    "of an image that begins like nginx, called Prefect": [{ name: "prefect", image: "nginx-x:1" }, "likely", {}],
  };
  for (const [name, [given, kind, ...targets]] of Object.entries(kinds))
    it(`${name}: ${kind}`, () => assert.equal(isServer(container(given), workload(...targets)), kind));

  const alone: Record<string, [string | undefined, string[] | undefined, boolean]> = {
    "by Prefect's command": [official, start, true],
    "by the command's path": [official, ["/usr/local/bin/prefect", "server", "start"], true],
    "by a shell": [official, ["sh", "-c", "prefect server start"], false],
    "by a command that ends like it": [official, ["myprefect", "server", "start"], false],
    "by a command that begins like it": [official, ["prefect-x", "server", "start"], false],
    "by the image": [official, [], false],
    "by what is not known": [official, undefined, false],
    "in an image of one's own": ["acme/web:1", start, false],
    "in an image that is not known": [undefined, start, false],
    "of a worker": [official, ["prefect", "worker", "start"], false],
  };
  for (const [name, [image, given, expected]] of Object.entries(alone))
    it(`starts Prefect alone ${name}: ${expected}`, () =>
      assert.equal(startsPrefectAlone(container({ image, words: given })), expected));

  const nobody: Record<string, [Partial<Container>, boolean]> = {
    ...Object.fromEntries(
      [
        ...["prefect-client:3", "aws-for-fluent-bit:2", "acme/fluent-bit", "fluentd@sha256:00", "aws-xray-daemon"],
        ...["aws-otel-collector:1", "opentelemetry-collector", "otel/opentelemetry-collector-contrib:1", "busybox:1"],
        ...["cloudwatch-agent:1", "amazon-cloudwatch-agent:1", "datadog/agent:7", "x/datadoghq/agent"],
      ].map((image) => [image, [{ image }, true]]),
    ),
    "an image that ends like an agent's": [{ image: "mybusybox:1" }, false],
    "an image that begins like an agent's": [{ image: "busybox-x:1" }, false],
    "an agent of another": [{ image: "acme/agent:1" }, false],
    "an image that is not known": [{ image: undefined, words: undefined }, false],
    "a worker": [{ words: words("prefect worker start") }, true],
    "a server": [{ words: start }, false],
  };
  for (const [name, [given, expected]] of Object.entries(nobody))
    it(`serves nobody, ${name}: ${expected}`, () => assert.equal(servesNobody(container(given)), expected));
});

describe("what looks like Prefect", () => {
  const looks: Record<string, [boolean, boolean, ...Partial<Target>[]]> = {
    "by nothing": [false, false, {}],
    "by a rule": [true, true],
    "by its target's port": [true, false, { containerPort: 4200 }],
    "by another port": [false, false, { containerPort: 80 }],
    "by one of two ports": [true, false, { containerPort: 80 }, { containerPort: 4200 }],
    "by its target's container": [true, false, { containerName: "Prefect" }],
    "by its target's container of an older name": [true, false, { containerName: "orion" }],
    "by names that join to it": [false, false, { containerName: "pre" }, { containerName: "fect" }],
  };
  for (const [name, [expected, port, ...targets]] of Object.entries(looks))
    it(`does ${name}: ${expected}`, () => assert.equal(looksLikePrefect(workload(...targets), { port }), expected));
});

describe("a server", () => {
  const host = "PREFECT_SERVER_API_HOST";
  const loopback = { loopbackOnly: true, port: 4200 };
  const open = { loopbackOnly: false, port: 4200 };
  const places: Record<string, [Partial<Container>, ReturnType<typeof listening>]> = {
    "of Prefect's image by default": [{ words: start }, loopback],
    "of Prefect 2 by default": [{ words: words("prefect orion start") }, loopback],
    "in a script by default": [{ words: ["sh", "-c", "prefect  server  start"] }, loopback],
    "of an image of one's own by default": [{ image: "acme/web:1", words: start }, open],
    "of an image that is not known by default": [{ image: undefined, words: start }, open],
    "whose image decides": [{ words: [] }, open],
    "whose command is not known": [{ words: undefined, environment: variables({ [host]: "127.0.0.1" }) }, open],
    "with files of variables": [
      { words: start, environmentFiles: true },
      { loopbackOnly: false, port: undefined },
    ],
    "with files of variables and options": [
      { words: words("prefect server start --host 127.0.0.1 --port 80"), environmentFiles: true },
      { loopbackOnly: false, port: 80 },
    ],
    "whose script sets the host": [{ words: ["sh", "-c", `export ${host}=0.0.0.0; prefect server start`] }, open],
    "whose script sets another's host": [
      { words: ["sh", "-c", "export X_API_HOSTS=1; prefect server start"] },
      loopback,
    ],
    "by its application": [{ words: words("uvicorn prefect.server.api.server:create_app") }, open],
    "by its application on the loopback": [
      { words: words("uvicorn prefect.server.api.server:create_app --host 127.0.0.1") },
      loopback,
    ],
    "by a program that is not known on the loopback": [{ words: words("web --host 127.0.0.1") }, open],
    ...Object.fromEntries(
      ["127.0.0.1", "127.10.20.30", "localhost", "LOCALHOST", "::1", "[::1]"].map(
        (address): [string, [Partial<Container>, typeof loopback]] => [
          `on ${address}`,
          [{ words: [...start, `--host=${address}`] }, loopback],
        ],
      ),
    ),
    ...Object.fromEntries(
      ["0.0.0.0", "x127.0.0.1", "127.0.0.1.example.com", "::10", "127.0.0"].map(
        (address): [string, [Partial<Container>, typeof loopback]] => [
          `on ${address}`,
          [{ words: [...start, "--host", address] }, open],
        ],
      ),
    ),
    "on the loopback by a variable": [{ words: start, environment: variables({ [host]: "127.0.0.1" }) }, loopback],
    "on all addresses by a variable": [{ words: start, environment: variables({ [host]: "0.0.0.0" }) }, open],
    "on all addresses by a variable of Prefect 2": [
      { words: start, environment: variables({ PREFECT_ORION_API_HOST: "0.0.0.0" }) },
      open,
    ],
    "with a host that is a secret": [{ words: start, secrets: new Set([host]) }, open],
    "with a host that is not known": [{ words: start, environment: variables({ [host]: undefined }) }, open],
    "with one host in two spellings": [
      { words: start, environment: variables({ [host]: "127.0.0.1", [host.toLowerCase()]: "127.0.0.1" }) },
      loopback,
    ],
    "with two hosts in two spellings": [
      { words: start, environment: variables({ [host]: "127.0.0.1", [host.toLowerCase()]: "0.0.0.0" }) },
      open,
    ],
    "with two hosts in its command": [
      { words: words("prefect server start --host 127.0.0.1 & web --host 0.0.0.0") },
      open,
    ],
    "with one host twice in its command": [
      { words: words("prefect server start --host 127.0.0.1 & web --host 127.0.0.1") },
      loopback,
    ],
    "with a host in its command and another in a variable": [
      { words: words("prefect server start --host  127.0.0.1"), environment: variables({ [host]: "0.0.0.0" }) },
      loopback,
    ],
    "with a host in quotes": [{ words: ["sh", "-c", "prefect server start --host '127.0.0.1'"] }, loopback],
    "on a port": [{ words: words("prefect server start --port 80") }, { loopbackOnly: true, port: 80 }],
    "on a port of a variable": [
      { words: words("prefect server start --port $PORT") },
      { loopbackOnly: true, port: undefined },
    ],
    "on a port that is too long": [
      { words: words("prefect server start --port 420042") },
      { loopbackOnly: true, port: undefined },
    ],
    "on a port by a variable": [
      { words: start, environment: variables({ PREFECT_SERVER_API_PORT: "80" }) },
      { loopbackOnly: true, port: 80 },
    ],
    "on a port by a variable of Prefect 2": [
      { words: start, environment: variables({ PREFECT_ORION_API_PORT: "80" }) },
      { loopbackOnly: true, port: 80 },
    ],
    "on a port that is a secret": [
      { words: start, secrets: new Set(["PREFECT_SERVER_API_PORT"]) },
      { loopbackOnly: true, port: undefined },
    ],
  };
  for (const [name, [given, expected]] of Object.entries(places))
    it(`${name} listens as it says`, () =>
      assert.deepEqual(listening(container({ image: official, ...given })), expected));

  const auth = "PREFECT_SERVER_API_AUTH_STRING";
  type Openness = [reason: string, certain: boolean] | undefined;
  const ignored: Openness = ["its Prefect version ignores the auth string (read since 3.1.8)", true];
  const unseen: Openness = [
    "the Prefect version of its image cannot be seen, and before 3.1.8 the auth string is ignored",
    false,
  ];
  const dropped: Openness = ["its command may drop its environment", false];
  const secret = { secrets: new Set([auth]) };
  const reasons: Record<string, [Partial<Container>, Openness]> = {
    "without an auth string": [{}, [`${auth} is not set on it`, true]],
    "without an auth string that may be in a file": [
      { environmentFiles: true },
      ["its environment files cannot be seen", false],
    ],
    "with one": [secret, undefined],
    "with one in plain text": [{ environment: variables({ [auth]: "a:b" }) }, undefined],
    "with one in small letters": [{ environment: variables({ [auth.toLowerCase()]: "a:b" }) }, undefined],
    "with an empty one": [{ environment: variables({ [auth]: " " }) }, [`${auth} is empty`, true]],
    "with one of the documentation": [
      { environment: variables({ [auth]: " admin:pass " }) },
      [`${auth} is the example of Prefect's documentation`, true],
    ],
    "with one that is of the documentation in another spelling": [
      { environment: variables({ [auth]: "a:b", [auth.toLowerCase()]: "admin:pass" }) },
      [`${auth} is the example of Prefect's documentation`, true],
    ],
    "with one and a command that is not known": [{ ...secret, words: undefined }, undefined],
    "with one that is not known": [
      { environment: variables({ [auth]: undefined }) },
      [`${auth} is not known yet, and may be empty`, false],
    ],
    "with one that is not known in small letters": [
      { ...secret, environment: variables({ [auth.toLowerCase()]: undefined }) },
      [`${auth} is not known yet, and may be empty`, false],
    ],
    "with another variable that is not known": [{ ...secret, environment: variables({ OTHER: undefined }) }, undefined],
    "whose command touches it": [
      { ...secret, words: ["sh", "-c", `unset ${auth.toLowerCase()}; prefect server start`] },
      [`its command touches ${auth}`, true],
    ],
    ...Object.fromEntries(
      [
        ...["env -i prefect", "/usr/bin/env - prefect", "env A=1 -u B prefect", "env --ignore-environment prefect"],
        ...["env --unset=B prefect", "sudo prefect", "su prefect", "runuser prefect", "unset X", "exec  -c prefect"],
        "env 1 2 3 4 5 6 7 8 -i prefect",
      ].map((command): [string, [Partial<Container>, Openness]] => [
        `by ${command}`,
        [{ ...secret, words: ["sh", "-c", command] }, dropped],
      ]),
    ),
    ...Object.fromEntries(
      [
        ...["env A=1 prefect", "printenv -i x", "env -x prefect", "env 1 2 3 4 5 6 7 8 9 -i prefect", "pseudo prefect"],
        ...["sudoku", "exec prefect -c", "env -in prefect", "env A=-i prefect", "env"],
      ].map((command): [string, [Partial<Container>, Openness]] => [
        `by ${command}`,
        [{ ...secret, words: ["sh", "-c", command] }, undefined],
      ]),
    ),
    ...Object.fromEntries(
      [
        ...["3.1.8", "3.1.9-python3.12", "3.2", "3.1", "v3.10.0", "4.0.0", "10.0.0", "latest", "3-latest"],
        ...["3-python3.12", "3-python3.12-kubernetes", "3.1.10@sha256:00ff"],
      ].map((tag): [string, [Partial<Container>, Openness]] => [
        `of ${tag}`,
        [{ ...secret, image: `prefecthq/prefect:${tag}` }, undefined],
      ]),
    ),
    ...Object.fromEntries(
      ["3.1.7", "3.0.11", "2.20.1-python3.12", "2.99", "v0.15.13", "3.1.7@sha256:00ff"].map(
        (tag): [string, [Partial<Container>, Openness]] => [
          `of ${tag}`,
          [{ ...secret, image: `prefecthq/prefect:${tag}` }, ignored],
        ],
      ),
    ),
    ...Object.fromEntries(
      ["3", "main", "x3.8.8", "latest-x", "xlatest", "3-python3.12-", "3-python3", "@sha256:00"].map(
        (tag): [string, [Partial<Container>, Openness]] => [
          `of ${tag}`,
          [{ ...secret, image: `prefecthq/prefect:${tag}` }, unseen],
        ],
      ),
    ),
    "of a registry with a port": [{ ...secret, image: "registry:5000.1/prefect" }, unseen],
    "of an image that is not known": [{ ...secret, image: undefined }, unseen],
  };
  for (const [name, [given, expected]] of Object.entries(reasons))
    it(`${name} lets in whom it should`, () => {
      const open = whyOpen(container({ image: official, words: start, ...given }));
      assert.deepEqual(open && [open.reason, open.certain], expected);
    });
});
