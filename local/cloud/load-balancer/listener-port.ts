import type { Server } from "node:net";
import type { CloudContext } from "../context";
import type { Visit } from "./actions/action";
import type { ListenerProperties, LoadBalancerProperties } from "./declarations";
import { closeNow, listen } from "./sockets";
import type { TargetGroup } from "./target-group";

/** What a listener needs of the load balancer it belongs to. */
export interface ListenerOwner extends Omit<Visit["loadBalancer"], "attributes"> {
  attributes: LoadBalancerProperties;
  /** Where clients find it. `address` is where it sends from. */
  clientAddress: string;
  targetGroup(arn: string): TargetGroup | undefined;
}

/** One port of a load balancer, with the certificates it shows. */
export abstract class ListenerPort {
  /** Further certificates, of aws:lb/listenerCertificate. */
  readonly certificateArns = new Set<string>();
  properties: ListenerProperties;
  readonly owner: ListenerOwner;
  protected readonly context: CloudContext;
  #server: Server | undefined;
  /** With those that have stopped listening and still have connections. */
  readonly #servers = new Set<Server>();

  constructor(properties: ListenerProperties, owner: ListenerOwner, context: CloudContext) {
    this.properties = properties;
    this.owner = owner;
    this.context = context;
  }

  /** Every target group that this listener may send to. */
  abstract targetGroups(): string[];

  protected abstract makeServer(): Promise<Server>;

  /** Listens, or takes over changed properties: port and protocol too, as ModifyListener does. */
  async open(properties: ListenerProperties): Promise<void> {
    const before = this.properties;
    const was = this.#server;
    this.properties = properties;
    const keeps = before.port === properties.port && before.protocol === properties.protocol && was;
    if (keeps && before.sslPolicy === properties.sslPolicy && before.certificateArn === properties.certificateArn)
      return;
    // Connections of before go on; only the port is given up.
    was?.close();
    this.#server = undefined;
    const server = await this.makeServer();
    await listen(server, { port: properties.port, host: this.owner.clientAddress });
    this.#server = server;
    this.#servers.add(server);
    server.once("close", () => this.#servers.delete(server));
  }

  async close(): Promise<void> {
    this.#server = undefined;
    await Promise.all([...this.#servers].map(closeNow));
  }

  /** The default certificate first. */
  protected allCertificates(): string[] {
    return [this.properties.certificateArn ?? "", ...this.certificateArns];
  }
}
