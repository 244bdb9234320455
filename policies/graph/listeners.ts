import { type Addresses, isEmpty, isInternet, mayHoldServiceAddress } from "./cidr";
import { clientsLeft } from "./listener-rules";
import { type Graph, label, property, type Resource, type ResourceValue } from "./model";
import type { Sender } from "./security-groups";
import { tokenProblem } from "./tokens";
import { types } from "./types";

/** Who may send requests to a listener. */
export interface Clients {
  /** As the listener sees them: strangers, or what passes strangers' requests on with addresses of its own. */
  readonly kind: Sender["kind"];
  readonly addresses: Addresses;
}

/** Whether these addresses, of all that the clients may have, let strangers through. */
function letThrough(clients: Clients, left: Addresses): boolean {
  if (clients.kind === "strangers" || clients.kind === "forwarded") return isInternet(left);
  return clients.kind === "service" ? mayHoldServiceAddress(left) : !isEmpty(left);
}

/** A forward that a request reaches without having authenticated. */
export interface OpenForward {
  readonly targetGroup: ResourceValue;
  /** The listener or rule whose action it is. */
  readonly holder: Resource;
  readonly note: string;
  readonly certain: boolean;
}

/** Rules of a listener in the stack. */
export function rulesOf(graph: Graph, listener: Resource): readonly Resource[] {
  return graph.thatName(listener, types.listenerRule, "listenerArn", types.listener);
}

/** Rules on listeners that are not in the stack, nor trusted: they alone can be judged. */
export function rulesElsewhere(graph: Graph): Resource[] {
  return graph.ofType(types.listenerRule).filter((rule) => {
    const listener = property(rule, "listenerArn");
    return graph.referred(listener, types.listener).length === 0 && !graph.trusts(listener);
  });
}

/** What an application listener forwards, by default or by rule, without asking who it is. */
export function openForwards(graph: Graph, listener: Resource, clients: Clients): OpenForward[] {
  if (verifiesCertificates(listener)) return [];
  const rules = rulesOf(graph, listener);
  // In preview a rule may seem to be on several listeners: it is on one, so it takes nothing from any for certain.
  const placed = rules.filter((rule) => graph.referred(property(rule, "listenerArn"), types.listener).length === 1);
  const open = rules.flatMap((rule) => {
    const before = placed.filter((other) => comesBefore(other, rule));
    return openForwardsOfRule(graph, rule, clients, before);
  });
  const byDefault = openActions(graph, property(listener, "defaultActions"), listener, "its default action");
  return [...byDefault.filter(() => letThrough(clients, clientsLeft(undefined, placed, clients.addresses))), ...open];
}

/** The same of one rule, past those that are known to come before it. */
export function openForwardsOfRule(
  graph: Graph,
  rule: Resource,
  clients: Clients,
  before: readonly Resource[] = [],
): OpenForward[] {
  const what = "its conditions (paths, hosts, headers, methods) are the caller's choice and its action";
  return openActions(graph, property(rule, "actions"), rule, what).filter(() =>
    letThrough(clients, clientsLeft(rule, before, clients.addresses)),
  );
}

function openActions(graph: Graph, actions: ResourceValue, holder: Resource, what: string): OpenForward[] {
  const all = actions.list();
  const ways = all.flatMap((action, index) =>
    authentications(graph, action).map((way) => ({ ...way, order: orderOf(action, index, Infinity) })),
  );
  const areSeen = all.every((action) => action.get("type").isKnown && !action.get("order").isUnknown);
  return all.flatMap((action, index) => {
    const before = ways.filter(({ order }) => order < orderOf(action, index, -Infinity));
    if (before.some(({ problem }) => problem === undefined)) return [];
    const problems = ways.flatMap(({ problem }) => problem ?? []);
    const note = `${what} forwards ${problems.length > 0 ? `although ${problems.join("; ")}` : "without an authenticate action"}`;
    const certain = areSeen && before.every((way) => way.certain);
    return forwardedTo(action).map((targetGroup) => {
      const isSeen = targetGroup.isKnown || graph.referred(targetGroup, types.targetGroup).length > 0;
      return { targetGroup, holder, note, certain: certain && isSeen };
    });
  });
}

/** Omitted: as they are listed. */
function orderOf(action: ResourceValue, index: number, unknown: number): number {
  const order = action.get("order");
  return order.isUnknown ? unknown : (order.integer() ?? index + 1);
}

/** None of an action of another type. Weights do not matter: a target group of weight 0 is one edit of a number away. */
export function forwardedTo(action: ResourceValue): ResourceValue[] {
  const several = action
    .get("forward")
    .list()
    .flatMap((forward) => forward.get("targetGroups").list())
    .map((group) => group.get("arn"));
  return [action.get("targetGroupArn"), ...several].filter((value) => !value.isOmitted);
}

/** Whether an action authenticates, or the reason why it does not; none for one that does not try. */
function authentications(graph: Graph, action: ResourceValue): { problem: string | undefined; certain: boolean }[] {
  const type = action.get("type").word();
  if (type === "authenticate-oidc" || type === "authenticate-cognito") {
    const otherwise = inner(action, type === "authenticate-oidc" ? "authenticateOidc" : "authenticateCognito").get(
      "onUnauthenticatedRequest",
    );
    if (otherwise.isOmitted || ["authenticate", "deny"].includes(otherwise.word() ?? ""))
      return [{ problem: undefined, certain: true }];
    const found = otherwise.isUnknown ? "is not known" : "lets requests without a session pass";
    return [{ problem: `its onUnauthenticatedRequest ${found}`, certain: !otherwise.isUnknown }];
  }
  if (type !== "jwt-validation") return [];
  const settings = inner(action, "jwtValidation");
  const claims = settings.get("additionalClaims").list();
  const names = claims.flatMap((claim) => claim.get("name").text() ?? []);
  const problem = tokenProblem(graph, settings.get("issuer"), names);
  return [{ problem, certain: settings.get("issuer").isKnown && claims.every((claim) => claim.get("name").isKnown) }];
}

/** Settings of an action; some bindings hand them as a list of one. */
function inner(action: ResourceValue, name: string): ResourceValue {
  const [settings = action.get(name)] = action.get(name).list();
  return settings;
}

/** Mutual TLS counts only in mode verify: passthrough asks for a certificate and checks nothing. */
function verifiesCertificates(listener: Resource): boolean {
  const [mutual] = property(listener, "mutualAuthentication").list();
  return mutual?.get("mode").word() === "verify" && !mutual.get("trustStoreArn").isOmitted;
}

/** For certain: of two priorities that are known. */
function comesBefore(rule: Resource, other: Resource): boolean {
  const first = property(rule, "priority").integer() ?? Infinity;
  return first < (property(other, "priority").integer() ?? -Infinity);
}

/** How to close an open forward. */
export function fixForForward(holder: Resource): string {
  const property_ = types.listener.includes(holder.type) ? "defaultActions" : "actions";
  return (
    `put an authenticate-oidc or authenticate-cognito action (onUnauthenticatedRequest "authenticate" or "deny", HTTPS only) ` +
    `before the forward in ${property_} of ${label(holder)}, or send it to a gateway in the task that asks for a login`
  );
}
