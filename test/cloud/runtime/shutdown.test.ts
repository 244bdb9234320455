import assert from "node:assert/strict";
import { LocalCloud } from "./support/local-cloud";
import { putNetworkAndRole, putService, putTaskDefinition, runService, shell } from "./support/stack";

const stubborn = "trap '' TERM; echo started; while :; do sleep 1; done";

describe("Stopping", function () {
  this.timeout(60_000);
  const cloud = new LocalCloud();
  const service = (name: string) => `arn:aws:ecs:eu-west-1:123456789012:service/test/${name}`;

  before(async () => {
    await cloud.start();
    await putNetworkAndRole(cloud);
  });
  after(() => cloud.remove());

  async function secondsToDelete(name: string): Promise<number> {
    const began = performance.now();
    await cloud.delete("aws:ecs/service:Service", service(name));
    return (performance.now() - began) / 1000;
  }

  it("a container with an init reaches a program that does nothing about signals", async () => {
    const init = { linuxParameters: { initProcessEnabled: true }, stopTimeout: 30 };
    await runService(cloud, "plain", [shell("plain", "exec sleep 1000", init)]);
    assert.ok((await secondsToDelete("plain")) < 5);
  });

  it("a container without one waits for its stop timeout, as the first process ignores what it has no handler for", async () => {
    await runService(cloud, "first", [shell("first", "exec sleep 1000", { stopTimeout: 2 })]);
    const seconds = await secondsToDelete("first");
    assert.ok(seconds >= 2, `${seconds} s`);
  });

  it("a container with an init hands its program's exit code and output on, and reaps orphans", async () => {
    const script =
      "(sleep 0.1 & ) ; sleep 0.5; ls /proc | grep -c '^[0-9]'; trap 'exit 7' TERM; echo up; sleep 1000 & wait";
    await runService(cloud, "coded", [shell("coded", script, { linuxParameters: { initProcessEnabled: true } })]);
    await cloud.until("it is up", () => cloud.output("coded").includes("up\n"));
    // init, the script, ls and grep: the orphan has gone.
    assert.match(cloud.output("coded"), /^4\n/);
    await cloud.delete("aws:ecs/service:Service", service("coded"));
  });

  it("a task leaves the way to the others' addresses as it was", async () => {
    const script = `python3 -c "
import socket, time
while True:
    try: socket.create_connection(('10.7.0.1', 9), 1)
    except OSError: pass
    print(open('/proc/net/arp').read(), flush=True)
    time.sleep(0.2)"`;
    await runService(cloud, "speaks", [shell("speaks", `exec ${script}`)]);
    for (const name of ["comes", "goes"]) {
      await runService(cloud, name, [shell(name, "exec sleep 1000", { stopTimeout: 0 })]);
      await cloud.delete("aws:ecs/service:Service", service(name));
    }
    const seen = new Set(
      [...cloud.output("speaks").matchAll(/^10\.7\.0\.1 .*? ((?:[0-9a-f]{2}:){5}[0-9a-f]{2}) /gm)].map(
        ([, mac]) => mac,
      ),
    );
    seen.delete("00:00:00:00:00:00"); // Asked for, not answered yet.
    assert.equal(seen.size, 1, [...seen].join());
  });

  it("the whole cloud takes at most 15 s, whatever stop timeouts its containers have", async () => {
    const containers = [
      shell("base", stubborn, { stopTimeout: 120 }),
      shell("dependant", stubborn, { stopTimeout: 120, dependsOn: [{ containerName: "base", condition: "START" }] }),
    ];
    await putService(cloud, "stubborn", await putTaskDefinition(cloud, "stubborn", containers));
    const began = performance.now();
    await cloud.stop();
    const seconds = (performance.now() - began) / 1000;
    assert.ok(seconds < 15, `${seconds} s`);
    assert.deepEqual(cloud.processes(), []);
  });
});
