import type { CloudPart } from "../context";
import type { CloudResource } from "../contract";
import { run } from "../tools";
import { type GuardedAddress, ruleset } from "./ruleset";
import { defaultRules, groupOf, ipv4Block, isGroup, type Rule, rulesOf } from "./security-group-rules";

const prefixListType = "aws:ec2/managedPrefixList:ManagedPrefixList";
const prefixListEntryType = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry";

export interface SecurityGroupsOptions {
  /** The block of everything outside the VPCs: AWS's hosts and public addresses. */
  outside: string;
  natAddress: string;
  isPublic: (address: string) => boolean;
  /** Default: nftables of the network namespace that this process is in, where no task can get at them. */
  apply?: (ruleset: string) => Promise<void>;
}

/** Security groups, in force between all addresses of the local cloud; changes take effect before they are answered. */
export class SecurityGroups implements CloudPart {
  readonly #options: SecurityGroupsOptions;
  readonly #guarded = new Map<string, GuardedAddress>();
  /** What is declared now, by type and id. */
  readonly #declared = new Map<string, { resource: CloudResource; groupId?: string; rules: Rule[] }>();
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(options: SecurityGroupsOptions) {
    this.#options = options;
  }

  handles(type: string): boolean {
    const resource = { type, id: "", urn: "", properties: {} };
    return groupOf(resource) !== undefined || type === prefixListType || type === prefixListEntryType;
  }

  async put(resource: CloudResource): Promise<Record<string, unknown>> {
    const groupId = groupOf(resource);
    this.#declared.set(keyOf(resource), { resource, groupId, rules: groupId ? rulesOf(resource) : [] });
    await this.apply();
    return {};
  }

  async remove(resource: CloudResource): Promise<void> {
    this.#declared.delete(keyOf(resource));
    await this.apply();
  }

  async close(): Promise<void> {}

  /** Gives the address these groups in place of those of before; in force when it resolves. */
  async guard(address: string, groupIds: readonly string[]): Promise<void> {
    const known = this.#guarded.get(address);
    if (known && known.groupIds.join() === groupIds.join()) return;
    this.#guarded.set(address, { address, groupIds: [...groupIds], isPublic: this.#options.isPublic(address) });
    await this.apply();
  }

  /** From now on everything passes: what had the address is gone. */
  async release(address: string): Promise<void> {
    if (this.#guarded.delete(address)) await this.apply();
  }

  /** Those who come while it runs share the next run. */
  apply(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const { apply = load, outside, natAddress } = this.#options;
      const guarded = [...this.#guarded.values()];
      const rules = (groupId: string) => this.#rulesOf(groupId);
      const text = ruleset({ guarded, rulesOf: rules, prefixList: (id) => this.#prefixList(id), outside, natAddress });
      const applied = apply(text);
      this.#running = applied.catch(() => {});
      return applied;
    });
    return this.#next;
  }

  /**
   * A group that the stack does not declare is a VPC's default one, or the user's own whose rules nobody here knows:
   * it has what a default one has.
   */
  #rulesOf(groupId: string): Rule[] {
    const declared = [...this.#declared.values()].filter((one) => one.groupId === groupId);
    const rules = declared.flatMap((one) => one.rules);
    return declared.some(({ resource }) => isGroup(resource.type)) ? rules : [...defaultRules(groupId), ...rules];
  }

  /** One that is not declared is AWS's own, of a service's hosts. */
  #prefixList(id: string): string[] {
    const all = [...this.#declared.values()].map(({ resource }) => resource);
    const list = all.find((resource) => resource.type === prefixListType && resource.id === id);
    if (!list) return [this.#options.outside];
    const entries = (list.properties.entries ?? []) as { cidr: string }[];
    const own = all.filter(({ type, properties }) => type === prefixListEntryType && properties.prefixListId === id);
    const blocks = [...entries.map(({ cidr }) => cidr), ...own.map(({ properties }) => String(properties.cidr))];
    return blocks.filter((cidr) => !cidr.includes(":")).map(ipv4Block);
  }
}

function keyOf({ type, id }: CloudResource): string {
  return `${type} ${id}`;
}

async function load(text: string): Promise<void> {
  await run("nft", ["-f", "-"], text);
}
