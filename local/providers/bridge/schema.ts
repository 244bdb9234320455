/**
 * What a package's TypeScript declarations say about a resource type: enough to answer Check, Diff and a preview as the
 * provider that the declarations were generated from. Made by declarations.ts, kept by schema-cache.ts.
 */
export interface ResourceSchema {
  properties: Record<string, PropertySchema>;
  /** The named object types that properties refer to. */
  types: Record<string, Record<string, PropertySchema>>;
  /** Outputs that the SDK always treats as secrets. */
  secrets: string[];
}

export interface PropertySchema {
  type: TypeSchema;
  /** May be given by the program. */
  input: boolean;
  /** Must be given by the program. */
  required: boolean;
  /**
   * Never undefined on the resource. With `input` and without `required` this is Terraform's "Optional and Computed":
   * what the program omits, AWS fills in, and a preview does not know it.
   */
  alwaysSet: boolean;
  /** The documented default of an argument that AWS does not fill in: the provider itself adds it to the inputs. */
  default?: string | number | boolean;
  /** The documentation says that changing it makes a new resource. */
  replaces?: true;
}

export type TypeSchema =
  | "string"
  | "number"
  | "boolean"
  | "any"
  /** A JSON document, given as text or as an object. */
  | "json"
  | { list: TypeSchema }
  | { map: TypeSchema }
  /** A key of ResourceSchema.types. */
  | { object: string };

/** What a program may leave out and AWS then decides. */
export function isFilledInByAws(property: PropertySchema): boolean {
  return property.alwaysSet && !property.required;
}
