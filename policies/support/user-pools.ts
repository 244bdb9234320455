import { type Graph, property, type Resource, type ResourceValue } from "../graph/model";
import { registriesOf } from "../graph/relays/destinations";
import { through } from "../graph/relays/integration";
import { types } from "../graph/types";
import type { PrefectStack } from "./prefect-stack";

/** The pools of the stack that may be this issuer. */
export function poolsOfIssuer(graph: Graph, issuer: ResourceValue): Resource[] {
  const id = issuer.text()?.split("/").at(-1) ?? "";
  const named = graph.named(id, types.userPool);
  return named.length > 0 ? named : graph.referred(issuer, types.userPool);
}

/** Pools whose tokens an API of API Gateway takes that leads to Prefect. */
export function poolsOfApis(stack: PrefectStack): Resource[] {
  const { graph } = stack.world;
  const apis = [
    ...graph.ofType(types.httpAuthorizer).map((authorizer) => ({
      apis: graph.referred(property(authorizer, "apiId"), types.httpApi),
      pools: poolsOfIssuer(graph, property(authorizer, "jwtConfiguration").get("issuer")),
    })),
    ...graph.ofType(types.restAuthorizer).map((authorizer) => ({
      apis: graph.referred(property(authorizer, "restApi"), types.restApi),
      pools: property(authorizer, "providerArns")
        .list()
        .flatMap((arn) => graph.referred(arn, types.userPool)),
    })),
  ];
  return apis.filter((each) => each.apis.some((api) => leadsToPrefect(stack, api))).flatMap(({ pools }) => pools);
}

function leadsToPrefect({ world, fronts, workloads }: PrefectStack, api: Resource): boolean {
  const { graph } = world;
  const places = new Set<Resource | undefined>([
    ...fronts.flatMap(({ balancer, listener }) => [balancer, listener]),
    ...workloads.map(({ service }) => service),
    ...workloads.flatMap(({ service }) => registriesOf(graph, service)),
  ]);
  const integrations = [
    ...graph.thatName(api, types.httpIntegration, "apiId", types.httpApi),
    ...graph.thatName(api, types.restIntegration, "restApi", types.restApi),
  ];
  return integrations
    .flatMap((integration) => {
      const isHttp = types.httpIntegration.includes(integration.type);
      return through(world, {
        uri: property(integration, isHttp ? "integrationUri" : "uri"),
        connectionType: property(integration, "connectionType"),
        connectionId: property(integration, "connectionId"),
        target: property(integration, "integrationTarget"),
        ...{ hops: [], certain: true, fix: "", addsCredential: false },
      });
    })
    .some(({ to }) => places.has(to));
}
