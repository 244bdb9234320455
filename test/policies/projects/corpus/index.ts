import * as pulumi from "@pulumi/pulumi";
import { corpus } from "../../cases/corpus";
import { type Declared, hostOf, namesIn, type Reference } from "../../support/stack";

/** Registers one named stack of the corpus, as a program that declares it would. */

const config = new pulumi.Config("case");
const found = corpus[config.require("group")]?.[config.require("name")];
if (found === undefined) throw new pulumi.RunError("no such case");

/** What others ask of a resource are outputs of it. */
class Raw extends pulumi.CustomResource {
  constructor(
    { type, name }: Declared,
    inputs: Record<string, unknown>,
    asked: readonly string[],
    parent?: pulumi.Resource,
  ) {
    super(
      type,
      name,
      { ...Object.fromEntries(asked.map((attribute) => [attribute, undefined])), ...inputs },
      { parent },
    );
  }
}

const made = new Map<string, Raw>();
const attributes = [
  "arn",
  "dnsName",
  "name",
  "endpoint",
  "invokeArn",
  "rootResourceId",
  "primaryNetworkInterfaceId",
  "cidrBlock",
  "privateIp",
];

function output(name: string, attribute: string): pulumi.Output<unknown> | undefined {
  const resource = made.get(name) as unknown as Record<string, pulumi.Output<unknown>> | undefined;
  return resource?.[attribute];
}

/** What is not of this stack and no preview knows, such as another stack's output that is still to be made. */
const laterKnown = pulumi.output(pulumi.runtime.isDryRun() ? pulumi.unknown : undefined);

/** A reference becomes the other resource's output; one that is in no stack stays a text. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== "object" || value === null) return value;
  if (!("$of" in value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
  const { $of, $attribute } = value as Reference;
  if (!("$value" in value)) return output($of, $attribute) ?? `${$attribute}:${$of}`;
  const on = $of.split(",").map((name) => output(name, "id") ?? laterKnown);
  const names = [...made.keys()];
  const ids = pulumi.all(names.flatMap((name) => [output(name, "id"), output(name, "arn"), output(name, "dnsName")]));
  // Inside texts the tests' own ids stand for the real ones.
  return pulumi
    .all([pulumi.all(on), ids])
    .apply(([, known]) =>
      replaced(value.$value, (text) =>
        names.reduce(
          (all, name, index) =>
            [`id:${name}`, `arn:${name}`, hostOf(name, "dnsName")].reduce(
              (each, ours, at) => each.replaceAll(ours, String(known[index * 3 + at] ?? ours)),
              all,
            ),
          text,
        ),
      ),
    );
}

function replaced(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => replaced(each, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner, change)]));
}

/** Whatever a resource refers to is registered before it. */
function register(all: readonly Declared[], resource: Declared, asking: readonly string[] = []): void {
  if (made.has(resource.name) || asking.includes(resource.name)) return;
  for (const name of namesIn(resource.inputs)) {
    const other = all.find((each) => each.name === name);
    if (other) register(all, other, [...asking, resource.name]);
  }
  const parent = resource.parent === undefined ? undefined : made.get(resource.parent);
  made.set(resource.name, new Raw(resource, resolved(resource.inputs) as Record<string, unknown>, attributes, parent));
}

for (const resource of found.stack) register(found.stack, resource);
