import { type Graph, property, type Resource, type ResourceValue } from "../graph/model";

/** A statement of an identity's policy and the resource that holds it. */
export interface Statement {
  readonly resource: Resource;
  readonly statement: ResourceValue;
}

const documents: Readonly<Record<string, string>> = {
  "aws:iam/policy:Policy": "policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
};
const role = "aws:iam/role:Role";

/** Of a pattern; no ARN of a role is as long (names up to 64, paths up to 512 characters). */
const longest = 1_000;

/** The statements of all policies whose text is known. */
export function statementsOf(graph: Graph): Statement[] {
  const written = Object.entries(documents).flatMap(([type, name]) =>
    graph.ofType([type]).map((resource) => ({ resource, document: property(resource, name) })),
  );
  const inline = graph.ofType([role]).flatMap((resource) =>
    property(resource, "inlinePolicies")
      .list()
      .map((each) => ({ resource, document: each.get("policy") })),
  );
  return [...written, ...inline].flatMap(({ resource, document }) =>
    // Pulumi's typings take a document as an object as well.
    (document.json() ?? document)
      .get("Statement")
      .list()
      .map((statement) => ({ resource, statement })),
  );
}

/** ARNs of policies that identities of the stack are given; empty where they are not known. */
export function managedPolicies(graph: Graph): { readonly resource: Resource; readonly arn: string }[] {
  const attached = graph
    .ofType(["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/policyAttachment:PolicyAttachment"])
    .map((resource) => ({ resource, arn: property(resource, "policyArn").text() ?? "" }));
  const named = graph.ofType([role]).flatMap((resource) =>
    property(resource, "managedPolicyArns")
      .list()
      .map((arn) => ({ resource, arn: arn.text() ?? "" })),
  );
  return [...attached, ...named];
}

/** Whether a pattern of IAM takes an action: `*` and `?`, whatever the case. */
export function matches(pattern: string, action: string): boolean {
  const text = action.toLowerCase();
  // Where in the text a part of the pattern may end: a regular expression would try all of them for each `*`.
  let ends = [0];
  for (const sign of pattern.slice(0, longest).toLowerCase()) {
    const [first = Infinity] = ends;
    if (sign === "*") ends = Array.from({ length: text.length + 1 }, (_, at) => at).filter((at) => at >= first);
    else ends = ends.filter((at) => sign === "?" || sign === text[at]).map((at) => at + 1);
  }
  return ends.includes(text.length);
}
