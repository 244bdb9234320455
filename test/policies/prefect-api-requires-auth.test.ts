import assert from "node:assert/strict";
import { type Case, loadBalancerCases } from "./cases/load-balancers";
import { frontCases } from "./cases/fronts";
import { gatewayCases } from "./cases/gateways";
import { networkCases } from "./cases/networks";
import { analyze } from "./support/analyze";
import type { Form } from "./support/stack";

const groups: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  "load balancers": loadBalancerCases,
  "accelerators and distributions": frontCases,
  "addresses and security groups": networkCases,
  gateways: gatewayCases,
};

for (const [title, cases] of Object.entries(groups)) {
  for (const form of ["preview", "finished", "finished without ids"] satisfies Form[]) {
    describe(`prefect-api-requires-auth, ${title}, ${form}`, () => {
      for (const [name, { stack, rejects, previewRejects, count = 1 }] of Object.entries(cases)) {
        const expected = form === "preview" ? (previewRejects ?? rejects) : rejects;
        it(`${expected ? "refuses" : "accepts"} ${name}`, async () => {
          const findings = await analyze(stack, form);
          const shown = findings.map(({ message }) => message).join("\n\n");
          assert.equal(findings.length, expected ? count : 0, shown);
          for (const finding of findings) assert.equal(finding.level, "mandatory", shown);
          for (const fragment of expected ?? [])
            assert.ok(shown.includes(fragment), `${fragment}\nis not in\n${shown}`);
        });
      }
    });
  }
}
