import { connect, createServer, type Server, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { targetGroupArns } from "./actions";
import { chooseGroup, weights } from "./actions/forward";
import { ListenerPort } from "./listener-port";
import { joinSockets } from "./relay";
import { tlsServer } from "./tls";

// "The default is 350 seconds": the listener attribute tcp.idle_timeout.seconds, of TCP listeners only.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html
const idleTimeoutSec = 350;
const connectTimeoutMs = 10_000;

/**
 * A TCP or TLS listener of a Network Load Balancer: bytes both ways, and what they say is for the target to judge.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
 */
export class NetworkListener extends ListenerPort {
  /** Stickiness by source IP address: the target of each client. */
  readonly #stuck = new Map<string, string>();

  targetGroups(): string[] {
    return targetGroupArns(this.properties.defaultActions);
  }

  protected async makeServer(): Promise<Server> {
    if (this.properties.protocol !== "TLS") return createServer({ noDelay: true }, (socket) => this.#pass(socket));
    return tlsServer(this.context, {
      certificates: () => this.allCertificates(),
      policy: this.properties.sslPolicy,
      accept: (socket) => this.#pass(socket),
    });
  }

  #pass(client: Socket): void {
    client.on("error", () => client.destroy());
    const [action] = this.properties.defaultActions;
    const group = action && this.owner.targetGroup(chooseGroup(weights(action)) ?? "");
    const ip = client.remoteAddress ?? "";
    const target = group?.choose(group.stickiness && this.#stuck.get(ip));
    if (!group || !target) {
      // "there are no healthy targets": the client's connection is reset.
      client.resetAndDestroy();
      return;
    }
    // Client IP preservation is off by default where targets are registered by IP address and speak TCP or TLS:
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
    const where = {
      host: target.address.ip,
      port: target.address.port,
      localAddress: this.owner.address,
      noDelay: true,
    };
    const server = group.tls ? connectTls({ ...where, ...group.tls }) : connect(where);
    const patience = setTimeout(() => server.destroy(), connectTimeoutMs);
    if (group.stickiness) this.#stuck.set(ip, target.name);
    const end = target.begin(() => client.destroy());
    const refused = () => client.resetAndDestroy();
    server.once("error", refused);
    client.once("close", () => server.destroy());
    server.once("close", () => {
      clearTimeout(patience);
      client.destroy();
      end();
    });
    server.once(group.tls ? "secureConnect" : "connect", () => {
      clearTimeout(patience);
      server.off("error", refused);
      joinSockets(client, server, Number(this.properties.tcpIdleTimeoutSeconds ?? idleTimeoutSec) * 1000);
    });
  }
}
