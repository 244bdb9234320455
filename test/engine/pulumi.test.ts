import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../local/paths";
import { Workbench } from "./support/local-pulumi";

describe("local/pulumi", function () {
  this.timeout(60_000);

  let bench: Workbench;
  before(() => {
    bench = new Workbench();
  });
  after(() => bench.remove());

  it("previews and updates a stack that did not exist, and finds nothing to do after that", () => {
    const project = bench.project("thing");
    const preview = bench.run(["preview", "-C", project, "--stack", "dev"]);
    assert.equal(preview.status, 0, preview.output);
    assert.match(preview.output, /\+ 3 to create/);
    assert.match(preview.output, /label +: \[unknown\]/);

    const up = bench.run(["up", "-C", project, "--stack", "dev", "--yes", "--skip-preview"]);
    assert.equal(up.status, 0, up.output);
    assert.match(up.output, /\+ 3 created/);
    assert.doesNotMatch(up.output, /warning|download|install/i);

    const again = bench.run(["preview", "-C", project, "--stack", "dev", "--expect-no-changes"]);
    assert.equal(again.status, 0, again.output);
    const outputs = JSON.parse(bench.run(["stack", "output", "--json", "-C", project, "--stack", "dev"]).output);
    assert.match(outputs.label, /^[a-zA-Z0-9]{12}$/);
  });

  it("keeps state and passphrase to the owner, in PREFECT_LOCAL_DIR", () => {
    const state = join(bench.localDir, "state");
    assert.equal(statSync(join(state, "passphrase")).mode & 0o777, 0o600);
    assert.equal(statSync(join(state, "pulumi")).mode & 0o777, 0o700);
    // Databases beside them run as other users.
    assert.equal(statSync(state).mode & 0o005, 0o005);
    assert.ok(existsSync(join(state, "pulumi", ".pulumi", "stacks", "thing", "dev.json")));
  });

  it("hands secret configuration to the program as secrets", () => {
    const project = bench.project("thing");
    const stack = ["-C", project, "--stack", "secrets"];
    const secret = "correct horse battery staple";
    writeFileSync(join(project, "Pulumi.secrets.yaml"), "config:\n  thing:greeting: hello\n");
    bench.run(["preview", ...stack]);
    assert.equal(bench.run(["config", "set", "--secret", "token", secret, ...stack]).status, 0);

    const up = bench.run(["up", "--yes", ...stack]);
    assert.equal(up.status, 0, up.output);
    assert.match(up.output, /greeting: "hello"/);
    assert.match(up.output, /token +: \[secret\]/);
    assert.ok(!up.output.includes(secret));
    const shown = bench.run(["stack", "output", "token", "--show-secrets", ...stack]);
    assert.equal(shown.output.trim(), secret);

    const state = join(bench.localDir, "state", "pulumi", ".pulumi");
    const leaks = readdirSync(state, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file, "utf8").includes(secret));
    assert.deepEqual(leaks, []);
  });

  it("writes the salt of a new stack into the configuration file it is given, not into the project", () => {
    const project = bench.project("thing");
    const before = readdirSync(project);
    const configFile = join(bench.directory, "elsewhere.yaml");
    writeFileSync(configFile, "config:\n  thing:greeting: hello\n");
    const preview = bench.run(["preview", "-C", project, "--stack", "apart", "--config-file", configFile]);
    assert.equal(preview.status, 0, preview.output);
    assert.deepEqual(readdirSync(project), before);
    assert.match(readFileSync(configFile, "utf8"), /^encryptionsalt: /m);
  });

  it("shows what a program threw, with the line that threw it", () => {
    const { status, output } = bench.run(["preview", "-C", bench.project("throws"), "--stack", "dev"]);
    assert.notEqual(status, 0);
    assert.match(output, /Error: the answer is not known\n +at answer \(.*index\.ts:2:/);
    assert.doesNotMatch(output, /non-zero exit code/);
  });

  it("shows a RunError as its message alone", () => {
    const { status, output } = bench.run(["preview", "-C", bench.project("refuses"), "--stack", "dev"]);
    assert.notEqual(status, 0);
    assert.match(output, /error: domain: got nothing, give a DNS name\n/);
    assert.doesNotMatch(output, /non-zero exit code|unhandled exception|index\.ts/);
  });

  it("says how a program ended that told nothing itself", () => {
    const { status, output } = bench.run(["preview", "-C", bench.project("exits"), "--stack", "dev"]);
    assert.notEqual(status, 0);
    assert.match(output, /Program exited with non-zero exit code: 3/);
  });

  it("serves dynamic resources", () => {
    const { status, output } = bench.run(["up", "--yes", "-C", bench.project("dynamic"), "--stack", "dev"]);
    assert.equal(status, 0, output);
    assert.match(output, /text: "WRITTEN"/);
  });

  it("can be called by a link, from any directory", () => {
    const link = join(bench.directory, "pu");
    symlinkSync(join(root, "local", "pulumi"), link);
    const { status, output } = bench.run(["version"], { program: link, cwd: "/" });
    assert.equal(status, 0, output);
    assert.match(output, /^v3\.\d+\.\d+\n$/);
  });

  it("leaves no process behind when the engine is killed", async () => {
    const project = bench.project("waits");
    const engine = bench.start(["preview", "-C", project, "--stack", "dev"]);
    const pidFile = join(project, "program.pid");
    await until(() => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "");
    const program = Number(readFileSync(pidFile, "utf8"));
    assert.ok(isRunning(program));
    engine.kill("SIGKILL");
    await until(() => !isRunning(program));
  });

  describe("with a policy pack", () => {
    let project: string;
    let pack: string;
    before(() => {
      project = bench.project("thing");
      pack = bench.project("pack");
    });

    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      it(`refuses in ${command[0]} what the pack refuses`, () => {
        const { status, output } = bench.run([...command, "-C", project, "--stack", "judged", "--policy-pack", pack]);
        assert.notEqual(status, 0, output);
        assert.match(output, /\[mandatory\] +long-labels .*thing-label/);
        assert.match(output, /got 12 characters, allowed are 20 and more/);
      });
    }

    it("passes what the pack allows", () => {
      const program = join(project, "index.ts");
      writeFileSync(program, readFileSync(program, "utf8").replace("length: 12", "length: 24"));
      const { status, output } = bench.run(["preview", "-C", project, "--stack", "judged", "--policy-pack", pack]);
      assert.equal(status, 0, output);
      assert.match(output, /✅ engine-test-pack@v0\.0\.1/);
    });

    it("says that the packages of a pack are missing", () => {
      const alone = mkdtempSync(join(tmpdir(), "pack-"));
      try {
        cpSync(pack, alone, { recursive: true });
        const { status, output } = bench.run(["preview", "-C", project, "--stack", "judged", "--policy-pack", alone]);
        assert.notEqual(status, 0);
        assert.match(output, /the policy pack's dependencies are not installed/);
      } finally {
        rmSync(alone, { recursive: true });
      }
    });
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !condition(); await sleep(100)) {
    assert.ok(Date.now() < end, `still not so after 20 s: ${condition.toString()}`);
  }
}
