import assert from "node:assert/strict";
import { existsSync, globSync, lstatSync, readlinkSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tool } from "../../local/cloud/tools";
import { root } from "../../local/paths";
import { machinePrograms } from "../../local/toolchain/machine";
import { namespaces } from "../../local/toolchain/prerequisites";
import { programs } from "../../local/toolchain/programs";
import { Commands } from "./support/command";

describe("A build or download of the toolchain", function () {
  this.timeout(20_000);
  const commands = new Commands();
  after(() => commands.remove());

  const building = (script: string) => `import("${join(root, "local", "toolchain", "command.ts")}").then(({ run }) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
    console.log("building");
    return run("sh", ["-c", "${script}"]);
  })`;

  const startBuild = async (script: string) => {
    const build = commands.startProgram(process.execPath, "--import", "tsx", "-e", building(script));
    await build.until("building");
    while (!commands.processes().some((command) => command.startsWith("sleep 1000"))) await sleep(50);
    return build;
  };

  it("ends with the start that wanted it, its own children too", async () => {
    const build = await startBuild("sleep 1000 & sleep 1000; true");
    build.process.kill("SIGTERM");
    await commands.untilNoneIsLeft(3);
  });

  it("ends when that start is killed", async () => {
    const build = await startBuild("exec sleep 1000");
    build.process.kill("SIGKILL");
    await commands.untilNoneIsLeft(3);
  });
});

describe("The programs that the local cloud runs", () => {
  it("are all prerequisites, each with a reason and a package", () => {
    for (const name of Object.keys(machinePrograms)) {
      const prerequisite = namespaces.find((each) => each.name === name);
      assert.ok(prerequisite?.why && prerequisite.debian?.length === 1, name);
      assert.ok(existsSync(tool(name as keyof typeof machinePrograms)));
    }
  });

  it("are refused where the machine has no leave for namespaces, with what to do about it", async () => {
    const rights = namespaces.at(-1);
    assert.equal(await rights?.problem(), undefined);
    assert.match(rights?.get ?? "", /sysctl .*userns.*--privileged/s);
  });

  it("are in a PostgreSQL whose links stay inside: a container has nothing else of the checkout", () => {
    const directory = dirname(programs().postgresBin);
    const links = globSync(join(directory, "**")).filter((file) => lstatSync(file).isSymbolicLink());
    assert.ok(links.length > 0);
    assert.deepEqual(
      links.filter((link) => isAbsolute(readlinkSync(link)) || !existsSync(link)),
      [],
    );
  });
});
