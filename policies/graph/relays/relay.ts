import type { Arrival, Hop, World } from "../entrances/entrance";
import { kept, property, type Resource } from "../model";
import type { Sender } from "../security-groups";

/**
 * Something that takes requests of strangers, asks them for no login, and passes them on to a place of the stack: a CDN,
 * an API, an accelerator, a function, a proxy.
 */
export interface Relay {
  /** A balancer, a listener, a service, an instance, a function... */
  readonly to: Resource;
  /** Whether it may go to this port of that. */
  readonly takesPort: (port: number) => boolean;
  /** As that sees it. */
  readonly sender: Sender;
  readonly hops: readonly Hop[];
  /** What `to` is to it. */
  readonly note: string;
  readonly certain: boolean;
  /** The smallest edit that closes it. */
  readonly fix: string;
  /** The security groups of `to` do not look at it. @default they do */
  readonly pastGroups?: boolean;
  /** It adds a credential of its own to what it passes on. */
  readonly addsCredential: boolean;
}

/** A kind of relay: all of it in the stack. `arrivals` are those found so far. */
export type RelayKind = (world: World, arrivals: readonly Arrival[]) => Relay[];

export const anyPort = (): boolean => true;

/** Only these ports; one that is not known may be any. */
export function onlyPorts(ports: readonly (number | undefined)[]): Relay["takesPort"] {
  return (port) => ports.includes(port) || ports.includes(undefined);
}

/**
 * Whether the groups of a network load balancer do not look at what comes by PrivateLink
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html).
 */
export function letsPrivateLinkPast(balancer: Resource): boolean {
  const enforced = property(balancer, "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic");
  return !enforced.isOmitted && enforced.word() !== "on";
}

type Index = ReadonlyMap<Resource, readonly Relay[]>;
const indices = new WeakMap<readonly Relay[], Index>();

/** Relays to this port (undefined: to any) of something. */
export function relaysTo(world: World, resource: Resource, port: number | undefined): readonly Relay[] {
  const index = kept(indices, world.relays, () => {
    const all = new Map<Resource, Relay[]>();
    for (const relay of world.relays) kept(all, relay.to, () => []).push(relay);
    return all;
  });
  const relays = index.get(resource) ?? [];
  return port === undefined ? relays : relays.filter(({ takesPort }) => takesPort(port));
}
