import { albModeCases } from "./alb-mode";
import type { Cases } from "./case";
import { chartServerCases } from "./chart-servers";
import { chartCases } from "./charts";
import { classicLoadBalancerCases } from "./classic-load-balancers";
import { componentCases } from "./components";
import { containerInstanceCases } from "./container-instances";
import { distributionCases } from "./distributions";
import { endpointServiceCases } from "./endpoint-services";
import { externalCases } from "./external";
import { frontCases } from "./fronts";
import { functionRingCases } from "./function-rings";
import { functionSettingCases } from "./function-settings";
import { functionCases } from "./functions";
import { gatewayPortCases } from "./gateway-ports";
import { gatewayStartCases } from "./gateway-starts";
import { gatewayCases } from "./gateways";
import { httpApiBodyCases } from "./http-api-bodies";
import { httpApiCases } from "./http-apis";
import { innerBalancerCases } from "./inner-balancers";
import { kubernetesIngressCases } from "./kubernetes-ingresses";
import { kubernetesNodeCases } from "./kubernetes-nodes";
import { kubernetesRouteCases } from "./kubernetes-routes";
import { kubernetesPodCases } from "./kubernetes-pods";
import { kubernetesServiceCases } from "./kubernetes-services";
import { lightsailCases } from "./lightsail";
import { listenerActionCases } from "./listener-actions";
import { listenerRuleCases } from "./listener-rules";
import { loadBalancerCases } from "./load-balancers";
import { machineAddressCases } from "./machine-addresses";
import { machineBalancerCases } from "./machine-balancers";
import { machineInterfaceCases } from "./machine-interfaces";
import { machineNameCases } from "./machine-names";
import { machineStartCases } from "./machine-starts";
import { machineTaskCases } from "./machine-tasks";
import { managedContainerCases } from "./managed-containers";
import { managedNetworkCases } from "./managed-networks";
import { managedCases } from "./managed";
import { managedProxyCases } from "./managed-proxies";
import { networkLoadBalancerCases } from "./network-load-balancers";
import { networkCases } from "./networks";
import { originCases } from "./origins";
import { otherProxyCases } from "./other-proxies";
import { ownImageCases } from "./own-images";
import { podSidecarCases } from "./pod-sidecars";
import { partlySeenCases } from "./partly-seen";
import { prefectServerCases } from "./prefect-servers";
import { proxyCases } from "./proxies";
import { restApiPartCases } from "./rest-api-parts";
import { restApiCases } from "./rest-apis";
import { scalingGroupCases } from "./scaling-groups";
import { sidecarCases } from "./sidecars";
import { taskDefinitionCases } from "./task-definitions";
import { taskNeighbourCases } from "./task-neighbours";
import { taskStartCases } from "./task-starts";
import { tunnelCases } from "./tunnels";
import { unreadResourceCases } from "./unread-resources";
import { userDataCases } from "./user-data";

/** Every named stack, by what it is about. */
export const corpus: Readonly<Record<string, Cases>> = {
  "load balancers that log people in": albModeCases,
  "load balancers": loadBalancerCases,
  "listeners and rules": listenerRuleCases,
  "actions of listeners": listenerActionCases,
  "Prefect's containers": prefectServerCases,
  "network and classic load balancers": networkLoadBalancerCases,
  "classic load balancers": classicLoadBalancerCases,
  "accelerators and Express services": frontCases,
  distributions: distributionCases,
  "origins of distributions and rewrites": originCases,
  "addresses and security groups": networkCases,
  "groups and subnets of which some are seen": partlySeenCases,
  gateways: gatewayCases,
  "ports of gateways": gatewayPortCases,
  "starts of gateways": gatewayStartCases,
  "containers beside Prefect": sidecarCases,
  "what stands beside a gateway": taskNeighbourCases,
  "images of one's own": ownImageCases,
  "things of other stacks": externalCases,
  components: componentCases,
  "user data": userDataCases,
  "addresses of machines": machineAddressCases,
  "interfaces and templates of machines": machineInterfaceCases,
  "names of machines": machineNameCases,
  "load balancers before machines": machineBalancerCases,
  "scaling groups and fleets": scalingGroupCases,
  "machines and what starts them": machineStartCases,
  "tasks on machines": containerInstanceCases,
  "machines of tasks": machineTaskCases,
  "task definitions": taskDefinitionCases,
  "what starts tasks": taskStartCases,
  "HTTP APIs": httpApiCases,
  "bodies and targets of HTTP APIs": httpApiBodyCases,
  "REST APIs": restApiCases,
  "bodies, domains and parts of REST APIs": restApiPartCases,
  functions: functionCases,
  "settings of functions": functionSettingCases,
  "functions that name one another": functionRingCases,
  "endpoint services": endpointServiceCases,
  "proxies in other services": proxyCases,
  "other proxies in other services": otherProxyCases,
  tunnels: tunnelCases,
  "services of AWS": managedCases,
  "proxies in services of AWS": managedProxyCases,
  "internal load balancers": innerBalancerCases,
  "Lightsail and App Runner": lightsailCases,
  "Services of Kubernetes": kubernetesServiceCases,
  "Ingresses of Kubernetes": kubernetesIngressCases,
  "routes of Kubernetes": kubernetesRouteCases,
  "nodes of Kubernetes": kubernetesNodeCases,
  "containers of AWS's services": managedContainerCases,
  "networks of AWS's services": managedNetworkCases,
  "Pods of Kubernetes": kubernetesPodCases,
  "sidecars of Kubernetes": podSidecarCases,
  "Prefect's chart": chartCases,
  "the server of Prefect's chart": chartServerCases,
  "resources of other kinds": unreadResourceCases,
};
