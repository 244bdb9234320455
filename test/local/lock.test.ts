import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { holdLock } from "../../local/lock";
import { root } from "../../local/paths";

describe("A lock between processes", () => {
  const name = `test ${process.pid}`;

  it("makes the second wait until the first gives it up, and says so once", async () => {
    const order: string[] = [];
    const free = await holdLock(name, assert.fail);
    const second = holdLock(name, () => order.push("waiting")).then((freeAgain) => {
      order.push("second");
      freeAgain();
    });
    await new Promise((resolve) => setTimeout(resolve, 700));
    order.push("first is done");
    free();
    await second;
    assert.deepEqual(order, ["waiting", "first is done", "second"]);
  });

  it("is free when the process that held it was killed", async () => {
    const script = `import("./local/lock.ts").then(async ({ holdLock }) => { await holdLock(${JSON.stringify(name)}, () => {}); console.log("held"); setInterval(() => {}, 1000); })`;
    const holder = spawn(process.execPath, ["--import", "tsx", "-e", script], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    holder.kill("SIGKILL");
    await once(holder, "close");
    (await holdLock(name, assert.fail))();
  }).timeout(10_000);
});
