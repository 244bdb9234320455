import type { World } from "../graph/entrances/entrance";
import { balancersOf, behind, type Way } from "../graph/entrances/load-balancers";
import { forwardedTo, rulesOf } from "../graph/listeners";
import { property, type Resource, type ResourceValue } from "../graph/model";
import { isServer, looksLikePrefect } from "../graph/prefect";
import type { Container, Workload } from "../graph/tasks";
import { types } from "../graph/types";
import { containersOf } from "../graph/workloads/ecs";
import { userDataOf } from "./user-data";

/** A container that serves Prefect's API, or likely does. */
export interface Server {
  readonly workload: Workload;
  readonly container: Container;
}

/** The containers of one task definition or Express service. */
export interface Task {
  readonly resource: Resource;
  readonly containers: readonly Container[];
  /** Some container runs Prefect: a server, a worker, a flow. */
  readonly isPrefect: boolean;
}

/** Actions of a listener or rule that end at a Prefect server's task. */
export interface Front {
  /** Undefined where it is not in the stack. */
  readonly balancer: Resource | undefined;
  /** Undefined where it is not in the stack. */
  readonly listener: Resource | undefined;
  /** The listener, for its default actions, or a rule. */
  readonly holder: Resource;
  readonly actions: readonly ResourceValue[];
  readonly ways: readonly Way[];
}

const image = /(^|\/)prefecthq\/prefect(?:-client)?(?::|@|$)/i;
const command =
  /\bprefect(?:\.\w+)*\s+(?:server|worker|agent|orion|flow-run|deploy)\b|\bprefect\.(?:server|engine|orion)\b/;

/** What of a stack has to do with Prefect; looked up when it is first asked for. */
export class PrefectStack {
  readonly world: World;
  /** Resources for which prefect-api-requires-auth refuses the stack: what only repeats that is left out. */
  readonly refused: ReadonlySet<string>;
  /** Tasks with a Prefect server, seen or likely. */
  readonly workloads: readonly Workload[];
  readonly servers: readonly Server[];
  readonly tasks: readonly Task[];
  /** Without a trace of Prefect no rule has anything to say. */
  readonly isPrefect: boolean;
  private frontsFound: readonly Front[] | undefined;

  constructor(world: World, refused: ReadonlySet<string>) {
    this.world = world;
    this.refused = refused;
    this.servers = world.workloads.flatMap((workload) =>
      (workload.containers ?? [])
        .filter((container) => isServer(container, workload) !== "no")
        .map((container) => ({ workload, container })),
    );
    const seen = new Set(this.servers.map(({ workload }) => workload));
    this.workloads = world.workloads.filter((workload) => seen.has(workload) || isLikely(world, workload));
    this.tasks = tasksOf(world);
    this.isPrefect =
      this.workloads.length > 0 ||
      this.tasks.some(({ isPrefect }) => isPrefect) ||
      userDataOf(world.graph).some(({ text = "" }) => isPrefectText(text));
  }

  get fronts(): readonly Front[] {
    this.frontsFound ??= frontsOf(this.world, new Set(this.workloads));
    return this.frontsFound;
  }

  /** Whether the stack is refused already for every service behind this. */
  isRefused(ways: readonly Way[]): boolean {
    return ways.every(({ workload }) => this.refused.has(workload.service.urn));
  }
}

/** Whether a container runs something of Prefect. */
export function isPrefectContainer({ image: name = "", words, environment, secrets }: Container): boolean {
  return (
    image.test(name) ||
    command.test(words?.join(" ") ?? "") ||
    [...environment.keys(), ...secrets].some((variable) => /^PREFECT_/i.test(variable))
  );
}

/** Whether a start script runs something of Prefect. */
export function isPrefectText(text: string): boolean {
  return /\bprefecthq\/prefect\b|\bPREFECT_[A-Z]/.test(text) || command.test(text);
}

function isLikely({ securityGroups }: World, workload: Workload): boolean {
  return (
    workload.containers === undefined &&
    looksLikePrefect(workload, { port: securityGroups.namesPort(workload.groups, 4200) })
  );
}

function tasksOf({ graph, workloads }: World): Task[] {
  const task = (resource: Resource, containers: readonly Container[] | undefined): Task[] =>
    containers === undefined ? [] : [{ resource, containers, isPrefect: containers.some(isPrefectContainer) }];
  return [
    ...graph.ofType(types.taskDefinition).flatMap((definition) => task(definition, containersOf(definition))),
    ...workloads
      .filter(({ service }) => types.expressService.includes(service.type))
      .flatMap(({ service, containers }) => task(service, containers)),
  ];
}

function frontsOf(world: World, workloads: ReadonlySet<Workload>): Front[] {
  const { graph } = world;
  const front = (balancer: Resource | undefined, listener: Resource | undefined, holder: Resource): Front[] => {
    const actions = property(holder, holder === listener ? "defaultActions" : "actions").list();
    const ways = actions
      .flatMap(forwardedTo)
      .flatMap((group) => behind(world, group))
      .filter(({ workload }) => workloads.has(workload));
    return ways.length === 0 ? [] : [{ balancer, listener, holder, actions, ways: [...new Set(ways)] }];
  };
  const placed = new Set<Resource>();
  const fronts = graph.ofType(types.listener).flatMap((listener) => {
    const rules = rulesOf(graph, listener);
    for (const rule of rules) placed.add(rule);
    return balancersOf(world, listener).flatMap((balancer) =>
      [listener, ...rules].flatMap((holder) => front(balancer, listener, holder)),
    );
  });
  const elsewhere = graph.ofType(types.listenerRule).filter((rule) => !placed.has(rule));
  return [...fronts, ...elsewhere.flatMap((rule) => front(undefined, undefined, rule))];
}
