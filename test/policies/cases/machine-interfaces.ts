import { balanced, base64, docker, instance } from "../support/machines";
import { forward, fromAlb, group, open } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Interfaces, templates and addresses of machines, some of them of other stacks. */

/** Prefect without a public address of its own, on a machine whose groups admit everybody. */
const inner = (more: Record<string, unknown> = {}): Declared[] =>
  instance({ userData: docker, associatePublicIpAddress: false, ...more }, open(4200));

/** A second interface, which says itself on which machine it is; its group admits everybody. */
const second = (more: Record<string, unknown> = {}, ...ingress: Record<string, unknown>[]): Declared[] => [
  group("late", ...(ingress.length > 0 ? ingress : [open(4200)])),
  declare("aws:ec2/networkInterface:NetworkInterface", "interface", {
    subnetId: "subnet-1",
    securityGroups: [ref("late", "id")],
    attachments: [{ instance: ref("server", "id"), deviceIndex: 1 }],
    ...more,
  }),
];

const elasticOf = (held: Record<string, unknown>): Declared =>
  declare("aws:ec2/eipAssociation:EipAssociation", "association", { allocationId: "eipalloc-1", ...held });

/** A target group that is told of the address of the second interface. */
const told = (...machines: Declared[]): Declared[] =>
  balanced(
    [
      ...machines,
      ...second({}, fromAlb(4200)),
      declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "attachment", {
        targetGroupArn: ref("tg"),
        targetId: ref("interface", "privateIp"),
      }),
    ],
    [forward],
  );

const withoutAttachments = ({ inputs: { attachments: _, ...inputs } }: Declared): Record<string, unknown> => inputs;

const template = (name: string, more: Record<string, unknown>): Declared =>
  declare("aws:ec2/launchTemplate:LaunchTemplate", name, { userData: base64(docker), ...more });
const scaled = (more: Record<string, unknown>, name = "servers"): Declared =>
  declare("aws:autoscaling/group:Group", name, { vpcZoneIdentifiers: [ref("subnet", "id")], ...more });
const subnet = (mapPublicIpOnLaunch: boolean): Declared =>
  declare("aws:ec2/subnet:Subnet", "subnet", { vpcId: "vpc-1", mapPublicIpOnLaunch });

/** A fleet by a template, some of whose machines start in this subnet. */
const fleet = (mapPublicIpOnLaunch: boolean): Declared[] => [
  group("taskGroup", open(4200)),
  subnet(mapPublicIpOnLaunch),
  template("template", { vpcSecurityGroupIds: [ref("taskGroup", "id")] }),
  declare("aws:ec2/fleet:Fleet", "servers", {
    launchTemplateConfigs: [
      {
        launchTemplateSpecification: { launchTemplateId: ref("template", "id"), version: "1" },
        overrides: [{ subnetId: ref("subnet", "id") }],
      },
    ],
  }),
];

/** A group whose machines start by one of two templates, of which the second says this of their addresses. */
const mixed = (networkInterfaces: unknown, mapPublicIpOnLaunch: boolean): Declared[] => [
  group("taskGroup", open(4200)),
  subnet(mapPublicIpOnLaunch),
  template("first", {
    networkInterfaces: [{ associatePublicIpAddress: "false", securityGroups: [ref("taskGroup", "id")] }],
  }),
  template("second", { vpcSecurityGroupIds: [ref("taskGroup", "id")], networkInterfaces }),
  scaled({
    mixedInstancesPolicy: {
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: ref("first", "id") },
        overrides: [{ launchTemplateSpecification: { launchTemplateId: ref("second", "id") } }],
      },
    },
  }),
];

const sixPorts = { protocol: "tcp", fromPort: 4200, toPort: 4200, ipv6CidrBlocks: ["::/0"] };
const isPublicBySix = cannotTell("IPv6 addresses, all of which are public");

export const machineInterfaceCases: Cases = {
  "an elastic address of another stack": {
    stack: [...inner(), elasticOf({ instanceId: ref("server", "id") })],
    ...reject("has a public address"),
  },
  "an elastic address of another stack on another machine": {
    stack: [
      ...inner(),
      declare("aws:ec2/instance:Instance", "web", { ami: "ami-1" }),
      elasticOf({ instanceId: ref("web", "id") }),
    ],
  },
  "an interface that attaches itself to an instance": {
    stack: [...instance({ userData: docker }), ...second()],
    ...reject('aws.ec2.SecurityGroup "late" admits'),
  },
  "an elastic address of another stack on an interface that attaches itself": {
    stack: [...inner(), ...second(), elasticOf({ networkInterfaceId: ref("interface", "id") })],
    ...reject("has a public address"),
  },
  "an elastic address on an interface that attaches itself": {
    stack: [
      ...inner(),
      ...second(),
      declare("aws:ec2/eip:Eip", "address", { networkInterface: ref("interface", "id") }),
    ],
    ...reject("has a public address"),
  },
  "a target group that is told of an interface's address": {
    stack: told(...instance({ userData: docker, associatePublicIpAddress: false })),
    ...reject('aws.ec2.Instance "server": takes them on port 4200'),
  },
  "a target group that is told of the address of an interface on nothing of the stack": {
    stack: told(),
    ...cannotTell("its program is not in this stack"),
  },
  "an instance with an interface of another stack": {
    stack: instance({
      userData: docker,
      ...{ vpcSecurityGroupIds: undefined, associatePublicIpAddress: undefined },
      networkInterfaces: [{ networkInterfaceId: "eni-1", deviceIndex: 0 }],
    }),
    ...cannotTell("who its security groups admit to port 4200 is not known"),
  },
  "an instance with a trusted interface of another stack": {
    stack: instance({
      userData: docker,
      ...{ vpcSecurityGroupIds: undefined, associatePublicIpAddress: undefined },
      networkInterfaces: [{ networkInterfaceId: "eni-1", deviceIndex: 0 }],
    }),
    trusted: ["eni-1"],
  },
  "a target group that is told of the address of an interface that its instance names later": {
    stack: told(
      declare("aws:ec2/instance:Instance", "server", {
        userData: docker,
        networkInterfaces: built(["interface"], [{ networkInterfaceId: "id:interface", deviceIndex: 0 }]),
      }),
      elasticOf({ networkInterfaceId: ref("interface", "id") }),
    ).map((each) => {
      if (each.name === "late") return group("late", open(4200));
      return each.name === "interface" ? declare(each.type, each.name, withoutAttachments(each)) : each;
    }),
    count: 2,
    ...reject('aws.ec2.Instance "server": takes them on port 4200'),
    // Of a list that is not known there may be more, with addresses of their own.
    preview: { ...reject('aws.ec2.Instance "server": takes them on port 4200'), count: 2 },
  },
  "an instance without a public address, by a template with an interface of the stack": {
    stack: [
      ...second({ attachments: undefined }),
      template("template", { networkInterfaces: [{ networkInterfaceId: ref("interface", "id") }] }),
      declare("aws:ec2/instance:Instance", "server", { launchTemplate: { id: ref("template", "id") } }),
    ],
    ...cannotTell("may have a public address", 'aws.ec2.SecurityGroup "late" admits'),
  },
  "an auto scaling group called Prefect by a template of another stack": {
    stack: [subnet(false), scaled({ launchTemplate: { id: "lt-1" } }, "prefect")],
    count: 5,
    ...cannotTell("may have a public address", "who its security groups admit"),
  },
  "an auto scaling group called Prefect by a trusted template of another stack": {
    stack: [subnet(false), scaled({ launchTemplate: { id: "lt-1" } }, "prefect")],
    trusted: ["lt-1"],
  },
  "an auto scaling group called Prefect by a launch configuration of another stack": {
    stack: [subnet(false), scaled({ launchConfiguration: "servers-1" }, "prefect")],
    count: 5,
    ...cannotTell("may have a public address", "who its security groups admit"),
  },
  "an instance by a template of another stack, on Prefect's port": {
    stack: instance({ launchTemplate: { name: "servers" }, userData: "#!/bin/sh\nsleep 1\n" }, open(4200)),
    count: 5,
    ...cannotTell("its user data is not in this stack"),
  },
  "an instance that shows no script, on Prefect's port": {
    stack: instance({}, open(4200)),
    ...cannotTell("its user data is not in this stack"),
  },
  "an instance that shows no script, on another port": { stack: instance({}, open(8080)) },
  "an instance that shows its script, on Prefect's port": {
    stack: instance({ userData: "#!/bin/sh\nsleep 1\n" }, open(4200)),
  },
  "an auto scaling group by a template with a group's name": {
    stack: [
      template("template", { securityGroupNames: ["web"] }),
      scaled({ launchTemplate: { id: ref("template", "id") }, vpcZoneIdentifiers: undefined }),
    ],
    ...cannotTell("who its security groups admit to port 4200 is not known"),
  },
  "an auto scaling group of whose templates one leaves the address to a subnet with public ones": {
    stack: mixed(undefined, true),
    ...reject('aws.autoscaling.Group "servers": has a public address'),
  },
  "an auto scaling group of whose templates one leaves the address to a subnet without public ones": {
    stack: mixed(undefined, false),
  },
  "an auto scaling group whose templates both refuse public addresses": {
    stack: mixed([{ associatePublicIpAddress: "false", securityGroups: [ref("taskGroup", "id")] }], true),
  },
  "a fleet that starts in a subnet with public addresses": {
    stack: fleet(true),
    ...reject('aws.ec2.Fleet "servers": has a public address'),
  },
  "a fleet that starts in a subnet without public addresses": { stack: fleet(false) },
  "an instance with a prefix of IPv6 addresses": {
    stack: instance({ userData: docker, associatePublicIpAddress: false }, sixPorts).concat(
      second({ ipv6PrefixCount: 1 }, sixPorts),
    ),
    ...isPublicBySix,
  },
  "an instance with IPv6 addresses in a fixed order": {
    stack: instance({ userData: docker, associatePublicIpAddress: false }, sixPorts).concat(
      second({ ipv6AddressLists: ["2600:1f00::7"], ipv6AddressListEnabled: true }, sixPorts),
    ),
    ...isPublicBySix,
  },
  "an auto scaling group with prefixes of IPv6 addresses": {
    stack: [
      group("taskGroup", sixPorts),
      subnet(false),
      template("template", {
        networkInterfaces: [{ ipv6Prefixes: ["2600:1f00:0:0:1::/80"], securityGroups: [ref("taskGroup", "id")] }],
      }),
      scaled({ launchTemplate: { id: ref("template", "id") } }),
    ],
    ...isPublicBySix,
  },
};
