import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Netmask } from "netmask";
import type { World } from "../context";
import { readJson, writeJson } from "../json-file";
import { requireProgram, run } from "../tools";
import { AddressPool, routerAddress } from "./cidr";
import { SecurityGroups } from "./security-groups";

/** Where a subnet id tells no block, because the stack was given subnets and did not declare them: AWS's default VPC. */
const fallbackCidr = "172.31.0.0/16";
/**
 * Where AWS's own hosts and the public addresses of load balancers are, which every VPC reaches: a block for
 * documentation (RFC 5737), nobody else's.
 */
const outsideCidr = "198.51.100.0/24";
/** What leaves a VPC for that block comes from here, as from the Elastic IP address of its NAT gateway. */
const natAddress = "203.0.113.20";

interface Held {
  address: string;
  cidr: string;
}

/** A network namespace of its own with one interface in the VPC, as awsvpc mode gives to each task. */
export interface TaskNetwork {
  address: string;
  /** A process that holds the namespace. */
  pid: number;
  close(): Promise<void>;
}

/**
 * The VPC: the daemon's network namespace is its router. Nothing connects it to the machine's own network.
 * The daemon answers on addresses of its loopback interface; each task has a pair of virtual interfaces to it, so that
 * whatever passes between two addresses passes the daemon's packet filter.
 */
export class Vpc {
  readonly #world: World;
  readonly #file: string;
  /** A part of the cloud as well: it makes `aws:ec2` groups and rules real. */
  readonly securityGroups: SecurityGroups;
  readonly #pools = new Map<string, AddressPool>();
  readonly #routed = new Map<string, Promise<void>>();
  readonly #held: Record<string, Held>;
  readonly #ready = new Map<string, Promise<string>>();
  #interfaces = 0;

  constructor(world: World, stateDir: string) {
    this.#world = world;
    this.#file = join(stateDir, "addresses.json");
    this.#held = readJson<Record<string, Held>>(this.#file) ?? {};
    for (const { address, cidr } of Object.values(this.#held)) this.#pool(cidr).claim(address);
    const isPublic = (address: string) => this.isPublic(address);
    this.securityGroups = new SecurityGroups({ outside: outsideCidr, natAddress, isPublic });
  }

  async start(): Promise<void> {
    // The first resets the others (ip-sysctl, ip_forward).
    setKernel("ipv4/ip_forward", "1");
    // EC2's source check: a task sends from its own address or not at all.
    for (const scope of ["all", "default"]) setKernel(`ipv4/conf/${scope}/rp_filter`, "1");
    // Packets by IPv6 would pass unfiltered, from one link-local address to another.
    setKernel("ipv6/conf/default/disable_ipv6", "1");
    await ip("link set lo up", `address add ${natAddress}/32 dev lo`);
    await this.securityGroups.apply();
  }

  /** Whether the internet has a route to it: then it is no address of a VPC. */
  isPublic(address: string): boolean {
    return new Netmask(outsideCidr).contains(address);
  }

  /** See CloudContext.guard. */
  async guard(address: string, groupIds: readonly string[] | undefined, subnetIds: readonly string[]): Promise<void> {
    await this.securityGroups.guard(address, groupIds?.length ? groupIds : [this.#defaultGroup(subnetIds[0])]);
  }

  /** AWS takes the VPC's default group where none is named. */
  #defaultGroup(subnetId: string | undefined): string {
    const vpcId = this.#world.get("aws:ec2/subnet:Subnet", subnetId ?? "")?.properties.vpcId;
    const vpc = this.#world.get("aws:ec2/vpc:Vpc", String(vpcId))?.properties;
    return String(vpc?.defaultSecurityGroupId ?? `default-${String(vpcId)}`);
  }

  /** See CloudContext.addAddress. */
  addAddress(owner: string, subnetIds: readonly string[] = []): Promise<string> {
    const pending = this.#ready.get(owner);
    if (pending) return pending;
    const ready = this.#add(owner, subnetIds);
    this.#ready.set(owner, ready);
    ready.catch(() => this.#ready.delete(owner));
    return ready;
  }

  async #add(owner: string, subnetIds: readonly string[]): Promise<string> {
    const block = this.#blockOf(subnetIds[0]);
    let held = this.#held[owner];
    if (!held || (subnetIds.length > 0 && held.cidr !== block.subnet)) {
      held = { address: this.#pool(block.subnet).take(), cidr: block.subnet };
      this.#held[owner] = held;
      writeJson(this.#file, this.#held);
    }
    await this.#route(block.vpc);
    await ip(`address replace ${held.address}/32 dev lo`);
    return held.address;
  }

  async releaseAddress(owner: string): Promise<void> {
    const held = this.#held[owner];
    if (!held) return;
    await this.#ready.get(owner)?.catch(() => {});
    delete this.#held[owner];
    this.#ready.delete(owner);
    writeJson(this.#file, this.#held);
    await ip(`address del ${held.address}/32 dev lo`).catch(() => {});
    await this.securityGroups.release(held.address);
    this.#pool(held.cidr).release(held.address);
  }

  /** @param groupIds the security groups of its interface. Default: the VPC's default one */
  async createTaskNetwork(subnetIds: readonly string[], groupIds?: readonly string[]): Promise<TaskNetwork> {
    const block = this.#blockOf(subnetIds[0]);
    await this.#route(block.vpc);
    const pool = this.#pool(block.subnet);
    const address = pool.take();
    const outside = `task${++this.#interfaces}`;
    const holder = await holdNamespace();
    const pid = holder.pid as number;
    const router = routerAddress(block.vpc);
    try {
      await this.guard(address, groupIds, subnetIds);
      await ip(
        `link add ${outside} type veth peer name eth0 netns ${pid}`,
        `link set ${outside} up`,
        `route add ${address}/32 dev ${outside}`,
      );
      const inside = [
        `address add ${address}/32 dev eth0`,
        "link set eth0 up",
        `route add ${router}/32 dev eth0`,
        ...[block.vpc, outsideCidr].map((cidr) => `route add ${cidr} via ${router}`),
      ];
      await run(
        "nsenter",
        [`--net=/proc/${pid}/ns/net`, requireProgram("ip"), "-batch", "-"],
        inside.map((command) => `${command}\n`).join(""),
      );
    } catch (error) {
      holder.kill("SIGKILL");
      await this.securityGroups.release(address);
      pool.release(address);
      throw error;
    }
    return {
      address,
      pid,
      close: async () => {
        const ended = once(holder, "exit");
        holder.kill("SIGKILL");
        await ended;
        // The pair goes with the namespace, but only once the kernel has come round to it.
        await ip(`link del ${outside}`).catch(() => {});
        await this.securityGroups.release(address);
        pool.release(address);
      },
    };
  }

  #pool(cidr: string): AddressPool {
    let pool = this.#pools.get(cidr);
    if (!pool) this.#pools.set(cidr, (pool = new AddressPool(cidr)));
    return pool;
  }

  #blockOf(subnetId: string | undefined): { subnet: string; vpc: string } {
    if (subnetId === undefined) return { subnet: outsideCidr, vpc: outsideCidr };
    const subnet = this.#world.get("aws:ec2/subnet:Subnet", subnetId)?.properties;
    if (typeof subnet?.cidrBlock !== "string") return { subnet: fallbackCidr, vpc: fallbackCidr };
    const vpc = this.#world.get("aws:ec2/vpc:Vpc", String(subnet.vpcId))?.properties;
    return { subnet: subnet.cidrBlock, vpc: typeof vpc?.cidrBlock === "string" ? vpc.cidrBlock : subnet.cidrBlock };
  }

  /** Gives the daemon the router's address in the block, for good. */
  #route(cidr: string): Promise<void> {
    let routed = this.#routed.get(cidr);
    if (!routed) {
      routed = ip(`address add ${routerAddress(cidr)}/32 dev lo`);
      this.#routed.set(cidr, routed);
    }
    return routed;
  }
}

async function ip(...commands: string[]): Promise<void> {
  await run("ip", ["-batch", "-"], commands.map((command) => `${command}\n`).join(""));
}

/** Sets a parameter of this network namespace (proc(5), /proc/sys/net); nothing happens where the kernel has none. */
function setKernel(parameter: string, value: string): void {
  const file = `/proc/sys/net/${parameter}`;
  if (existsSync(file)) writeFileSync(file, value);
}

/** The role of ECS's pause container. It ends with the daemon: its stdin closes then. */
async function holdNamespace(): Promise<ChildProcess> {
  // Ports below 1024 are open to every user of a container, as Docker sets it for its network namespaces.
  const script = `echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start; "$0" link set lo up; echo ready; read _`;
  const sh = requireProgram("sh");
  const holder = spawn(requireProgram("unshare"), ["--net", "--", sh, "-ec", script, requireProgram("ip")], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let problem = "";
  holder.stderr.on("data", (chunk: Buffer) => (problem += chunk.toString("utf8")));
  const failed = once(holder, "exit").then(() => {
    throw new Error(`cannot make a network namespace: ${problem.trim()}`);
  });
  failed.catch(() => {});
  await Promise.race([once(holder.stdout, "data"), failed]);
  return holder;
}
