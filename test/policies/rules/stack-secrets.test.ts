import assert from "node:assert/strict";
import { Graph } from "../../../policies/graph/model";
import { holds, stackSecrets } from "../../../policies/support/stack-secrets";
import { found } from "./support/found";
import { asResources, declare, type Declared, type Form, register } from "../support/stack";
import { changed, soundAlb } from "./support/sound";

const value = "Never-Print-This-1";
const secretsOf = (stack: readonly Declared[], form: Form = "finished"): string[] =>
  stackSecrets(new Graph(asResources(register(stack, form)))).map(
    (secret) => `${secret.resource.name}: ${secret.value}`,
  );
const one = (type: string, inputs: Record<string, unknown>): Declared[] => [declare(type, "kept", inputs)];

describe("what a stack keeps secret", () => {
  for (const [type, name] of [
    ["random:index/randomPassword:RandomPassword", "result"],
    ["aws:rds/instance:Instance", "password"],
    ["aws:rds/cluster:Cluster", "masterPassword"],
    ["aws:cognito/userPoolClient:UserPoolClient", "clientSecret"],
    ["aws:elasticache/replicationGroup:ReplicationGroup", "authToken"],
    ["aws:secretsmanager/secretVersion:SecretVersion", "secretString"],
  ] as const)
    it(`is ${name} of ${type}`, () => {
      assert.deepEqual(secretsOf(one(type, { [name]: value })), [`kept: ${value}`]);
      assert.deepEqual(secretsOf(one(type, { name: value, description: value })), []);
    });

  it("is what a provider answers, where the program does not say it", () => {
    const [resource] = asResources(
      register(one("random:index/randomPassword:RandomPassword", { length: 40 }), "finished"),
    );
    assert.ok(resource);
    const made = { ...resource, outputs: { ...resource.outputs, result: value } };
    assert.deepEqual(
      stackSecrets(new Graph([made])).map((secret) => secret.value),
      [value],
    );
  });

  it("is a secure parameter and no other", () => {
    const type = "aws:ssm/parameter:Parameter";
    assert.deepEqual(secretsOf(one(type, { type: "SecureString", value })), [`kept: ${value}`]);
    assert.deepEqual(secretsOf(one(type, { type: "String", value })), []);
    assert.deepEqual(secretsOf(one(type, { type: "SecureString", name: value })), []);
  });

  it("is every part of a JSON secret whose name says so", () => {
    const telling = [
      "dbPassword",
      "client_secret",
      "TOKEN",
      "apiKey",
      "auth",
      "credential",
      "basic",
      "htpasswd",
      "header",
    ];
    const parts = [...telling, "host", "username", "port"].map((name) => [name, `${value}-${name}`] as const);
    const secretString = JSON.stringify(Object.fromEntries(parts));
    assert.deepEqual(
      secretsOf(one("aws:secretsmanager/secretVersion:SecretVersion", { secretString })).sort(),
      telling.map((name) => `kept: ${value}-${name}`).sort(),
    );
  });

  it("is a JSON text or number as a whole", () => {
    const of = (secretString: string): string[] =>
      secretsOf(one("aws:secretsmanager/secretVersion:SecretVersion", { secretString }));
    assert.deepEqual(of(JSON.stringify(value)), [`kept: ${JSON.stringify(value)}`]);
    assert.deepEqual(of("123456789012"), ["kept: 123456789012"]);
  });

  it("is nothing short, and nothing that is not known", () => {
    const type = "random:index/randomPassword:RandomPassword";
    assert.deepEqual(secretsOf(one(type, { result: "x".repeat(11) })), []);
    assert.deepEqual(secretsOf(one(type, { result: "x".repeat(12) })), [`kept: ${"x".repeat(12)}`]);
    assert.deepEqual(secretsOf(one(type, { length: 40 })), []);
  });

  it("is the first one's that keeps it", () => {
    const stack = [
      declare("aws:rds/instance:Instance", "database", { password: value }),
      declare("random:index/randomPassword:RandomPassword", "password", { result: value }),
    ];
    assert.deepEqual(secretsOf(stack), [`password: ${value}`]);
  });
});

describe("a text", () => {
  const secret = { resource: undefined as never, value: "secret" };
  for (const [text, isHeld] of [
    ["secret", true],
    ["a=secret;", true],
    ["secret,", true],
    ["_secret_", true],
    ["secret1", false],
    ["1secret", false],
    ["secretz", false],
    ["Zsecret", false],
    ["secrets secret", true],
    ["secrets asecret", false],
    ["secre", false],
    ["", false],
  ] as const)
    it(`${JSON.stringify(text)} ${isHeld ? "holds" : "does not hold"} a secret`, () => {
      assert.equal(holds(text, secret), isHeld);
    });
});

describe("a database of the stack", () => {
  const besides = (type: string, inputs: Record<string, unknown>): string[] =>
    found("database-is-encrypted", [...soundAlb(), declare(type, "other", inputs)]).map(
      ({ resource }) => resource.name,
    );
  const instance = "aws:rds/instance:Instance";

  it("is Prefect's where its engine is PostgreSQL", () => {
    for (const engine of ["postgres", "Postgres", "aurora-postgresql"]) {
      assert.deepEqual(besides(instance, { engine }), ["other"]);
      assert.deepEqual(besides("aws:rds/cluster:Cluster", { engine }), ["other"]);
    }
    assert.deepEqual(besides(instance, { engine: "mysql" }), []);
    assert.deepEqual(besides(instance, {}), []);
    assert.deepEqual(besides("aws:rds/clusterInstance:ClusterInstance", { engine: "aurora-postgresql" }), []);
  });

  for (const source of [
    ...["replicateSourceDb", "replicationSourceIdentifier", "snapshotIdentifier"],
    ...["restoreToPointInTime", "globalClusterIdentifier"],
  ])
    it(`is a copy by ${source}`, () => {
      assert.deepEqual(besides(instance, { engine: "postgres", [source]: "x" }), []);
      const open = declare(instance, "other", { [source]: "x", publiclyAccessible: true });
      assert.equal(found("database-is-private", [...soundAlb(), open]).length, 1);
    });

  it("is nobody's in a stack without a server", () => {
    const workers = changed(soundAlb(), "database", { storageEncrypted: false }).filter(
      ({ name }) => name !== "service",
    );
    assert.deepEqual(found("database-is-encrypted", workers), []);
  });
});
