import assert from "node:assert/strict";
import fc from "fast-check";
import { judge } from "../../policies/graph/judge";
import type { Cloud } from "./simulator/cloud";
import { declared, type Style } from "./simulator/declared";
import { randomCloud } from "./simulator/random-clouds";
import { isExposed } from "./simulator/simulator";
import { seed, stacks } from "./support/amount";
import { Progress } from "./support/progress";
import { asResources, type Form, type Registered, register } from "./support/stack";

const style: fc.Arbitrary<Style> = fc.record({
  module: fc.constantFrom("lb", "alb"),
  rules: fc.constantFrom("inline", "rule", "ingress"),
});

const messages = (resources: readonly Registered[]): string[] =>
  judge(asResources(resources)).findings.map(({ message }) => message);

const judged = (cloud: Cloud, how: Style, form: Form): string[] => messages(register(declared(cloud, how), form));

describe("the pack and the simulator, written apart,", function () {
  this.timeout(stacks * 20 + 60_000);

  it(`agree on ${stacks} random stacks (seed ${seed})`, () => {
    let exposed = 0;
    const progress = new Progress(stacks);
    fc.assert(
      fc.property(randomCloud, style, (cloud, how) => {
        progress.step();
        const isOpen = isExposed(cloud);
        if (isOpen) exposed++;
        const found = judged(cloud, how, "finished");
        const said = isOpen ? "a stranger gets to Prefect, and the pack accepts it" : "no stranger gets to Prefect";
        assert.equal(found.length > 0, isOpen, [said, ...found].join("\n"));
      }),
      { numRuns: stacks, seed },
    );
    // Random stacks of which nearly all are the one or the other would test half of the pack.
    assert.ok(exposed > stacks / 10 && exposed < stacks * 0.9, `${exposed} of ${stacks} are exposed`);
  });

  it("agree, with values unknown in preview taken at their worst: never less strict than when all is known", () => {
    const progress = new Progress(stacks / 4);
    fc.assert(
      fc.property(randomCloud, style, (cloud, how) => {
        progress.step();
        const found = judged(cloud, how, "preview");
        if (isExposed(cloud)) assert.ok(found.length > 0, "accepted in preview, exposed when finished");
      }),
      { numRuns: Math.ceil(stacks / 4), seed },
    );
  });

  it("do not care how it is written: module, form of the rules, order of the resources", () => {
    const progress = new Progress(stacks / 4);
    fc.assert(
      fc.property(randomCloud, style, style, fc.func(fc.nat()), (cloud, one, other, at) => {
        progress.step();
        const shuffled = register(declared(cloud, other), "finished").sort((a, b) => at(a.name) - at(b.name));
        assert.equal(messages(shuffled).length > 0, judged(cloud, one, "finished").length > 0);
      }),
      { numRuns: Math.ceil(stacks / 4), seed },
    );
  });
});
