import { behindService, services } from "../kubernetes/services";
import { listeningPorts } from "../listening-ports";
import { property, type Resource } from "../model";
import { relaysTo } from "../relays/relay";
import type { Workload } from "../tasks";
import { types } from "../types";
import type { Arrival, World } from "./entrance";

/** Tasks and instances that a relay reaches at their own address: by service discovery, a name, an accelerator. */
export function relayed(world: World): Arrival[] {
  if (world.relays.length === 0) return [];
  return world.workloads.flatMap((workload) =>
    places(world, workload).flatMap(({ place, port }) =>
      relaysTo(world, place, doorOf(workload, port)).flatMap((relay): Arrival[] => {
        const door = doorOf(workload, port);
        const admission = world.securityGroups.passage(workload.groups, door, relay.sender);
        if (admission === undefined || relay.hops.some(({ resource }) => resource === workload.service)) return [];
        return [
          {
            workload,
            target: undefined,
            port,
            hops: [...relay.hops, { resource: workload.service, note: relay.note }],
            certain: relay.certain && admission.certain,
            fix: relay.fix,
            addsCredential: relay.addsCredential,
          },
        ];
      }),
    ),
  );
}

function doorOf(workload: Workload, port: number | undefined): number | undefined {
  const hostPort = workload.hostPort(port);
  return hostPort === "any" ? undefined : hostPort;
}

/** What stands for a workload in others' settings, and the container ports that are reached by it. */
function places(world: World, workload: Workload): { place: Resource; port: number | undefined }[] {
  const { service } = workload;
  const registries = property(service, "serviceRegistries").list();
  const discovered = registries.flatMap((registry) =>
    world.graph.referred(registry.get("registryArn"), types.cloudMapService),
  );
  const ofPods = (service.type.startsWith("kubernetes:") ? services(world.graph) : [])
    .filter((each) => behindService([workload], each, undefined).length > 0)
    .map(({ resource }) => resource);
  return [...new Set([service, ...discovered, ...ofPods])].flatMap((place) =>
    listeningPorts(workload).map((port) => ({ place, port })),
  );
}
