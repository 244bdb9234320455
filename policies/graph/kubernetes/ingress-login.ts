import type { ResourceValue } from "../model";
import { admitsInternet, type Facing } from "./facing";
import { declaredIngresses, ofKind, type KubeIngress } from "./objects";
import { property } from "../model";
import type { Graph } from "../model";

/** What an Ingress lets strangers do. */
export interface Openness {
  readonly note: string;
  readonly certain: boolean;
  readonly fix: string;
}

const alb = "alb.ingress.kubernetes.io/";
const groups = `${alb}security-groups`;
const nginx = "nginx.ingress.kubernetes.io/";
const others = /nginx|gce|traefik|haproxy|kong|contour|istio|cilium|azure/;

/**
 * Why strangers pass an Ingress to a Service without a login; undefined if none do.
 * @param ofService annotations of the Service behind it, which some controllers put before the Ingress's own
 */
export function whyOpen(graph: Graph, ingress: KubeIngress, ofService: ResourceValue): Openness | undefined {
  const { annotations, className } = ingress;
  const given = className.isOmitted ? annotations.get("kubernetes.io/ingress.class") : className;
  const name = given.word() ?? "";
  const keys = annotations.keys();
  // A class of the AWS controller's may have any name, but not another controller's.
  const isAlb = name === "alb" || (!others.test(name) && keys.some((key) => key.startsWith(alb)));
  if (isAlb) return openAlb(graph, ingress, ofService);
  if (/nginx/.test(name) || keys.some((key) => key.startsWith(nginx))) return openNginx(annotations);
  if (name === "gce-internal") return undefined;
  if (annotations.get("appgw.ingress.kubernetes.io/use-private-ip").flag() === true) return undefined;
  const certain = name === "gce" && ofService.get("cloud.google.com/backend-config").isOmitted;
  return {
    note: certain
      ? "faces the internet and logs nobody in"
      : "may face the internet, and what its controller asks for is not followed",
    certain,
    fix: "let the ingress controller log people in, or put a gateway that asks for a login into the pod",
  };
}

/** The AWS Load Balancer Controller: internal by default, and logging people in on HTTPS listeners only. */
function openAlb(graph: Graph, ingress: KubeIngress, ofService: ResourceValue): Openness | undefined {
  const { annotations } = ingress;
  const facing = albFacing(graph, annotations);
  // Security groups of one's own take the place of the ranges (its guide, "Ingress annotations", "inbound-cidrs").
  const admits = !annotations.get(groups).isOmitted || admitsInternet(annotations.get(`${alb}inbound-cidrs`));
  if (facing === "internal" || !admits) return undefined;
  const setting = (name: string): ResourceValue => {
    const own = ofService.get(`${alb}${name}`);
    return own.isOmitted ? annotations.get(`${alb}${name}`) : own;
  };
  const type = setting("auth-type");
  const otherwise = setting("auth-on-unauthenticated-request");
  const where =
    facing === "public" ? "its load balancer faces the internet" : "its load balancer may face the internet";
  const fix = `set ${alb}scheme to internal, or ${alb}auth-type to cognito or oidc with ${alb}ssl-redirect`;
  if (!["cognito", "oidc"].includes(type.word() ?? "")) {
    const note = type.isUnknown ? "and what it asks for is not known" : "and logs nobody in";
    return { note: `${where} ${note}`, certain: facing === "public" && !type.isUnknown, fix };
  }
  if (!otherwise.isOmitted && !["authenticate", "deny"].includes(otherwise.word() ?? "")) {
    return {
      note: `${where}, and its login lets requests without a session pass`,
      certain: facing === "public" && otherwise.isKnown,
      fix,
    };
  }
  // It adds the login to HTTPS listeners only (pkg/ingress/model_build_actions.go), and without a certificate's ARN it
  // listens on HTTP, whatever spec.tls says (pkg/ingress/model_build_listener.go).
  const ports = annotations.get(`${alb}listen-ports`);
  const plain = ports.isOmitted
    ? annotations.get(`${alb}certificate-arn`).isOmitted
    : /"HTTP"/i.test(ports.text() ?? '"HTTP"');
  if (!plain || !annotations.get(`${alb}ssl-redirect`).isOmitted) return undefined;
  return {
    note: `${where}, and its login is on HTTPS alone: on its HTTP port it logs nobody in`,
    certain: facing === "public" && !ports.isUnknown,
    fix,
  };
}

/**
 * As the Ingress, another one of its group or the parameters of a class say: a group shares one load balancer (its guide,
 * "IngressGroup"), and other stacks may be in it. With security groups of one's own it is not seen whom they admit.
 */
function albFacing(graph: Graph, annotations: ResourceValue): Facing {
  const group = annotations.get(`${alb}group.name`);
  const schemes = [
    annotations.get(`${alb}scheme`),
    ...declaredIngresses(graph)
      .filter((other) => mayBeSame(group, other.annotations.get(`${alb}group.name`)))
      .map((other) => other.annotations.get(`${alb}scheme`)),
    ...ofKind(graph, "IngressClassParams").map((each) => property(each, "spec").get("scheme")),
  ];
  if (schemes.some((given) => given.word() === "internet-facing"))
    return annotations.get(groups).isOmitted ? "public" : "maybe";
  const isSaid = group.isOmitted || schemes.some((given) => given.isKnown);
  return schemes.some((given) => given.isUnknown) || !isSaid ? "maybe" : "internal";
}

function mayBeSame(group: ResourceValue, other: ResourceValue): boolean {
  if (group.isOmitted || other.isOmitted) return false;
  return group.isUnknown || other.isUnknown || group.text() === other.text();
}

/** ingress-nginx: its own annotations ask (its user guide, "Annotations"); which way its controller faces is not seen. */
function openNginx(annotations: ResourceValue): Openness | undefined {
  const setting = (name: string): ResourceValue => annotations.get(`${nginx}${name}`);
  // Any of several ways in: what is not known may be that.
  const satisfy = setting("satisfy");
  const any = satisfy.isUnknown || satisfy.word() === "any";
  if (!admitsInternet(setting("whitelist-source-range"), setting("allowlist-source-range")) && !any) return undefined;
  const snippets = ["configuration-snippet", "server-snippet", "auth-snippet", "location-snippet"].map(setting);
  const undone = snippets.some(
    (snippet) =>
      snippet.isUnknown ||
      /auth_(?:basic|request)\s+off|satisfy\s+any|return\s+2|proxy_pass\s/.test(snippet.text() ?? ""),
  );
  const verifies = setting("auth-tls-verify-client");
  const asks =
    /\/auth(?:\?.*)?$/.test(setting("auth-url").text() ?? "") ||
    (["basic", "digest"].includes(setting("auth-type").word() ?? "") && !setting("auth-secret").isOmitted) ||
    (!setting("auth-tls-secret").isOmitted && (verifies.isOmitted || verifies.word() === "on"));
  if (asks && !undone && !any) return undefined;
  return {
    note: undone
      ? "may face the internet, and a snippet of it undoes its login"
      : "may face the internet, and asks for no login that is seen (auth-url of an oauth2-proxy, auth-type with auth-secret)",
    certain: false,
    fix: `set ${nginx}auth-url to an oauth2-proxy's /oauth2/auth, or ${nginx}auth-type with ${nginx}auth-secret`,
  };
}
