import type { TargetAddress } from "../../../local/cloud/load-balancer/declarations";
import { LoadBalancing } from "../../../local/cloud/load-balancer/load-balancing";
import { testCloud, until } from "./support";

const arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/lb/0123456789abcdef";

/** One load balancer with what a test declares. */
export async function loadBalancerWorld(attributes: Record<string, unknown> = {}) {
  const cloud = await testCloud();
  const balancing = new LoadBalancing(cloud);
  const declare = async (kind: string, id: string, properties: Record<string, unknown>) => {
    const type = `aws:lb/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`;
    const resource = cloud.declare(type, id, { arn: id, ...properties });
    await balancing.put(resource);
    return resource;
  };
  const declareLoadBalancer = (more: Record<string, unknown>) =>
    declare("LoadBalancer", arn, { name: "lb", dnsName: "lb.elb.amazonaws.com", ...attributes, ...more });
  await declareLoadBalancer({});
  const ip = cloud.names.lookup("lb.elb.amazonaws.com")[0] as string;
  return {
    arn,
    cloud,
    balancing,
    ip,
    /** Where it sends from: an internet-facing one has a private address besides. */
    ownIp: await cloud.addAddress(arn),
    declare,
    declareLoadBalancer,
    listener: (properties: Record<string, unknown>) =>
      declare("Listener", "listener", { loadBalancerArn: arn, port: 80, protocol: "HTTP", ...properties }),
    rule: (priority: number, conditions: unknown[], actions: unknown[]) =>
      declare("ListenerRule", `rule-${priority}`, { listenerArn: "listener", priority, conditions, actions }),
    /** An HTTPS listener that is reached as https://prefect.localhost. */
    secureListener: (properties: Record<string, unknown>) => {
      cloud.names.set("test", "prefect.localhost", [ip]);
      const https = { port: 443, protocol: "HTTPS", certificateArn: "arn:given" };
      return declare("Listener", "listener", { loadBalancerArn: arn, ...https, ...properties });
    },
    targetGroup: (properties: Record<string, unknown> = {}) =>
      declare("TargetGroup", "tg", {
        name: "tg",
        healthCheck: { interval: 0.05, timeout: 1, path: "/health" },
        ...properties,
      }),
    healthy: async (target: TargetAddress) => {
      balancing.registerTarget("tg", target);
      await until(() => balancing.targetHealth("tg", target) === "healthy");
    },
    close: async () => {
      await balancing.close();
      await cloud.remove();
    },
  };
}

export const toTargets = [{ type: "forward", targetGroupArn: "tg" }];

export function says(messageBody: string, statusCode = "200") {
  return [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", messageBody, statusCode } }];
}
