import assert from "node:assert/strict";
import { judge } from "../../policies/graph/judge";
import type { Cloud } from "./simulator/cloud";
import { declared } from "./simulator/declared";
import { mutationsOf } from "./simulator/mutations";
import { albCloud, gatewayCloud } from "./simulator/own-clouds";
import { isExposed } from "./simulator/simulator";
import { asResources, type Form, register } from "./support/stack";

const written = { module: "lb", rules: "ingress" } as const;
const messages = (cloud: Cloud, form: Form): string[] =>
  judge(asResources(register(declared(cloud, written), form))).findings.map(({ message }) => message);

/** How many edits open a stack: behind a gateway one stands in the other's way. */
for (const [title, safe, least] of [
  ["behind a gateway", gatewayCloud, 1],
  ["behind a load balancer that logs people in", albCloud, 30],
] as const) {
  describe(`every single edit of this repository's stack ${title}`, () => {
    const mutations = mutationsOf(safe);

    it("is safe as it is, to both judges", () => {
      assert.equal(isExposed(safe), false);
      for (const form of ["preview", "finished"] satisfies Form[]) assert.deepEqual(messages(safe, form), []);
    });

    it(`is refused exactly where the simulator gets to Prefect (${mutations.length} edits)`, function () {
      this.timeout(60_000);
      let opened = 0;
      const wrong = mutations.flatMap(({ name, cloud }) => {
        const open = isExposed(cloud);
        if (open) opened++;
        const found = messages(cloud, "finished");
        const early = messages(cloud, "preview");
        if (found.length > 0 !== open) return [`${name}: ${open ? "open, and accepted" : found.join("\n")}`];
        return open && early.length === 0 ? [`${name}: open, and accepted in preview`] : [];
      });
      assert.deepEqual(wrong, [], wrong.join("\n\n"));
      assert.ok(mutations.length >= 120 && opened >= least, `${opened} of ${mutations.length} open it`);
    });
  });
}
