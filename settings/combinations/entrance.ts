import type { Problem } from "../problems";
import type { Plain, Rule } from "./rule";

/** How people and workers get in. */
export const entrance: readonly Rule[] = [certificate, zone, callback, privateZone, internalNetworkBalancer];

function certificate({ hostedZone, certificateArn }: Plain): Problem[] {
  if (hostedZone || certificateArn) return [];
  return [
    {
      key: "hostedZone",
      got: "neither hostedZone nor certificateArn",
      allowed:
        "hostedZone (the certificate and the DNS record are made here), certificateArn (both are yours), or both",
      fix: "pulumi config set hostedZone example.com",
    },
  ];
}

function zone({ domain, hostedZone }: Plain): Problem[] {
  if (!hostedZone || domain === hostedZone || domain.endsWith(`.${hostedZone}`)) return [];
  return [
    {
      key: "domain",
      got: `${domain}, outside of the zone ${hostedZone}`,
      allowed: `${hostedZone} or a name that ends in .${hostedZone}`,
      fix: `pulumi config set domain prefect.${hostedZone}`,
    },
  ];
}

function callback({ path, access }: Plain): Problem[] {
  if (access !== "alb" || !/^\/oauth2(\/|$)/.test(path)) return [];
  return [
    {
      key: "path",
      got: path,
      allowed: "another prefix: the load balancer's own callback is at /oauth2/idpresponse, whatever the path",
      fix: "pulumi config set path /prefect",
    },
  ];
}

function privateZone({ workersEndpoint, domain, internal }: Plain): Problem[] {
  const hides = domain === internal.domain || domain.endsWith(`.${internal.domain}`);
  if (workersEndpoint !== "private" || !hides) return [];
  return [
    {
      key: "internal.domain",
      got: `${internal.domain}, which holds the domain ${domain}`,
      allowed: "a name apart: its private zone would hide the domain from everything in the VPC",
      fix: "pulumi config set --path internal.domain prefect.internal",
    },
  ];
}

function internalNetworkBalancer({ access, workersEndpoint, internal }: Plain): Problem[] {
  const { loadBalancer, allowedCidrs } = internal;
  if (access !== "alb" || workersEndpoint !== "private") return [];
  if (loadBalancer !== "network" || allowedCidrs.length === 0) return [];
  return [
    {
      key: "internal.loadBalancer",
      got: "network with access alb and internal.allowedCidrs",
      allowed:
        "application: only that one refuses browsers, which any page could lead from those ranges to a Prefect that asks nobody",
      fix: "pulumi config set --path internal.loadBalancer application",
    },
  ];
}
