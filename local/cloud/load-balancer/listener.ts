import { createServer, type Server } from "node:net";
import type { CloudContext } from "../context";
import { runActions, targetGroupArns } from "./actions";
import type { Visit } from "./actions/action";
import { answer } from "./answer";
import { callbackPath } from "./authentication/authenticator";
import { settingsOf } from "./authentication/login-settings";
import type { ActionProperties, ListenerProperties, ListenerRuleProperties } from "./declarations";
import { type Exchange, valuesOf } from "./exchange";
import { Front } from "./front";
import { type ListenerOwner, ListenerPort } from "./listener-port";
import { forwardedHops } from "./request-headers";
import { responseHeaders } from "./response-headers";
import { matches, normalizedPath } from "./rule";
import { tlsServer } from "./tls";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html */
export class Listener extends ListenerPort {
  readonly rules = new Map<string, ListenerRuleProperties>();
  readonly #front: Front;

  constructor(properties: ListenerProperties, owner: ListenerOwner, context: CloudContext) {
    super(properties, owner, context);
    this.#front = new Front({
      idleTimeout: () => (owner.attributes.idleTimeout ?? 60) * 1000,
      server: () => this.#saysServer(),
      headers: () => responseHeaders(this.properties),
      handle: (exchange) => void this.#handle(exchange),
    });
  }

  get #tls(): boolean {
    return this.properties.protocol === "HTTPS";
  }

  override async close(): Promise<void> {
    this.#front.close();
    await super.close();
  }

  /** Every target group that this listener may send to. */
  targetGroups(): string[] {
    return targetGroupArns(this.#allActions());
  }

  #allActions(): ActionProperties[] {
    return [...[...this.rules.values()].flatMap((rule) => rule.actions), ...this.properties.defaultActions];
  }

  protected async makeServer(): Promise<Server> {
    if (!this.#tls) return createServer({ noDelay: true }, (socket) => this.#front.connection(socket, "http/1.1"));
    return tlsServer(this.context, {
      certificates: () => this.allCertificates(),
      policy: this.properties.sslPolicy,
      protocols: (this.owner.attributes.enableHttp2 ?? true) ? ["h2", "http/1.1"] : ["http/1.1"],
      accept: (socket) => this.#front.connection(socket, socket.alpnProtocol === "h2" ? "h2" : "http/1.1"),
    });
  }

  #saysServer(): boolean {
    return this.properties.routingHttpResponseServerEnabled ?? true;
  }

  async #handle(exchange: Exchange): Promise<void> {
    const server = this.#saysServer();
    const headers = responseHeaders(this.properties);
    for (const [name, value] of headers) exchange.response.setHeader(name, value);
    exchange.request.on("error", () => exchange.response.destroy());
    try {
      const refused = refusal(exchange);
      if (refused) {
        exchange.response.shouldKeepAlive = false;
        return answer(exchange, { status: refused, server });
      }
      const url = splitTarget(exchange);
      const visit: Visit = {
        exchange: { ...exchange, target: url.target },
        protocol: this.#tls ? "https" : "http",
        port: this.properties.port,
        ...url,
        added: new Map(),
        cookies: [],
        transforms: [],
        loadBalancer: this.owner,
        targetGroup: (arn) => this.owner.targetGroup(arn),
        world: this.context.world,
        server,
        responseHeaders: headers,
        log: (line) => this.context.log(line),
      };
      const logins = url.path === callbackPath ? this.#logins() : [];
      // No rule has a say here: the access log shows the callback with rule priority -1.
      if (logins.length > 0) await this.owner.authenticator.callback(visit, logins);
      else {
        const rule = this.#ruleFor(exchange, url);
        visit.transforms = rule?.transforms ?? [];
        await runActions(visit, rule?.actions ?? this.properties.defaultActions);
      }
    } catch (error) {
      this.context.log(`listener ${this.properties.arn}: ${(error as Error).stack}`);
      answer(exchange, { status: 500, server });
    }
  }

  #logins() {
    if (!this.#tls) return [];
    return this.#allActions().flatMap((action) => settingsOf(action, this.context.world) ?? []);
  }

  /** "Rules are evaluated in priority order, from the lowest value to the highest. The default rule is evaluated last." */
  #ruleFor(exchange: Exchange, url: ReturnType<typeof splitTarget>): ListenerRuleProperties | undefined {
    const subject = {
      ...url,
      path: normalizedPath(url.path),
      host: url.host.replace(/:\d+$/, ""),
      method: exchange.method,
      headers: exchange.headers,
      sourceIp: exchange.client.ip,
    };
    const rules = [...this.rules.values()].sort((one, other) => one.priority - other.priority);
    return rules.find((rule) => matches(rule.conditions, subject));
  }
}

/** The status for a request that goes no further: load-balancer-troubleshooting.html, load-balancer-limits.html */
function refusal(exchange: Exchange): number | undefined {
  const { method, target, headers } = exchange;
  const limit = 16 * 1024;
  if (method === "TRACE") return 405;
  // "HTTP 400: the client sent a malformed request": a path, or the whole address, is what rules can be matched with.
  if (!/^(\/|https?:\/\/)/i.test(target)) return 400;
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
