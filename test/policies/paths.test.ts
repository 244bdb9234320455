import { judge } from "../../policies/graph/judge";
import { corpus } from "./cases/corpus";
import { assertPath } from "./support/paths";
import { asResources, type Form, register } from "./support/stack";

describe("the path of every finding in the corpus", () => {
  for (const form of ["preview", "finished", "finished without ids"] satisfies Form[]) {
    it(`leads over the stack's resources to what runs the API, ${form}`, () => {
      for (const { stack, trusted } of Object.values(corpus).flatMap((cases) => Object.values(cases))) {
        const resources = asResources(register(stack, form));
        for (const finding of judge(resources, trusted).findings) assertPath(finding, resources);
      }
    }).timeout(20_000);
  }
});
