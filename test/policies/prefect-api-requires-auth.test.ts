import assert from "node:assert/strict";
import { corpus } from "./cases/corpus";
import { analyze } from "./support/analyze";
import type { Form } from "./support/stack";

for (const [title, cases] of Object.entries(corpus)) {
  for (const form of ["preview", "finished", "finished without ids"] satisfies Form[]) {
    describe(`prefect-api-requires-auth, ${title}, ${form}`, () => {
      for (const [name, { stack, trusted = [], preview, ...finished }] of Object.entries(cases)) {
        const { count = finished.count ?? 1, ...expected } = form === "preview" ? (preview ?? finished) : finished;
        const fragments = expected.rejects ?? expected.cannotTell;
        const verdict = expected.rejects ? "refuses" : expected.cannotTell ? "cannot tell about" : "accepts";
        it(`${verdict} ${name}`, async () => {
          const findings = await analyze(stack, form, { trusted });
          const shown = findings.map(({ message }) => message).join("\n\n");
          assert.equal(findings.length, fragments ? count : 0, shown);
          const certain = findings.some(({ message }) => message.includes("The internet reaches a Prefect API"));
          assert.equal(certain, expected.rejects !== undefined, shown);
          for (const finding of findings) assert.equal(finding.level, "mandatory", shown);
          for (const fragment of fragments ?? [])
            assert.ok(shown.includes(fragment), `${fragment}\nis not in\n${shown}`);
        });
      }
    });
  }
}
