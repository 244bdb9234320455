import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { root } from "../../local/paths";
import { endChildren, exitOf } from "../../local/engine/child";
import { runIn, standBy } from "../../local/engine/standby";
import { Workbench } from "./support/local-pulumi";

describe("the process that waits for a program", function () {
  this.timeout(60_000);

  let bench: Workbench;
  before(() => {
    bench = new Workbench();
  });
  afterEach(() => endChildren());
  after(() => bench.remove());

  it("shows the program nothing of itself, and its settings to nobody", () => {
    const project = bench.project("looks");
    writeFileSync(join(project, "Pulumi.dev.yaml"), "config:\n  looks:greeting: hello-from-config\n");
    const stack = ["-C", project, "--stack", "dev"];
    const { status, output } = bench.run(["up", "--yes", "--skip-preview", ...stack]);
    assert.equal(status, 0, output);
    const { seen } = JSON.parse(bench.run(["stack", "output", "--json", ...stack]).output);
    assert.deepEqual(seen.execArgv, []);
    assert.deepEqual(seen.execArgvOfWorker, []);
    assert.deepEqual(seen.args, []);
    assert.equal(seen.directory, project);
    assert.equal(seen.typescript, "true");
    assert.ok(!seen.processList.join(" ").includes("hello-from-config"));
  });

  it("ends without running anything when its host ends", async () => {
    const child = spawn(process.execPath, ["--require", join(root, "local", "engine", "standby.cjs"), script()], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit", "pipe"],
    });
    (child.stdio[3] as Writable).end();
    const [code] = (await once(child, "close")) as [number | null];
    assert.equal(code, 0);
  });

  it("runs what it is asked to, with the arguments and environment of the order", async () => {
    const program = { directory: root, nodeargs: [], runner: script() };
    standBy(program);
    const child = runIn(program, { args: ["7"], env: { EXIT_PLUS: "5" } });
    assert.equal((await exitOf(child)).code, 12);
  });

  it("makes way for a program that it does not fit", async () => {
    const runner = script();
    standBy({ directory: root, nodeargs: ["--no-warnings"], runner });
    const child = runIn({ directory: bench.directory, nodeargs: [], runner }, { args: ["1"], env: { EXIT_PLUS: "1" } });
    assert.equal((await exitOf(child)).code, 2);
  });

  it("reports the exit of a process that could not even start", async () => {
    const child = runIn({ directory: root, nodeargs: ["--no-such-flag"], runner: script() }, { args: [], env: {} });
    assert.equal((await exitOf(child)).code, 9);
  });

  /** Stands for the SDK's cmd/run: ends with a code made of what it got. */
  function script(): string {
    const file = join(bench.directory, "runner.cjs");
    writeFileSync(file, 'process.exit(Number(process.argv[2] ?? "1") + Number(process.env.EXIT_PLUS ?? "1"));\n');
    return file;
  }
});
