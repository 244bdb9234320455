import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { localDir, root } from "../../local/paths";
import { ask, machine, origin } from "../e2e/stack";

/** `npm start -- --detach` on the port of the running stack. */
const start = (...args: string[]) => ["start", "--silent", "--", "--detach", "--port", origin.port, ...args];

/** Processes whose environment says that they belong to this stack: all that `npm start` and the cloud start. */
function processesOfTheStack(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        const daemon = /cloud\/(front-process|main)\.ts/.test(command);
        return daemon && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`PREFECT_LOCAL_DIR=${localDir}\0`)
          ? [command]
          : [];
      } catch {
        return []; // It has ended since.
      }
    });
}

describe("the running stack", function () {
  this.timeout(240_000);

  it("answers every request while an edit replaces the server's task", async () => {
    const up = spawn("npm", start("--set", "server.memoryMiB=3072"), {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(up, "close");
    let output = "";
    up.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    const answers = new Map<number, number>();
    while (up.exitCode === null) {
      const { status } = await ask("/api/admin/version", { headers: machine });
      answers.set(status, (answers.get(status) ?? 0) + 1);
      await sleep(200);
    }
    await ended;
    assert.equal(up.exitCode, 0, output);
    assert.deepEqual([...answers.keys()], [200]);
    assert.ok((answers.get(200) ?? 0) > 20, `only ${answers.get(200)} requests were made: was anything replaced?`);
  });

  it("leaves no process when it is stopped, and comes back with its runs", async () => {
    const count = async () => {
      // Prefect's protection against cross-site requests is on for machines as well: its client asks for a token, too.
      const { body } = await ask("/api/csrf-token?client=lifecycle", { headers: machine });
      const token = {
        "prefect-csrf-client": "lifecycle",
        "prefect-csrf-token": (JSON.parse(body) as { token: string }).token,
      };
      const counted = await ask("/api/flow_runs/count", { method: "POST", headers: { ...machine, ...token } });
      return JSON.parse(counted.body) as number;
    };
    const runs = await count();
    assert.ok(runs > 0, "the suites before this one ran the example");
    assert.ok(processesOfTheStack().length > 0);

    assert.equal(spawnSync("npm", ["stop", "--silent"], { cwd: root }).status, 0);
    assert.deepEqual(processesOfTheStack(), []);

    const again = spawnSync("npm", start(), { cwd: root, encoding: "utf8" });
    assert.equal(again.status, 0, again.stdout + again.stderr);
    assert.equal(await count(), runs);
  });
});
