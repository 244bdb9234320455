/** A block of IPv4 addresses. */
export interface Block {
  /** The first address as a number; not aligned where a caller wants it so. */
  start: number;
  /** Length of the prefix. */
  mask: number;
}

export function size(mask: number): number {
  return 2 ** (32 - mask);
}

/** The last address of the aligned block that holds `start`. */
export function last({ start, mask }: Block): number {
  return Math.floor(start / size(mask)) * size(mask) + size(mask) - 1;
}

/** @throws Error when the text is not `a.b.c.d/n`. */
export function parseBlock(text: string): Block {
  const [, address = "", length = ""] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(text) ?? [];
  const bytes = address.split(".").map(Number);
  const mask = Number(length);
  if (address === "" || mask > 32 || bytes.some((byte) => byte > 255)) throw new Error(`Invalid net address: ${text}`);
  const start = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return { start: Math.floor(start / size(mask)) * size(mask), mask };
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

export function formatBlock({ start, mask }: Block): string {
  return `${formatAddress(start)}/${mask}`;
}

export function overlaps(a: Block, b: Block): boolean {
  const first = ({ start, mask }: Block) => Math.floor(start / size(mask)) * size(mask);
  return first(a) <= last(b) && first(b) <= last(a);
}

/** The first aligned block of that size after all of `previous`. */
export function after(previous: Block, mask: number): Block {
  return { start: last({ start: last(previous), mask }) + 1, mask };
}

/** How many bits number `count` things. */
export function bitsFor(count: number): number {
  return count <= 1 ? 0 : Math.ceil(Math.log2(count));
}
