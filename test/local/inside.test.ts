import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../local/paths";
import { LocalCloud } from "../cloud/runtime/support/local-cloud";
import { putNetworkAndRole, runService, shell } from "../cloud/runtime/support/stack";

const apiUrl = "http://prefect.internal/api";

describe("npm run inside", function () {
  this.timeout(60_000);
  const cloud = new LocalCloud();

  before(async () => {
    await cloud.start();
    await putNetworkAndRole(cloud);
    const environment = [{ name: "PREFECT_API_URL", value: apiUrl }];
    await Promise.all([
      runService(cloud, "server", [shell("server", "exec sleep 1000")]),
      runService(cloud, "worker", [shell("worker", "exec sleep 1000", { environment })]),
    ]);
    const workerEnv = { PREFECT_API_URL: apiUrl, HTTPS_PROXY: "http://127.0.0.1:8443" };
    writeFileSync(join(cloud.directory, "outputs.json"), JSON.stringify({ workerEnv }));
  });
  after(() => cloud.remove());

  const inside = (...args: string[]) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const env = { ...process.env, PREFECT_LOCAL_DIR: cloud.directory };
      const command = ["--import", "tsx", join(root, "local", "inside.ts"), ...args];
      const child = execFile(process.execPath, command, { cwd: root, env }, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
      );
    });
  const addressOf = async (service: string) =>
    (await cloud.status()).services.find(({ name }) => name === service)?.tasks[0]?.address as string;

  it("runs a command in the worker's network, with its settings, in the same directory", async () => {
    const script =
      'ip -4 -brief address show eth0; echo "$PREFECT_API_URL"; echo "proxy: $HTTPS_PROXY"; pwd; cat /etc/hosts; exit 7';
    const { code, output } = await inside("sh", "-c", script);
    assert.equal(code, 7);
    assert.ok(output.includes(`${await addressOf("worker")}/32`), output);
    assert.ok(output.includes(`\n${apiUrl}\nproxy: \n${root}\n127.0.0.1\tlocalhost\n`), output);
  });

  it("runs it in another service's network when asked", async () => {
    const { output } = await inside("--service", "server", "ip", "-4", "-brief", "address", "show", "eth0");
    assert.ok(output.includes(`${await addressOf("server")}/32`), output);
  });

  it("says which services there are, and how it is called", async () => {
    const { code, output } = await inside("--service", "nobody", "true");
    assert.equal(code, 1);
    assert.match(output, /^no task of a service nobody runs; services: .*worker \(1 running\)/);
    assert.match((await inside()).output, /npm run inside -- \[--service NAME\] COMMAND/);
  });
});
