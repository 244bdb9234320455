import { amplifyRewrites } from "./relays/amplify";
import { distributions } from "./relays/cloudfront";
import { endpointServices } from "./relays/endpoint-service";
import { accelerators } from "./relays/global-accelerator";
import { httpApis } from "./relays/http-api";
import { functions } from "./relays/lambda";
import { wiresToBalancers } from "./relays/network-load-balancer";
import type { RelayKind } from "./relays/relay";
import { restApis } from "./relays/rest-api";
import { reverseProxies } from "./relays/reverse-proxy";

/** Everything that passes strangers' requests on to a place of the stack, one file for each kind. */
export const relayKinds: readonly RelayKind[] = [
  accelerators,
  distributions,
  httpApis,
  restApis,
  amplifyRewrites,
  endpointServices,
  wiresToBalancers,
  functions,
  reverseProxies,
];
