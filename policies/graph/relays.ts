import { distributions } from "./relays/cloudfront";
import { accelerators } from "./relays/global-accelerator";
import { wiresToBalancers } from "./relays/network-load-balancer";
import type { RelayKind } from "./relays/relay";

/** Everything that passes strangers' requests on to a place of the stack, one file for each kind. */
export const relayKinds: readonly RelayKind[] = [accelerators, distributions, wiresToBalancers];
