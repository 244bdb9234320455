import type { NginxConfig } from "./nginx-config";
import { type Effective, every, type Location, locationFor, type Server, withConditions } from "./nginx-locations";
import type { Directive } from "./nginx-parser";
import type { Oauth2Proxy } from "./oauth2-proxy";
import { isSuccess, type Neighbours, passes, pathSent, type Targets } from "./nginx-targets";

/** What answers in place of a proxy_pass beside it. */
const answering = /^(?:try_files|if_modified_since|root|alias|empty_gif|stub_status|flv|mp4|hls|f4f|api|status)$/;

/** Whether nginx's access phase lets nobody pass without a login. */
export class Login {
  private readonly config: NginxConfig;
  private readonly targets: Targets;
  private readonly neighbours: Neighbours;

  constructor(config: NginxConfig, targets: Targets, neighbours: Neighbours) {
    this.config = config;
    this.targets = targets;
    this.neighbours = neighbours;
  }

  /** Why a request without a login passes the access phase here; undefined if none does. */
  whyUngated(server: Server, at: Effective): string | undefined {
    if (at.access[0]?.name === "deny" && at.access[0].args[0] === "all" && at.satisfy === "all") return undefined;
    const realmOn = at.realm !== undefined && at.realm !== "off";
    const realmVaries = realmOn && this.targets.mayBe(at.realm ?? "", "off");
    const basicProblem = realmOn ? this.credentialProblem(at.userFile) : undefined;
    const asks = at.authRequest !== undefined && at.authRequest !== "off";
    const requestProblem = asks ? this.requestProblem(server, at.authRequest ?? "") : undefined;
    if (at.satisfy === "any") {
      const allow = at.access.find(({ name }) => name === "allow");
      if (allow) return "satisfy any beside allow: addresses alone are let in";
      if (!realmOn && !asks)
        return at.access.some(({ args }) => args[0] === "all") ? undefined : "nothing here asks for a login";
      if (basicProblem !== undefined) return basicProblem;
      if (requestProblem !== undefined) return requestProblem;
      return realmVaries && !asks ? "auth_basic's realm may turn out to be off, and nothing else asks" : undefined;
    }
    if (at.satisfy !== "all") return "its satisfy cannot be read";
    if (asks && requestProblem === undefined) return undefined;
    if (realmOn && !realmVaries && basicProblem === undefined) return undefined;
    if (requestProblem !== undefined) return requestProblem;
    if (basicProblem !== undefined) return basicProblem;
    if (realmVaries) return "auth_basic's realm may turn out to be off";
    return at.authRequest === "off" || at.realm === "off"
      ? "the login is switched off here"
      : "nothing here asks for a login";
  }

  /** A password file that cannot be read refuses everybody (403); one with an empty password lets everybody in. */
  private credentialProblem(file: string | undefined): string | undefined {
    if (file === undefined) return "auth_basic without auth_basic_user_file asks nothing";
    if (/[$\uE000]/.test(file)) return "auth_basic_user_file is decided at run time";
    const text = this.config.files.get(file);
    const empty = text?.split("\n").some((line) => /^[^#:][^:]*:(?:\{PLAIN\})?(?::|$)/.test(line.trimEnd()));
    return empty ? "a line of its password file has an empty password" : undefined;
  }

  /** Why auth_request does not stand for a login at oauth2-proxy; undefined if it does. */
  private requestProblem(server: Server, uri: string): string | undefined {
    const proxy = this.neighbours.oauth2Proxy;
    if (/[$\uE000]/.test(uri)) return "auth_request's address is decided at run time";
    // nginx takes a "?" for a part of the path (ngx_http_auth_request_module gives its subrequest no arguments).
    const target = locationFor(server.locations, uri);
    if (target === "none") return undefined; // nginx answers 404, and auth_request makes that an error: closed
    if (target === "unknown") return `which location answers auth_request ${uri} cannot be told`;
    if (proxy === undefined) return `auth_request ${uri} is not answered by an oauth2-proxy of this task`;
    const answer = this.answerProblem(server, target, uri, proxy, `${proxy.prefix}/auth`);
    if (answer !== undefined) return `auth_request ${uri}: ${answer}`;
    return proxy.problems[0] ?? (proxy.unseen && `what oauth2-proxy asks for is not known: ${proxy.unseen}`);
  }

  private answerProblem(
    server: Server,
    location: Location,
    path: string,
    proxy: Oauth2Proxy,
    wanted: string,
  ): string | undefined {
    const own = withConditions(location.own);
    const all = [...own, ...withConditions(server.directives)];
    if (all.some(({ name, args }) => name === "rewrite" && !["redirect", "permanent"].includes(args[2] ?? "")))
      return "a rewrite may send the question elsewhere";
    if (all.some(({ name, args }) => name === "return" && isSuccess(args)))
      return "nginx may answer it by itself with success";
    const odd = own.find(({ name }) => answering.test(name));
    if (odd) return `${odd.name} may answer in place of oauth2-proxy`;
    const limited = own.filter(({ name }) => name === "limit_except").flatMap(({ block = [] }) => block);
    const targets = [...own, ...limited].filter(({ name }) => passes.test(name));
    const [pass] = targets;
    if (pass === undefined) {
      return location.own.some(({ name }) => name === "return") ? undefined : "it is not sent to oauth2-proxy";
    }
    if (targets.length > 1 || pass.name !== "proxy_pass") return "it is not sent to oauth2-proxy alone";
    const address = pass.args[0] ?? "";
    if (!this.targets.areOauth2Proxy(address)) return "it is not sent to oauth2-proxy on this task's loopback";
    if (pathSent(location, address, path) !== wanted) return `what oauth2-proxy is asked is not ${wanted}`;
    // A single cookie is not enough: a long session is in several, whose names end in numbers.
    if (location.effective.cache !== "off" && !/\$\{?http_cookie\b/.test(location.effective.cacheKey)) {
      return "its answer is cached for everybody: the cache key has not all cookies";
    }
    const fixed = location.effective.headers.find(
      ({ args }) =>
        /^(?:cookie|authorization)$/i.test(args[0] ?? "") &&
        args[1] !== "" &&
        !/^\$(?:http_cookie|http_authorization|cookie_\w+)$/.test(args[1] ?? ""),
    );
    if (fixed) return "a fixed credential is sent along";
    return this.errorPageProblem(server, location, proxy);
  }

  /** An error page may turn oauth2-proxy's refusal, or its absence, into success. */
  private errorPageProblem(server: Server, location: Location, proxy: Oauth2Proxy): string | undefined {
    const conditional = withConditions(location.own).filter(({ name }) => name === "error_page");
    for (const { args } of [...location.effective.errorPages, ...conditional]) {
      const change = args.find((arg) => arg.startsWith("=")) ?? "";
      if (change.startsWith("=2")) return "an error page turns a refusal into success";
      if (change !== "=") continue; // the code stays what it was, or is another refusal's
      const pages = this.targets.valuesOf(args.at(-1) ?? "");
      if (pages === undefined) return "where its error pages lead is decided at run time";
      for (const page of pages)
        if (!this.isRefusal(server, page, proxy)) return `its error page ${page} may answer with success`;
    }
    return undefined;
  }

  private isRefusal(server: Server, page: string, proxy: Oauth2Proxy): boolean {
    if (!/^[/@]/.test(page)) return true; // a redirect
    const path = page.replace(/\?.*/s, "");
    const location = page.startsWith("@")
      ? every(server.locations).find(({ pattern }) => pattern[0] === page)
      : locationFor(server.locations, path);
    if (location === undefined || location === "none") return true; // nginx: 500 or 404
    if (location === "unknown") return false;
    const own = withConditions(location.own);
    if (own.some(({ name, args }) => answering.test(name) || (name === "return" && isSuccess(args)))) return false;
    const rewrite = own.find(({ name }) => name === "rewrite");
    if (rewrite === undefined && location.own.some(({ name }) => name === "return")) return true;
    // oauth2-proxy's start only ever redirects.
    const [pass, other] = own.filter(({ name }) => passes.test(name));
    if (pass === undefined || other !== undefined || !this.targets.areOauth2Proxy(pass.args[0] ?? "")) return false;
    const sent = rewrite ? rewritten(location, rewrite) : pathSent(location, pass.args[0] ?? "", path);
    return sent === `${proxy.prefix}/start`;
  }
}

/** The path that a location's first rewrite puts in place of every other; undefined where it may be another one. */
function rewritten({ own }: Location, rewrite: Directive): string | undefined {
  const [pattern = "", replacement = "", flag] = rewrite.args;
  const always = own.includes(rewrite) && ["^", ".*", "^.*$", "^(.*)$"].includes(pattern) && flag === "break";
  return always ? replacement.replace(/\?.*/s, "") : undefined;
}
