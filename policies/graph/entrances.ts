import { appRunnerServices } from "./entrances/app-runner";
import { applicationLoadBalancers } from "./entrances/application-load-balancer";
import { classicLoadBalancers } from "./entrances/classic-load-balancer";
import type { Entrance } from "./entrances/entrance";
import { expressServices } from "./entrances/express-service";
import { kubernetesHostPorts } from "./entrances/kubernetes-host-port";
import { kubernetesIngresses } from "./entrances/kubernetes-ingress";
import { kubernetesRoutes } from "./entrances/kubernetes-route";
import { kubernetesServices } from "./entrances/kubernetes-service";
import { lightsail } from "./entrances/lightsail";
import { networkLoadBalancers } from "./entrances/network-load-balancer";
import { publicAddresses } from "./entrances/public-address";
import { relayed } from "./entrances/relayed";
import { tunnels } from "./entrances/tunnel";
import { unreadResources } from "./entrances/unread-resource";
import { unseenTargetGroups } from "./entrances/unseen-target-group";

/** Every kind of way in from the internet, one file each. */
export const entrances: readonly Entrance[] = [
  applicationLoadBalancers,
  networkLoadBalancers,
  classicLoadBalancers,
  publicAddresses,
  expressServices,
  appRunnerServices,
  lightsail,
  kubernetesServices,
  kubernetesHostPorts,
  kubernetesIngresses,
  kubernetesRoutes,
  relayed,
  tunnels,
  unseenTargetGroups,
  unreadResources,
];
