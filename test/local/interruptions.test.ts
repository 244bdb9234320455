import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Commands, freePort, type Running } from "./support/command";

/** While the engine previews the stack: the local cloud is up, the pack and the program run. */
const atWork = /pulumi up/;

describe("An interrupted npm start", function () {
  this.timeout(90_000);
  let commands: Commands;
  beforeEach(() => {
    commands = new Commands();
  });
  afterEach(() => commands.remove());

  async function startUntilAtWork(): Promise<Running> {
    const up = commands.start("up", "--port", await freePort());
    await up.until(atWork);
    const log = join(commands.directory, "logs", "pulumi-up.log");
    while (!existsSync(log) || !readFileSync(log, "utf8").includes("Previewing")) await sleep(50);
    assert.ok(commands.processes().some((command) => command.startsWith("pulumi up")));
    return up;
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`takes everything down on ${signal}, and says that the next one goes on`, async () => {
      const up = await startUntilAtWork();
      up.process.kill(signal);
      // A terminal and npm both pass it on.
      up.process.kill(signal);
      const { exitCode, output } = await up.ended;
      assert.equal(exitCode, 130, output);
      assert.equal(output.split("interrupted: the next `npm start` goes on from here").length, 2, output);
      assert.deepEqual(commands.processes(), []);
      // What the engine had no time for, recovery.test.ts has the next start see to.
      assert.ok(existsSync(join(commands.directory, "state", "update-unfinished")));
    });
  }

  it("leaves no process when it is killed", async () => {
    const up = await startUntilAtWork();
    up.process.kill("SIGKILL");
    await commands.untilNoneIsLeft(15);
  });

  it("ends with the local cloud, and says where to look", async () => {
    const up = await startUntilAtWork();
    const front = JSON.parse(readFileSync(join(commands.directory, "run", "front.json"), "utf8")) as {
      front: { pid: number };
    };
    process.kill(front.front.pid, "SIGKILL");
    const { exitCode, output } = await up.ended;
    assert.equal(exitCode, 1);
    assert.match(output, /the local cloud ended unexpectedly: see .*cloud\.log\n$/);
    await commands.untilNoneIsLeft(15);
  });

  it("has ended when the shell prompts again: Ctrl-C in a terminal, through npm", async function () {
    if (!existsSync("/usr/bin/script")) return this.skip();
    const npmStart = `stty cols 100 rows 40; exec npm start -- --port ${await freePort()}`;
    const terminal = commands.startProgram("script", "-qefc", npmStart, "/dev/null");
    await terminal.until(atWork);
    await sleep(2000);
    terminal.process.stdin?.write("\u0003");
    const { output } = await terminal.ended;
    assert.match(output, /✔\S* Stopping .*interrupted: the next `npm start` goes on from here/s);
    assert.deepEqual(commands.processes(), []);
  });
});
