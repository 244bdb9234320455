import assert from "node:assert/strict";
import { diagnostics, UpdateProgress } from "../../local/engine-output";

describe("What is shown of the engine's output", () => {
  it("is what is done and what is being waited for", () => {
    const progress = new UpdateProgress();
    const shown = [
      "Updating (local):",
      "Loading policy packs...: starting",
      "@ updating.....",
      " +  prefect:data:Database prefect-db creating (0s) ",
      " +  aws:rds:Instance prefect-db-instance creating (0s) ",
      " +  aws:ecs:Cluster prefect-cluster creating (0s) ",
      " +  aws:ecs:Cluster prefect-cluster created (0.05s) ",
      "++ aws:ecs:TaskDefinition server creating replacement (0s) [diff: ~containerDefinitions]",
      "++ aws:ecs:TaskDefinition server created replacement (0.03s) [diff: ~containerDefinitions]",
      "    pulumi:pulumi:Stack prefect-on-fargate-local running",
      " +  aws:rds:Instance prefect-db-instance created (4s) ",
    ].map((line) => progress.read(line));
    assert.deepEqual(shown, [
      "updating",
      undefined,
      undefined,
      "0 done, creating prefect:data:Database prefect-db",
      "0 done, creating aws:rds:Instance prefect-db-instance",
      "0 done, creating aws:ecs:Cluster prefect-cluster",
      "1 done, creating aws:rds:Instance prefect-db-instance",
      "1 done, creating aws:ecs:TaskDefinition server",
      "2 done, creating aws:rds:Instance prefect-db-instance",
      undefined,
      "3 done, creating prefect:data:Database prefect-db",
    ]);
  });

  const output = (pack: string[]) => [
    "Previewing update (local):",
    " +  aws:ecs:Cluster prefect-cluster create",
    "Policies:",
    ...pack,
    "",
    "Diagnostics:",
    "  pulumi:pulumi:Stack (prefect-on-fargate-local):",
    "    error: 1 of the settings cannot be used",
    "",
    "Resources:",
    "    1 errored",
  ];

  it("after a failure is the diagnostics alone when the policies are content", () => {
    const text = diagnostics(output(["    ✅ prefect-access@v0.1.0 (local: policies)"]));
    assert.equal(
      text,
      "Diagnostics:\n  pulumi:pulumi:Stack (prefect-on-fargate-local):\n    error: 1 of the settings cannot be used",
    );
  });

  it("after a failure holds what a policy refuses", () => {
    const refused = [
      "    ❌ prefect-access@v0.1.0 (local: policies)",
      "        - [mandatory]  prefect-api-requires-auth",
    ];
    assert.match(diagnostics(output(refused)), /^Policies:\n {4}❌ .*\n {8}- \[mandatory\] .*\n\nDiagnostics:/);
  });

  it("after a failure without diagnostics is its end", () => {
    assert.equal(diagnostics(["one", "error: the stack is locked"]), "one\nerror: the stack is locked");
  });
});
