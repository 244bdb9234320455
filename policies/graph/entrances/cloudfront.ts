import { everywhere } from "../cidr";
import { label, property, type Resource, type ResourceValue } from "../model";
import { types } from "../types";
import type { World } from "./entrance";
import { type Fronted, groupsOf, isDualStack } from "./load-balancers";

/** CloudFront distributions whose VPC origin is this balancer: they bring the internet to internal ones. */
export function distributionsBefore(world: World, balancer: Resource, port: number | undefined): Fronted[] {
  const { graph, securityGroups } = world;
  const groups = groupsOf(world, balancer);
  if (groups !== undefined && !securityGroups.admitsFromInside(groups, port)) return [];
  const { vpcOrigin, distribution, loadBalancer } = types;
  return graph
    .thatName(balancer, vpcOrigin, "vpcOriginEndpointConfig.arn", loadBalancer)
    .filter((origin) => usesPort(origin, port))
    .flatMap((origin) =>
      graph
        .thatName(origin, distribution, "origins.vpcOriginConfig.vpcOriginId", vpcOrigin)
        .flatMap((each): Fronted[] => {
          const why = whyOpen(world, each, origin);
          if (why === undefined) return [];
          return [
            {
              addresses: everywhere,
              certain: !property(each, "enabled").isUnknown && !runsFunctions(each),
              hops: [
                { resource: each, note: why },
                { resource: origin, note: "lets it into the VPC" },
                { resource: balancer, note: "is that origin, internal or not" },
              ],
              groups,
              dualStack: isDualStack(balancer),
              fix: `give every behaviour of ${label(each)} that leads there trustedKeyGroups, or the distribution viewerMtlsConfig in mode "required", or put a gateway that asks for a login into the task`,
            },
          ];
        }),
    );
}

function usesPort(origin: Resource, port: number | undefined): boolean {
  const [config] = property(origin, "vpcOriginEndpointConfig").list();
  if (config === undefined || port === undefined) return true;
  const policy = config.get("originProtocolPolicy").word();
  const ports = [
    ...(policy === "https-only" ? [] : [config.get("httpPort").integer()]),
    ...(policy === "http-only" ? [] : [config.get("httpsPort").integer()]),
  ];
  return ports.some((each) => each === port || each === undefined);
}

/** Why strangers pass a distribution to this origin; undefined if none do. WAF, geography, host names do not count. */
function whyOpen(world: World, distribution: Resource, origin: Resource): string | undefined {
  if (property(distribution, "enabled").flag() === false) return undefined;
  const [mutual] = property(distribution, "viewerMtlsConfig").list();
  if (mutual?.get("mode").word() === "required") return undefined;
  const origins = property(distribution, "origins").list();
  const ids = origins.map((each) => each.get("originId").text());
  const leadingThere = origins
    .filter((each) =>
      world.graph.referred(each.get("vpcOriginConfig").get("vpcOriginId"), types.vpcOrigin).includes(origin),
    )
    .map((each) => each.get("originId").text());
  const open = behaviours(distribution).find((behaviour) => {
    const target = behaviour.get("targetOriginId").text();
    // A target that is none of the origins is a group of them.
    const leads = target === undefined || leadingThere.includes(target) || !ids.includes(target);
    return leads && !asksForSignature(behaviour);
  });
  if (open === undefined) return undefined;
  const path = open.get("pathPattern").text();
  const which = path === undefined ? "its default behaviour" : `its behaviour for ${JSON.stringify(path)}`;
  const functions = runsFunctions(distribution) ? ", and what its functions ask for is not followed" : "";
  return `${which} asks viewers for no signature${functions}`;
}

function behaviours(distribution: Resource): ResourceValue[] {
  return ["defaultCacheBehavior", "orderedCacheBehaviors"].flatMap((name) => property(distribution, name).list());
}

function asksForSignature(behaviour: ResourceValue): boolean {
  if (behaviour.isUnknown) return false;
  return ["trustedKeyGroups", "trustedSigners"].some((name) => behaviour.get(name).list().length > 0);
}

function runsFunctions(distribution: Resource): boolean {
  return behaviours(distribution).some((behaviour) =>
    ["functionAssociations", "lambdaFunctionAssociations"].some((name) => behaviour.get(name).list().length > 0),
  );
}
