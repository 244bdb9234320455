import { everywhere, isInternet, parseCidr, union, type Addresses } from "../cidr";
import { label, property, type Resource, type ResourceValue } from "../model";
import { listeningPorts } from "../listening-ports";
import type { Workload } from "../tasks";
import { types } from "../types";
import type { Arrival, World } from "./entrance";

/** Amazon Lightsail: the public endpoint of container services, and instances, which all have public addresses. */
export function lightsail(world: World): Arrival[] {
  return world.workloads.flatMap((workload) => {
    if (types.lightsailDeployment.includes(workload.service.type)) return throughEndpoint(world, workload);
    return types.lightsailInstance.includes(workload.service.type)
      ? [...throughFirewall(world, workload), ...throughBalancer(world, workload)]
      : [];
  });
}

/** "To make your container service accessible over the internet, choose a public endpoint" ("Container services"). */
function throughEndpoint({ graph }: World, workload: Workload): Arrival[] {
  const { service } = workload;
  const services = graph.referred(property(service, "serviceName"), types.lightsailService);
  if (services.length > 0 && services.every((each) => property(each, "isDisabled").flag() === true)) return [];
  return property(service, "publicEndpoint")
    .list()
    .map((endpoint): Arrival => {
      const containerName = endpoint.get("containerName").text();
      // Of a container that is not known it may be any port.
      const port = containerName === undefined ? undefined : endpoint.get("containerPort").integer();
      return {
        workload,
        target: { containerName },
        port,
        hops: [{ resource: service, note: "its public endpoint has a URL that logs nobody in" }],
        certain: port !== undefined,
        fix: `take publicEndpoint from ${label(service)}, or set PREFECT_SERVER_API_AUTH_STRING in the container's environment`,
      };
    });
}

/** Ports that are open on a new instance: SSH and HTTP, on some blueprints HTTPS ("Instance firewalls in Lightsail"). */
const openAtFirst = [22, 80, 443];

function throughFirewall(world: World, workload: Workload): Arrival[] {
  const { service } = workload;
  const firewalls = world.graph.thatName(service, types.lightsailPorts, "instanceName", types.lightsailInstance);
  return listeningPorts(workload).flatMap((port): Arrival[] => {
    const by = firewalls.filter((firewall) => isInternet(admitted(firewall, port)));
    const open = firewalls.length === 0 ? port === undefined || openAtFirst.includes(port) : by.length > 0;
    if (!open) return [];
    const [firewall] = by;
    const note = `has a public address, and ${firewall === undefined ? "its firewall, as it is at first," : label(firewall)} admits the internet to port ${port ?? "(not known)"}`;
    return [
      {
        workload,
        target: undefined,
        port,
        hops: [{ resource: service, note }],
        certain: port !== undefined,
        fix: `let an aws.lightsail.InstancePublicPorts admit the addresses of your own to ${label(service)} only`,
      },
    ];
  });
}

function admitted(firewall: Resource, port: number | undefined): Addresses {
  const infos = property(firewall, "portInfos")
    .list()
    .filter((info) => holds(info, port));
  return union(...infos.map(rangesOf));
}

function holds(info: ResourceValue, port: number | undefined): boolean {
  const protocol = info.get("protocol").word();
  if (protocol !== undefined && !["tcp", "all"].includes(protocol)) return false;
  const from = info.get("fromPort").integer() ?? 0;
  const to = info.get("toPort").integer() ?? 65535;
  return port === undefined || [undefined, "all"].includes(protocol) || (from <= port && port <= to);
}

/** No ranges are everywhere; an alias stands for Lightsail's own browser client. */
function rangesOf(info: ResourceValue): Addresses {
  const ranges = [...info.get("cidrs").list(), ...info.get("ipv6Cidrs").list()];
  const aliases = info.get("cidrListAliases").list();
  if (ranges.length === 0 && aliases.every((alias) => alias.isUnknown)) return everywhere;
  return union(...ranges.map((range) => parseCidr(range.text() ?? "") ?? everywhere));
}

/** Lightsail's load balancers terminate TLS and log nobody in ("Load balancers in Lightsail"). */
function throughBalancer(world: World, workload: Workload): Arrival[] {
  const { graph } = world;
  return graph
    .thatName(workload.service, types.lightsailBalancerAttachment, "instanceName", types.lightsailInstance)
    .flatMap((attachment) => graph.referred(property(attachment, "lbName"), types.lightsailBalancer))
    .map((balancer): Arrival => {
      const port = property(balancer, "instancePort").integer();
      return {
        workload,
        target: undefined,
        port,
        hops: [
          { resource: balancer, note: "faces the internet, and a Lightsail load balancer cannot log people in" },
          { resource: workload.service, note: `takes its requests on port ${port ?? "(not known)"}` },
        ],
        certain: port !== undefined,
        fix: `take ${label(workload.service)} out of ${label(balancer)}`,
      };
    });
}
