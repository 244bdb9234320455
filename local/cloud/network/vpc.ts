import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { World } from "../context";
import { readJson, writeJson } from "../json-file";
import { requireProgram, run } from "../tools";
import { AddressPool, prefixLength, routerAddress } from "./cidr";

/** Where a subnet id tells no block, because the stack was given subnets and did not declare them: AWS's default VPC. */
const fallbackCidr = "172.31.0.0/16";
/** Where AWS's own hosts are, which every VPC reaches: a block for documentation (RFC 5737), nobody else's. */
const awsCidr = "198.51.100.0/24";
const bridge = "vpc";
/**
 * Fixed: a bridge without an address of its own takes the lowest of its ports' and changes it as tasks come and go, and
 * then nobody reaches the daemon's addresses for as long as tasks remember the old one (half a minute, arp(7)).
 */
const bridgeMac = "02:00:00:00:00:01";

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
 * The VPC: a bridge in the daemon's network namespace. Nothing connects it to the machine's own network.
 * The daemon answers on addresses added to the bridge; tasks join it with a pair of virtual interfaces.
 */
export class Vpc {
  readonly #world: World;
  readonly #file: string;
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
  }

  async start(): Promise<void> {
    await ip(`link set lo up`, `link add ${bridge} address ${bridgeMac} type bridge`, `link set ${bridge} up`);
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
    await ip(`address replace ${held.address}/32 dev ${bridge}`);
    return held.address;
  }

  async releaseAddress(owner: string): Promise<void> {
    const held = this.#held[owner];
    if (!held) return;
    await this.#ready.get(owner)?.catch(() => {});
    delete this.#held[owner];
    this.#ready.delete(owner);
    writeJson(this.#file, this.#held);
    await ip(`address del ${held.address}/32 dev ${bridge}`).catch(() => {});
    this.#pool(held.cidr).release(held.address);
  }

  async createTaskNetwork(subnetIds: readonly string[]): Promise<TaskNetwork> {
    const block = this.#blockOf(subnetIds[0]);
    await this.#route(block.vpc);
    const pool = this.#pool(block.subnet);
    const address = pool.take();
    const outside = `task${++this.#interfaces}`;
    const holder = await holdNamespace();
    const pid = holder.pid as number;
    try {
      await ip(
        `link add ${outside} type veth peer name eth0 netns ${pid}`,
        `link set ${outside} master ${bridge}`,
        `link set ${outside} up`,
      );
      await run(
        "nsenter",
        [`--net=/proc/${pid}/ns/net`, requireProgram("ip"), "-batch", "-"],
        `address add ${address}/${prefixLength(block.vpc)} dev eth0\nlink set eth0 up\nroute add ${awsCidr} via ${routerAddress(block.vpc)}\n`,
      );
    } catch (error) {
      holder.kill("SIGKILL");
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
    if (subnetId === undefined) return { subnet: awsCidr, vpc: awsCidr };
    const subnet = this.#world.get("aws:ec2/subnet:Subnet", subnetId)?.properties;
    if (typeof subnet?.cidrBlock !== "string") return { subnet: fallbackCidr, vpc: fallbackCidr };
    const vpc = this.#world.get("aws:ec2/vpc:Vpc", String(subnet.vpcId))?.properties;
    return { subnet: subnet.cidrBlock, vpc: typeof vpc?.cidrBlock === "string" ? vpc.cidrBlock : subnet.cidrBlock };
  }

  /** Gives the daemon an address in the block, so that it reaches tasks there; that address is never taken away. */
  #route(cidr: string): Promise<void> {
    let routed = this.#routed.get(cidr);
    if (!routed) {
      routed = ip(`address add ${routerAddress(cidr)}/${prefixLength(cidr)} dev ${bridge}`);
      this.#routed.set(cidr, routed);
    }
    return routed;
  }
}

async function ip(...commands: string[]): Promise<void> {
  await run("ip", ["-batch", "-"], commands.map((command) => `${command}\n`).join(""));
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
