import assert from "node:assert/strict";
import { ensureToolchain } from "../../local/toolchain/toolchain";
import { documentedLimits, limitedServices } from "./limits";
import { serviceModel } from "./models";

/** Documentation as a person reads it. */
function plainText(html: string | undefined): string {
  const text = (html ?? "")
    .replace(/<[^>]+>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
  return text
    .replace(/\s+/g, " ")
    .replace(/ ([,.;:)])/g, "$1")
    .replace(/\( /g, "(");
}

describe("Limits beyond the models", function () {
  this.timeout(120_000);
  before(() => ensureToolchain(["botocore"], console.log));

  for (const service of limitedServices) {
    it(`are about shapes and members that ${service} has, and those that quote its model quote it right`, () => {
      const { shapes } = serviceModel(service);
      for (const [place, limit] of Object.entries(documentedLimits(service))) {
        const [name = "", member] = place.replace("[]", "").split(".");
        const about = member === undefined ? shapes[name] : shapes[name]?.members?.[member];
        assert.ok(about, `${place} is not in the model`);
        if (!("says" in limit)) continue;
        // A shape is often described where it is used.
        const uses = Object.values(shapes).flatMap(({ members }) => Object.values(members ?? {}));
        const texts = [about, ...(member === undefined ? uses.filter(({ shape }) => shape === name) : [])];
        const documentation = texts.map((text) => plainText(text.documentation)).join("\n");
        assert.ok(documentation.includes(limit.says), `${place}: "${limit.says}" is not in\n${documentation}`);
      }
    });
  }
});
