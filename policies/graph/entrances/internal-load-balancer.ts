import { property, type Resource } from "../model";
import { distributionsBefore } from "./cloudfront";
import type { World } from "./entrance";
import { acceleratorsBefore } from "./global-accelerator";
import type { Fronted } from "./load-balancers";

/** What brings the internet to this port of a balancer that does not face it. */
export function frontsOfInternal(world: World, balancer: Resource, port: number | undefined): Fronted[] {
  if (property(balancer, "internal").flag() !== true) return [];
  return [...acceleratorsBefore(world, balancer, port), ...distributionsBefore(world, balancer, port)];
}
