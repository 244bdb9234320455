import { behindService, services } from "../kubernetes/services";
import { listeningPorts } from "../listening-ports";
import type { Resource } from "../model";
import { registriesOf } from "../relays/destinations";
import { relaysTo } from "../relays/relay";
import type { Workload } from "../tasks";
import type { Arrival, World } from "./entrance";

/** Tasks and instances that a relay reaches at their own address: by service discovery, a name, an accelerator. */
export function relayed(world: World): Arrival[] {
  if (world.relays.length === 0) return [];
  return world.workloads.flatMap((workload) =>
    listeningPorts(workload).flatMap((port) => {
      const mapped = workload.hostPort(port);
      const own = mapped === "any" ? undefined : mapped;
      return places(world, workload).flatMap(({ place, hasOwnPorts }) =>
        relaysTo(world, place, hasOwnPorts ? undefined : own).flatMap((relay): Arrival[] => {
          const admission = world.securityGroups.passage(workload.groups, own, relay.sender);
          if (admission === undefined) return [];
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
      );
    }),
  );
}

/** What stands for a workload in others' settings. A Service of Kubernetes' has ports of its own before the pods'. */
function places({ graph }: World, { service, ...workload }: Workload): { place: Resource; hasOwnPorts: boolean }[] {
  const ofPods = services(graph).flatMap((each) =>
    behindService([{ ...workload, service }], each, undefined).map(() => each.resource),
  );
  return [
    ...[service, ...registriesOf(graph, service)].map((place) => ({ place, hasOwnPorts: false })),
    ...[...new Set(ofPods)].map((place) => ({ place, hasOwnPorts: true })),
  ];
}
