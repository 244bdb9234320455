import * as pulumi from "@pulumi/pulumi";

/** @throws pulumi.ResourceError with all problems of a component's arguments, before any child of it exists */
export function rejectIf(component: pulumi.Resource, problems: string[]): void {
  if (problems.length > 0) throw new pulumi.ResourceError(problems.join("\n"), component, true);
}
