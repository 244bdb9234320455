import { gatewayPorts } from "./gateway";
import { listening } from "./prefect";
import type { Workload } from "./tasks";

/** Every port of its containers on which something of a workload may listen; undefined stands for one not known. */
export function listeningPorts(workload: Workload): (number | undefined)[] {
  if (workload.containers === undefined) return workload.document.ports?.slice() ?? [undefined];
  const all = workload.containers.flatMap((container) => [
    ...container.ports,
    ...gatewayPorts(container),
    listening(container).port,
  ]);
  return [...new Set(all)];
}
