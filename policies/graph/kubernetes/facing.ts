import { everywhere, isInternet, parseCidr, union } from "../cidr";
import type { ResourceValue } from "../model";
import type { KubeService } from "./objects";

/** Which way a load balancer faces; maybe: that is not known. */
export type Facing = "public" | "internal" | "maybe";

const aws = "service.beta.kubernetes.io/aws-load-balancer-";

/** Annotations by which clouds make a Service's load balancer internal, and their values. */
const internalMarks: readonly (readonly [name: string, value: RegExp])[] = [
  [`${aws}internal`, /^(?:true|0\.0\.0\.0\/0)$/i],
  ["networking.gke.io/load-balancer-type", /^internal$/i],
  ["cloud.google.com/load-balancer-type", /^internal$/i],
  ["service.beta.kubernetes.io/azure-load-balancer-internal", /^true$/i],
  ["service.beta.kubernetes.io/oci-load-balancer-internal", /^true$/i],
];

/** Which way a Service's load balancer faces. With security groups of one's own it is not seen whom they admit. */
export function facingOf({
  annotations,
  loadBalancerClass,
}: Pick<KubeService, "annotations" | "loadBalancerClass">): Facing {
  const type = annotations.get(`${aws}type`);
  const byController =
    ["service.k8s.aws/nlb", "eks.amazonaws.com/nlb"].includes(loadBalancerClass.text() ?? "") ||
    ["external", "nlb-ip"].includes(type.word() ?? "") ||
    !annotations.get(`${aws}scheme`).isOmitted;
  const [own, others] = [ofController(annotations), ofOthers(annotations)];
  const notKnown = (type.isUnknown || loadBalancerClass.isUnknown) && own !== others;
  const facing = notKnown ? "maybe" : byController ? own : others;
  return facing === "public" && !annotations.get(`${aws}security-groups`).isOmitted ? "maybe" : facing;
}

/**
 * Those of the AWS Load Balancer Controller are internal unless they say otherwise, by the newer annotation or else by the
 * older one (its guide, "Network Load Balancer", "Annotations").
 */
function ofController(annotations: ResourceValue): Facing {
  const [scheme, internal] = [annotations.get(`${aws}scheme`), annotations.get(`${aws}internal`)];
  const given = scheme.isOmitted ? internal : scheme;
  if (given.isUnknown) return "maybe";
  return given.isOmitted || ["internal", "true"].includes(given.word() ?? "") ? "internal" : "public";
}

function ofOthers(annotations: ResourceValue): Facing {
  const marks = internalMarks.map(([name, value]) => ({ given: annotations.get(name), value }));
  if (marks.some(({ given, value }) => value.test(given.text() ?? ""))) return "internal";
  return marks.some(({ given }) => given.isUnknown) ? "maybe" : "public";
}

/** Whether a Service's load balancer admits the internet: security groups of one's own take the place of its ranges. */
export function admitsStrangers({ annotations, sourceRanges }: KubeService): boolean {
  const ranges = annotations.get("service.beta.kubernetes.io/load-balancer-source-ranges");
  return !annotations.get(`${aws}security-groups`).isOmitted || admitsInternet(sourceRanges, ranges);
}

/** Whether ranges that may be listed leave the internet: none listed are everywhere. */
export function admitsInternet(...lists: readonly ResourceValue[]): boolean {
  const ranges = lists
    .flatMap((list) => list.list())
    .flatMap((value) => (value.text() ?? "not known").split(","))
    .filter((range) => range.trim() !== "");
  return ranges.length === 0 || isInternet(union(...ranges.map((range) => parseCidr(range) ?? everywhere)));
}
