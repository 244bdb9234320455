import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAllowed } from "../../../local/cloud/iam";
import { IamPolicies } from "../../../local/cloud/iam-policies";
import { Registry } from "../../../local/cloud/registry";

const role = "arn:aws:iam::123456789012:role/execution";
const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:database-AbCdEf";
const read = "secretsmanager:GetSecretValue";

describe("IAM's decision", () => {
  const directory = mkdtempSync(join(tmpdir(), "iam-"));
  after(() => rmSync(directory, { recursive: true, force: true }));

  /** A role with these statements as its inline policy. */
  function decide(statements: unknown, more: Record<string, unknown> = {}): boolean {
    const world = new Registry(join(directory, `${Math.random()}.json`));
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
    const add = (type: string, id: string, properties: Record<string, unknown>) =>
      world.put({ type, id, urn: "", properties });
    add("aws:iam/role:Role", "execution", { name: "execution", arn: role, ...more });
    add("aws:iam/rolePolicy:RolePolicy", "execution:inline", { role: "execution", policy });
    add("aws:iam/policy:Policy", "only-logs", {
      arn: "arn:aws:iam::123456789012:policy/only-logs",
      policy: { Statement: { Effect: "Allow", Action: "logs:*", Resource: "*" } },
    });
    return isAllowed(world, role, read, secret);
  }

  const cases: [string, boolean, unknown][] = [
    ["nothing said", false, []],
    ["the action and the resource named", true, { Effect: "Allow", Action: read, Resource: secret }],
    [
      "an action in other letters",
      true,
      { Effect: "Allow", Action: "SecretsManager:getsecretvalue", Resource: secret },
    ],
    [
      "six question marks for the suffix",
      true,
      { Effect: "Allow", Action: read, Resource: secret.replace("AbCdEf", "??????") },
    ],
    [
      "five question marks for the suffix",
      false,
      { Effect: "Allow", Action: read, Resource: secret.replace("AbCdEf", "?????") },
    ],
    ["the name without the suffix", false, { Effect: "Allow", Action: read, Resource: secret.replace("-AbCdEf", "") }],
    ["another action", false, { Effect: "Allow", Action: "secretsmanager:DescribeSecret", Resource: "*" }],
    [
      "a resource in other letters",
      false,
      { Effect: "Allow", Action: read, Resource: secret.replace("database", "Database") },
    ],
    ["every action but another one", true, { Effect: "Allow", NotAction: "iam:*", Resource: "*" }],
    [
      "a condition, which nothing here can check",
      false,
      { Effect: "Allow", Action: "*", Resource: "*", Condition: {} },
    ],
    [
      "a denial beside the permission",
      false,
      [
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "secretsmanager:*", Resource: "*-AbCdEf" },
      ],
    ],
  ];
  for (const [what, expected, statements] of cases) {
    it(`${expected ? "allows" : "refuses"} with ${what}`, () => assert.equal(decide(statements), expected));
  }

  it("refuses what the permissions boundary leaves out", () => {
    const everything = { Effect: "Allow", Action: "*", Resource: "*" };
    assert.equal(decide(everything, { permissionsBoundary: "arn:aws:iam::123456789012:policy/only-logs" }), false);
  });

  it("refuses a role that is not declared", () => {
    assert.equal(isAllowed(new Registry(join(directory, "empty.json")), role, read, secret), false);
  });

  for (const [what, statement] of [
    ["resources", { Effect: "Allow", Action: read }],
    ["resources", { Effect: "Allow", Action: read, Resource: [] }],
    ["actions", { Effect: "Allow", Resource: "*" }],
    ["actions", { Effect: "Allow", NotAction: [], Resource: "*" }],
  ] as const) {
    it(`refuses a policy with a statement without ${what}: ${JSON.stringify(statement)}`, async () => {
      const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      for (const type of ["aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"]) {
        assert.ok(new IamPolicies().handles(type));
        await assert.rejects(
          new IamPolicies().put({ type, id: "one", urn: "", properties: { policy } }),
          new RegExp(`^Error: MalformedPolicyDocument: Policy statement must contain ${what}\\.$`),
        );
      }
    });
  }
});
