import type { Hop, World } from "../entrances/entrance";
import { type Graph, property, type Resource, type ResourceValue } from "../model";
import type { Sender } from "../security-groups";
import { types } from "../types";
import { placesAt, portOf } from "./destinations";
import { letsPrivateLinkPast, onlyPorts, type Relay } from "./relay";
import { inStages } from "./stage-variables";

/** An API's way on for callers whom nothing has asked. */
export interface OpenIntegration {
  readonly uri: ResourceValue;
  readonly connectionType: ResourceValue;
  readonly connectionId: ResourceValue;
  /** A load balancer by ARN, behind a VPC link of the second kind. */
  readonly target: ResourceValue;
  readonly hops: readonly Hop[];
  readonly certain: boolean;
  readonly fix: string;
  readonly addsCredential: boolean;
}

/**
 * Where an integration sends requests: into the VPC by a link (a listener, a load balancer, a Cloud Map service), to a
 * Lambda function, or to an address (Amazon API Gateway, "Create private integrations", "HTTP integrations").
 */
export function through(world: World, integration: OpenIntegration): Relay[] {
  const { graph } = world;
  return inStages(graph, integration.uri).flatMap((uri) =>
    inStages(graph, integration.connectionId).flatMap((connectionId) =>
      inStages(graph, integration.target).flatMap((target) =>
        onward(world, { ...integration, uri, connectionId, target }),
      ),
    ),
  );
}

function onward(world: World, integration: OpenIntegration): Relay[] {
  const { graph } = world;
  const { hops, certain, fix, addsCredential } = integration;
  const common = { hops, certain, fix, addsCredential };
  const isLinked = !integration.connectionType.isOmitted && integration.connectionType.word() !== "internet";
  const linked = (isLinked ? throughLink(world, integration) : []).map(
    ({ to, sender, port, pastGroups = false }): Relay => ({
      ...common,
      to,
      pastGroups,
      takesPort: onlyPorts([port]),
      sender,
      note: "is reached through its VPC link, internal or not",
    }),
  );
  if (isLinked && integration.connectionType.isKnown) return linked;
  const places = [...placesAt(graph, integration.uri), ...functionsAt(graph, integration.uri)].map(
    (to): Relay => ({
      ...common,
      to,
      takesPort: onlyPorts([portOf(integration.uri)]),
      sender: { kind: "service", groups: undefined },
      note: "is where it sends them by name",
    }),
  );
  return [...linked, ...places];
}

interface Linked {
  readonly to: Resource;
  readonly sender: Sender;
  readonly port?: number | undefined;
  readonly pastGroups?: boolean;
}

function throughLink({ graph, securityGroups }: World, { connectionId, uri, target }: OpenIntegration): Linked[] {
  const links = graph.referred(connectionId, types.httpVpcLink);
  const groups = links.map((link) => securityGroups.named(property(link, "securityGroupIds")));
  const keys = groups.flatMap((group) => group.keys);
  const sender: Sender = {
    kind: "inside",
    groups: groups.length === 0 ? undefined : { keys, unseen: groups.some(({ unseen }) => unseen) },
  };
  const named = [...types.listener, ...types.loadBalancer, ...types.cloudMapService];
  const direct = [uri, target].flatMap((value) => graph.referred(value, named)).map((to) => ({ to, sender }));
  // A link of the first kind leads to one network load balancer, whatever host the URI says; one not known may be any.
  const ofFirstKind = graph.referred(connectionId, types.restVpcLink);
  const isAny = connectionId.isUnknown && links.length === 0 && ofFirstKind.length === 0;
  const balancers = (isAny ? graph.ofType(types.restVpcLink) : ofFirstKind)
    .flatMap((link) => graph.referred(property(link, "targetArn"), types.loadBalancer))
    .map((to) => ({ to, sender: inside, port: portOf(uri), pastGroups: letsPrivateLinkPast(to) }));
  return [...direct, ...balancers];
}

const inside: Sender = { kind: "inside", groups: undefined };

/** `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations` holds the function's own ARN. */
function functionsAt(graph: Graph, uri: ResourceValue): Resource[] {
  const arn = /functions\/(arn:[^/]+)\/invocations/.exec(uri.text() ?? "")?.[1] ?? "";
  return graph.named(arn, [...types.lambda, ...types.lambdaAlias]);
}
