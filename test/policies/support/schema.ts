import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";

type Check = (schema: PolicyConfigJSONSchema, value: unknown) => boolean;

const typeOf = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);
const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeOf(value) === "string",
  number: (value) => typeOf(value) === "number",
  integer: Number.isInteger,
  boolean: (value) => typeOf(value) === "boolean",
  array: Array.isArray,
  object: (value) => typeOf(value) === "object",
};

/** As much of JSON Schema as the pack's settings use; the engine checks them with all of it. */
const checks: readonly Check[] = [
  ({ type }, value) => types[String(type)]?.(value) ?? false,
  ({ enum: all }, value) => all === undefined || all.includes(value as never),
  ({ minimum = -Infinity, maximum = Infinity }, value) =>
    typeof value !== "number" || (value >= minimum && value <= maximum),
  ({ exclusiveMinimum = -Infinity }, value) => typeof value !== "number" || value > exclusiveMinimum,
  ({ pattern = "", minLength = 0 }, value) =>
    typeof value !== "string" || (new RegExp(pattern).test(value) && value.length >= minLength),
  ({ items }, value) => !Array.isArray(value) || value.every((each) => fits(items as PolicyConfigJSONSchema, each)),
  ({ properties = {}, required = [], additionalProperties = true }, value) => {
    if (typeOf(value) !== "object") return true;
    const given = Object.entries(value as object);
    return (
      required.every((name) => given.some(([each]) => each === name)) &&
      given.every(([name, each]) => {
        const schema = properties[name];
        return schema === undefined ? additionalProperties === true : fits(schema as PolicyConfigJSONSchema, each);
      })
    );
  },
];

/** Whether a setting may have this value. */
export function fits(schema: PolicyConfigJSONSchema, value: unknown): boolean {
  return checks.every((check) => check(schema, value));
}
