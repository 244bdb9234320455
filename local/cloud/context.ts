import type { CloudResource } from "./contract";

/**
 * What the parts of the local cloud share. `main.ts` builds one and hands it to each part's constructor:
 * `new LoadBalancing(context)`, `new Identity(context)`, `new Edge(context)`.
 */
export interface CloudContext {
  readonly world: World;
  readonly names: Names;
  readonly certificates: Certificates;
  /** Survives restarts, readable by this user only. Each part keeps to a folder of its own in it. */
  readonly stateDir: string;
  /**
   * Gives the owner an IPv4 address on the daemon's own network namespace, ready to listen on (any port), that every task
   * reaches. The same owner gets the same address again, also after a restart.
   *
   * @param owner what holds the address, an ARN for example
   * @param subnetIds the first one's block is used. Default: none, an address outside every VPC as AWS's own hosts have
   */
  addAddress(owner: string, subnetIds?: readonly string[]): Promise<string>;
  /** Takes the owner's address away; nothing happens when it has none. */
  releaseAddress(owner: string): Promise<void>;
  /**
   * Puts security groups on an address that was added: from then on only what their rules allow gets to it or comes from
   * it. An address without any is open.
   *
   * @param groupIds none: the default group of the VPC that the subnets are in
   */
  guard(address: string, groupIds: readonly string[] | undefined, subnetIds: readonly string[]): Promise<void>;
  /** One line to the cloud's own log. Never a secret. */
  log(line: string): void;
}

/** The registry of what the stack declared, as looked up by the parts. */
export interface World {
  all(type: string): CloudResource[];
  get(type: string, id: string): CloudResource | undefined;
  /** The resource whose `arn` property is this one. */
  byArn(arn: string): CloudResource | undefined;
  /** The resources of a type that have this value as that property: `where("aws:ec2/subnet:Subnet", "vpcId", id)`. */
  where(type: string, property: string, value: unknown): CloudResource[];
  /** Called after each change is registered and before it is answered. @returns the function that ends it */
  onChange(listener: (change: WorldChange) => void): () => void;
}

export interface WorldChange {
  kind: "put" | "remove";
  resource: CloudResource;
}

/** Host names as every program inside the local cloud resolves them, the daemon too (it may just use node:dns). */
export interface Names {
  /**
   * Replaces the owner's addresses of a host name; no addresses: takes the name away. A leading `*.` is refused.
   *
   * @param zone where the name is known: a private one hides what public ones say. Default: public
   */
  set(owner: string, hostname: string, addresses: readonly string[], zone?: "public" | "private"): void;
  /** Takes all of the owner's names away. */
  release(owner: string): void;
  /** As it resolves inside a VPC. */
  lookup(hostname: string): readonly string[];
  /** As it resolves on the internet, without addresses that the internet has no route to. */
  lookupOutside(hostname: string): readonly string[];
  /** Every host name that the internet reaches, for the edge: it forwards to these only. */
  outside(): string[];
}

export interface Certificates {
  /** PEM of the local certificate authority, trusted by containers and by the daemon (NODE_EXTRA_CA_CERTS). */
  readonly ca: string;
  /**
   * A certificate of the local authority, the chain included; the same names get the same one until it nears its end.
   *
   * @param names DNS names (wildcards allowed) or IPv4 addresses, the first is the subject
   */
  issue(names: readonly string[]): Promise<Certificate>;
}

/** PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/**
 * A part that makes resources of some types real.
 */
export interface CloudPart {
  /** Whether this part makes resources of this type real. */
  handles(type: string): boolean;
  /**
   * Creates or updates; also called at start for everything registered before.
   *
   * @returns outputs that replace the provider's
   * @throws Error in AWS's words when AWS would refuse
   */
  put(resource: CloudResource): Promise<Record<string, unknown>>;
  /** Removes; resolves when gone. */
  remove(resource: CloudResource): Promise<void>;
  /** Ends what runs, cleanly. State is kept. */
  close(): Promise<void>;
}
