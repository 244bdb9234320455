import { types } from "../types";
import { label, property, type Resource } from "../model";
import { placedElsewhere, type Workload } from "../tasks";
import type { Arrival, World } from "./entrance";

/**
 * A Prefect server in a kind of resource that this pack does not read: another cloud's service, a document inside a
 * template, a command on a machine. What stands before it cannot be told.
 */
export function unreadResources({ graph }: World): Arrival[] {
  return graph.resources.filter(isUnread).flatMap((resource) => {
    if (graph.isTrusted(resource.urn) || !startsPrefect(resource)) return [];
    return [
      {
        workload: workloadOf(resource),
        target: undefined,
        port: undefined,
        hops: [
          {
            resource,
            note: "is of a kind that this policy does not read, so who reaches what it starts cannot be seen",
          },
        ],
        certain: false,
        fix: `declare the server by resources that this policy reads (see its README), or name the URN of ${label(resource)} in the pack's trusted configuration if nobody outside reaches it`,
      },
    ];
  });
}

const readTypes = new Set<string>(Object.values(types).flat());

/** Packages whose resources only hold text, or build images: they start nothing that listens. */
const harmless =
  /^(?:pulumi:|random:|tls:|local:|archive:|github:|gitlab:|docker:index\/(?:image|registryImage|tag)|docker:image|docker-build:|docker:index:Image|aws:(?:ssm\/parameter|secretsmanager|s3|ecr|codebuild|codecommit|imagebuilder|iam|cloudwatch\/(?:dashboard|metricAlarm|logGroup)|route53|sns|sqs|budgets)[/:]|aws:ec2\/launchTemplate|kubernetes:(?:core\/v1:(?:ConfigMap|Secret|Service|Namespace|ServiceAccount)|batch\/|helm\.sh\/))/;

function isUnread({ type }: Resource): boolean {
  return (
    !readTypes.has(type) &&
    !harmless.test(type) &&
    !/^kubernetes:(?:apps\/|core\/v1:(?:Pod|ReplicationController)$|argoproj\.io\/\w+:Rollout$)/.test(type)
  );
}

/** Options of prefect's own come before, with values or without: `prefect --profile local server start`. */
const starts = /\bprefect\s+(?:-\S{1,100}\s+(?:[^-\s]\S{0,100}\s+)?){0,6}(?:server|orion)\s+start\b/;

/** Texts are joined, for a command may be a list of words. */
function startsPrefect(resource: Resource): boolean {
  const names = Object.keys(resource.inputs ?? resource.outputs);
  const texts = names.flatMap((name) => property(resource, name).texts());
  if (!texts.some((text) => text.includes("prefect"))) return false;
  return starts.test(texts.join(" ").replace(/["'[\],\\]/g, " "));
}

function workloadOf(service: Resource): Workload {
  return placedElsewhere({
    service,
    containers: [
      {
        name: service.name,
        called: "what it starts",
        image: undefined,
        words: ["prefect", "server", "start"],
        environment: new Map(),
        secrets: new Set(),
        environmentFiles: false,
        ports: [],
        healthCheck: "",
      },
    ],
    document: { name: "settings", property: "none", fix: "" },
  });
}
