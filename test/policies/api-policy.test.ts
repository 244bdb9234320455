import assert from "node:assert/strict";
import { admittedBy } from "../../policies/graph/relays/api-policy";
import type { ResourceValue } from "../../policies/graph/model";
import { Value } from "../../policies/graph/values";

const policyOf = (raw: unknown): ResourceValue => new Value(raw, undefined, "policy") as Value as ResourceValue;

/** What statements leave of the internet; a statement is for everybody and the whole API, where it does not say. */
function admitted(...statements: object[]): string {
  const whole = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  const document = { Version: "2012-10-17", Statement: statements.map((each) => ({ ...whole, ...each })) };
  const { strangers, certain } = admittedBy(policyOf(JSON.stringify(document)));
  assert.deepEqual(admittedBy(policyOf(document)), { strangers, certain }, "an object instead of its text");
  return certain ? (strangers ? "everybody" : "nobody") : strangers ? "maybe everybody" : "maybe nobody";
}

const deny = { Effect: "Deny" };
const condition = (operator: string, key: string, value: unknown): object => ({
  Condition: { [operator]: { [key]: value } },
});
const office = condition("IpAddress", "aws:SourceIp", ["203.0.113.0/24"]);

function assertAll(expected: string, statements: Readonly<Record<string, object[]>>): void {
  for (const [name, each] of Object.entries(statements)) assert.equal(admitted(...each), expected, name);
}

describe("a resource policy of an API", () => {
  it("admits whom some statement allows", () => {
    assertAll("everybody", {
      everybody: [{}],
      "every account": [{ Principal: { AWS: "*" } }],
      "every account, in a list": [{ Principal: { AWS: ["arn:aws:iam::123456789012:root", "*"] } }],
      "lists of one": [{ Principal: ["*"] }],
      "an effect in small letters": [{ Effect: "allow" }],
      "a part of it": [{ Resource: "execute-api:/*/GET/admin" }],
      "no principal": [{ Principal: undefined }],
      "a principal of nothing": [{ Principal: {} }],
      "somebody and everybody": [{ Principal: { AWS: "123456789012" } }, {}],
    });
    assertAll("nobody", {
      "no statement": [],
      "an account": [{ Principal: { AWS: "arn:aws:iam::123456789012:root" } }],
      "an account by its number": [{ Principal: "123456789012" }],
      "a service": [{ Principal: { Service: "events.amazonaws.com" } }],
      "an office": [office],
    });
    assertAll("maybe everybody", {
      "everybody but somebody": [{ Principal: undefined, NotPrincipal: { AWS: "123456789012" } }],
    });
    assert.deepEqual(admittedBy(policyOf("{")), { strangers: true, certain: false });
  });

  it("admits nobody whom some statement denies", () => {
    for (const Action of ["*", "execute-api:*", "execute-api:Invoke", ["execute-api:Invoke", "execute-api:other"]])
      assert.equal(admitted({}, { ...deny, Action }), "nobody", String(Action));
    const arn = "arn:aws:execute-api:eu-west-1:123456789012:abcdef";
    for (const Resource of ["*", "execute-api:/*", `${arn}/*`, `${arn}/*/*/*`, ["execute-api:/*", `${arn}/a`]])
      assert.equal(admitted({}, { ...deny, Resource }), "nobody", String(Resource));
    assertAll("nobody", {
      "all of them": [{}, { ...deny, Principal: { AWS: "*" } }],
      "deny first": [{ Effect: "DENY" }, {}],
      "those in one half, and those in the other": [
        {},
        { ...deny, ...condition("IpAddress", "aws:SourceIp", "0.0.0.0/1") },
        { ...deny, ...condition("IpAddress", "aws:SourceIp", ["128.0.0.0/1", "::/0"]) },
      ],
    });
  });

  it("still admits whom a statement denies a part, or others", () => {
    assertAll("everybody", {
      "another action": [{}, { ...deny, Action: "execute-api:ManageConnections" }],
      "no action": [{}, { ...deny, Action: undefined }],
      "all actions but some": [{}, { ...deny, Action: undefined, NotAction: "execute-api:Invoke" }],
      "a stage": [{}, { ...deny, Resource: "execute-api:/dev/*" }],
      "a path": [{}, { ...deny, Resource: "arn:aws:execute-api:eu-west-1:123456789012:abcdef/*/GET/admin" }],
      "a stage by its ARN": [{}, { ...deny, Resource: "arn:aws:execute-api:eu-west-1:123456789012:abcdef/dev/*" }],
      "no resource": [{}, { ...deny, Resource: undefined }],
      "a resource that ends like a whole one": [{}, { ...deny, Resource: "dev/execute-api:/*" }],
      "a resource that is no text": [{}, { ...deny, Resource: [{}] }],
      "an account": [{}, { ...deny, Principal: { AWS: "123456789012" } }],
      "nobody in particular": [{}, { ...deny, Principal: {} }],
      "an office": [{}, { ...deny, ...office }],
    });
    assertAll("maybe everybody", { "all but somebody": [{}, { ...deny, NotPrincipal: { AWS: "123456789012" } }] });
  });

  it("admits addresses by their ranges", () => {
    for (const operator of ["IpAddress", "ipaddressifexists", "ForAnyValue:IpAddress"]) {
      assert.equal(admitted(condition(operator, "aws:SourceIp", "0.0.0.0/0")), "everybody", operator);
      assert.equal(admitted(condition(operator, "AWS:SourceIP", "203.0.113.0/24")), "nobody", operator);
    }
    for (const operator of ["NotIpAddress", "NotIpAddressIfExists"]) {
      assert.equal(admitted(condition(operator, "aws:SourceIp", ["0.0.0.0/0", "::/0"])), "nobody", operator);
      assert.equal(admitted(condition(operator, "aws:SourceIp", "203.0.113.0/24")), "everybody", operator);
    }
    assertAll("maybe everybody", {
      "a range that is none": [condition("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "office"])],
      "a range that is no text": [condition("IpAddress", "aws:SourceIp", [{}])],
      "addresses as text": [condition("StringEquals", "aws:SourceIp", "203.0.113.7")],
      "an operator that ends like one": [condition("OtherNotIpAddress", "aws:SourceIp", "203.0.113.7")],
      "another key": [condition("IpAddress", "aws:RequestedRegion", "203.0.113.7")],
      "one condition that is understood and one that is not": [
        { Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" }, StringLike: { "aws:UserAgent": "*" } } },
      ],
      "a statement that is understood and one that is not": [
        {},
        { ...deny, ...condition("StringLike", "aws:UserAgent", "curl*") },
      ],
    });
    assertAll("maybe nobody", {
      "two conditions, of which one names an office": [
        { Condition: { IpAddress: { "aws:SourceIp": "203.0.113.7" }, StringLike: { "aws:UserAgent": "*" } } },
      ],
    });
  });

  it("knows that callers from the internet bring no VPC, endpoint, account or organisation", () => {
    const keys = ["SourceVpc", "SourceVpce", "VpcSourceIp", "SourceArn", "SourceAccount"];
    for (const key of [...keys, "PrincipalOrgID", "PrincipalArn", "PrincipalAccount"]) {
      const equals = (operator: string): object => condition(operator, `aws:${key}`, "named-1");
      assert.equal(admitted(equals("StringEquals")), "nobody", key);
      assert.equal(admitted({}, { ...deny, ...equals("StringNotEquals") }), "nobody", key);
      assert.equal(admitted({}, { ...deny, ...equals("StringEquals") }), "everybody", key);
    }
    for (const operator of ["StringNotEquals", "StringEqualsIfExists", "ForAllValues:StringEquals"])
      assert.equal(admitted(condition(operator, "aws:SourceVpce", "vpce-1")), "everybody", operator);
    for (const operator of ["ForAnyValue:StringEquals", "ForAnyValue:StringNotEquals", "ArnLike"])
      assert.equal(admitted(condition(operator, "aws:SourceVpce", "vpce-1")), "nobody", operator);
    for (const yes of [true, "true", ["true"], ["false", "true"]]) {
      assert.equal(admitted(condition("Null", "aws:SourceVpce", yes)), "everybody", String(yes));
      assert.equal(admitted({}, { ...deny, ...condition("Null", "aws:SourceVpce", yes) }), "nobody", String(yes));
    }
    assert.equal(admitted(condition("Null", "aws:SourceVpce", ["false"])), "nobody");
    assert.equal(admitted(condition("StringEquals", "aws:SourceVpce", "true")), "nobody");
  });

  it("does not trust a key that may hold anything, or of which AWS does not say what it means where it is missing", () => {
    assertAll("maybe everybody", {
      "any organisation": [condition("StringLike", "aws:PrincipalOrgID", ["o-1", "*"])],
      "any of them if there is one": [condition("ForAnyValue:StringEqualsIfExists", "aws:SourceVpce", "vpce-1")],
      "denied to any of them if there is one": [
        {},
        { ...deny, ...condition("ForAnyValue:StringEqualsIfExists", "aws:SourceVpce", "vpce-1") },
      ],
    });
    assert.equal(admitted({}, { ...deny, ...condition("StringNotLike", "aws:PrincipalOrgID", "*") }), "nobody");
  });
});
