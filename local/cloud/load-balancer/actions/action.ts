import type { World } from "../../context";
import type { Authenticator } from "../authentication/authenticator";
import type { ActionProperties, LoadBalancerProperties } from "../declarations";
import type { Exchange } from "../exchange";
import type { LoadBalancerKeys } from "../authentication/keys";
import type { KeySets } from "../jwt/key-sets";
import type { TargetGroup } from "../target-group";
import type { TransformProperties } from "../transforms";

/** One request on its way through a rule's actions. */
export interface Visit {
  exchange: Exchange;
  /** The listener's protocol and port. */
  protocol: "http" | "https";
  port: number;
  /** Of the Host header, as sent. */
  host: string;
  /** As sent, without the query. */
  path: string;
  /** Without the question mark. */
  query: string;
  /** Headers that earlier actions give the target in place of the client's of the same name; undefined: none. */
  added: Map<string, string | undefined>;
  /** Of the rule, for what is sent to a target. */
  transforms: readonly TransformProperties[];
  /** Set-Cookie lines that earlier actions add to the answer. */
  cookies: string[];
  loadBalancer: {
    attributes: LoadBalancerProperties;
    address: string;
    authenticator: Authenticator;
    keySets: KeySets;
    keys: LoadBalancerKeys;
  };
  world: World;
  targetGroup(arn: string): TargetGroup | undefined;
  /** Whether own answers say `Server: awselb/2.0`. */
  server: boolean;
  /** Name and value of those that the listener sets on every answer. */
  responseHeaders: readonly [string, string][];
  /** One line to the cloud's log, never with a secret. */
  log: (line: string) => void;
}

/** One type of action, in a file of its own. */
export interface ActionKind {
  /** Whether it is for HTTPS listeners only. */
  secureOnly?: boolean;
  /** What AWS would refuse about it, in full sentences. */
  problems(action: ActionProperties, context: { world: World }): string[];
  /** Gives the answer, or lets the next action of the rule go on. */
  run(visit: Visit, action: ActionProperties): Promise<"answered" | "next"> | "answered" | "next";
}
