import assert from "node:assert/strict";
import { matches } from "../../../policies/support/iam-statements";

const rows: readonly (readonly [pattern: string, action: string, isTaken: boolean])[] = [
  ["iam:PassRole", "iam:PassRole", true],
  ["IAM:PASSROLE", "iam:PassRole", true],
  ["iam:PassRol", "iam:PassRole", false],
  ["am:PassRole", "iam:PassRole", false],
  ["iam:PassRoles", "iam:PassRole", false],
  ["*", "iam:PassRole", true],
  ["**", "iam:PassRole", true],
  ["", "iam:PassRole", false],
  ["", "", true],
  ["*", "", true],
  ["?", "", false],
  ["iam:*", "iam:PassRole", true],
  ["iam:*", "ec2:PassRole", false],
  ["*:PassRole", "iam:PassRole", true],
  ["*:Pass", "iam:PassRole", false],
  ["i*m:P*s*e", "iam:PassRole", true],
  ["i*m:P*x*e", "iam:PassRole", false],
  ["iam:Pass?ole", "iam:PassRole", true],
  ["iam:PassRole?", "iam:PassRole", false],
  ["???:PassRole", "iam:PassRole", true],
  ["iam:PassRol?*", "iam:PassRole", true],
  ["iam:PassRole?*", "iam:PassRole", false],
  ["iam:PassRole*", "iam:PassRole", true],
  ["*sR*", "iam:PassRole", true],
  ["iam.PassRole", "iam:PassRole", false],
  ["iam:(Pass|Get)Role", "iam:PassRole", false],
  ["*role/*-x", "arn:role/a-x-x", true],
];

describe("a pattern of IAM", () => {
  for (const [pattern, action, isTaken] of rows)
    it(`${JSON.stringify(pattern)} ${isTaken ? "takes" : "does not take"} ${JSON.stringify(action)}`, () => {
      assert.equal(matches(pattern, action), isTaken);
    });

  it("is read in time, however many signs may stand for any text", () => {
    const started = performance.now();
    for (const pattern of ["*a".repeat(450) + "b", "?*".repeat(450), "*".repeat(100_000), "?*".repeat(100_000)])
      matches(pattern, "a".repeat(450));
    assert.ok(performance.now() - started < 2_000);
  });
});
