import { type Addresses, everywhere, intersection, isInternet, parseCidr, union } from "./cidr";
import { type Graph, label, property, type Resource, type ResourceValue } from "./model";
import { types } from "./types";

/** A forward that a request reaches without having authenticated. */
export interface OpenForward {
  readonly targetGroup: ResourceValue;
  /** The listener or rule whose action it is. */
  readonly holder: Resource;
  readonly note: string;
  readonly certain: boolean;
}

/** Exactly these may be open, and for GET only. One path segment may stand before them (a server under a prefix). */
const healthPath = /^(?:\/[\w-]+)?\/api\/(?:health|ready)$/;

/** Rules of a listener in the stack. */
export function rulesOf(graph: Graph, listener: Resource): Resource[] {
  return graph
    .ofType(types.listenerRule)
    .filter((rule) => graph.referred(property(rule, "listenerArn"), types.listener).includes(listener));
}

/** Rules on listeners that are not in the stack: they alone can be judged. */
export function rulesElsewhere(graph: Graph): Resource[] {
  return graph
    .ofType(types.listenerRule)
    .filter((rule) => graph.referred(property(rule, "listenerArn"), types.listener).length === 0);
}

/** What an application listener forwards, by default or by rule, without asking who it is. */
export function openForwards(graph: Graph, listener: Resource, clients: Addresses): OpenForward[] {
  if (verifiesCertificates(listener)) return [];
  const rules = rulesOf(graph, listener);
  const catchAll = rules.filter(
    (rule) => matchesEverything(rule) && graph.referred(property(rule, "listenerArn"), types.listener).length === 1,
  );
  const open = rules
    .filter((rule) => !catchAll.some((other) => comesBefore(other, rule)))
    .flatMap((rule) => openForwardsOfRule(graph, rule, clients));
  // The default comes after every rule: a rule that takes everything leaves nothing to it.
  if (catchAll.length > 0) return open;
  return [...openActions(graph, property(listener, "defaultActions"), listener, "its default action"), ...open];
}

export function openForwardsOfRule(graph: Graph, rule: Resource, clients: Addresses): OpenForward[] {
  const conditions = property(rule, "conditions").list();
  if (!isInternet(intersection(clients, sourcesOf(conditions)))) return [];
  if (isHealthCheck(rule, conditions)) return [];
  const asks =
    conditions.length > 0 ? "its conditions (paths, hosts, headers, methods) are the caller's choice and " : "it ";
  return openActions(graph, property(rule, "actions"), rule, `${asks}its action`.replace("it its", "its"));
}

function openActions(graph: Graph, actions: ResourceValue, holder: Resource, what: string): OpenForward[] {
  const all = actions.list();
  const ways = all.map((action, index) => authentication(graph, action, action.get("order").integer() ?? index + 1));
  return all.flatMap((action, index) => {
    const type = action.get("type");
    if (type.isKnown && type.word() !== "forward") return [];
    const order = action.get("order").integer() ?? index + 1;
    if (ways.some((way) => way?.problem === undefined && way !== undefined && way.order <= order)) return [];
    const groups = forwardedTo(action);
    const problems = ways.flatMap((way) => way?.problem ?? []);
    const note = `${what} forwards ${problems.length > 0 ? `although ${problems.join("; ")}` : "without an authenticate action"}`;
    return groups.map((targetGroup) => ({ targetGroup, holder, note, certain: type.isKnown }));
  });
}

/** Weights do not matter: a target group of weight 0 is one edit of a number away. */
function forwardedTo(action: ResourceValue): ResourceValue[] {
  if (action.isUnknown) return [action];
  const several = action
    .get("forward")
    .list()
    .flatMap((forward) => (forward.isUnknown ? [forward] : forward.get("targetGroups").list()))
    .map((group) => (group.isUnknown ? group : group.get("arn")));
  return [action.get("targetGroupArn"), ...several].filter((value) => !value.isOmitted);
}

/** An action that authenticates, or the reason why it does not; undefined for one that does not try. */
function authentication(
  graph: Graph,
  action: ResourceValue,
  order: number,
): { order: number; problem: string | undefined } | undefined {
  const type = action.get("type").word();
  if (type === "authenticate-oidc" || type === "authenticate-cognito") {
    const settings = action.get(type === "authenticate-oidc" ? "authenticateOidc" : "authenticateCognito");
    const [settingsOrNone = settings] = settings.list();
    const otherwise = settingsOrNone.get("onUnauthenticatedRequest");
    if (otherwise.isOmitted || ["authenticate", "deny"].includes(otherwise.word() ?? ""))
      return { order, problem: undefined };
    const found = otherwise.isUnknown ? "is not known" : "lets requests without a session pass";
    return { order, problem: `its onUnauthenticatedRequest ${found}` };
  }
  if (type === "jwt-validation") return { order, problem: tokenProblem(graph, action.get("jwtValidation")) };
  return undefined;
}

/** Issuers from which anyone can get a token. */
const publicIssuers =
  /^https:\/\/(?:accounts\.google\.com|token\.actions\.githubusercontent\.com|gitlab\.com|login\.microsoftonline\.com\/(?:common|organizations|consumers)|www\.facebook\.com|appleid\.apple\.com|securetoken\.google\.com)(?:[/?].*)?$/i;

function tokenProblem(graph: Graph, validation: ResourceValue): string | undefined {
  const [settings = validation] = validation.list();
  const issuer = settings.get("issuer");
  const claims = settings.get("additionalClaims").list();
  const narrow = claims.some((claim) =>
    [
      "aud",
      "azp",
      "sub",
      "hd",
      "tid",
      "client_id",
      "repository",
      "repository_owner",
      "namespace_path",
      "project_path",
    ].includes(claim.get("name").text() ?? ""),
  );
  const text = issuer.text();
  if (text !== undefined) {
    return publicIssuers.test(text) && !narrow
      ? "its tokens come from a public issuer and no additional claim names the audience or owner"
      : undefined;
  }
  if (graph.origins(issuer).some(({ type }) => types.userPool.includes(type)) || narrow) return undefined;
  return "the issuer of its tokens is not known";
}

/** Mutual TLS counts only in mode verify: passthrough asks for a certificate and checks nothing. */
function verifiesCertificates(listener: Resource): boolean {
  const [mutual] = property(listener, "mutualAuthentication").list();
  return mutual?.get("mode").word() === "verify" && !mutual.get("trustStoreArn").isOmitted;
}

/** Source addresses are the one condition that a caller cannot choose. */
function sourcesOf(conditions: readonly ResourceValue[]): Addresses {
  return conditions.reduce((clients, condition) => {
    const values = condition
      .get("sourceIp")
      .list()
      .flatMap((sourceIp) => (sourceIp.isUnknown ? [sourceIp] : sourceIp.get("values").list()));
    if (condition.isUnknown || values.length === 0) return clients;
    const ranges = values.map((value) => parseCidr(value.text() ?? "") ?? everywhere);
    return intersection(clients, union(...ranges));
  }, everywhere);
}

function isHealthCheck(rule: Resource, conditions: readonly ResourceValue[]): boolean {
  const values = (kind: string): (string | undefined)[] =>
    conditions
      .flatMap((condition) => condition.get(kind).list())
      .flatMap((of) => of.get("values").list())
      .map((v) => v.text());
  const paths = values("pathPattern");
  const methods = values("httpRequestMethod");
  return (
    property(rule, "transforms").list().length === 0 &&
    conditions.every(
      (condition) => !condition.isUnknown && condition.get("pathPattern").get("regexValues").list().length === 0,
    ) &&
    paths.length > 0 &&
    paths.every((path) => path !== undefined && healthPath.test(path)) &&
    methods.length > 0 &&
    methods.every((method) => method === "GET")
  );
}

function matchesEverything(rule: Resource): boolean {
  const conditions = property(rule, "conditions").list();
  return (
    conditions.length > 0 &&
    conditions.every((condition) => {
      const kinds = condition.keys().filter((kind) => !condition.get(kind).isOmitted);
      const all = kinds[0] === "hostHeader" ? ["*"] : kinds[0] === "pathPattern" ? ["*", "/*"] : [];
      const [kind] = kinds;
      if (kinds.length !== 1 || kind === undefined) return false;
      return condition
        .get(kind)
        .list()
        .some((of) =>
          of
            .get("values")
            .list()
            .some((value) => all.includes(value.text() ?? "")),
        );
    })
  );
}

function comesBefore(rule: Resource, other: Resource): boolean {
  const first = property(rule, "priority").integer();
  const second = property(other, "priority").integer();
  return rule !== other && first !== undefined && second !== undefined && first < second;
}

/** How to close an open forward. */
export function fixForForward(holder: Resource): string {
  const property_ = types.listener.includes(holder.type) ? "defaultActions" : "actions";
  return (
    `put an authenticate-oidc or authenticate-cognito action (onUnauthenticatedRequest "authenticate" or "deny", HTTPS only) ` +
    `before the forward in ${property_} of ${label(holder)}, or send it to a gateway in the task that asks for a login`
  );
}
