import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ExternalIssuerDeclaration,
  externalIssuerProblems,
} from "../../local/cloud/identity/external-issuer-declaration";
import { readIssuerFile, settingsOf } from "../../local/issuer";
import { root } from "../../local/paths";

interface Brought {
  declared: ExternalIssuerDeclaration;
  secrets: { key: string; value: string }[];
}

const example = join(root, "examples", "issuer.json");

describe("An issuer's file", () => {
  const directory = mkdtempSync(join(tmpdir(), "issuer-"));
  const file = join(directory, "issuer.json");
  before(() => mkdirSync(join(directory, "state")));
  after(() => rmSync(directory, { recursive: true }));

  /** What the local cloud is told, and the secret settings. */
  const brought = (path: string): Brought => {
    const script = `import("./local/issuer.ts").then(async ({ createIssuer, readIssuerFile, secretsOf }) => {
      const file = readIssuerFile(${JSON.stringify(path)});
      const declared = await createIssuer({ createIssuer: async () => {} }, file);
      console.log(JSON.stringify({ declared, secrets: secretsOf(file, declared) }));
    })`;
    const env = { ...process.env, PREFECT_LOCAL_DIR: directory };
    return JSON.parse(
      execFileSync(process.execPath, ["--import", "tsx", "-e", script], { cwd: root, env, encoding: "utf8" }),
    );
  };

  it("of the examples is complete once its secrets are made up, which stay what they were", () => {
    const { declared, secrets } = brought(example);
    assert.deepEqual(externalIssuerProblems(declared), []);
    assert.deepEqual(secrets, [{ key: "oidcClientSecret", value: declared.clients[0]?.clientSecret }]);
    assert.equal(new Set([secrets[0]?.value, ...declared.users.map(({ password }) => password)]).size, 3);
    assert.deepEqual(brought(example), { declared, secrets });
    assert.equal(statSync(join(directory, "state", "issuer-secrets.json")).mode & 0o077, 0);
  });

  it("may bring its own secrets", () => {
    const clients = [{ clientId: "a", clientSecret: "given", redirectUris: [] }];
    const users = [{ email: "ana@example.com", password: "hers", groups: [] }];
    writeFileSync(file, JSON.stringify({ host: "b.localhost", clients, users, secretSettings: { key: "a" } }));
    assert.deepEqual(brought(file), {
      declared: { host: "b.localhost", clients, users },
      secrets: [{ key: "key", value: "given" }],
    });
  });

  it("has settings as the engine takes them", () => {
    const settings = { identity: { type: "oidc", scopes: ["openid", "email"] }, access: "alb" };
    assert.deepEqual(settingsOf({ host: "x", clients: [], users: [], settings }), [
      "identity.type=oidc",
      "identity.scopes[0]=openid",
      "identity.scopes[1]=email",
      "access=alb",
    ]);
  });

  it("is refused with everything that is wrong with it", () => {
    writeFileSync(file, JSON.stringify({ hosts: "x", users: [], secretSettings: { key: "nobody" } }));
    assert.throws(
      () => readIssuerFile(file),
      /hosts: no such member[^]*clients: must be a list[^]*names the client "nobody"/,
    );
    writeFileSync(file, "{");
    assert.throws(() => readIssuerFile(file), /not JSON/);
  });
});
