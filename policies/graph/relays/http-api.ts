import type { Hop, World } from "../entrances/entrance";
import { type Graph, label, property, type Resource, type ResourceValue } from "../model";
import { tokenProblem } from "../tokens";
import { types } from "../types";
import { isReachable } from "./api-domain";
import { type OpenIntegration, through } from "./integration";
import { operationsOf } from "./open-api";
import type { Relay } from "./relay";

/**
 * API Gateway's HTTP and WebSocket APIs. A route asks for what its authorizationType says, NONE by default (Amazon API
 * Gateway, "Control and manage access to HTTP APIs"); an API key is no login. They are never private.
 */
export function httpApis(world: World): Relay[] {
  const { graph } = world;
  const own = graph.ofType(types.httpApi).flatMap((api) => {
    const reachable = isReachable(graph, api);
    if (!reachable.open) return [];
    const hop = { resource: api, note: "API Gateway takes requests from the internet" };
    const routes = graph.thatName(api, types.httpRoute, "apiId", types.httpApi);
    const isSocket = property(api, "protocolType").word() === "websocket";
    return [...quickCreated(api), ...openOperations(graph, api, false), ...routed(graph, hop, routes, isSocket)].map(
      (each) => ({
        ...each,
        certain: each.certain && reachable.certain,
      }),
    );
  });
  // Routes on an API of another stack: whether anything before them asks cannot be seen.
  const elsewhere = graph.ofType(types.httpRoute).filter((route) => {
    const api = property(route, "apiId");
    return graph.referred(api, types.httpApi).length === 0 && !graph.trusts(api);
  });
  const away = { resource: undefined, note: "an API that is not in this stack, so it may face the internet" };
  const others = routed(graph, away, elsewhere, false).map((each) => ({ ...each, certain: false }));
  return [...own, ...others].flatMap((integration) => through(world, integration));
}

const nothing = (resource: Resource): ResourceValue => property(resource, "none");

/** `target` makes a route for everything, which asks for nothing. */
function quickCreated(api: Resource): OpenIntegration[] {
  const uri = property(api, "target");
  return [
    {
      ...{ uri, connectionType: nothing(api), connectionId: nothing(api), target: nothing(api) },
      hops: [{ resource: api, note: "its quick-create route asks for no login" }],
      certain: true,
      fix: `give ${label(api)} routes with an authorizer in place of target`,
      addsCredential: false,
    },
  ];
}

/**
 * Operations of an API's body that ask for no login; of one that cannot be read, whatever it was built from.
 *
 * @param everyAccount a signature of some AWS account is no login: the API's policy lets every one in
 */
export function openOperations(graph: Graph, api: Resource, everyAccount: boolean): OpenIntegration[] {
  const body = property(api, "body");
  if (body.isOmitted) return [];
  const fix = `give every operation of ${label(api)}'s body a security scheme with an authorizer`;
  const operations = operationsOf(graph, body, everyAccount);
  if (operations === undefined) {
    const hop = { resource: api, note: "its body cannot be read (it is not known yet, or not JSON)" };
    const any = body.unread();
    const unread = { uri: any, connectionType: any, connectionId: any, target: nothing(api) };
    return [{ ...unread, hops: [hop], certain: false, fix, addsCredential: true }];
  }
  return operations
    .filter(({ isOpen }) => isOpen)
    .map(({ name, integration }) => ({
      uri: integration.get("uri"),
      connectionType: integration.get("connectionType"),
      connectionId: integration.get("connectionId"),
      target: integration.get("integrationTarget"),
      hops: [{ resource: api, note: `its operation ${JSON.stringify(name)} asks for no login` }],
      certain: true,
      fix,
      addsCredential: addsAuthorization(integration.get("requestParameters")),
    }));
}

function routed(graph: Graph, first: Hop, routes: readonly Resource[], isSocket: boolean): OpenIntegration[] {
  // The handshake's route asks for a whole WebSocket connection.
  const handshake = routes.filter((route) => property(route, "routeKey").text() === "$connect");
  const asking = isSocket && handshake.length > 0 ? handshake : undefined;
  return routes.flatMap((route) => {
    const why = (asking ?? [route]).flatMap((each) => whyOpen(graph, each) ?? []);
    const [open] = why;
    if (open === undefined) return [];
    const key = JSON.stringify(property(route, "routeKey").text() ?? "(not known)");
    const hops: Hop[] = [first, { resource: route, note: `route ${key} ${open.reason}` }];
    return graph.referred(property(route, "target"), types.httpIntegration).map((integration) => ({
      uri: property(integration, "integrationUri"),
      connectionType: property(integration, "connectionType"),
      connectionId: property(integration, "connectionId"),
      target: nothing(integration),
      hops,
      certain: open.certain,
      fix: `set authorizationType and an authorizer on ${label(route)}, or put a gateway that asks for a login into the task`,
      addsCredential: addsAuthorization(property(integration, "requestParameters")),
    }));
  });
}

/** Why a route asks strangers for nothing; undefined if it asks. */
function whyOpen(graph: Graph, route: Resource): { reason: string; certain: boolean } | undefined {
  const type = property(route, "authorizationType");
  if (type.isUnknown) return { reason: "asks for what is not known", certain: false };
  const kind = type.word() ?? "none";
  if (kind === "none") return { reason: "asks for no login (authorizationType NONE)", certain: true };
  if (kind !== "jwt") return undefined;
  const authorizers = graph.referred(property(route, "authorizerId"), types.httpAuthorizer);
  const problems = authorizers.flatMap((authorizer) => {
    const issuer = property(authorizer, "jwtConfiguration").get("issuer");
    // Its audience alone is checked: claims beside it are not.
    const problem = tokenProblem(graph, issuer, []);
    return problem === undefined ? [] : [{ reason: `asks for tokens, but ${problem}`, certain: issuer.isKnown }];
  });
  return problems[0];
}

/** A mapping that writes the credential itself answers Prefect's own question for everybody. */
export function addsAuthorization(parameters: ResourceValue): boolean {
  if (parameters.isUnknown) return true;
  return parameters
    .keys()
    .some(
      (name) =>
        /^(?:append:|overwrite:)?(?:integration\.request\.)?header\.authorization$/i.test(name) &&
        !/^\$?(?:request|method\.request)\.header\.authorization$/i.test(parameters.get(name).text() ?? ""),
    );
}
