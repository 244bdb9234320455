import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { paths } from "../../local/paths";
import { CommandFailed, run, withRetry } from "../../local/toolchain/command";
import { install, isInstalled } from "../../local/toolchain/install";
import { installationIn } from "./support/installation";

describe("an installation of the toolchain", () => {
  let directory: string;
  const silent = () => {};
  const product = () => readdirSync(join(directory, "product"));

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "installation-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
    rmSync(join(paths.toolchain, `${basename(directory)}.stamp`), { force: true });
  });

  it("is made once", async () => {
    const lines: string[] = [];
    await install(installationIn(directory), (line) => lines.push(line));
    await install(installationIn(directory), (line) => lines.push(line));
    assert.deepEqual(lines, ["making it", `${basename(directory)}: ready (0 s)`]);
    assert.ok(isInstalled(installationIn(directory)));
  });

  it("is made once by two that want it at the same time", async () => {
    const lines: string[] = [];
    const say = (line: string) => lines.push(line);
    await Promise.all([install(installationIn(directory), say), install(installationIn(directory), say)]);
    assert.equal(lines.filter((line) => line === "making it").length, 1);
    assert.equal(lines.filter((line) => line.endsWith("another process is at it already, waiting")).length, 1);
  });

  it("is made anew when its version changes", async () => {
    await install(installationIn(directory, "1"), silent);
    assert.ok(!isInstalled(installationIn(directory, "2")));
    await install(installationIn(directory, "2"), silent);
    assert.equal(readFileSync(join(directory, "product", "program"), "utf8"), "2");
  });

  it("is made anew when a file of it has gone", async () => {
    await install(installationIn(directory), silent);
    rmSync(join(directory, "product", "program"));
    assert.ok(!isInstalled(installationIn(directory)));
    await install(installationIn(directory), silent);
    assert.deepEqual(product(), ["program"]);
  });

  it("is made from nothing after it failed", async () => {
    const failing = {
      ...installationIn(directory),
      make: async (say: (line: string) => void) => {
        await installationIn(directory).make(say);
        throw new Error("no space left on device");
      },
    };
    await assert.rejects(install(failing, silent), /no space left/);
    assert.ok(!isInstalled(installationIn(directory)));
    await install(installationIn(directory), silent);
    assert.ok(isInstalled(installationIn(directory)));
  });

  it("is made from nothing after its process was killed in the middle", async () => {
    const script = join(__dirname, "support", "hanging-installation.ts");
    const other = spawn(process.execPath, ["--import", "tsx", script, directory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(other.stdout, "data");
    assert.deepEqual(product(), ["half"]);
    other.kill("SIGKILL");
    await once(other, "close");

    await install(installationIn(directory), silent);
    assert.deepEqual(product(), ["program"]);
    assert.ok(isInstalled(installationIn(directory)));
  }).timeout(10_000);
});

describe("a command of the toolchain", () => {
  const sh = (script: string) => run("sh", ["-c", script], { keptLines: 2 });

  it("fails with its own last lines", async () => {
    await assert.rejects(sh("echo one; echo two >&2; sleep 0.1; echo three; exit 7"), (error) => {
      assert.ok(error instanceof CommandFailed);
      assert.match(error.message, /ended with exit code 7\n +two\n +three$/);
      return true;
    });
  });

  it("that needs the network is tried once more, and says why", async () => {
    const lines: string[] = [];
    let tries = 0;
    const attempt = () => sh(`test ${++tries} = 2 || { echo 503 Service Unavailable; exit 1; }; echo done`);
    assert.equal(await withRetry("download", (line) => lines.push(line), attempt), "done\n");
    assert.match(lines.join("\n"), /^download: failed, trying once more\n.*\n +503 Service Unavailable$/);
  });

  it("that fails twice has failed", async () => {
    let tries = 0;
    await assert.rejects(
      withRetry(
        "download",
        () => {},
        () => sh(`echo try ${++tries}; exit 1`),
      ),
      /try 2$/,
    );
    assert.equal(tries, 2);
  });
});
