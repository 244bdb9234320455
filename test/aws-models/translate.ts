import { serviceModel } from "./models";
import type { Shapes } from "./shape";

/** A call of AWS's API. */
export interface Call {
  service: string;
  operation: string;
  input: Record<string, unknown>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a resource's inputs, whose types are the provider's to know
export type Inputs = Record<string, any>;

/** The calls with which the provider creates a resource of one type, in their order; later ones name what was made. */
export type Translation = (inputs: Inputs, outputs: Inputs) => Call[];

/** Members that provider and API call by different names: by the API's structure, then the provider's name. */
export type Names = Record<string, Record<string, string>>;

/**
 * A call whose input is given in the provider's names. What the API calls the same but for capitals needs no entry in
 * `names`; what it does not know stays as it is, for the check against the model to find.
 */
export function call(service: string, operation: string, input: Inputs, names: Names = {}): Call {
  const model = serviceModel(service);
  const shape = model.operations[operation]?.input?.shape;
  if (!shape) throw new Error(`${service} has no operation ${operation} with an input`);
  return { service, operation, input: inApiNames(model, shape, input, names) as Record<string, unknown> };
}

function inApiNames(model: Shapes, shape: string, value: unknown, names: Names): unknown {
  const { type, members = {}, member, value: entry } = model.shapes[shape] ?? {};
  if (type === "list" && Array.isArray(value) && member) {
    return value.map((element) => inApiNames(model, member.shape, element, names));
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, content]) => content !== undefined);
  if (type === "map" && entry) {
    return Object.fromEntries(entries.map(([key, content]) => [key, inApiNames(model, entry.shape, content, names)]));
  }
  return Object.fromEntries(
    entries.map(([key, content]) => {
      const name = names[shape]?.[key] ?? sameButForCapitals(Object.keys(members), key) ?? key;
      const reference = members[name];
      return [name, reference ? inApiNames(model, reference.shape, content, names) : content];
    }),
  );
}

function sameButForCapitals(known: string[], key: string): string | undefined {
  return known.find((name) => name.toLowerCase() === key.toLowerCase());
}

/** Lists that are absent, or empty, are not sent. */
export function some<T>(list: T[] | undefined): T[] | undefined {
  return list && list.length > 0 ? list : undefined;
}
