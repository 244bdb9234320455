import { randomBytes } from "node:crypto";

const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SUBKEYS = 18;
const WORDS = SUBKEYS + 4 * 256;

/**
 * A bcrypt hash (`$2a$10$...`), as terraform-provider-random computes for `bcryptHash`. Node's crypto has none.
 * Niels Provos and David Mazieres, "A Future-Adaptable Password Scheme", USENIX 1999. Only the first 72 bytes count.
 */
export function bcrypt(password: string, cost = 10, salt: Uint8Array = randomBytes(16)): string {
  const key = Buffer.concat([Buffer.from(password), Buffer.from([0])]).subarray(0, 72);
  const boxes = Uint32Array.from(initialState());
  expand(boxes, key, salt);
  const none = new Uint8Array(16);
  for (let round = 0; round < 2 ** cost; round += 1) {
    expand(boxes, key, none);
    expand(boxes, salt, none);
  }
  const text = Buffer.from("OrpheanBeholderScryDoubt");
  const block = Uint32Array.from({ length: 6 }, (_, index) => text.readUInt32BE(index * 4));
  for (let at = 0; at < 6; at += 2) for (let round = 0; round < 64; round += 1) encipher(boxes, block, at);
  const digest = Buffer.alloc(24);
  block.forEach((word, index) => digest.writeUInt32BE(word, index * 4));
  return `$2a$${String(cost).padStart(2, "0")}$${encode(salt)}${encode(digest.subarray(0, 23))}`;
}

/** bcrypt's own base 64: another alphabet, no padding. */
function encode(bytes: Uint8Array): string {
  const standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const text = Buffer.from(bytes).toString("base64").replace(/=+$/, "");
  return [...text].map((character) => ALPHABET[standard.indexOf(character)]).join("");
}

/** The key is mixed into the subkeys; then all words are replaced by what enciphering the running salt gives. */
function expand(boxes: Uint32Array, key: Uint8Array, salt: Uint8Array): void {
  for (let index = 0, at = 0; index < SUBKEYS; index += 1) {
    let word = 0;
    for (let byte = 0; byte < 4; byte += 1, at = (at + 1) % key.length) word = (word << 8) | (key[at] ?? 0);
    boxes[index] = (boxes[index] ?? 0) ^ word;
  }
  const view = new DataView(salt.buffer, salt.byteOffset, salt.length);
  const block = new Uint32Array(2);
  for (let index = 0, at = 0; index < WORDS; index += 2, at = (at + 8) % 16) {
    block[0] = (block[0] ?? 0) ^ view.getUint32(at);
    block[1] = (block[1] ?? 0) ^ view.getUint32(at + 4);
    encipher(boxes, block, 0);
    boxes[index] = block[0] ?? 0;
    boxes[index + 1] = block[1] ?? 0;
  }
}

function encipher(boxes: Uint32Array, block: Uint32Array, at: number): void {
  let left = block[at] as number;
  let right = block[at + 1] as number;
  for (let round = 0; round < 16; round += 1) {
    left ^= boxes[round] as number;
    const first = (boxes[SUBKEYS + (left >>> 24)] as number) + (boxes[SUBKEYS + 256 + ((left >>> 16) & 255)] as number);
    const mixed = (first ^ (boxes[SUBKEYS + 512 + ((left >>> 8) & 255)] as number)) >>> 0;
    right ^= (mixed + (boxes[SUBKEYS + 768 + (left & 255)] as number)) | 0;
    [left, right] = [right, left];
  }
  block[at] = right ^ (boxes[17] as number);
  block[at + 1] = left ^ (boxes[16] as number);
}

let state: Uint32Array | undefined;

/** Blowfish starts from the fractional bits of pi: computed (Machin's formula) rather than kept as a table. */
function initialState(): Uint32Array {
  if (state) return state;
  const bits = BigInt(WORDS * 32);
  const guard = 64n;
  const one = 1n << (bits + guard);
  const arctan = (inverse: bigint): bigint => {
    let [term, sum, sign] = [one / inverse, 0n, 1n];
    for (let divisor = 1n; term > 0n; divisor += 2n, sign = -sign, term /= inverse * inverse)
      sum += (sign * term) / divisor;
    return sum;
  };
  const pi = (4n * (4n * arctan(5n) - arctan(239n))) >> guard;
  const hex = (pi & ((1n << bits) - 1n)).toString(16).padStart(WORDS * 8, "0");
  state = Uint32Array.from({ length: WORDS }, (_, index) => Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16));
  return state;
}
