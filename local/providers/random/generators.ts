import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Created } from "../grpc/provider";
import type { Properties, Value } from "../grpc/values";
import { bcrypt } from "./bcrypt";
import { adjectives, adverbs, names } from "./words";

type Source = (limit: number) => number;

/** By resource name: the id and what is generated. */
export const generators: Record<string, (inputs: Properties) => Created> = {
  RandomPassword: (inputs) => {
    const result = text(inputs);
    return { id: "none", properties: { result, bcryptHash: bcrypt(result) } };
  },
  RandomString: (inputs) => {
    const result = text(inputs);
    return { id: result, properties: { result } };
  },
  RandomBytes: (inputs) => {
    const bytes = randomBytes(Number(inputs.length));
    return { id: "none", properties: { base64: bytes.toString("base64"), hex: bytes.toString("hex") } };
  },
  RandomId: (inputs) => {
    const bytes = randomBytes(Number(inputs.byteLength));
    const prefix = typeof inputs.prefix === "string" ? inputs.prefix : "";
    const id = bytes.toString("base64url");
    const dec = BigInt(`0x${bytes.toString("hex")}`).toString();
    const all = { b64Std: bytes.toString("base64"), b64Url: id, dec, hex: bytes.toString("hex") };
    const properties = Object.fromEntries(Object.entries(all).map(([key, value]) => [key, prefix + value]));
    return { id, properties };
  },
  RandomUuid: uuid,
  RandomUuid4: uuid,
  RandomUuid7: () => {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(Date.now(), 0, 6);
    bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    const result = bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    return { id: result, properties: { result } };
  },
  RandomInteger: ({ min, max, seed }) => {
    const [low, high] = [Number(min), Number(max)];
    if (high < low)
      throw new Error(`The minimum (min) value needs to be smaller than or equal to maximum (max) value.`);
    const result = low + source(seed)(high - low + 1);
    return { id: String(result), properties: { result } };
  },
  RandomPet: ({ length, separator, prefix }) => {
    const any = (words: readonly string[]) => words[randomInt(words.length)] ?? "";
    const count = Number(length);
    const extra = Array.from({ length: Math.max(count - 2, 0) }, () => any(adverbs));
    const words = count < 2 ? [any(names)] : [...extra, any(adjectives), any(names)];
    const all = typeof prefix === "string" ? [prefix, ...words] : words;
    return { id: all.join(String(separator)), properties: {} };
  },
  RandomShuffle: ({ inputs, resultCount, seed }) => {
    const items = inputs as Value[];
    const wanted = resultCount === undefined ? items.length : Number(resultCount);
    const next = source(seed);
    const results: Value[] = [];
    while (items.length > 0 && results.length < wanted) results.push(...shuffled(items, next));
    return { id: "-", properties: { results: results.slice(0, wanted) } };
  },
};

function uuid(): Created {
  const result = randomUUID();
  return { id: result, properties: { result } };
}

/** Numbers below `limit`: the machine's randomness, or a sequence that depends on the seed alone. */
function source(seed: Value | undefined): Source {
  if (seed === undefined || seed === "") return (limit) => randomInt(limit);
  let state = createHash("sha256").update(String(seed)).digest();
  return (limit) => {
    state = createHash("sha256").update(state).digest();
    return state.readUIntBE(0, 6) % limit;
  };
}

function shuffled<T>(items: readonly T[], next: Source): T[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = next(index + 1);
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}

const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** The minimum of each class, the rest from all of them, in random order. */
function text(inputs: Properties): string {
  const special = typeof inputs.overrideSpecial === "string" ? inputs.overrideSpecial : SPECIAL;
  const classes = [
    { on: inputs.lower, minimum: Number(inputs.minLower), characters: "abcdefghijklmnopqrstuvwxyz" },
    { on: inputs.upper, minimum: Number(inputs.minUpper), characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
    { on: inputs.numeric, minimum: Number(inputs.minNumeric), characters: "0123456789" },
    { on: inputs.special, minimum: Number(inputs.minSpecial), characters: special },
  ];
  const any = (characters: string) => characters[randomInt(characters.length)] ?? "";
  const all = classes
    .filter(({ on }) => on === true)
    .map(({ characters }) => characters)
    .join("");
  const length = Number(inputs.length);
  const required = classes.flatMap(({ minimum, characters }) => Array.from({ length: minimum }, () => any(characters)));
  if (length < 1 || length < required.length) {
    throw new Error(
      `Attribute length value must be at least 1 and at least sum of minLower + minUpper + minNumeric + minSpecial (${required.length}), got: ${length}`,
    );
  }
  if (all === "") throw new Error("At least one of special, upper, lower and numeric must be true");
  const rest = Array.from({ length: length - required.length }, () => any(all));
  return shuffled([...required, ...rest], (limit) => randomInt(limit)).join("");
}
