import { openWays } from "../entrances/application-load-balancer";
import type { Arrival, Hop, World } from "../entrances/entrance";
import { label, property, type Resource, type ResourceValue } from "../model";
import type { Sender } from "../security-groups";
import { types } from "../types";
import { leadsTo } from "./prefect-places";
import { onlyPorts, type Relay, relaysTo } from "./relay";

/** A function that strangers call. */
interface Called {
  readonly function: Resource;
  readonly hops: readonly Hop[];
  readonly fix: string;
}

/**
 * Lambda functions that strangers call and whose environment names a place of Prefect: what their code does with a request
 * cannot be seen, so they may pass it on. PREFECT_ variables are what Prefect's own client reads.
 */
export function functions(world: World, _arrivals: readonly Arrival[]): Relay[] {
  const called = shortest([...byUrl(world), ...byRelay(world), ...byBalancer(world)]);
  return called.flatMap(({ function: each, hops, fix }) => {
    const variables = property(each, "environment").get("variables");
    const values = variables.isUnknown
      ? [variables]
      : variables
          .keys()
          .filter((name) => !name.startsWith("PREFECT_"))
          .map((name) => variables.get(name));
    const places = values.flatMap((value) => leadsTo(world, value));
    return places.map(
      ({ to, port }): Relay => ({
        to,
        takesPort: onlyPorts([port]),
        sender: senderOf(world, each),
        hops: [
          ...hops,
          { resource: each, note: "what its code passes on cannot be seen, and its environment names this place" },
        ],
        note: "is named in its environment",
        certain: false,
        fix,
        addsCredential: true,
      }),
    );
  });
}

/**
 * Of the ways to a function that begin alike the one through the fewest others: functions that call one another make ways
 * without end.
 */
function shortest(called: readonly Called[]): Called[] {
  const ways = new Map<string, Called>();
  for (const way of called) {
    const others = way.hops.findIndex(({ resource }) => resource !== undefined && types.lambda.includes(resource.type));
    const entry = others < 0 ? way.hops : way.hops.slice(0, others);
    const key = JSON.stringify([way.function.urn, ...entry.map(({ resource, note }) => [resource?.urn, note])]);
    const before = ways.get(key);
    if (before === undefined || way.hops.length < before.hops.length) ways.set(key, way);
  }
  return [...ways.values()];
}

function senderOf({ securityGroups }: World, each: Resource): Sender {
  const groups = property(each, "vpcConfig").get("securityGroupIds");
  return groups.isOmitted
    ? { kind: "service", groups: undefined }
    : { kind: "inside", groups: securityGroups.named(groups) };
}

/**
 * "NONE: ... any unauthenticated user can invoke" (AWS Lambda, "Control access to Lambda function URLs"). What stands before
 * another one may sign requests for everybody (Amazon CloudFront, "Restrict access to an AWS Lambda function URL origin").
 */
function byUrl(world: World): Called[] {
  const { graph } = world;
  return graph.ofType(types.functionUrl).flatMap((url): Called[] => {
    const of = [...types.lambda, ...types.lambdaAlias];
    const each = graph.referred(property(url, "functionName"), of).flatMap((target) => functionOf(graph, target));
    const open = whyOpen(
      property(url, "authorizationType"),
      each.some((one) => isForEveryAccount(graph, one)),
    );
    const fix = `set authorizationType to "AWS_IAM" on ${label(url)}`;
    const ways =
      open === undefined
        ? relaysTo(world, url, undefined).map(({ hops, note, fix }) => ({ before: hops, note, fix }))
        : [{ before: [], note: open, fix }];
    return ways.flatMap(({ before, note, fix }) =>
      each.map((one) => ({ function: one, hops: [...before, { resource: url, note }], fix })),
    );
  });
}

function whyOpen(type: ResourceValue, everyAccount: boolean): string | undefined {
  if (type.word() === "none") return "is a URL that asks for no login (authorizationType NONE)";
  if (type.isUnknown) return "is a URL, and what it asks for is not known";
  return everyAccount ? "is a URL that every AWS account may call" : undefined;
}

function isForEveryAccount(graph: World["graph"], each: Resource): boolean {
  return graph
    .thatName(each, types.lambdaPermission, "function", types.lambda)
    .some((permission) => ["*", undefined].includes(property(permission, "principal").text()));
}

function functionOf(graph: World["graph"], target: Resource): Resource[] {
  return types.lambda.includes(target.type) ? [target] : graph.referred(property(target, "functionName"), types.lambda);
}

/** An API's integration. */
function byRelay(world: World): Called[] {
  return world.graph
    .ofType([...types.lambda, ...types.lambdaAlias])
    .flatMap((target) =>
      relaysTo(world, target, undefined).flatMap(({ hops, fix }) =>
        functionOf(world.graph, target).map((each) => ({ function: each, hops, fix })),
      ),
    );
}

/** A load balancer's target group of type lambda. */
function byBalancer(world: World): Called[] {
  const { graph } = world;
  const attached = graph
    .ofType(types.targetGroupAttachment)
    .flatMap((attachment) =>
      graph
        .referred(property(attachment, "targetId"), types.lambda)
        .flatMap((each) =>
          graph
            .referred(property(attachment, "targetGroupArn"), types.targetGroup)
            .map((group) => ({ function: each, group })),
        ),
    );
  if (attached.length === 0) return [];
  return graph.ofType(types.listener).flatMap((listener) =>
    openWays(world, listener).flatMap(({ front, open }) => {
      const groups = graph.referred(open.targetGroup, types.targetGroup);
      const hops = [...front.hops, { resource: open.holder, note: open.note }];
      return attached
        .filter(({ group }) => groups.includes(group))
        .map(({ function: each }) => ({
          function: each,
          hops,
          fix: `let ${label(open.holder)} log people in before it forwards`,
        }));
    }),
  );
}
