import { type Declared, type Registered, resolve, unknown } from "./stack";

/** New values of properties, by the resource's `key` and the property's name. */
export type Edit = Readonly<Record<string, Readonly<Record<string, (value: unknown) => unknown>>>>;

/** `Listener prefect-lb-https`: names alone are not unique. */
export function key({ type, name }: { type: string; name: string }): string {
  return `${type.split(":").at(-1)} ${name}`;
}

/**
 * A stack as the engine handed it to the pack, with properties changed and resources added, as it would have handed it
 * then. References in changed and added values name resources by `key`.
 *
 * @throws Error for an edit of something that is not in the stack, or that changes nothing: it would test nothing
 */
export function edited(recorded: readonly Registered[], edit: Edit, added: readonly Declared[] = []): Registered[] {
  const fresh = added.map((declared): Registered => {
    const urn = `urn:pulumi:dev::own-stack::${declared.type}::${declared.name}`;
    return { ...declared, urn, parent: undefined, inputs: {}, outputs: {}, propertyDependencies: {} };
  });
  const all = new Map([...recorded, ...fresh].map((resource) => [key(resource), resource]));
  // A recording in which another ARN is unknown is a preview's.
  const inPreview = recorded.some(({ outputs }) => outputs["arn"] === unknown);
  const attributeOf = (name: string, attribute: string): unknown => {
    const resource = all.get(name);
    if (resource === undefined) throw new Error(`${name} is not in the stack`);
    // Not every provider repeats the id among a resource's outputs.
    return resource.outputs[attribute] ?? (inPreview ? unknown : `${attribute}:${name}`);
  };
  const set = (resource: Registered, property: string, value: unknown): Registered => {
    const { resolved, names } = resolve(value, attributeOf);
    const on = [...names].flatMap((name) => all.get(name)?.urn ?? []);
    return {
      ...resource,
      inputs: { ...resource.inputs, [property]: resolved },
      outputs: { ...resource.outputs, [property]: resolved },
      propertyDependencies: {
        ...resource.propertyDependencies,
        [property]: [...new Set([...(resource.propertyDependencies[property] ?? []), ...on])],
      },
    };
  };
  for (const name of Object.keys(edit)) if (!all.has(name)) throw new Error(`${name} is not in the stack`);
  return [
    ...recorded.map((resource) =>
      Object.entries(edit[key(resource)] ?? {}).reduce<Registered>((changed, [property, change]) => {
        const value = change(resource.inputs[property]);
        if (JSON.stringify(value) === JSON.stringify(resource.inputs[property])) {
          throw new Error(`the edit of ${key(resource)}'s ${property} changes nothing`);
        }
        return set(changed, property, value);
      }, resource),
    ),
    ...added.map((declared, index) => {
      const bare = fresh[index] as Registered;
      const computed = { id: attributeOf(key(declared), "id"), arn: attributeOf(key(declared), "arn") };
      return Object.entries(declared.inputs).reduce<Registered>(
        (each, [property, value]) => set(each, property, value),
        {
          ...bare,
          outputs: computed,
        },
      );
    }),
  ];
}
