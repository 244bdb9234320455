import type { ActionProperties, LoadBalancerProperties } from "../declarations";
import type { Exchange } from "../exchange";
import type { TargetGroup } from "../target-group";

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
  /** Headers that earlier actions add to what the target gets, in place of the client's of the same name. */
  added: Map<string, string>;
  loadBalancer: { attributes: LoadBalancerProperties; address: string };
  targetGroup(arn: string): TargetGroup | undefined;
  /** Whether own answers say `Server: awselb/2.0`. */
  server: boolean;
}

/** One type of action, in a file of its own. */
export interface ActionKind {
  /** What AWS would refuse about it, in full sentences. */
  problems(action: ActionProperties): string[];
  /** Gives the answer, or lets the next action of the rule go on. */
  run(visit: Visit, action: ActionProperties): Promise<"answered" | "next"> | "answered" | "next";
}
