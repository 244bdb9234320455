import assert from "node:assert/strict";
import { matcher } from "../../policies/graph/trust";

describe("what is trusted", () => {
  const rows: readonly (readonly [pattern: string, text: string, is: boolean])[] = [
    ["sg-1", "sg-1", true],
    ["sg-1", "sg-12", false],
    ["sg-1", "asg-1", false],
    [" sg-1 ", "sg-1", true],
    ["sg-*", "sg-1", true],
    ["sg-*", "asg-1", false],
    ["*-1", "sg-1", true],
    ["*-1", "sg-12", false],
    ["*", "anything", true],
    ["*", "", true],
    ["", "", true],
    ["", "anything", false],
    ["a*c", "abc", true],
    ["a*c", "ac", true],
    ["a**c", "abc", true],
    ["a*c", "abcd", false],
    ["ab*bc", "abc", false],
    ["ab*bc", "abbc", true],
    ["a*b*c", "a1b2c", true],
    ["a*b*c", "abc", true],
    ["a*b*c", "ac", false],
    ["a*b*c", "acb", false],
    ["a*b*b*c", "abc", false],
    ["a*b*b*c", "abbc", true],
    ["a*bc*c", "abc", false],
    ["a*bc*c", "abcc", true],
    ["a*a*a", "aa", false],
    ["*a*b", "ab", true],
    ["a.c", "abc", false],
  ];
  for (const [pattern, text, is] of rows)
    it(`${JSON.stringify(pattern)} ${is ? "takes" : "does not take"} ${JSON.stringify(text)}`, () =>
      assert.equal(matcher([pattern])(text), is));

  it("is what any of several patterns takes", () => {
    const isTrusted = matcher(["a", "b*"]);
    assert.deepEqual(["a", "b1", "c"].map(isTrusted), [true, true, false]);
    assert.equal(matcher([])(""), false);
  });
});
