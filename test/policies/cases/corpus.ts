import { albModeCases } from "./alb-mode";
import type { Cases } from "./case";
import { chartServerCases } from "./chart-servers";
import { chartCases } from "./charts";
import { componentCases } from "./components";
import { containerInstanceCases } from "./container-instances";
import { endpointServiceCases } from "./endpoint-services";
import { externalCases } from "./external";
import { frontCases } from "./fronts";
import { functionCases } from "./functions";
import { gatewayCases } from "./gateways";
import { httpApiCases } from "./http-apis";
import { kubernetesIngressCases } from "./kubernetes-ingresses";
import { kubernetesPodCases } from "./kubernetes-pods";
import { kubernetesServiceCases } from "./kubernetes-services";
import { listenerRuleCases } from "./listener-rules";
import { loadBalancerCases } from "./load-balancers";
import { machineAddressCases } from "./machine-addresses";
import { machineBalancerCases } from "./machine-balancers";
import { machineStartCases } from "./machine-starts";
import { machineTaskCases } from "./machine-tasks";
import { managedContainerCases } from "./managed-containers";
import { managedCases } from "./managed";
import { networkLoadBalancerCases } from "./network-load-balancers";
import { networkCases } from "./networks";
import { originCases } from "./origins";
import { ownImageCases } from "./own-images";
import { prefectServerCases } from "./prefect-servers";
import { proxyCases } from "./proxies";
import { restApiCases } from "./rest-apis";
import { scalingGroupCases } from "./scaling-groups";
import { tunnelCases } from "./tunnels";
import { unreadResourceCases } from "./unread-resources";
import { userDataCases } from "./user-data";

/** Every named stack, by what it is about. */
export const corpus: Readonly<Record<string, Cases>> = {
  "load balancers that log people in": albModeCases,
  "load balancers": loadBalancerCases,
  "listeners and rules": listenerRuleCases,
  "Prefect's containers": prefectServerCases,
  "network and classic load balancers": networkLoadBalancerCases,
  "accelerators and distributions": frontCases,
  "origins of distributions and rewrites": originCases,
  "addresses and security groups": networkCases,
  gateways: gatewayCases,
  "images of one's own": ownImageCases,
  "things of other stacks": externalCases,
  components: componentCases,
  "user data": userDataCases,
  "addresses of machines": machineAddressCases,
  "load balancers before machines": machineBalancerCases,
  "scaling groups and fleets": scalingGroupCases,
  "machines and what starts them": machineStartCases,
  "tasks on machines": containerInstanceCases,
  "machines of tasks": machineTaskCases,
  "HTTP APIs": httpApiCases,
  "REST APIs": restApiCases,
  functions: functionCases,
  "endpoint services": endpointServiceCases,
  "proxies in other services": proxyCases,
  tunnels: tunnelCases,
  "services of AWS": managedCases,
  "containers of AWS's services": managedContainerCases,
  "Services of Kubernetes": kubernetesServiceCases,
  "Ingresses of Kubernetes": kubernetesIngressCases,
  "Pods of Kubernetes": kubernetesPodCases,
  "Prefect's chart": chartCases,
  "the server of Prefect's chart": chartServerCases,
  "resources of other kinds": unreadResourceCases,
};
