import type { World } from "../entrances/entrance";
import { type Graph, label, property, type Resource, type ResourceValue } from "../model";
import { types } from "../types";
import { placesAt } from "./destinations";
import { onlyPorts, type Relay } from "./relay";

/**
 * CloudFront distributions before whatever their origins are: balancers and instances in private subnets by VPC origins
 * (Amazon CloudFront, "Restrict access with VPC origins"), anything with a name by custom ones. WAF, geography and host
 * names ask nobody who they are.
 */
export function distributions(world: World): Relay[] {
  const own = world.graph.ofType(types.distribution).flatMap((distribution) => {
    if (property(distribution, "enabled").flag() === false) return [];
    const [mutual] = property(distribution, "viewerMtlsConfig").list();
    if (mutual?.get("mode").word() === "required") return [];
    const origins = property(distribution, "origins").list();
    return origins.flatMap((origin) => {
      const why = whyOpen(distribution, origins, origin);
      return why === undefined ? [] : through(world, distribution, origin, why);
    });
  });
  return [...own, ...usedElsewhere(world)];
}

/** A VPC origin that no distribution of the stack names is there for one of another stack. */
function usedElsewhere({ graph }: World): Relay[] {
  const { vpcOrigin, distribution } = types;
  return graph
    .ofType(vpcOrigin)
    .filter((origin) => !graph.isTrusted(origin.urn))
    .filter((origin) =>
      ["vpcOriginConfig", "vpcOriginConfigs"].every(
        (name) => graph.thatName(origin, distribution, `origins.${name}.vpcOriginId`, vpcOrigin).length === 0,
      ),
    )
    .flatMap((origin) =>
      intoVpc(graph, origin, {
        hops: [
          {
            resource: origin,
            note: "lets distributions of other stacks into the VPC, and what they ask for cannot be seen",
          },
        ],
        certain: false,
        fix: `declare the distribution in the stack of ${label(origin)}, or name its URN in the pack's trusted configuration if that logs people in`,
        addsCredential: false,
      }),
    );
}

type Common = Pick<Relay, "hops" | "certain" | "fix" | "addsCredential">;

function intoVpc(graph: Graph, origin: Resource, common: Common): Relay[] {
  const targets = [...types.loadBalancer, ...types.instance];
  return property(origin, "vpcOriginEndpointConfig")
    .list()
    .flatMap((config) =>
      graph.referred(config.get("arn"), targets).map((to) => ({
        ...common,
        to,
        takesPort: onlyPorts(portsOf(config)),
        sender: { kind: "inside" as const, groups: undefined },
        note: "is that origin, internal or not",
      })),
    );
}

/** What an origin leads to, for viewers whom nothing has asked. */
function through({ graph }: World, distribution: Resource, origin: ResourceValue, why: string): Relay[] {
  const common = {
    certain: !property(distribution, "enabled").isUnknown && !runsFunctions(distribution),
    fix: `give every behaviour of ${label(distribution)} that leads there trustedKeyGroups, or the distribution viewerMtlsConfig in mode "required", or put a gateway that asks for a login into the task`,
    addsCredential: origin
      .get("customHeaders")
      .list()
      .map((header) => header.get("name").word() ?? header.get("headerName").word())
      .some((name) => name === undefined || name === "authorization"),
  };
  const hop = { resource: distribution, note: why };
  const inside = first(origin, "vpcOriginConfig", "vpcOriginConfigs")
    .flatMap((config) => graph.referred(config.get("vpcOriginId"), types.vpcOrigin))
    .flatMap((each) =>
      intoVpc(graph, each, { ...common, hops: [hop, { resource: each, note: "lets it into the VPC" }] }),
    );
  if (inside.length > 0) return inside;
  return placesAt(graph, origin.get("domainName")).map(
    (to): Relay => ({
      ...common,
      to,
      takesPort: onlyPorts(first(origin, "customOriginConfig", "customOriginConfigs").flatMap(portsOf)),
      sender: { kind: "service", groups: undefined },
      hops: [hop],
      note: "is its origin by name",
    }),
  );
}

function first(origin: ResourceValue, ...names: string[]): ResourceValue[] {
  return names.flatMap((name) => origin.get(name).list());
}

function portsOf(config: ResourceValue): (number | undefined)[] {
  const policy = config.get("originProtocolPolicy").word();
  return [
    ...(policy === "https-only" ? [] : [config.get("httpPort").integer()]),
    ...(policy === "http-only" ? [] : [config.get("httpsPort").integer()]),
  ];
}

/** Why strangers pass a distribution to this origin; undefined if none do. */
function whyOpen(distribution: Resource, origins: readonly ResourceValue[], origin: ResourceValue): string | undefined {
  const idOf = (each: ResourceValue): string | undefined => each.get("originId").text() ?? each.get("id").text();
  const ids = origins.map(idOf);
  const open = behaviours(distribution).find((behaviour) => {
    const target = behaviour.get("targetOriginId").text();
    // A target that is none of the origins is a group of them.
    const leads = target === undefined || target === idOf(origin) || !ids.includes(target);
    return leads && !asksForSignature(behaviour);
  });
  if (open === undefined) return undefined;
  const path = open.get("pathPattern").text();
  const which = path === undefined ? "its default behaviour" : `its behaviour for ${JSON.stringify(path)}`;
  const functions = runsFunctions(distribution) ? ", and what its functions ask for is not followed" : "";
  return `${which} asks viewers for no signature${functions}`;
}

function behaviours(distribution: Resource): ResourceValue[] {
  const names = ["defaultCacheBehavior", "orderedCacheBehaviors", "cacheBehaviors"];
  return names.flatMap((name) => property(distribution, name).list());
}

function asksForSignature(behaviour: ResourceValue): boolean {
  return ["trustedKeyGroups", "trustedSigners"].some((name) => {
    const trusted = behaviour.get(name);
    // A multitenant distribution's are an object that may be switched off.
    const named = trusted.list().filter((each) => each.keys().length === 0 || each.get("enabled").flag() === true);
    return !trusted.isUnknown && named.length > 0;
  });
}

function runsFunctions(distribution: Resource): boolean {
  return behaviours(distribution).some((behaviour) =>
    ["functionAssociations", "lambdaFunctionAssociations"].some((name) => behaviour.get(name).list().length > 0),
  );
}
