import { isInternet, parseCidr, union } from "../cidr";
import type { ResourceValue } from "../model";
import type { KubeService } from "./objects";

/** Which way a load balancer faces; maybe: that is not known. */
export type Facing = "public" | "internal" | "maybe";

/** Annotations by which clouds make a Service's load balancer internal, and their values. */
const internalMarks: readonly (readonly [name: string, value: RegExp])[] = [
  ["service.beta.kubernetes.io/aws-load-balancer-internal", /^(?:true|0\.0\.0\.0\/0)$/i],
  ["service.beta.kubernetes.io/aws-load-balancer-scheme", /^internal$/i],
  ["networking.gke.io/load-balancer-type", /^internal$/i],
  ["cloud.google.com/load-balancer-type", /^internal$/i],
  ["service.beta.kubernetes.io/azure-load-balancer-internal", /^true$/i],
  ["service.beta.kubernetes.io/oci-load-balancer-internal", /^true$/i],
];
const scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme";

/**
 * A Service's load balancer faces the internet unless it says otherwise; those of the AWS Load Balancer Controller are
 * internal unless they say otherwise (its guide, "Network Load Balancer", "Annotations").
 */
export function facingOf({
  annotations,
  loadBalancerClass,
}: Pick<KubeService, "annotations" | "loadBalancerClass">): Facing {
  if (annotations.isUnknown) return "maybe";
  const marks = internalMarks.map(([name, value]) => ({ given: annotations.get(name), value }));
  if (marks.some(({ given, value }) => value.test(given.text() ?? ""))) return "internal";
  if (marks.some(({ given }) => given.isUnknown) || loadBalancerClass.isUnknown) return "maybe";
  const byController =
    /^(?:service\.k8s\.aws\/nlb|eks\.amazonaws\.com\/nlb)$/.test(loadBalancerClass.text() ?? "") ||
    /^(?:external|nlb-ip)$/.test(annotations.get("service.beta.kubernetes.io/aws-load-balancer-type").word() ?? "");
  return byController && annotations.get(scheme).isOmitted ? "internal" : "public";
}

/** Whether ranges that may be listed leave the internet: none listed are everywhere. */
export function admitsInternet(...lists: readonly ResourceValue[]): boolean {
  const ranges = lists.flatMap((list) => list.list()).flatMap((value) => value.text()?.split(",") ?? [undefined]);
  const given = ranges.filter((range) => range === undefined || range.trim() !== "");
  if (given.length === 0) return true;
  const parsed = given.map((range) => (range === undefined ? undefined : parseCidr(range)));
  if (parsed.includes(undefined)) return true;
  return isInternet(union(...parsed.filter((range) => range !== undefined)));
}
