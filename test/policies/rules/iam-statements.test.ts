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

  it("is read once, however many signs may stand for any text", () => {
    // A regular expression would try more ways than there is time for.
    assert.ok(!matches(`${"*a".repeat(25)}b`, "a".repeat(60)));
    assert.ok(!matches("?*".repeat(40), "a".repeat(39)));
    assert.ok(matches("?*".repeat(40), "a".repeat(40)));
  });
});
