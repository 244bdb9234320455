import assert from "node:assert/strict";
import type { Finding } from "../../../policies/graph/judge";
import type { Resource } from "../../../policies/graph/model";

/** What holds of every finding, whatever it is about: a path of the stack's own resources to what runs the API. */
export function assertPath({ path, urn, message, fix }: Finding, resources: readonly Resource[]): void {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  assert.ok(path.length > 0 && path.some((step) => step.urn === urn), `what runs it is not on the path:\n${message}`);
  for (const { urn: of, type, name, note } of path) {
    assert.ok(note.length > 3 && !/undefined|\[object|NaN|Stryker/.test(note), message);
    const resource = of === undefined ? undefined : byUrn.get(of);
    assert.ok(of === undefined || resource !== undefined, `${of} is not in the stack`);
    assert.deepEqual([type, name], [resource?.type, resource?.name]);
  }
  const places = path.filter((step) => step.urn !== undefined).map(({ urn: of, note }) => `${of} ${note}`);
  assert.equal(new Set(places).size, places.length, `a step twice:\n${message}`);
  assert.equal(message.split("\n  -> ").length - 1, path.length, message);
  assert.ok(fix !== undefined && fix.length > 10 && message.endsWith(`To close it: ${fix}.`), message);
  assert.doesNotMatch(message, /undefined|\[object|NaN/);
}
