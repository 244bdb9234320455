import type { CloudPart, Names, World } from "./context";
import type { CloudResource } from "./contract";

const recordType = "aws:route53/record:Record";

/** Route 53: A, CNAME and alias records of public zones, and of private ones for everybody inside. */
export class DnsRecords implements CloudPart {
  readonly #world: World;
  readonly #names: Names;
  readonly #log: (line: string) => void;

  constructor(world: World, names: Names, log: (line: string) => void) {
    this.#world = world;
    this.#names = names;
    this.#log = log;
    // What an alias leads to may come, go or move later.
    world.onChange(() => {
      for (const record of world.all(recordType)) this.#publish(record);
    });
  }

  handles(type: string): boolean {
    return type === recordType;
  }

  async put(record: CloudResource): Promise<Record<string, unknown>> {
    if (this.#nameOf(record).startsWith("*."))
      this.#log(`${this.#nameOf(record)}: wildcard records are not resolved in the local cloud`);
    this.#publish(record);
    return {};
  }

  async remove(record: CloudResource): Promise<void> {
    this.#names.release(owner(record));
  }

  async close(): Promise<void> {}

  #publish(record: CloudResource): void {
    const { type, records, aliases } = record.properties as {
      type?: string;
      records?: string[];
      aliases?: { name: string }[];
    };
    const name = this.#nameOf(record);
    if (!["A", "CNAME"].includes(String(type)) || name.startsWith("*.")) return;
    const targets = [...(records ?? []), ...(aliases ?? []).map((alias) => alias.name)];
    const addresses = targets.flatMap((target) =>
      /^[\d.]+$/.test(target) ? [target] : this.#names.lookup(target.replace(/^dualstack\./, "")),
    );
    this.#names.set(owner(record), name, addresses, this.#isPrivate(record) ? "private" : "public");
  }

  /** A zone with VPCs is private ("Working with private hosted zones"). */
  #isPrivate({ properties }: CloudResource): boolean {
    const zone = this.#world.get("aws:route53/zone:Zone", String(properties.zoneId))?.properties;
    return ((zone?.vpcs ?? []) as unknown[]).length > 0;
  }

  /** A record's name may be given without its zone. */
  #nameOf({ properties }: CloudResource): string {
    const name = String(properties.fqdn ?? properties.name).replace(/\.$/, "");
    const zone = String(
      this.#world.get("aws:route53/zone:Zone", String(properties.zoneId))?.properties.name ?? "",
    ).replace(/\.$/, "");
    return !zone || name === zone || name.endsWith(`.${zone}`) ? name : name ? `${name}.${zone}` : zone;
  }
}

const owner = ({ id }: CloudResource) => `route53 ${id}`;
