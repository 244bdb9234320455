import type { World } from "../entrances/entrance";
import { hostOf, kept, type Resource, type ResourceValue } from "../model";
import { isLoopback } from "../nginx-locations";
import { isServer, looksLikePrefect } from "../prefect";
import type { Workload } from "../tasks";
import { placesAt } from "./destinations";

/** Places of the stack that a setting of a proxy names: what it addresses, or by a name like Prefect's a Prefect there. */
export function leadsTo(world: World, value: ResourceValue): Resource[] {
  const text = value.text();
  if (text === undefined) return placesAt(world.graph, value);
  // One setting may hold several addresses, as a list or inside a command.
  const parts = text
    .slice(0, 20_000)
    .split(/[\s,;"'|=<>()[\]{}]+/)
    .filter((part) => /[.:]/.test(part) && !staysInside(hostOf(part)));
  const named = parts.flatMap((part) => placesAt(world.graph, value.of(part)));
  return named.length > 0 || !parts.some(namesPrefect) ? named : prefects(world);
}

function staysInside(host: string): boolean {
  return isLoopback(host) || host === "0.0.0.0" || host === "[::]";
}

/** `http://prefect.internal:4200/api`: a host called Prefect, or any on its port. */
export function namesPrefect(address: string): boolean {
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#@]+)/i.exec(address)?.[1] ?? "";
  return /:4200$/.test(host) || (/prefect|orion/i.test(host) && /[.:]/.test(host));
}

const servers = new WeakMap<readonly Workload[], readonly Resource[]>();

/** What runs a Prefect server in this stack, or likely does. */
export function prefects({ workloads }: World): Resource[] {
  return [
    ...kept(servers, workloads, () =>
      workloads
        .filter((workload) =>
          workload.containers === undefined
            ? looksLikePrefect(workload, { port: false })
            : workload.containers.some((container) => isServer(container, workload) !== "no"),
        )
        .map(({ service }) => service),
    ),
  ];
}
