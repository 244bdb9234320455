import * as pulumi from "@pulumi/pulumi";
import { type OwnStackCase, ownStackCases } from "../../cases/own-stack";
import { key } from "../../support/recorded";

const name = new pulumi.Config("edit").require("apply");
const chosen = (ownStackCases as Readonly<Record<string, OwnStackCase>>)[name];
if (chosen === undefined || chosen.added !== undefined) {
  throw new pulumi.RunError(`no case of that name that only changes resources: ${name}`);
}

void pulumi.runtime.registerResourceTransform(({ type, name, props, opts }) => {
  const changed = Object.entries(chosen.edit?.[key({ type, name })] ?? {}).map(([property, change]) => {
    const value: unknown = (props as Record<string, unknown>)[property];
    // An output as a whole is changed once it is known; a list with outputs in it is changed around them.
    return [property, pulumi.Output.isInstance(value) ? value.apply(change) : change(value)] as const;
  });
  return { props: { ...props, ...Object.fromEntries(changed) }, opts };
});
