import assert from "node:assert/strict";
import { type OwnStackCase, ownStackCases } from "./cases/own-stack";
import { analyzeRegistered } from "./support/analyze";
import { Engine, type Run } from "./support/engine";
import { edited } from "./support/recorded";
import type { Registered } from "./support/stack";

const cases: Readonly<Record<string, OwnStackCase>> = ownStackCases;

/** These also go through the engine, as edits of the running program. */
const onTheEngine = [
  ["preview", "the gateway is gone"],
  ["preview", "nginx asks for no login"],
  ["preview", "oauth2-proxy skips the login on a route"],
  ["up", "the gateway is gone"],
] as const;

describe("the policy pack on this repository's own program", function () {
  this.timeout(180_000);
  const engine = new Engine();
  const recorded = new Map<string, Registered[]>();
  after(() => engine.remove());

  const settings = (edit: string): string[] => [
    "aws:region=eu-west-1",
    "domain=prefect.dev.example.com",
    "hostedZone=dev.example.com",
    "workersEndpoint=public",
    `edit:apply=${edit}`,
  ];
  const assertJudged = ({ exit, output }: Run, fragments: readonly string[] | undefined): void => {
    assert.equal(exit === 0, fragments === undefined, output);
    assert.equal(output.split("[mandatory]").length - 1, fragments ? 1 : 0, output);
    assert.doesNotMatch(output, /can't run policy|could not judge|\[advisory\]/);
    for (const fragment of fragments ?? []) assert.ok(output.includes(fragment), `${fragment}\nis not in\n${output}`);
  };

  for (const command of ["preview", "up"] as const) {
    it(`accepts it without a word in ${command}`, () => {
      const { run, resources } = engine.record(command, "own-stack", settings("nothing is changed"));
      assertJudged(run, undefined);
      recorded.set(command, resources);
    });
  }

  for (const [command, name] of onTheEngine) {
    it(`refuses it in ${command} where ${name}`, () => {
      assertJudged(engine.run(command, "own-stack", settings(name)), cases[name]?.rejects ?? assert.fail());
    });
  }

  // Every case on what the engine recorded above: milliseconds in place of seconds.
  for (const command of ["preview", "up"]) {
    for (const [name, { edit = {}, added, rejects }] of Object.entries(cases)) {
      it(`${rejects ? "refuses" : "accepts"}, as ${command} has it: ${name}`, async () => {
        const stack = edited(recorded.get(command) ?? assert.fail(`${command} has recorded nothing`), edit, added);
        const findings = await analyzeRegistered(stack);
        const shown = findings.map(({ message }) => message).join("\n\n");
        assert.equal(findings.length, rejects ? 1 : 0, shown);
        for (const fragment of rejects ?? []) assert.ok(shown.includes(fragment), `${fragment}\nis not in\n${shown}`);
      });
    }
  }
});
