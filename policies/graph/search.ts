import { entrances } from "./entrances";
import type { Arrival, World } from "./entrances/entrance";
import type { Resource } from "./model";
import { relayKinds } from "./relays";
import { worldOf } from "./world";

/** A way onward from what one round has found; the pack's own failures, by what failed. */
export interface Found {
  readonly world: World;
  readonly arrivals: readonly Arrival[];
  readonly failures: readonly { readonly what: string; readonly error: unknown }[];
}

/** A proxy before a proxy before a proxy: more in a row than these are not followed. */
const mostRounds = 8;

/** All unauthenticated arrivals: relays lead to arrivals, and arrivals at proxies to more relays, until nothing is new. */
export function arrivalsIn(resources: readonly Resource[], trusted: readonly string[]): Found {
  let world = worldOf(resources, trusted);
  let arrivals: readonly Arrival[] = [];
  const failures = new Map<string, unknown>();
  const all = <T>(kinds: readonly ((...of: never[]) => readonly T[])[], run: (kind: never) => readonly T[]): T[] =>
    kinds.flatMap((kind) => {
      try {
        return run(kind as never);
      } catch (error) {
        failures.set(kind.name, error);
        return [];
      }
    });
  for (let round = 0; ; round++) {
    const before = world.relays.length;
    const relays = all(relayKinds, (kind: (typeof relayKinds)[number]) => kind(world, arrivals));
    if (round > 0 && relays.length === before) break;
    if (round === mostRounds) {
      failures.set("more proxies in a row than are followed", undefined);
      break;
    }
    world = { ...world, relays };
    arrivals = all(entrances, (entrance: (typeof entrances)[number]) => entrance(world));
  }
  return { world, arrivals, failures: [...failures].map(([what, error]) => ({ what, error })) };
}
