import assert from "node:assert/strict";
import { isOff, setting } from "../../../policies/support/prefect-settings";
import { isPrefectContainer, isPrefectText } from "../../../policies/support/prefect-stack";
import { withKeepAlive } from "../../../policies/support/keep-alive-remedy";
import { type ContainerPiece, containers, prefect } from "../support/pieces";
import { built, declare, unknown } from "../support/stack";
import { containerOf } from "./support/container";
import { found } from "./support/found";
import { soundAlb } from "./support/sound";

const container = (more: Partial<ContainerPiece>): ReturnType<typeof containerOf> =>
  containerOf({ name: "main", image: "acme/x:1.2.3", ...more });

describe("a setting of Prefect", () => {
  it("is found in any spelling and under any of its names", () => {
    const given = container({ environment: { prefect_api_key: "a", OTHER: "b" } });
    assert.deepEqual(setting(given, "PREFECT_API_KEY"), { isSet: true, value: "a" });
    assert.deepEqual(setting(given, "PREFECT_X", "PREFECT_API_KEY"), { isSet: true, value: "a" });
    assert.deepEqual(setting(given, "PREFECT_X"), { isSet: false, value: undefined });
  });

  it("is set where a secret or a file may hold it, and its value is not known", () => {
    const secret = container({ environment: { A: "x", B: "y" }, secrets: ["b"] });
    assert.deepEqual(setting(secret, "B"), { isSet: true, value: undefined });
    assert.deepEqual(setting(secret, "A"), { isSet: true, value: "x" });
    assert.deepEqual(setting(secret, "C"), { isSet: false, value: undefined });
    const file = container({ environment: { A: "x" }, environmentFiles: [{ type: "s3", value: "arn:f" }] });
    assert.deepEqual(setting(file, "C"), { isSet: true, value: undefined });
    assert.deepEqual(setting(file, "A"), { isSet: true, value: "x" });
  });

  it("is off by these words", () => {
    for (const word of ["0", "f", "F", "false", "False", "n", "no", "off", "OFF"]) assert.ok(isOff(word), word);
    for (const word of ["", "1", "t", "true", "on", "y", "yes", "none", " false"]) assert.ok(!isOff(word), word);
  });
});

describe("an auth string", () => {
  it("is not said to be empty where it is not known", () => {
    const server = declare("aws:ecs/expressGatewayService:ExpressGatewayService", "express", {
      primaryContainer: {
        image: "acme/prefect:1.2.3",
        ...{ commands: ["prefect", "server", "start"], containerPort: 4200 },
        environments: [{ name: "PREFECT_SERVER_API_AUTH_STRING", value: built(["password"], "") }],
      },
    });
    const stack = [...soundAlb(), server];
    assert.deepEqual(found("prefect-auth-string-is-not-empty", stack, { form: "preview" }), []);
    assert.equal(found("prefect-auth-string-is-not-empty", stack).length, 1);
  });
});

describe("a trace of Prefect", () => {
  const words = (...command: string[]): Partial<ContainerPiece> => ({ command });
  const traces: Readonly<Record<string, Partial<ContainerPiece>>> = {
    "its image": { image: "prefecthq/prefect:3.8.8" },
    "its client's image without a tag": { image: "prefecthq/prefect-client" },
    "its image by digest of a registry": { image: `docker.io/prefecthq/prefect@sha256:${"0".repeat(64)}` },
    ...Object.fromEntries(
      ["server", "worker", "agent", "orion", "flow-run", "deploy"].map((word) => [
        `prefect ${word}`,
        words("prefect", word, "start"),
      ]),
    ),
    "a module that is run": words("python", "-m", "prefect.engine"),
    "a server's module": words("uvicorn", "prefect.server.api.server:create_app"),
    "orion's module": words("uvicorn", "prefect.orion.api"),
    "a runner's module": words("python", "-m", "prefect.cli  worker start"),
    "a script": words("sh", "-c", "exec prefect   server start"),
    "a setting": { environment: { prefect_api_url: "https://p/api" } },
    "a secret setting": { secrets: ["PREFECT_API_KEY"] },
  };
  for (const [name, more] of Object.entries(traces))
    it(`is ${name}`, () => assert.ok(isPrefectContainer(container(more))));

  const others: Readonly<Record<string, Partial<ContainerPiece>>> = {
    "nothing of it": {},
    "an image called alike": { image: "acmeprefecthq/prefect:1" },
    "another image of its makers": { image: "prefecthq/prefect-operator:1" },
    "no command of its": words("prefect", "version"),
    "a command called alike": words("imperfect", "server"),
    "a command that ends otherwise": words("prefect", "serverless"),
    "a module called alike": words("python", "-m", "prefect.serverless"),
    "a setting of something else": { environment: { MY_PREFECT_API_URL: "x", PREFECTION: "x" } },
    "a secret of something else": { secrets: ["API_KEY"] },
  };
  for (const [name, more] of Object.entries(others))
    it(`is not ${name}`, () => assert.ok(!isPrefectContainer(container(more))));

  it("is not in words that are not known", () => {
    assert.ok(!isPrefectContainer({ ...container({}), image: undefined, words: undefined }));
  });

  it("in a start script is an image, a setting or a command", () => {
    for (const text of ["docker run prefecthq/prefect:3", "export PREFECT_API_URL=x", "exec prefect worker start"])
      assert.ok(isPrefectText(text), text);
    for (const text of ["", "docker run xprefecthq/prefectx", "MY_PREFECT_API=x", "PREFECT_1", "prefect_api_url=x"])
      assert.ok(!isPrefectText(text), text);
  });
});

describe("the remedy for idle connections", () => {
  const variable = "PREFECT_SERVER_API_KEEPALIVE_TIMEOUT";
  const worker = prefect({ name: "worker", command: ["prefect", "worker", "start"] });
  const changed = (definitions: unknown): unknown => {
    const change = withKeepAlive.change({ family: "app", containerDefinitions: definitions });
    return change && { ...change, containerDefinitions: JSON.parse(String(change["containerDefinitions"])) };
  };

  it("is for task definitions", () => {
    assert.equal(withKeepAlive.type, "aws:ecs/taskDefinition:TaskDefinition");
  });

  it("adds the setting to every server that has none, and changes nothing else", () => {
    const given = containers(prefect({ environment: { A: "b" } }), worker);
    const [server, other] = JSON.parse(given) as Record<string, unknown>[];
    const environment = [
      { name: "A", value: "b" },
      { name: variable, value: "75" },
    ];
    assert.deepEqual(changed(given), { containerDefinitions: [{ ...server, environment }, other] });
  });

  it("adds it to a server without any variable, however its command is cut", () => {
    for (const [entryPoint, command] of [
      [["prefect"], ["server", "start"]],
      [["sh", "-c"], ["exec prefect server  start"]],
      [[], ["prefect", "server", "start"]],
      [["prefect", "server", "start"], []],
    ])
      assert.deepEqual(changed(JSON.stringify([{ name: "a", entryPoint, command }])), {
        containerDefinitions: [{ name: "a", entryPoint, command, environment: [{ name: variable, value: "75" }] }],
      });
  });

  it("leaves alone what sets it, what starts no server, and what is not known", () => {
    for (const given of [
      containers(prefect({ environment: { [variable.toLowerCase()]: "60" } })),
      containers(prefect({ secrets: [variable] })),
      containers(worker),
      JSON.stringify([{ name: "a", command: ["prefect", "serverstart"] }]),
      JSON.stringify([{ name: "a", command: ["xserver", "start"] }]),
      JSON.stringify([{ name: "a", command: ["server", "starting"] }]),
      JSON.stringify([{ name: "a", command: [1, null] }]),
      "no JSON",
      unknown,
      undefined,
    ])
      assert.equal(changed(given), undefined, String(given));
  });

  it("takes a variable without a name for another one", () => {
    const [server] = JSON.parse(containers(prefect())) as Record<string, unknown>[];
    const given = JSON.stringify([{ ...server, environment: [{ value: "x" }] }]);
    assert.notEqual(changed(given), undefined);
  });
});
