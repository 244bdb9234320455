import assert from "node:assert/strict";
import { LocalCloud } from "./support/local-cloud";
import { putNetworkAndRole, putService, putTaskDefinition, runService, shell } from "./support/stack";

const healthy = {
  healthCheck: { command: ["CMD-SHELL", "test -e /tmp/ok"], interval: 5, retries: 2, startPeriod: 30 },
};

describe("ECS services", function () {
  this.timeout(60_000);
  const cloud = new LocalCloud();

  before(async () => {
    await cloud.start();
    await putNetworkAndRole(cloud);
  });
  after(() => cloud.remove());

  const running = async (name: string) =>
    (await cloud.status()).services.find((service) => service.name === name)?.runningCount ?? 0;
  const indexOf = (events: string[], pattern: RegExp, from = 0) =>
    events.findIndex((event, index) => index >= from && pattern.test(event));

  it("replace a task only after the new one is healthy", async () => {
    const slow = shell("web", "trap 'exit 0' TERM; sleep 1; touch /tmp/ok; sleep 1000 & wait", healthy);
    await runService(cloud, "rolling", [slow]);
    const before = (await cloud.events("rolling")).length;
    let fewest = Number.POSITIVE_INFINITY;
    let updating = true;
    const watching = (async () => {
      while (updating) fewest = Math.min(fewest, await running("rolling"));
    })();
    await putService(
      cloud,
      "rolling",
      await putTaskDefinition(cloud, "rolling", [{ ...slow, environment: [{ name: "NEW", value: "1" }] }]),
    );
    updating = false;
    await watching;
    const events = (await cloud.events("rolling")).slice(before);
    assert.ok(fewest >= 1, `${fewest} tasks ran at one time`);
    assert.ok(
      indexOf(events, /has started/) >= 0 && indexOf(events, /has started/) < indexOf(events, /has stopped/),
      events.join("\n"),
    );
    assert.match(events.at(-1) as string, /has reached a steady state/);
    assert.equal(await running("rolling"), 1);
  });

  it("stop the old task first where maximumPercent leaves no room", async () => {
    const more = { deploymentMinimumHealthyPercent: 0, deploymentMaximumPercent: 100 };
    const quick = shell("single", "trap 'exit 0' TERM; touch /tmp/ok; sleep 1000 & wait");
    await putService(cloud, "single", await putTaskDefinition(cloud, "single", [quick]), more);
    const before = (await cloud.events("single")).length;
    await putService(cloud, "single", await putTaskDefinition(cloud, "single", [quick]), more);
    const events = (await cloud.events("single")).slice(before);
    assert.ok(indexOf(events, /has stopped/) < indexOf(events, /has started/), events.join("\n"));
  });

  it("roll back when the circuit breaker opens, and the call fails with the events", async () => {
    const more = { deploymentCircuitBreaker: { enable: true, rollback: true } };
    const good = await putTaskDefinition(cloud, "breaker", [shell("good", "exec sleep 1000")]);
    await putService(cloud, "breaker", good, more);
    const bad = await putTaskDefinition(cloud, "breaker", [shell("bad", "exit 1")]);
    await assert.rejects(
      putService(cloud, "breaker", bad, more),
      /deployment circuit breaker: tasks failed to start[\s\S]*exit code 1/,
    );
    await cloud.until("the service is steady again", async () =>
      (await cloud.status()).services.some(({ name, steady }) => name === "breaker" && steady),
    );
    assert.match(
      (await cloud.events("breaker")).join("\n"),
      /deployment failed: tasks failed to start\.[\s\S]*rolling back to deployment/,
    );
  });

  it("start a new deployment on another trigger when forceNewDeployment is set, and none otherwise", async () => {
    const taskDefinition = await putTaskDefinition(cloud, "forced", [
      shell("forced", "exec sleep 1000", { stopTimeout: 1 }),
    ]);
    const started = async () => (await cloud.events("forced")).filter((event) => event.includes("has started")).length;
    await putService(cloud, "forced", taskDefinition, { triggers: { secret: "1" } });
    await putService(cloud, "forced", taskDefinition, { triggers: { secret: "2" } });
    assert.equal(await started(), 1);
    await putService(cloud, "forced", taskDefinition, { triggers: { secret: "3" }, forceNewDeployment: true });
    assert.equal(await started(), 2);
  });

  it("replace a task whose health check fails", async () => {
    const check = { command: ["CMD-SHELL", "test -e /tmp/ok"], interval: 1, retries: 2 };
    await runService(cloud, "sick", [
      shell("sick", "touch /tmp/ok; sleep 4; rm /tmp/ok; sleep 1000", { healthCheck: check, stopTimeout: 1 }),
    ]);
    await cloud.until(
      "another task starts",
      async () => (await cloud.events("sick")).filter((event) => event.includes("has started")).length > 1,
    );
    assert.match((await cloud.events("sick")).join("\n"), /failed container health checks/);
  });

  it("follow the desired count without a new deployment", async () => {
    const taskDefinition = await putTaskDefinition(cloud, "scaled", [
      shell("scaled", "trap 'exit 0' TERM; sleep 1000 & wait"),
    ]);
    await putService(cloud, "scaled", taskDefinition, { desiredCount: 2 });
    assert.equal(await running("scaled"), 2);
    await putService(cloud, "scaled", taskDefinition, { desiredCount: 0 });
    assert.equal(await running("scaled"), 0);
  });

  it("give a task its stop timeout before it is killed", async () => {
    const stubborn = shell("stubborn", "trap 'echo asked' TERM; while :; do sleep 0.1; done", { stopTimeout: 1 });
    await runService(cloud, "stubborn", [stubborn]);
    const begun = Date.now();
    await cloud.delete("aws:ecs/service:Service", "arn:aws:ecs:eu-west-1:123456789012:service/test/stubborn");
    assert.ok(Date.now() - begun >= 1000);
    assert.match(cloud.output("stubborn"), /asked/);
  });
});
