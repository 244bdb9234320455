import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A property value as the engine sends it: JSON, with `UNKNOWN` where a preview does not know yet. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = Record<string, Value>;

/** The engine's stand-in for a value that is known only after the update (sdk/go/common/resource/plugin/rpc.go). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

export type PropertyBag = { [key: string]: Value };

export function isObject(value: Value | undefined): value is PropertyBag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True when nothing in the value is unknown. */
export function isKnown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return false;
  if (Array.isArray(value)) return value.every(isKnown);
  return isObject(value) ? Object.values(value).every(isKnown) : true;
}

/** A value that the engine must keep encrypted. */
export function secret(value: Value): Value {
  return { [SIGNATURE]: SECRET, value };
}

/** The plain value behind secrets, outputs and resource references; nulls in objects mean "not given" and are dropped. */
export function plain(value: Value): Value {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const inner = value.value;
  switch (value[SIGNATURE]) {
    case SECRET:
      return plain(inner ?? null);
    case OUTPUT:
      return inner === undefined ? UNKNOWN : plain(inner);
    case RESOURCE:
      return value.id === undefined || value.id === "" ? (value.urn ?? UNKNOWN) : plain(value.id);
    default:
      return plainProperties(value);
  }
}

function plainProperties(bag: PropertyBag): Properties {
  const known = Object.entries(bag).filter(([, value]) => value !== null);
  return Object.fromEntries(known.map(([key, value]) => [key, plain(value)]));
}

export function fromStruct(struct: Struct | undefined): Properties {
  return struct ? plainProperties(struct.toJavaScript()) : {};
}

export function toStruct(properties: Record<string, unknown>): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}
