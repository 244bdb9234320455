import { isNginx, nginxConfigOf, Unseen } from "./nginx-config";
import { portsOf } from "./nginx-gate";
import { isOauth2Proxy, oauth2ProxyOf } from "./oauth2-proxy";
import { runsOthers } from "./other-programs";
import { isServer, listening, servesNobody, startsPrefectAlone } from "./prefect";
import type { Container, Workload } from "./tasks";

/** Every port of its containers on which something of a workload may listen; undefined stands for one not known. */
export function listeningPorts(workload: Workload): (number | undefined)[] {
  if (workload.containers === undefined) return [...(workload.document.ports ?? [undefined])];
  const all = workload.containers.flatMap((container) => [
    ...container.ports,
    ...gatewayPorts(container),
    listening(container).port,
  ]);
  return [...new Set(all)];
}

/** Ports on which a gateway container takes connections from outside the task. */
export function gatewayPorts(container: Container): number[] {
  if (isNginx(container)) {
    const config = nginxConfigOf(container);
    return config instanceof Unseen ? [] : portsOf(config);
  }
  if (!isOauth2Proxy(container)) return [];
  const { port, loopbackOnly } = oauth2ProxyOf(container);
  return port === undefined || loopbackOnly ? [] : [port];
}

/** Whether a container that declares no ports may listen on any: in awsvpc and host mode it need not declare them. */
export function hidesPorts(container: Container, workload: Workload): boolean {
  if (container.ports.length > 0 || servesNobody(container)) return false;
  // A Prefect that everybody may call is told as that.
  if (isServer(container, workload) !== "no")
    return listening(container).loopbackOnly && !startsPrefectAlone(container);
  if (isNginx(container)) return nginxConfigOf(container) instanceof Unseen || runsOthers(container, "nginx");
  if (!isOauth2Proxy(container)) return true;
  return oauth2ProxyOf(container).port === undefined || runsOthers(container, "oauth2-proxy");
}

/** Whether a container of the task is known to listen on this port. */
export function isTaken(port: number, containers: readonly Container[], workload: Workload): boolean {
  return containers.some(
    (each) =>
      each.ports.includes(port) ||
      gatewayPorts(each).includes(port) ||
      (isServer(each, workload) !== "no" && listening(each).port === port),
  );
}
