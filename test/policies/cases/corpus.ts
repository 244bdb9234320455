import { albModeCases } from "./alb-mode";
import { apiCases } from "./apis";
import type { Cases } from "./case";
import { componentCases } from "./components";
import { externalCases } from "./external";
import { frontCases } from "./fronts";
import { gatewayCases } from "./gateways";
import { kubernetesCases } from "./kubernetes";
import { loadBalancerCases } from "./load-balancers";
import { machineCases } from "./machines";
import { managedCases } from "./managed";
import { networkCases } from "./networks";
import { proxyCases } from "./proxies";

/** Every named stack, by what it is about. */
export const corpus: Readonly<Record<string, Cases>> = {
  "load balancers that log people in": albModeCases,
  "load balancers": loadBalancerCases,
  "accelerators and distributions": frontCases,
  "addresses and security groups": networkCases,
  gateways: gatewayCases,
  "things of other stacks": externalCases,
  components: componentCases,
  machines: machineCases,
  "APIs and functions": apiCases,
  "proxies and tunnels": proxyCases,
  "services of AWS": managedCases,
  "Kubernetes and other platforms": kubernetesCases,
};
