import { isIP } from "node:net";
import type { CloudContext, CloudPart } from "../context";
import type { CloudResource } from "../contract";
import { Authenticator } from "./authentication/authenticator";
import { forgetKeys, loadBalancerKeys } from "./authentication/keys";
import { PublicKeys } from "./authentication/public-keys";
import type {
  ListenerCertificateProperties,
  ListenerProperties,
  ListenerRuleProperties,
  LoadBalancerProperties,
  TargetAddress,
  TargetGroupAttachmentProperties,
  TargetGroupProperties,
} from "./declarations";
import { KeySets } from "./jwt/key-sets";
import { Listener } from "./listener";
import {
  type ListenerContext,
  type LoadBalancerType,
  listenerProblems,
  protocols,
  ruleProblems,
  typeOf,
} from "./listener-problems";
import type { ListenerOwner } from "./listener-port";
import { NetworkListener } from "./network-listener";
import { Outbound } from "./outbound";
import type { TargetHealth } from "./target";
import { TargetGroup, targetGroupProblems } from "./target-group";

const kinds = {
  loadBalancer: "LoadBalancer",
  listener: "Listener",
  listenerRule: "ListenerRule",
  listenerCertificate: "ListenerCertificate",
  targetGroup: "TargetGroup",
  targetGroupAttachment: "TargetGroupAttachment",
} as const;
type Kind = keyof typeof kinds;

function kindOf(type: string): Kind | undefined {
  const [, module, kind, name] = /^aws:(lb|alb)\/(\w+):(\w+)$/.exec(type) ?? [];
  return module && kind && kind in kinds && kinds[kind as Kind] === name ? (kind as Kind) : undefined;
}

/** Application and Network Load Balancers on real sockets, as `aws:lb/*` (or `aws:alb/*`) resources declare them. */
export class LoadBalancing implements CloudPart {
  readonly #context: CloudContext;
  readonly #loadBalancers = new Map<string, ListenerOwner>();
  readonly #listeners = new Map<string, Listener | NetworkListener>();
  readonly #targetGroups = new Map<string, TargetGroup>();
  readonly #publicKeys: PublicKeys;

  constructor(context: CloudContext) {
    this.#context = context;
    this.#publicKeys = new PublicKeys(context);
  }

  handles(type: string): boolean {
    return kindOf(type) !== undefined;
  }

  /** @throws Error in AWS's words when a resource is refused: nothing has changed then */
  async put(resource: CloudResource): Promise<Record<string, unknown>> {
    const kind = kindOf(resource.type);
    if (!kind) throw new Error(`load balancing knows no resources of type ${resource.type}`);
    const puts: Record<Kind, (properties: never, id: string) => Promise<void> | void> = {
      loadBalancer: (properties) => this.#putLoadBalancer(properties),
      listener: (properties) => this.#putListener(properties),
      listenerRule: (properties, id) => this.#putRule(properties, id),
      listenerCertificate: (properties) => this.#putCertificate(properties),
      targetGroup: (properties) => this.#putTargetGroup(properties),
      targetGroupAttachment: (properties) => this.#attach(properties),
    };
    await puts[kind](resource.properties as never, resource.id);
    this.#noteUse();
    return {};
  }

  async remove(resource: CloudResource): Promise<void> {
    const { arn, listenerArn } = resource.properties as { arn: string; listenerArn: string };
    switch (kindOf(resource.type)) {
      case "loadBalancer":
        await this.#removeLoadBalancer(arn);
        break;
      case "listener":
        await this.#listeners.get(arn)?.close();
        this.#listeners.delete(arn);
        break;
      case "listenerRule":
        this.#ruled(listenerArn)?.rules.delete(resource.id);
        break;
      case "listenerCertificate":
        this.#listeners.get(listenerArn)?.certificateArns.delete(String(resource.properties.certificateArn));
        break;
      case "targetGroup":
        this.#targetGroups.get(arn)?.close();
        this.#targetGroups.delete(arn);
        break;
      case "targetGroupAttachment": {
        const attachment = resource.properties as unknown as TargetGroupAttachmentProperties;
        await this.deregisterTarget(attachment.targetGroupArn, this.#addressOf(attachment));
        break;
      }
    }
    this.#noteUse();
  }

  /** Starts its health checks; requests go to it once it has passed one. */
  registerTarget(targetGroupArn: string, target: TargetAddress): void {
    this.#targetGroup(targetGroupArn).register(target);
  }

  /** No new requests from now on. Resolves when those under way have ended or the deregistration delay is over. */
  async deregisterTarget(targetGroupArn: string, target: TargetAddress): Promise<void> {
    await this.#targetGroups.get(targetGroupArn)?.deregister(target);
  }

  targetHealth(targetGroupArn: string, target: TargetAddress): TargetHealth {
    return this.#targetGroups.get(targetGroupArn)?.health(target) ?? "unused";
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listeners.values()].map((listener) => listener.close()));
    await this.#publicKeys.close();
    for (const group of this.#targetGroups.values()) group.close();
    this.#listeners.clear();
    this.#targetGroups.clear();
  }

  async #putLoadBalancer(properties: LoadBalancerProperties): Promise<void> {
    const type = typeOf(properties);
    if (!(type in protocols)) {
      const served = Object.keys(protocols).join(", ");
      throw new Error(`load balancer ${properties.name}: type "${type}" is not served here; served are: ${served}`);
    }
    const subnets = properties.subnets ?? properties.subnetMappings?.map((mapping) => mapping.subnetId) ?? [];
    const address = await this.#context.addAddress(properties.arn, subnets);
    // "The nodes of an internet-facing load balancer have public IP addresses", besides private ones to reach targets
    // from; "the nodes of an internal load balancer have only private IP addresses" (How Elastic Load Balancing works).
    const clientAddress = properties.internal ? address : await this.#context.addAddress(publicOwner(properties.arn));
    // "If you don't assign a security group to your Network Load Balancer, all client traffic can reach the Network Load
    // Balancer listeners and all traffic can leave" (Update the security groups for your Network Load Balancer).
    if (type === "application" || properties.securityGroups?.length) {
      for (const own of new Set([address, clientAddress])) {
        await this.#context.guard(own, properties.securityGroups, subnets);
      }
    }
    const known = this.#loadBalancers.get(properties.arn);
    if (known) {
      known.attributes = properties;
      return;
    }
    this.#context.names.set(properties.arn, properties.dnsName, [clientAddress]);
    const targetGroup = (arn: string) => this.#targetGroups.get(arn);
    const outbound = new Outbound(this.#context, address);
    const keys = loadBalancerKeys(this.#context.stateDir, properties.arn);
    const log = (line: string) => this.#context.log(line);
    const authenticator = new Authenticator({ signer: properties.arn, keys, outbound, log });
    const keySets = new KeySets(outbound);
    const own = { attributes: properties, address, clientAddress, authenticator, keySets, keys };
    this.#loadBalancers.set(properties.arn, { ...own, targetGroup });
    await this.#publicKeys.publish(properties.arn, keys);
  }

  async #removeLoadBalancer(arn: string): Promise<void> {
    // "Deleting a load balancer also deletes its listeners."
    for (const [listenerArn, listener] of this.#listeners) {
      if (listener.properties.loadBalancerArn !== arn) continue;
      await listener.close();
      this.#listeners.delete(listenerArn);
    }
    this.#loadBalancers.delete(arn);
    this.#publicKeys.withdraw(arn);
    forgetKeys(this.#context.stateDir, arn);
    this.#context.names.release(arn);
    for (const owner of [arn, publicOwner(arn)]) await this.#context.releaseAddress(owner);
  }

  async #putListener(properties: ListenerProperties): Promise<void> {
    const owner = this.#loadBalancers.get(properties.loadBalancerArn);
    if (!owner)
      throw new Error(`LoadBalancerNotFound: one or more load balancers not found: ${properties.loadBalancerArn}`);
    const type = typeOf(owner.attributes);
    const known = this.#listeners.get(properties.arn);
    const rules = known instanceof Listener ? [...known.rules.values()].map(({ actions }) => actions) : [];
    refuse(`listener on port ${properties.port}`, listenerProblems(properties, rules, this.#judgedBy(type)));
    const kind = type === "network" ? NetworkListener : Listener;
    const listener = known ?? new kind(properties, owner, this.#context);
    await listener.open(properties);
    this.#listeners.set(properties.arn, listener);
  }

  #judgedBy(type: LoadBalancerType): ListenerContext {
    return { world: this.#context.world, type, protocolOf: (arn) => this.#targetGroups.get(arn)?.protocol };
  }

  #putRule(properties: ListenerRuleProperties, id: string): void {
    const { properties: own } = this.#listener(properties.listenerArn);
    const listener = this.#ruled(properties.listenerArn);
    if (!listener) throw new Error("listener rules are for listeners of Application Load Balancers");
    const problems = ruleProblems(properties, own.protocol ?? "HTTP", this.#judgedBy("application"));
    const taken = [...listener.rules].some(([other, rule]) => other !== id && rule.priority === properties.priority);
    if (taken) problems.push(`PriorityInUse: priority '${properties.priority}' is currently in use`);
    refuse(`listener rule with priority ${properties.priority}`, problems);
    listener.rules.set(id, properties);
  }

  #putCertificate(properties: ListenerCertificateProperties): void {
    this.#listener(properties.listenerArn).certificateArns.add(properties.certificateArn);
  }

  #putTargetGroup(properties: TargetGroupProperties): void {
    refuse(`target group ${properties.name}`, targetGroupProblems(properties));
    const known = this.#targetGroups.get(properties.arn);
    if (known) known.configure(properties);
    else this.#targetGroups.set(properties.arn, new TargetGroup(properties, (line) => this.#context.log(line)));
  }

  #attach(properties: TargetGroupAttachmentProperties): void {
    if (!isIP(properties.targetId)) {
      throw new Error(`target "${properties.targetId}" is not served here; served are IP addresses (targetType ip)`);
    }
    this.registerTarget(properties.targetGroupArn, this.#addressOf(properties));
  }

  #addressOf({ targetGroupArn, targetId, port }: TargetGroupAttachmentProperties): TargetAddress {
    return { ip: targetId, port: port ?? this.#targetGroup(targetGroupArn).port ?? 80 };
  }

  #ruled(arn: string): Listener | undefined {
    const listener = this.#listeners.get(arn);
    return listener instanceof Listener ? listener : undefined;
  }

  #listener(arn: string): Listener | NetworkListener {
    const listener = this.#listeners.get(arn);
    if (!listener) throw new Error(`ListenerNotFound: one or more listeners not found: ${arn}`);
    return listener;
  }

  #targetGroup(arn: string): TargetGroup {
    const group = this.#targetGroups.get(arn);
    if (!group) throw new Error(`TargetGroupNotFound: one or more target groups not found: ${arn}`);
    return group;
  }

  /** "unused: the target group is not used in a listener rule": no health checks run for it. */
  #noteUse(): void {
    const users = new Map<string, string>();
    for (const listener of this.#listeners.values()) {
      for (const arn of listener.targetGroups()) users.set(arn, listener.owner.address);
    }
    for (const [arn, group] of this.#targetGroups) group.useBy(users.get(arn));
  }
}

/** Of the address that clients on the internet find it by. */
function publicOwner(arn: string): string {
  return `${arn} public`;
}

function refuse(what: string, problems: string[]): void {
  if (problems.length > 0) throw new Error(`${what}: ${problems.join("; ")}`);
}
