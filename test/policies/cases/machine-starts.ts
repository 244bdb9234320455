import { balanced, base64, docker, instance } from "../support/machines";
import { forward, fromAlb, group, open } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** By which templates, interfaces and groups machines start. */

const template = (name = "template", more: Record<string, unknown> = {}): Declared =>
  declare("aws:ec2/launchTemplate:LaunchTemplate", name, {
    name: `${name}-1`,
    userData: base64(docker),
    networkInterfaces: [{ associatePublicIpAddress: "true", securityGroups: [ref("taskGroup", "id")] }],
    ...more,
  });

/** Machines that something starts by a template. */
const by = (type: string, inputs: Record<string, unknown>, ...more: Declared[]): Declared[] => [
  group("taskGroup", open(4200)),
  template(),
  declare(type, "servers", inputs),
  ...more,
];
const scalingGroup = "aws:autoscaling/group:Group";

/** An instance without a public address of its own, whose interface is apart. */
const withInterface = (inputs: Record<string, unknown>, ...more: Declared[]): Declared[] => [
  group("late", open(4200)),
  declare("aws:ec2/networkInterface:NetworkInterface", "interface", {
    subnetId: "subnet-1",
    securityGroups: [ref("late", "id")],
  }),
  declare("aws:ec2/instance:Instance", "server", { ami: "ami-1", userData: docker, ...inputs }),
  ...more,
];

const everybodyBySix = { protocol: "tcp", fromPort: 4200, toPort: 4200, ipv6CidrBlocks: ["::/0"] };
const six = (more: Record<string, unknown>): Declared[] =>
  instance({ userData: docker, associatePublicIpAddress: false, ...more }, everybodyBySix);

/** An auto scaling group of which the balancer's group alone is admitted. */
const inside = (more: Record<string, unknown>, ...others: Declared[]): Declared[] =>
  balanced(
    [
      group("taskGroup", fromAlb(4200)),
      template("template", { networkInterfaces: undefined, vpcSecurityGroupIds: [ref("taskGroup", "id")] }),
      declare(scalingGroup, "servers", { launchTemplate: { id: ref("template", "id") }, ...more }),
      ...others,
    ],
    [forward],
  );

/** An instance behind a load balancer, whose script is not known in preview. */
const hiddenBehind = (port: number): Declared[] =>
  balanced(
    [
      ...instance(
        { userData: built(["taskGroup"], "#!/bin/sh\nsleep 1\n"), associatePublicIpAddress: false },
        {
          ...fromAlb(4000),
          toPort: 9000,
        },
      ),
      declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "attachment", {
        targetGroupArn: ref("tg"),
        targetId: ref("server", "id"),
      }),
    ],
    [forward],
    port,
  );

export const machineStartCases: Cases = {
  "a spot fleet by a template": {
    stack: by("aws:ec2/spotFleetRequest:SpotFleetRequest", {
      launchTemplateConfigs: [{ launchTemplateSpecification: { id: ref("template", "id"), version: "1" } }],
    }),
    ...reject('aws.ec2.SpotFleetRequest "servers": has a public address'),
  },
  "a fleet by a template's name": {
    stack: by("aws:ec2/fleet:Fleet", {
      launchTemplateConfigs: [
        { launchTemplateSpecification: { launchTemplateName: ref("template", "name"), version: "1" } },
      ],
    }),
    ...reject('aws.ec2.Fleet "servers": has a public address'),
  },
  "an auto scaling group by a template's name": {
    stack: by(scalingGroup, { launchTemplate: { name: ref("template", "name") } }),
    ...reject('aws.autoscaling.Group "servers": has a public address'),
  },
  "an auto scaling group some of whose machines run Prefect": {
    stack: by(
      scalingGroup,
      {
        mixedInstancesPolicy: {
          launchTemplate: {
            launchTemplateSpecification: { launchTemplateId: ref("other", "id") },
            overrides: [
              { instanceType: "m7g.large" },
              { launchTemplateSpecification: { launchTemplateId: ref("template", "id") } },
            ],
          },
        },
      },
      template("other", { userData: base64("#!/bin/sh\nsleep 1\n"), networkInterfaces: undefined }),
    ),
    ...reject('aws.autoscaling.Group "servers"'),
  },
  "an instance whose interface has groups of its own": {
    stack: withInterface({ networkInterfaces: [{ networkInterfaceId: ref("interface", "id"), deviceIndex: 0 }] }),
    ...cannotTell('aws.ec2.SecurityGroup "late" admits'),
  },
  "an instance whose primary interface has groups of its own": {
    stack: withInterface({ primaryNetworkInterface: { networkInterfaceId: ref("interface", "id") } }),
    ...cannotTell('aws.ec2.SecurityGroup "late" admits'),
  },
  "an instance to which an interface is attached": {
    stack: withInterface(
      { associatePublicIpAddress: true, vpcSecurityGroupIds: [ref("closed", "id")] },
      group("closed"),
      declare("aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment", "attachment", {
        instanceId: ref("server", "id"),
        networkInterfaceId: ref("interface", "id"),
      }),
    ),
    ...reject('aws.ec2.SecurityGroup "late" admits'),
  },
  "a second security group on the interface of another machine": {
    stack: [
      ...instance({ userData: docker }),
      group("late", open(4200)),
      declare("aws:ec2/instance:Instance", "web", { ami: "ami-1", userData: "#!/bin/sh\nsleep 1\n" }),
      declare("aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment", "more", {
        securityGroupId: ref("late", "id"),
        networkInterfaceId: ref("web", "primaryNetworkInterfaceId"),
      }),
    ],
  },
  "an instance whose public address is not known in preview": {
    stack: instance({ userData: docker, associatePublicIpAddress: built(["taskGroup"], "false") }, open(4200)),
    preview: cannotTell("may have a public address"),
  },
  "an instance with an IPv6 address": {
    stack: six({ ipv6AddressCount: 1 }),
    ...cannotTell("IPv6 addresses, all of which are public"),
  },
  "an instance with an IPv6 address by name": {
    stack: six({ ipv6Addresses: ["2600:1f00::7"] }),
    ...cannotTell("IPv6 addresses, all of which are public"),
  },
  "an instance with no IPv6 address": { stack: six({ ipv6AddressCount: 0, ipv6Addresses: [] }) },
  "an instance that says nothing of IPv6": { stack: six({}) },
  "an instance whose number of IPv6 addresses is not known in preview": {
    stack: six({ ipv6AddressCount: built(["taskGroup"], "0") }),
    preview: cannotTell("IPv6 addresses, all of which are public"),
  },
  "an auto scaling group with a traffic source": {
    stack: inside({ trafficSources: [{ identifier: ref("tg"), type: "elbv2" }] }),
    ...reject('aws.autoscaling.Group "servers": takes them on port 4200'),
  },
  "an auto scaling group to which a traffic source is attached": {
    stack: inside(
      {},
      declare("aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment", "source", {
        autoscalingGroupName: ref("servers", "name"),
        trafficSource: { identifier: ref("tg"), type: "elbv2" },
      }),
    ),
    ...reject('aws.autoscaling.Group "servers": takes them on port 4200'),
  },
  "an auto scaling group called Prefect by AWS": {
    stack: by(scalingGroup, { name: "prefect", launchTemplate: { id: ref("template", "id") } }).map((each) =>
      each.name === "template" ? template("template", { userData: base64("#!/bin/sh\nsleep 1\n") }) : each,
    ),
    ...cannotTell('aws.autoscaling.Group "servers"'),
  },
  "a script that is not known in preview, behind a load balancer on Prefect's port": {
    stack: hiddenBehind(4200),
    preview: cannotTell("its user data is not known yet"),
  },
  "a script that is not known in preview, behind a load balancer on another port": { stack: hiddenBehind(8000) },
  "an address that is nothing of the stack, on a port of its own": {
    stack: balanced(
      [
        declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "attachment", {
          targetGroupArn: ref("tg"),
          targetId: "10.0.3.4",
          port: 4200,
        }),
      ],
      [forward],
      8000,
    ),
    ...cannotTell("its program is not in this stack"),
  },
  "an address of another stack that is trusted": {
    stack: balanced(
      [
        declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "attachment", {
          targetGroupArn: ref("tg"),
          targetId: "10.0.3.4",
        }),
      ],
      [forward],
    ),
    trusted: ["10.0.3.4"],
  },
};
