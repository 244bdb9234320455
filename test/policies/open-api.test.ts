import assert from "node:assert/strict";
import { Graph, type ResourceValue } from "../../policies/graph/model";
import { operationsOf } from "../../policies/graph/relays/open-api";
import { Value } from "../../policies/graph/values";

const bodyOf = (text: string): ResourceValue => new Value(text, undefined, "body") as Value as ResourceValue;

/** The operations that ask for no login. */
function openOf(document: object, everyAccount = false): string[] | undefined {
  const all = operationsOf(new Graph([]), bodyOf(JSON.stringify(document)), everyAccount);
  return all?.filter(({ isOpen }) => isOpen).map(({ name }) => name);
}

const authorizer = (more: object): object => ({ "x-amazon-apigateway-authorizer": more });
const issuedBy = (issuer: string): object => authorizer({ type: "jwt", jwtConfiguration: { issuer } });
const schemes = {
  function: authorizer({ type: "request" }),
  pool: { "x-amazon-apigateway-authtype": "cognito_user_pools", ...authorizer({ type: "cognito_user_pools" }) },
  named: { "x-amazon-apigateway-authtype": "custom" },
  signature: { "x-amazon-apigateway-authtype": "awsSigv4" },
  own: issuedBy("https://login.example.com"),
  public: issuedBy("https://accounts.google.com"),
  key: { type: "apiKey", name: "x-api-key", in: "header" },
};
/** A document with one operation. */
const one = (operation: object, more: object = {}): object => ({
  paths: { "/": { get: operation } },
  components: { securitySchemes: schemes },
  ...more,
});
const asks = (...names: string[]): object => ({ security: names.map((name) => ({ [name]: [] })) });

describe("an OpenAPI document of an API", () => {
  it("has the operations that API Gateway knows", () => {
    const methods = ["get", "put", "post", "delete", "patch", "head", "options", "x-amazon-apigateway-any-method"];
    const path = Object.fromEntries([...methods, "parameters", "summary"].map((method) => [method, {}]));
    assert.deepEqual(openOf({ paths: { "/": path, "/b": { get: {} } } }), [
      ...["GET /", "PUT /", "POST /", "DELETE /", "PATCH /", "HEAD /", "OPTIONS /", "ANY /"],
      "GET /b",
    ]);
    assert.equal(operationsOf(new Graph([]), bodyOf("openapi: 3.0.1"), false), undefined);
  });

  it("asks for a login by schemes that authorize", () => {
    for (const name of ["function", "pool", "named", "signature", "own"])
      assert.deepEqual(openOf(one(asks(name))), [], name);
    for (const name of ["public", "key", "not declared"]) assert.deepEqual(openOf(one(asks(name))), ["GET /"], name);
  });

  it("asks for nothing by signatures where every account is let in", () => {
    assert.deepEqual(openOf(one(asks("signature")), true), ["GET /"]);
    for (const name of ["function", "pool", "named"]) assert.deepEqual(openOf(one(asks(name)), true), [], name);
  });

  it("asks where all alternatives do, and by any scheme of one", () => {
    assert.deepEqual(openOf(one(asks("function", "pool"))), []);
    assert.deepEqual(openOf(one(asks("function", "key"))), ["GET /"]);
    assert.deepEqual(openOf(one({ security: [{ key: [], function: [] }] })), []);
    assert.deepEqual(openOf(one({ security: [{ function: [] }, {}] })), ["GET /"]);
  });

  it("asks what the operation says, or else the document", () => {
    assert.deepEqual(openOf(one({}, asks("function"))), []);
    assert.deepEqual(openOf(one({ security: [] }, asks("function"))), ["GET /"]);
    assert.deepEqual(openOf(one(asks("function"), asks("key"))), []);
    assert.deepEqual(openOf({ ...one(asks("function")), components: {}, securityDefinitions: schemes }), []);
  });
});
