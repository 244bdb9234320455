import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Commands } from "./support/command";

describe("The commands of the local stack", function () {
  this.timeout(60_000);
  let commands: Commands;
  beforeEach(() => {
    commands = new Commands();
  });
  afterEach(() => commands.remove());

  it("name every wrong option at once, with how to say it right", async () => {
    const wrong = ["--bogus", "--port", "abc", "--set", "cpu", "extra", "--secret", "hush", "--secret", "key=/nowhere"];
    const { exitCode, output } = await commands.run("up", ...wrong, "--issuer", "nowhere.json");
    assert.equal(exitCode, 2);
    for (const problem of [
      "--bogus: no such option",
      "--port abc: give a whole number",
      "--set cpu: ",
      "extra: ",
      "--secret: give a setting and the file that holds its value",
      "--secret key: ENOENT",
      "--issuer nowhere.json: there is no such file",
    ])
      assert.ok(output.includes(problem), output);
    assert.doesNotMatch(output, /hush/);
    assert.match(output, /npm start -- \[--detach\] \[--port 8443\] \[--set key=value\]/);
    assert.doesNotMatch(output, /\n\s+at /);
  });

  it("say which options there are, when asked", async () => {
    const { exitCode, output } = await commands.run("up", "--help");
    assert.equal(exitCode, 0);
    assert.match(output, /--detach .*--port .*--set .*--secret .*--issuer /s);
  });

  it("name the process that has the port, once, and leave nothing", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const { exitCode, output } = await commands.run("up", "--port", String(port));
    server.close();
    assert.equal(exitCode, 1);
    assert.equal(
      output.split(`port ${port} on 127.0.0.1 is in use by node (process ${process.pid} in `).length,
      2,
      output,
    );
    assert.match(output, /or choose another with --port/);
    assert.deepEqual(commands.processes(), []);
  });

  it("say that nothing runs when there is nothing to stop, as often as asked", async () => {
    for (let times = 0; times < 2; times++) {
      const { exitCode, output } = await commands.run("stop");
      assert.equal(exitCode, 0);
      assert.match(output, /Nothing was running\.\n$/);
    }
  });

  for (const [what, content] of [
    ["is not JSON", '{"front": {"pi'],
    ["is of another version", '{"pid": 1}'],
    ["holds null", "null"],
  ] as const) {
    it(`get along with a note about the running cloud that ${what}`, async () => {
      mkdirSync(join(commands.directory, "run"));
      writeFileSync(join(commands.directory, "run", "front.json"), content);
      const { exitCode, output } = await commands.run("stop");
      assert.equal(exitCode, 0, output);
    });
  }

  it("say that no stack is up before the example can run, also after one was", async () => {
    for (const outputs of [undefined, "{}"]) {
      if (outputs) writeFileSync(join(commands.directory, "outputs.json"), outputs);
      const { exitCode, output } = await commands.run("example");
      assert.equal(exitCode, 1);
      assert.equal(output, "no stack is up on this machine: run `npm start` first, in another terminal\n");
    }
  });
});
