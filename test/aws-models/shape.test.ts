import assert from "node:assert/strict";
import { ensureToolchain } from "../../local/toolchain/toolchain";
import { limitedServices } from "./limits";
import { serviceModel } from "./models";
import { problemsIn, type Shapes } from "./shape";

const model: Shapes = {
  shapes: {
    Request: {
      type: "structure",
      required: ["Name"],
      members: {
        Name: { shape: "Name" },
        Port: { shape: "Port" },
        Ratio: { shape: "Ratio" },
        Enabled: { shape: "Flag" },
        Since: { shape: "Time" },
        Data: { shape: "Bytes" },
        Anything: { shape: "Json" },
        Tags: { shape: "Tags" },
        Items: { shape: "Items" },
        Other: { shape: "Words" },
        Choice: { shape: "Choice" },
      },
    },
    Name: { type: "string", min: 2, max: 4, pattern: "[\\p{L}]+" },
    Port: { type: "integer", min: 1, max: 10 },
    Ratio: { type: "double", max: 1 },
    Flag: { type: "boolean" },
    Time: { type: "timestamp" },
    Bytes: { type: "blob", max: 3 },
    Json: { type: "structure", document: true },
    Tags: { type: "map", key: { shape: "Name" }, value: { shape: "Word" }, max: 1 },
    Items: { type: "list", member: { shape: "Item" }, min: 1 },
    Item: { type: "structure", required: ["Id"], members: { Id: { shape: "Word" } } },
    Words: { type: "list", member: { shape: "Word" } },
    Word: { type: "string", enum: ["on", "off"] },
    Choice: { type: "structure", union: true, members: { A: { shape: "Word" }, B: { shape: "Word" } } },
    Lines: { type: "string", pattern: "(?s).*" },
  },
  limits: {},
};

describe("A service's model", () => {
  const problems = (value: unknown) => problemsIn(model, "Request", value);
  const withName = (members: object) => problems({ Name: "abc", ...members });

  it("allows what it describes", () => {
    const value = {
      Name: "äöü",
      Port: 10,
      Ratio: 0.5,
      Enabled: false,
      Since: "2026-01-01T00:00:00Z",
      Data: "abc",
      Anything: { at: ["all"] },
      Tags: { ab: "on" },
      Items: [{ Id: "on" }, { Id: "off" }],
      Choice: { B: "on", A: undefined },
      Other: undefined,
    };
    assert.deepEqual(problems(value), []);
  });

  const refused: [title: string, members: object, ...expected: string[]][] = [
    ["a text that is too short", { Name: "a" }, "Request.Name: got 1 characters, allowed 2 to 4"],
    ["a text that is too long, by characters", { Name: "𝒜𝒜𝒜𝒜𝒜" }, "Request.Name: got 5 characters, allowed 2 to 4"],
    ["a text of which a part matches", { Name: "ab1" }, 'Request.Name: got "ab1", allowed [\\p{L}]+'],
    ["a number for a text", { Name: 12 }, "Request.Name: got 12, allowed a text"],
    ["a text for a number", { Port: "1" }, 'Request.Port: got "1", allowed a whole number'],
    ["half a number", { Port: 1.5 }, "Request.Port: got 1.5, allowed a whole number"],
    ["a number that is too small", { Port: 0 }, "Request.Port: got 0, allowed 1 to 10"],
    ["a number that is too large", { Ratio: 1.1 }, "Request.Ratio: got 1.1, allowed up to 1"],
    ["no number", { Ratio: Number.NaN }, "Request.Ratio: got null, allowed a number"],
    ["a word for a truth", { Enabled: "true" }, 'Request.Enabled: got "true", allowed true or false'],
    ["a time that is none", { Since: "yesterday" }, 'Request.Since: got "yesterday", allowed a time'],
    ["bytes that are too many", { Data: "aé!" }, "Request.Data: got 4 bytes, allowed up to 3"],
    ["a word that is not listed", { Other: ["on", "On"] }, 'Request.Other[1]: got "On", allowed on, off'],
    ["a list that is too short", { Items: [] }, "Request.Items: got 0 entries, allowed 1 or more"],
    ["one entry for a list", { Items: { Id: "on" } }, 'Request.Items: got {"Id":"on"}, allowed a list'],
    ["a list for a structure", { Items: [[]] }, "Request.Items[0]: got [], allowed an object"],
    ["a member that is missing", { Items: [{}] }, "Request.Items[0].Id: got nothing, and it is required"],
    [
      "a member that is unknown",
      { Items: [{ Id: "on", id: 1 }] },
      "Request.Items[0].id: got a member of that name, allowed Id",
    ],
    [
      "a member that every object has",
      { Items: [{ Id: "on", constructor: 1 }] },
      "Request.Items[0].constructor: got a member of that name, allowed Id",
    ],
    ["an entry of a map", { Tags: { ab: "no" } }, 'Request.Tags.ab: got "no", allowed on, off'],
    ["a map's key", { Tags: { a: "on" } }, "Request.Tags's key: got 1 characters, allowed 2 to 4"],
    ["a map that is too large", { Tags: { ab: "on", cd: "on" } }, "Request.Tags: got 2 entries, allowed up to 1"],
    [
      "two of which one is allowed",
      { Choice: { A: "on", B: "on" } },
      "Request.Choice: got 2 members, allowed exactly one",
    ],
    ["none of which one is needed", { Choice: {} }, "Request.Choice: got 0 members, allowed exactly one"],
  ];
  for (const [title, members, ...expected] of refused) {
    it(`refuses ${title}`, () => assert.deepEqual(withName(members), expected));
  }

  it("has everything wrong said at once", () => {
    assert.deepEqual(problems({ Port: 11, Enabled: 1 }), [
      "Request.Name: got nothing, and it is required",
      "Request.Port: got 11, allowed 1 to 10",
      "Request.Enabled: got 1, allowed true or false",
    ]);
  });

  it("is narrowed by limits of a shape, of a member, and of a member's entries", () => {
    const limits = {
      Word: { pattern: "o." },
      "Request.Port": { max: 5, enum: ["1", "2"] },
      "Request.Other": { max: 1 },
      "Request.Other[]": { enum: ["on"] },
    };
    const value = { Name: "abc", Port: 6, Other: ["off", "on"], Items: [{ Id: "off" }] };
    assert.deepEqual(problemsIn({ ...model, limits }, "Request", value), [
      "Request.Port: got 6, allowed up to 5",
      "Request.Port: got 6, allowed 1, 2",
      "Request.Other: got 2 entries, allowed up to 1",
      'Request.Other[0]: got "off", allowed on',
      'Request.Other[0]: got "off", allowed o.',
      'Request.Items[0].Id: got "off", allowed o.',
    ]);
  });

  it("may have a pattern over several lines", () => {
    assert.deepEqual(problemsIn(model, "Lines", "a\nb"), []);
  });
});

describe("The models of AWS's services", function () {
  this.timeout(120_000);
  before(() => ensureToolchain(["botocore"], console.log));

  for (const service of limitedServices) {
    it(`${service} is of types and patterns that are understood`, () => {
      const { shapes } = serviceModel(service);
      for (const [name, { type }] of Object.entries(shapes)) {
        const samples: Record<string, unknown> = { string: "a", list: [], map: {}, structure: {}, boolean: true };
        // Throws for a type or a pattern that it cannot judge.
        problemsIn({ shapes, limits: {} }, name, samples[type] ?? 1);
      }
    });
  }
});
