import { containers, fromAlb, group, open, prefect } from "./pieces";
import { declare, type Declared, ref } from "./stack";

/** Prefect under a name of service discovery, and a second service. */

/** Where Prefect is. */
export const address = "http://prefect.internal:4200";

/** Prefect under a name of service discovery, and a second service with this task, public or not. */
export function behindProxy(
  proxy: string,
  options: { prefect?: string; publicly?: boolean; port?: number; admits?: Record<string, unknown> } = {},
): Declared[] {
  const {
    publicly = true,
    port = 8080,
    admits = { ...fromAlb(4200), securityGroups: [ref("proxyGroup", "id")] },
  } = options;
  return [
    group("proxyGroup", open(port)),
    group("taskGroup", admits),
    declare("aws:servicediscovery/service:Service", "registry", { name: "prefect" }),
    ...service("prefect", options.prefect ?? containers(prefect()), "taskGroup", false, {
      serviceRegistries: { registryArn: ref("registry") },
    }),
    ...service("proxy", proxy, "proxyGroup", publicly),
  ];
}

/** The proxy of these under a name of its own. */
export function namedMiddle(stack: readonly Declared[]): Declared[] {
  return [
    ...stack.map((each) =>
      each.name === "proxy"
        ? declare(each.type, each.name, { ...each.inputs, serviceRegistries: { registryArn: ref("middle") } })
        : each,
    ),
    declare("aws:servicediscovery/service:Service", "middle", { name: "middle" }),
  ];
}

/** A Fargate service and its task. */
export function service(
  name: string,
  definitions: string,
  groupName: string,
  assignPublicIp: boolean,
  more: object = {},
): Declared[] {
  return [
    declare("aws:ecs/taskDefinition:TaskDefinition", `${name}-task`, {
      family: name,
      networkMode: "awsvpc",
      containerDefinitions: definitions,
    }),
    declare("aws:ecs/service:Service", name, {
      taskDefinition: ref(`${name}-task`),
      networkConfiguration: { subnets: ["subnet-1"], assignPublicIp, securityGroups: [ref(groupName, "id")] },
      ...more,
    }),
  ];
}
