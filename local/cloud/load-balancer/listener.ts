import { createServer, type Server } from "node:net";
import tls from "node:tls";
import type { CloudContext } from "../context";
import { runActions, targetGroupArns } from "./actions";
import { answer } from "./answer";
import type {
  ActionProperties,
  ListenerProperties,
  ListenerRuleProperties,
  LoadBalancerProperties,
} from "./declarations";
import { type Exchange, valuesOf } from "./exchange";
import { Front } from "./front";
import { forwardedHops } from "./request-headers";
import { matches } from "./rule";
import { closeNow, listen } from "./sockets";
import type { TargetGroup } from "./target-group";
import { certificateFor, certifies, contextOf, declaredNames, tlsVersions } from "./tls";

/** What a listener needs of the load balancer it belongs to. */
export interface ListenerOwner {
  attributes: LoadBalancerProperties;
  address: string;
  targetGroup(arn: string): TargetGroup | undefined;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html */
export class Listener {
  readonly rules = new Map<string, ListenerRuleProperties>();
  /** Further certificates, of aws:lb/listenerCertificate. */
  readonly certificateArns = new Set<string>();
  properties: ListenerProperties;
  readonly owner: ListenerOwner;
  readonly #context: CloudContext;
  readonly #front: Front;
  #server: Server | undefined;
  /** With those that have stopped listening and still have connections. */
  readonly #servers = new Set<Server>();

  constructor(properties: ListenerProperties, owner: ListenerOwner, context: CloudContext) {
    this.properties = properties;
    this.owner = owner;
    this.#context = context;
    this.#front = new Front({
      idleTimeout: () => (owner.attributes.idleTimeout ?? 60) * 1000,
      server: () => this.#saysServer(),
      handle: (exchange) => void this.#handle(exchange),
    });
  }

  get #tls(): boolean {
    return this.properties.protocol === "HTTPS";
  }

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
    const server = this.#tls
      ? await this.#tlsServer()
      : createServer({ noDelay: true }, (socket) => this.#front.connection(socket, "http/1.1"));
    await listen(server, { port: properties.port, host: this.owner.address });
    this.#server = server;
    this.#servers.add(server);
    server.once("close", () => this.#servers.delete(server));
  }

  async close(): Promise<void> {
    this.#server = undefined;
    this.#front.close();
    await Promise.all([...this.#servers].map(closeNow));
  }

  /** Every target group that this listener may send to. */
  targetGroups(): string[] {
    return [this.properties.defaultActions, ...[...this.rules.values()].map((rule) => rule.actions)].flatMap(
      targetGroupArns,
    );
  }

  async #tlsServer(): Promise<Server> {
    const { certificateArn, sslPolicy } = this.properties;
    const own = await certificateFor(this.#context, certificateArn ?? "");
    const http2 = this.owner.attributes.enableHttp2 ?? true;
    const server = tls.createServer({
      noDelay: true,
      ...tlsVersions(sslPolicy),
      key: own.key,
      cert: own.cert,
      ALPNProtocols: http2 ? ["h2", "http/1.1"] : ["http/1.1"],
      SNICallback: (name, done) => {
        this.#certificate(name).then(
          (certificate) => done(null, contextOf(certificate)),
          (error: Error) => done(error),
        );
      },
    });
    server.on("secureConnection", (socket) => {
      this.#front.connection(socket, socket.alpnProtocol === "h2" ? "h2" : "http/1.1");
    });
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    return server;
  }

  /** "If the hostname matches no certificate, the default certificate is used": https-listener-certificates.html */
  #certificate(name: string) {
    const arns = [this.properties.certificateArn ?? "", ...this.certificateArns];
    const exact = arns.find((arn) => certifies(declaredNames(this.#context, arn) ?? [], name));
    const undeclared = arns.find((arn) => declaredNames(this.#context, arn) === undefined);
    return certificateFor(this.#context, exact ?? undeclared ?? (arns[0] as string), name);
  }

  #saysServer(): boolean {
    return this.properties.routingHttpResponseServerEnabled ?? true;
  }

  async #handle(exchange: Exchange): Promise<void> {
    const server = this.#saysServer();
    exchange.request.on("error", () => exchange.response.destroy());
    try {
      const refused = refusal(exchange);
      if (refused) {
        exchange.response.shouldKeepAlive = false;
        return answer(exchange, { status: refused, server });
      }
      const url = splitTarget(exchange);
      await runActions(
        {
          exchange: { ...exchange, target: url.target },
          protocol: this.#tls ? "https" : "http",
          port: this.properties.port,
          ...url,
          added: new Map(),
          loadBalancer: this.owner,
          targetGroup: (arn) => this.owner.targetGroup(arn),
          server,
        },
        this.#actionsFor(exchange, url),
      );
    } catch (error) {
      this.#context.log(`listener ${this.properties.arn}: ${(error as Error).stack}`);
      answer(exchange, { status: 500, server });
    }
  }

  /** "Rules are evaluated in priority order, from the lowest value to the highest. The default rule is evaluated last." */
  #actionsFor(exchange: Exchange, url: ReturnType<typeof splitTarget>): ActionProperties[] {
    const subject = {
      ...url,
      host: url.host.replace(/:\d+$/, ""),
      method: exchange.method,
      headers: exchange.headers,
      sourceIp: exchange.client.ip,
    };
    const rules = [...this.rules.values()].sort((one, other) => one.priority - other.priority);
    return rules.find((rule) => matches(rule.conditions, subject))?.actions ?? this.properties.defaultActions;
  }
}

/** The status for a request that goes no further: load-balancer-troubleshooting.html, load-balancer-limits.html */
function refusal(exchange: Exchange): number | undefined {
  const { method, target, headers } = exchange;
  const limit = 16 * 1024;
  if (method === "TRACE") return 405;
  if (`${method} ${target} HTTP/1.1`.length > limit) return 414;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (`${headers[at]}: ${headers[at + 1]}`.length > limit) return 400;
  }
  const hosts = valuesOf(headers, "host");
  if (hosts.length > 1 || (hosts.length === 1 && hosts[0] === "")) return 400;
  if (valuesOf(headers, "content-length").length > 1) return 400;
  // "HTTP 501: a Transfer-Encoding header with an unsupported value. Supported are chunked and identity."
  if (!valuesOf(headers, "transfer-encoding").every((coding) => /^(chunked|identity)$/i.test(coding))) return 501;
  if (forwardedHops(headers) > 30) return 463;
  return undefined;
}

/** "GET https://name/path": the name counts as the host, the path is sent on alone ("Host header preservation"). */
function splitTarget(exchange: Exchange): { host: string; path: string; query: string; target: string } {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(exchange.target);
  const host = absolute?.[1] ?? valuesOf(exchange.headers, "host")[0] ?? "";
  const rest = absolute ? absolute[2] || "/" : exchange.target;
  const target = rest.startsWith("?") ? `/${rest}` : rest;
  const at = target.indexOf("?");
  return { host, target, path: at < 0 ? target : target.slice(0, at), query: at < 0 ? "" : target.slice(at + 1) };
}
