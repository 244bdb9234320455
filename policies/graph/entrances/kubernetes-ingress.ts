import { prefectCharts } from "../kubernetes/charts";
import { whyOpen } from "../kubernetes/ingress-login";
import { declaredIngresses } from "../kubernetes/objects";
import { behindService, servicesNamed } from "../kubernetes/services";
import type { Arrival, World } from "./entrance";

/** Kubernetes Ingresses, and what their controllers ask for. */
export function kubernetesIngresses(world: World): Arrival[] {
  const { graph, workloads } = world;
  const made = prefectCharts(graph).flatMap(({ ingress, service }) =>
    ingress === undefined ? [] : [{ ingress, targets: [service] }],
  );
  const declared = declaredIngresses(graph).map((ingress) => ({ ingress, targets: undefined }));
  return [...declared, ...made].flatMap(({ ingress, targets }) =>
    ingress.backends.flatMap((backend) =>
      (targets ?? servicesNamed(graph, ingress.namespace, backend)).flatMap((service) => {
        const open = whyOpen(graph, ingress, service.annotations);
        if (open === undefined) return [];
        return behindService(workloads, service, backend.port).map(
          ({ workload, port }): Arrival => ({
            workload,
            target: undefined,
            port,
            hops: [
              { resource: ingress.resource, note: open.note },
              ...(workload.service === ingress.resource
                ? []
                : [
                    { resource: service.resource, note: "is behind it" },
                    { resource: workload.service, note: `its pods take them on port ${port ?? "(not known)"}` },
                  ]),
            ],
            certain: open.certain && (targets !== undefined || backend.service !== undefined),
            fix: open.fix,
          }),
        );
      }),
    ),
  );
}
