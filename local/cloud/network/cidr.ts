import { Netmask, ip2long, long2ip } from "netmask";

/** The IPv4 block that a subnet has, and which of its addresses are taken. */
export class AddressPool {
  readonly #first: number;
  readonly #last: number;
  readonly #taken = new Set<number>();
  #next: number;

  /** AWS keeps the first four addresses and the last one of each subnet for itself (VPC user guide, "Subnet sizing"). */
  constructor(cidr: string) {
    const block = new Netmask(cidr);
    this.#first = ip2long(block.base) + 4;
    this.#last = ip2long(block.base) + block.size - 2;
    this.#next = this.#first;
  }

  /** The free address after the last one given: an address just released comes last, neighbours still remember it. */
  take(): string {
    for (let tried = this.#first; tried <= this.#last; tried++) {
      const candidate = this.#next;
      this.#next = candidate >= this.#last ? this.#first : candidate + 1;
      if (this.#taken.has(candidate)) continue;
      this.#taken.add(candidate);
      return long2ip(candidate);
    }
    throw new Error("The specified subnet does not have enough free addresses to satisfy the request.");
  }

  /** Marks an address as taken. @returns false when it is taken already or not of this pool */
  claim(address: string): boolean {
    const number = ip2long(address);
    if (number < this.#first || number > this.#last || this.#taken.has(number)) return false;
    this.#taken.add(number);
    return true;
  }

  release(address: string): void {
    this.#taken.delete(ip2long(address));
  }
}

/** The address of the VPC's router in a block: AWS takes the first one after the network address. */
export function routerAddress(cidr: string): string {
  return long2ip(ip2long(new Netmask(cidr).base) + 1);
}
