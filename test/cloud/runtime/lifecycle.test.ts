import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../../local/paths";
import { LocalCloud } from "./support/local-cloud";
import { putNetworkAndRole, runService, shell } from "./support/stack";

const run = promisify(execFile);

describe("The local cloud", function () {
  this.timeout(60_000);
  const cloud = new LocalCloud();

  before(async () => {
    await cloud.start();
    await putNetworkAndRole(cloud);
    await runService(cloud, "kept", [
      shell("kept", "trap 'echo stopping; exit 0' TERM; echo started; sleep 1000 & wait"),
    ]);
    const userPoolId = "eu-west-1_AbCdEfGhI";
    const client = (more: Record<string, unknown>) =>
      cloud.put("aws:cognito/userPoolClient:UserPoolClient", "client", { userPoolId, name: "robot", ...more });
    await cloud.put("aws:cognito/userPool:UserPool", userPoolId, { name: "pool" });
    await client({});
    // Declared after the client that refers to it now.
    await cloud.put("aws:cognito/resourceServer:ResourceServer", "server", {
      ...{ userPoolId, identifier: "prefect", scopes: [{ scopeName: "read" }] },
    });
    await client({
      ...{ clientSecret: "robot-secret-012", allowedOauthFlows: ["client_credentials"] },
      ...{ allowedOauthFlowsUserPoolClient: true, allowedOauthScopes: ["prefect/read"] },
    });
  });
  after(() => cloud.remove());

  const steady = async () => (await cloud.status()).services.some(({ name, steady: is }) => name === "kept" && is);

  it("keeps what it knows where only this user can read it", () => {
    assert.equal(statSync(join(cloud.directory, "state", "cloud", "resources.json")).mode & 0o077, 0);
    assert.equal(statSync(cloud.socket).mode & 0o077, 0);
  });

  it("leaves no process and no mount after a crash of the front", async () => {
    await cloud.killFront();
    await cloud.until("every process has ended", () => cloud.processes().length === 0);
    assert.ok(!readFileSync("/proc/self/mountinfo", "utf8").includes(cloud.directory));
  });

  it("comes up again with what was declared, also after a crash", async () => {
    await cloud.start();
    await cloud.until("the service is steady", steady);
    assert.doesNotMatch(cloud.log, /aws:cognito/);
  });

  it("stops in order and leaves no process", async () => {
    await cloud.stop();
    assert.deepEqual(cloud.processes(), []);
    assert.match(cloud.output("kept"), /stopping\n$/);
  });

  describe("as npm start and npm stop use it", () => {
    const directory = mkdtempSync(join(tmpdir(), "cloud-"));
    after(() => rmSync(directory, { recursive: true, force: true }));

    const call = (script: string) =>
      run(
        process.execPath,
        ["--import", "tsx", "-e", `import("./local/cloud/front.ts").then(async (front) => { ${script} })`],
        {
          cwd: root,
          env: { ...process.env, PREFECT_LOCAL_DIR: directory },
        },
      ).then(({ stdout }) => stdout);

    it("names the process that has its port", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as { port: number };
      const start = call(`await front.startCloud({ port: ${port}, detach: true, say() {} })`);
      await assert.rejects(start, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use by .*process ${process.pid}`));
      server.close();
    });

    it("runs on after a detached start, starts once, and stops", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as { port: number };
      await new Promise((resolve) => server.close(resolve));
      const start = `await front.startCloud({ port: ${port}, detach: true, say: console.log }); console.log(await front.cloudIsRunning())`;
      assert.equal(await call(start), "true\n");
      assert.equal(await call(start), `already running, port ${port}\ntrue\n`);
      assert.equal(await call("await front.stopCloud(); console.log(await front.cloudIsRunning())"), "false\n");
    });
  });
});
