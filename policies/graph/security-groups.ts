import {
  type Addresses,
  everywhere,
  isEmpty,
  isInternet,
  mayHoldServiceAddress,
  mayHoldVpcAddress,
  union,
} from "./cidr";
import type { Graph, Resource, ResourceValue } from "./model";
import { anyGroup, defaultGroup, type Door, type Groups, isUnseen, SecurityGroupRules } from "./security-group-rules";

/** Where a group admits TCP from. */
export interface Admission {
  readonly addresses: Addresses;
  /** Whether these are the internet by what is seen alone: a range, a prefix list or a group may be taken at its worst. */
  readonly certain: boolean;
  /** Where it is certain: the resources that hold the rules. */
  readonly via: readonly Resource[];
}

/** Who opens a connection, by the address that it has then. */
export interface Sender {
  /**
   * `strangers` have addresses of their own, a `service` of AWS public ones, what is `inside` one of the VPC; which of the
   * two a request has that was `forwarded` from strangers is not known.
   */
  readonly kind: "strangers" | "service" | "inside" | "forwarded";
  /** Its own security groups; undefined where it has none, or none of this stack. */
  readonly groups: Groups | undefined;
}

/** A port, or any of a range; undefined: any at all. */
export type Ports = number | readonly [first: number, last: number] | undefined;

/** Who gets through the security groups of the stack. */
export class SecurityGroups {
  private readonly rules: SecurityGroupRules;

  constructor(graph: Graph) {
    this.rules = new SecurityGroupRules(graph);
  }

  /** The groups that a property names. Omitted or empty: the VPC's default group, AWS's default for an interface. */
  named(value: ResourceValue | readonly ResourceValue[]): Groups {
    return this.rules.named(value);
  }

  /** Addresses outside that may open a TCP connection to this port (undefined: to any). */
  admitted(groups: Groups, port: Ports): Admission {
    const doors = this.doorsOf(groups, port);
    const certain = isInternet(union(...doors.map(({ known }) => known)));
    return {
      addresses: groups.unseen ? everywhere : union(...doors.map(({ addresses }) => addresses)),
      certain,
      via: certain ? [...new Set(doors.filter(({ known }) => !isEmpty(known)).map(({ holder }) => holder))] : [],
    };
  }

  /** How a sender gets to this port (undefined: to any); undefined if it does not. */
  passage(groups: Groups, port: Ports, sender: Sender): Admission | undefined {
    if (sender.kind === "forwarded") {
      const strangers = this.passage(groups, port, { ...sender, kind: "strangers" });
      if (strangers !== undefined) return strangers;
      // A listener behind may still see the strangers' own addresses.
      const inside = this.passage(groups, port, { ...sender, kind: "inside" });
      return inside && { ...inside, addresses: everywhere };
    }
    const admission = this.admitted(groups, port);
    if (sender.kind === "inside") {
      const byGroup =
        sender.groups === undefined
          ? this.admitsUnseenMembers(groups, port)
          : this.admitsMembers(groups, port, sender.groups);
      const addresses = byGroup ? everywhere : admission.addresses;
      return mayHoldVpcAddress(addresses) ? { addresses, certain: !groups.unseen, via: [] } : undefined;
    }
    if (sender.kind === "strangers") return isInternet(admission.addresses) ? admission : undefined;
    // Whether a range that is not the internet holds the service's addresses is not known.
    return mayHoldServiceAddress(admission.addresses) ? admission : undefined;
  }

  /** Whether a load balancer with these groups of its own may open a connection to this port. */
  admitsLoadBalancer(groups: Groups, port: Ports, balancer: Groups | undefined): boolean {
    return this.admitsMembers(groups, port, balancer) || mayHoldVpcAddress(this.admitted(groups, port).addresses);
  }

  /** Whether members of these other groups may, whatever their address. */
  admitsMembers(groups: Groups, port: Ports, members: Groups | undefined): boolean {
    if (groups.unseen || members?.unseen) return true;
    if (groups.keys.includes(defaultGroup) && members?.keys.includes(defaultGroup)) return true;
    return this.doorsOf(groups, port).some((door) =>
      door.groups.some((key) => key === anyGroup || members?.keys.includes(key)),
    );
  }

  /** Whether a rule names a group of these members, on any port. */
  namesMembers(groups: Groups, members: Groups): boolean {
    return this.doorsOf(groups, undefined).some((door) =>
      door.groups.some((key) => key === anyGroup || members.keys.includes(key)),
    );
  }

  /** The same of a service of AWS with interfaces in the VPC: its groups are AWS's own, so not of this stack. */
  private admitsUnseenMembers(groups: Groups, port: Ports): boolean {
    return this.doorsOf(groups, port).some((door) => door.groups.some((key) => key === anyGroup || isUnseen(key)));
  }

  /** Whether some rule that is seen names this port and no other: a sign of what listens there. */
  namesPort(groups: Groups, port: number): boolean {
    return this.doorsOf(groups, port).some((door) => door.ports[0] === port && door.ports[1] === port);
  }

  /** The rules by which somebody gets to this port (undefined: to any). */
  doorsOf(groups: Groups, port: Ports): Door[] {
    const doors = this.rules.doorsOf(groups);
    if (port === undefined) return doors;
    const [first, last] = typeof port === "number" ? [port, port] : port;
    return doors.filter(({ ports }) => ports[0] <= last && first <= ports[1]);
  }
}
