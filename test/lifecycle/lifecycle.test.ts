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

/** What a machine is answered, every 200 ms, while a command runs. */
async function askedDuring(command: string[]) {
  const up = spawn("npm", command, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(up, "close");
  let output = "";
  up.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
  });
  const answers: { at: number; status: number }[] = [];
  while (up.exitCode === null) {
    const { status } = await ask("/api/admin/version", { headers: machine });
    answers.push({ at: Date.now(), status });
    await sleep(200);
  }
  await ended;
  return { output, exitCode: up.exitCode, answers };
}

/** Flow runs that there are. */
async function count(): Promise<number> {
  // Prefect's protection against cross-site requests is on for machines as well: its client asks for a token, too.
  const { body } = await ask("/api/csrf-token?client=lifecycle", { headers: machine });
  const token = {
    "prefect-csrf-client": "lifecycle",
    "prefect-csrf-token": (JSON.parse(body) as { token: string }).token,
  };
  const counted = await ask("/api/flow_runs/count", { method: "POST", headers: { ...machine, ...token } });
  return JSON.parse(counted.body) as number;
}

describe("the running stack", function () {
  this.timeout(240_000);

  it("answers every request while an edit replaces the server's task", async () => {
    const { output, exitCode, answers } = await askedDuring(start("--set", "server.memoryMiB=3072"));
    assert.equal(exitCode, 0, output);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.ok(answers.length > 20, `only ${answers.length} requests were made: was anything replaced?`);
  });

  it("leaves no process when it is stopped, and comes back with its runs", async () => {
    const runs = await count();
    assert.ok(runs > 0, "the suites before this one ran the example");
    assert.ok(processesOfTheStack().length > 0);

    assert.equal(spawnSync("npm", ["stop", "--silent"], { cwd: root }).status, 0);
    assert.deepEqual(processesOfTheStack(), []);

    const again = spawnSync("npm", start(), { cwd: root, encoding: "utf8" });
    assert.equal(again.status, 0, again.stdout + again.stderr);
    assert.equal(await count(), runs);
  });

  it("changes over to the load balancer's login with its runs, and lets machines in again before the update ends", async () => {
    const runs = await count();
    const { output, exitCode, answers } = await askedDuring(start("--set", "access=alb"));
    assert.equal(exitCode, 0, output);
    assert.equal(answers.at(-1)?.status, 200);
    const closed = answers.filter(({ status }) => status !== 200);
    const seconds = closed.length > 0 ? ((closed.at(-1)?.at ?? 0) - (closed[0]?.at ?? 0)) / 1000 : 0;
    console.log(`      closed for machines for ${seconds.toFixed(1)} s of the update`);
    // 302: to the login, while the listener has its new default action and not yet its new rules, which need its ARN.
    assert.ok(
      closed.every(({ status }) => [302, 401, 404, 502, 503].includes(status)),
      JSON.stringify(closed),
    );
    assert.equal(await count(), runs);
  });
});
