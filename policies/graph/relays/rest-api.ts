import type { Hop, World } from "../entrances/entrance";
import { type Graph, label, property, type Resource } from "../model";
import { types } from "../types";
import { isReachable } from "./api-domain";
import { type Admitted, admittedBy } from "./api-policy";
import { addsAuthorization, openOperations } from "./http-api";
import { type OpenIntegration, through } from "./integration";
import type { Relay } from "./relay";

/**
 * API Gateway's REST APIs: private ones are reached through VPC endpoints only; of the others a resource policy may let in
 * some addresses only; what is left is what each method asks for (Amazon API Gateway, "Control and manage access to REST
 * APIs"). An API key identifies a plan, not a caller.
 */
export function restApis(world: World): Relay[] {
  const { graph } = world;
  const own = graph.ofType(types.restApi).flatMap((api) => {
    const endpoint = property(api, "endpointConfiguration").get("types");
    if (endpoint.list().some((type) => type.word() === "private")) return [];
    const reachable = isReachable(graph, api);
    const policy = policyOf(graph, api);
    if (!reachable.open || policy?.strangers === false) return [];
    const certain = reachable.certain && !endpoint.isUnknown && (policy?.certain ?? true);
    const hop = { resource: api, note: "API Gateway takes requests from the internet" };
    const [methods, integrations] = partsOf((types_) => graph.thatName(api, types_, "restApi", types.restApi));
    return [
      ...openOperations(graph, api, policy !== undefined),
      ...integrated(graph, hop, methods, integrations, policy !== undefined),
    ].map((each) => ({ ...each, certain: each.certain && certain }));
  });
  // Parts of an API of another stack: whether anything before them asks cannot be seen.
  const [methods, integrations] = partsOf((types_) =>
    graph.ofType(types_).filter((part) => {
      const api = property(part, "restApi");
      return graph.referred(api, types.restApi).length === 0 && !graph.trusts(api);
    }),
  );
  const away = { resource: undefined, note: "an API that is not in this stack, so it may face the internet" };
  const others = integrated(graph, away, methods, integrations, true).map((each) => ({ ...each, certain: false }));
  return [...own, ...others].flatMap((integration) => through(world, integration));
}

type Parts = readonly [methods: readonly Resource[], integrations: readonly Resource[]];

function partsOf(find: (types: readonly string[]) => readonly Resource[]): Parts {
  return [find(types.restMethod), find(types.restIntegration)];
}

/** A policy of its own resource replaces the API's, and that the one in its body; without one everybody is let in. */
function policyOf(graph: Graph, api: Resource): Admitted | undefined {
  const [separate] = graph.thatName(api, types.restApiPolicy, "restApiId", types.restApi);
  const given = property(separate ?? api, "policy");
  const policy = given.isOmitted ? property(api, "body").json()?.get("x-amazon-apigateway-policy") : given;
  return policy === undefined || policy.isOmitted ? undefined : admittedBy(policy);
}

function integrated(
  graph: Graph,
  first: Hop,
  methods: readonly Resource[],
  integrations: readonly Resource[],
  hasPolicy: boolean,
): OpenIntegration[] {
  return integrations.flatMap((integration) => {
    const own = methods.filter((method) => belongTogether(graph, method, integration));
    const open = own.length === 0 ? [undefined] : own.filter((method) => whyOpen(method, hasPolicy) !== undefined);
    const [method] = open;
    if (open.length === 0) return [];
    const hops: Hop[] = [
      first,
      method === undefined
        ? { resource: integration, note: "its method is not in this stack" }
        : { resource: method, note: whyOpen(method, hasPolicy) ?? "" },
    ];
    return [
      {
        uri: property(integration, "uri"),
        connectionType: property(integration, "connectionType"),
        connectionId: property(integration, "connectionId"),
        target: property(integration, "integrationTarget"),
        hops,
        certain: method !== undefined && property(method, "authorization").isKnown,
        fix: `set authorization and an authorizer on ${label(method ?? integration)}, or put a gateway that asks for a login into the task`,
        addsCredential: addsAuthorization(property(integration, "requestParameters")),
      },
    ];
  });
}

/** An integration is that of the method with the same path and verb. */
function belongTogether(graph: Graph, method: Resource, integration: Resource): boolean {
  const [verb, other] = [method, integration].map((each) => property(each, "httpMethod").word());
  if (verb !== undefined && other !== undefined && verb !== other) return false;
  const path = property(method, "resourceId");
  const otherPath = property(integration, "resourceId");
  if (path.isKnown && path.text() === otherPath.text()) return true;
  const places = [...types.restResource, ...types.restApi];
  const others = graph.referred(otherPath, places);
  return graph.referred(path, places).some((place) => others.includes(place));
}

/** Why a method asks strangers for nothing; undefined if it asks. */
function whyOpen(method: Resource, hasPolicy: boolean): string | undefined {
  const authorization = property(method, "authorization");
  const verb = property(method, "httpMethod").text() ?? "";
  const kind = authorization.isOmitted ? "none" : authorization.word();
  if (kind === undefined) return `method ${verb} asks for what is not known`;
  if (kind === "none") {
    const key = property(method, "apiKeyRequired").flag() === true ? ", for an API key is no login" : "";
    return `method ${verb} asks for no login (authorization NONE${key})`;
  }
  // Who may call is then what the policy says, and it says everybody: every AWS account.
  return kind === "aws_iam" && hasPolicy
    ? `method ${verb} asks for an AWS account's signature, and the resource policy lets every account in`
    : undefined;
}
