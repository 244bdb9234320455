import assert from "node:assert/strict";
import { progressText } from "./support/progress";

describe("the progress of a long run", () => {
  it("says what is done, how long it took and how long the rest takes", () => {
    assert.equal(progressText(12_000, 200_000, 30_000), "12,000 of 200,000 (6 %) in 30 s, about 8 min left");
    assert.equal(progressText(199_999, 200_000, 1_200_000), "199,999 of 200,000 (99 %) in 20 min, about 0 s left");
  });

  it("has nothing left where a failure takes more steps than there are stacks", () => {
    assert.equal(progressText(300, 200, 90_000), "300 of 200 (150 %) in 90 s, about 0 s left");
  });
});
