import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CloudResource } from "../../local/cloud/contract";
import { root } from "../../local/paths";
import { untilNoneIsLeft } from "../../local/processes";
import { orphans, recover } from "../../local/recovery";
import { Workbench } from "../engine/support/local-pulumi";

const held = (type: string, id: string): CloudResource => ({ type, id, urn: "", properties: {} });

describe("After an update that was killed", function () {
  this.timeout(60_000);
  const bench = new Workbench();
  const project = join(bench.directory, "slow");
  const backend = join(bench.localDir, "state", "pulumi");
  const said: string[] = [];
  after(() => bench.remove());

  const pulumi = (args: string[], input?: string) =>
    Promise.resolve(
      execFileSync(join(root, "local", "pulumi"), [...args, "-C", project, "--stack", "local"], {
        env: { ...process.env, PREFECT_LOCAL_DIR: bench.localDir },
        encoding: "utf8",
        input,
      }),
    );
  const up = ["up", "-C", project, "--stack", "local", "--yes", "--non-interactive"];

  /** A cloud with what the engine knows and something it does not. */
  const deleted: string[] = [];
  const cloud = {
    resources: async () => [held("aws:ecs/cluster:Cluster", "first"), held("aws:ecs/service:Service", "second")],
    delete: async ({ id }: { id: string }) => void deleted.push(id),
  };
  const recovered = () => recover({ stack: "local", backend, cloud, pulumi, say: (line) => said.push(line) });

  before(async () => {
    cpSync(join(__dirname, "projects", "slow"), project, { recursive: true });
    const running = bench.start(up);
    while (!existsSync(join(project, "creating"))) await sleep(50);
    await assert.rejects(recovered(), new RegExp(`^Error: process ${running.pid} is at work on the stack local`));
    running.kill("SIGKILL");
    while (existsSync(`/proc/${running.pid}`)) await sleep(50);
  });

  it("nothing that the engine had started is left", () => untilNoneIsLeft(`PREFECT_LOCAL_DIR=${bench.localDir}`, 10));

  it("the engine alone refuses to go on", () => {
    const { status, output } = bench.run(up);
    assert.notEqual(status, 0);
    assert.match(output, /the stack is currently locked by 1 lock/);
  });

  it("the next one goes on: no lock, no operation under way, nothing that only the cloud knows of", async () => {
    await recovered();
    assert.deepEqual(deleted, ["second", "first"]);
    writeFileSync(join(project, "go"), "");
    const { status, output } = bench.run(up);
    assert.equal(status, 0, output);
    assert.doesNotMatch(output, /pending operations|locked/);
    assert.equal(said[0], "the last start did not come to its end: going on from there");
  });

  it("what the engine knows by id or by ARN is left in the cloud", () => {
    const known = [
      { type: "aws:ecs/cluster:Cluster", id: "first" },
      { type: "aws:ecs/taskDefinition:TaskDefinition", id: "family", outputs: { arn: "arn:family:1" } },
    ];
    const all = [
      held("aws:ecs/cluster:Cluster", "first"),
      held("aws:ecs/taskDefinition:TaskDefinition", "arn:family:1"),
      held("aws:ecs/service:Service", "first"),
    ];
    assert.deepEqual(orphans(all, known), [all[2]]);
  });

  it("a state that has lost everything takes nothing from the cloud", async () => {
    const empty = JSON.stringify({ version: 3, deployment: { resources: [] } });
    const before = deleted.length;
    await recover({ stack: "none", backend, cloud, pulumi: async () => empty, say: () => {} });
    assert.equal(deleted.length, before);
  });
});
