import type { World } from "../entrances/entrance";
import { hostOf, kept, type Resource, type ResourceValue } from "../model";
import { isLoopback } from "../nginx-locations";
import { isServer } from "../prefect";
import type { Workload } from "../tasks";
import { types } from "../types";
import { placesAt, portIn } from "./destinations";

/** A place of the stack, and the port of it that is asked for; undefined where that is not known, or another one there. */
export interface Place {
  readonly to: Resource;
  readonly port: number | undefined;
}

/** Places that are reached on the very port that an address names. */
const onPort: readonly string[] = [
  ...[...types.loadBalancer, ...types.classicLoadBalancer, ...types.instance, ...types.cloudMapService],
];

/** Places that a setting of a proxy names: what it addresses, or by a name like Prefect's whatever is Prefect there. */
export function leadsTo(world: World, value: ResourceValue): Place[] {
  const text = value.text();
  if (text === undefined) return placesAt(world.graph, value).map((to) => ({ to, port: undefined }));
  // One setting may hold several addresses, as a list or inside a command. A task's own loopback leads nowhere else.
  const parts = [...new Set(text.split(/[\s,;"'|=<>()[\]{}]/))].filter(
    (part) => /[.:]/.test(part) && !staysInside(hostOf(part)),
  );
  const named = parts.flatMap((part) =>
    placesAt(world.graph, value.of(part)).map((to) => ({
      to,
      port: onPort.includes(to.type) ? portIn(part) : undefined,
    })),
  );
  if (named.length > 0 || !parts.some(namesPrefect)) return named;
  return prefects(world).map((to) => ({ to, port: undefined }));
}

function staysInside(host: string): boolean {
  return isLoopback(host) || host === "0.0.0.0" || host === "";
}

/** `http://prefect.internal:4200/api`: a host called Prefect, or any on its port. */
export function namesPrefect(address: string): boolean {
  const authority = address.replace(/^[^:/]+:\/\//, "").replace(/[/?#].*/s, "");
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return host.endsWith(":4200") || (/prefect|orion/i.test(host) && /[.:]/.test(host));
}

const servers = new WeakMap<readonly Workload[], readonly Resource[]>();

/**
 * What runs a Prefect server in this stack, or likely does. A task whose containers cannot be seen may: whether it looks
 * like Prefect is judged where it is arrived at.
 */
export function prefects({ workloads }: World): Resource[] {
  return [
    ...kept(servers, workloads, () =>
      workloads
        .filter((workload) => workload.containers?.some((container) => isServer(container, workload) !== "no") ?? true)
        .map(({ service }) => service),
    ),
  ];
}
