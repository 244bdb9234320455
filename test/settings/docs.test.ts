import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../../local/paths";
import { combinationProblems } from "../../settings/combinations/combinations";
import { groupsOf } from "../../settings/entries";
import { settingsPage } from "../../settings/page";
import { refused } from "../../settings/refused";
import { schema } from "../../settings/schema";
import { secretSettings } from "../../settings/secrets";

describe("docs/settings.md", () => {
  let page = "";
  let headings: string[] = [];
  before(() => {
    page = settingsPage();
    headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => title);
  });
  const entries = Object.entries(schema.shape)
    .flatMap(([key, type]) => groupsOf(key, type))
    .flatMap((group) => group.entries);

  it("is what the schema says: npm run docs writes it", () => {
    assert.equal(readFileSync(join(root, "docs", "settings.md"), "utf8"), page);
  });

  it("has every setting, of every kind of a union, and every secret one", () => {
    const names = leaves(z.toJSONSchema(schema, { io: "input" }) as JsonSchema, "");
    assert.ok(names.size > 50, [...names].join("\n"));
    for (const name of [...names, ...Object.keys(secretSettings)]) {
      assert.ok(
        headings.some((heading) => heading === name || heading.startsWith(`${name} with `)),
        name,
      );
    }
    assert.deepEqual(
      entries.map(({ name }) => name).filter((name) => !names.has(name)),
      [],
    );
  });

  for (const { path, type, meaning, default: ordinary, schema: accepts } of entries) {
    it(`has an example and a default of ${path} that the setting takes`, () => {
      const values = [meaning.example, ...(ordinary && "value" in ordinary ? [ordinary.value] : [])];
      for (const text of values) {
        // As `pulumi config set --path` reads a value.
        const value: unknown = type === "whole number" || type === "boolean" ? JSON.parse(text) : text;
        assert.ok(z.safeParse(accepts, value).success, `${path}: ${text}`);
      }
      assert.equal(meaning.unit !== undefined, type === "whole number", `${path} has the unit ${meaning.unit}`);
    });
  }

  it("leads nowhere but to its own headings", () => {
    const anchors = headings.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = ""]) => anchor);
    assert.ok(links.length > 30);
    assert.deepEqual(
      links.filter((anchor) => !anchors.includes(anchor)),
      [],
    );
    assert.equal(new Set(anchors).size, anchors.length);
  });

  it("has an example for every rule on what cannot be had together", () => {
    const folder = join(root, "settings", "combinations");
    const source = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
    const rules = source.join("\n").match(/\ballowed:/g) ?? [];
    const said = refused.flatMap((given) => combinationProblems(schema.parse(given)));
    assert.equal(said.length, refused.length);
    assert.equal(new Set(said.map(({ key, allowed }) => `${key}: ${allowed}`)).size, rules.length);
  });
});

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
}

/** Names of what holds a value or a list of values. */
function leaves(given: JsonSchema, name: string): Set<string> {
  const { properties, items, oneOf, anyOf } = given;
  const kinds = oneOf ?? anyOf;
  if (kinds) return new Set(kinds.flatMap((kind) => [...leaves(kind, name)]));
  if (items) return leaves(items, name);
  if (!properties) return new Set([name]);
  const inside = Object.entries(properties).flatMap(([key, part]) => [...leaves(part, name ? `${name}.${key}` : key)]);
  return new Set(inside);
}
