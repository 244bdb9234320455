import { behindAlb, containers, fromAlb, group, login, open, prefect, service, task, bare } from "../support/pieces";
import { built, type Declared, declare, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";

const tcp = { protocol: "tcp", fromPort: 4200, toPort: 4200 };

/** A task with an address of its own, behind these rules. */
export function publicTask(
  ingress: Record<string, unknown>[],
  more: Declared[] = [],
  network: Record<string, unknown> = {},
): Declared[] {
  return [
    group("taskGroup", ...ingress),
    task(bare),
    service(undefined, {
      networkConfiguration: {
        subnets: ["a"],
        assignPublicIp: true,
        securityGroups: [ref("taskGroup", "id")],
        ...network,
      },
    }),
    ...more,
  ];
}

const separate = (inputs: Record<string, unknown>): Declared =>
  declare("aws:ec2/securityGroupRule:SecurityGroupRule", "rule", {
    type: "ingress",
    securityGroupId: ref("taskGroup", "id"),
    ...tcp,
    ...inputs,
  });
const ingressRule = (inputs: Record<string, unknown>, name = "rule"): Declared =>
  declare("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, {
    securityGroupId: ref("taskGroup", "id"),
    ipProtocol: "tcp",
    fromPort: 4200,
    toPort: 4200,
    ...inputs,
  });

export const networkCases: Cases = {
  "a task with a public address and an open group": {
    stack: publicTask([open(4200)]),
    ...reject(
      'aws.ecs.Service "service": gives its tasks public addresses',
      'aws.ec2.SecurityGroup "taskGroup" admits the internet to port 4200',
      "assignPublicIp",
    ),
  },
  "an open group without a public address": { stack: publicTask([open(4200)], [], { assignPublicIp: false }) },
  "a public address that is not known": {
    stack: publicTask([open(4200)], [], { assignPublicIp: built(["taskGroup"], "false") }),
    preview: { cannotTell: ["assignPublicIp is not known"] },
  },
  "a public address behind a group without rules": { stack: publicTask([]) },
  "a public address in the default group": { stack: publicTask([open(4200)], [], { securityGroups: [] }) },
  "a public address and another port": { stack: publicTask([open(443)]) },
  "a public address and Prefect on loopback": {
    stack: publicTask([open(4200)]).map((r) =>
      r.name === "task" ? task(containers(prefect({ command: ["prefect", "server", "start"] }))) : r,
    ),
  },
  "a public address and an image of one's own, which may listen anywhere": {
    stack: publicTask([open(4200)]).map((r) =>
      r.name === "task"
        ? task(containers(prefect({ image: "acme/prefect-server:1", command: ["prefect", "server", "start"] })))
        : r,
    ),
    ...reject("gives its tasks public addresses"),
  },
  "a public address and a host in small letters": {
    stack: publicTask([open(4200)]).map((r) =>
      r.name === "task"
        ? task(
            containers(
              prefect({
                command: ["prefect", "server", "start"],
                environment: { prefect_server_api_host: "0.0.0.0" },
              }),
            ),
          )
        : r,
    ),
    ...reject("gives its tasks public addresses"),
  },
  "a public address and a script that says where to listen": {
    stack: publicTask([open(4200)]).map((r) =>
      r.name === "task"
        ? task(
            containers(
              prefect({
                entryPoint: ["sh", "-c"],
                command: ["prefect config set PREFECT_SERVER_API_HOST=0.0.0.0; prefect server start"],
              }),
            ),
          )
        : r,
    ),
    ...reject("gives its tasks public addresses"),
  },
  "a public address and Prefect under gunicorn": {
    stack: publicTask([open(4200)]).map((r) =>
      r.name === "task"
        ? task(
            containers(
              prefect({ command: ["gunicorn", "-b", "0.0.0.0:4200", "prefect.server.api.server:create_app()"] }),
            ),
          )
        : r,
    ),
    ...reject("gives its tasks public addresses"),
  },
  "all protocols": {
    stack: publicTask([{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }]),
    ...reject("taskGroup"),
  },
  "UDP only": { stack: publicTask([{ ...tcp, protocol: "udp", cidrBlocks: ["0.0.0.0/0"] }]) },
  "IPv6 only": { stack: publicTask([{ ...tcp, ipv6CidrBlocks: ["::/0"] }]), ...reject("taskGroup") },
  "an office": { stack: publicTask([{ ...tcp, cidrBlocks: ["203.0.113.0/24"] }]) },
  "private ranges": {
    stack: publicTask([
      { ...tcp, cidrBlocks: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"], ipv6CidrBlocks: ["fd00::/8"] },
    ]),
  },
  "a /8": { stack: publicTask([{ ...tcp, cidrBlocks: ["8.0.0.0/8"] }]) },
  "a /7": { stack: publicTask([{ ...tcp, cidrBlocks: ["8.0.0.0/7"] }]), ...reject("taskGroup") },
  "the internet in two halves over two forms of rules": {
    stack: publicTask([{ ...tcp, cidrBlocks: ["0.0.0.0/1"] }], [ingressRule({ cidrIpv4: "128.0.0.0/1" })]),
    ...reject('aws.ec2.SecurityGroup "taskGroup", aws.vpc.SecurityGroupIngressRule "rule"'),
  },
  "a separate rule": {
    stack: publicTask([], [separate({ cidrBlocks: ["0.0.0.0/0"] })]),
    ...reject('aws.ec2.SecurityGroupRule "rule" admits'),
  },
  "a separate egress rule": { stack: publicTask([], [separate({ type: "egress", cidrBlocks: ["0.0.0.0/0"] })]) },
  "an ingress rule resource": {
    stack: publicTask([], [ingressRule({ cidrIpv6: "::/0" })]),
    ...reject("aws.vpc.SecurityGroupIngressRule"),
  },
  "an ingress rule resource for all protocols": {
    stack: publicTask(
      [],
      [
        declare("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", {
          securityGroupId: ref("taskGroup", "id"),
          ipProtocol: "-1",
          cidrIpv4: "0.0.0.0/0",
        }),
      ],
    ),
    ...reject("aws.vpc.SecurityGroupIngressRule"),
  },
  "a group that admits itself": { stack: publicTask([{ ...tcp, self: true }]) },
  "a group that admits itself, on the balancer and on the tasks": {
    stack: behindAlb({
      definitions: bare,
      alb: { securityGroups: [ref("shared", "id")] },
      service: { networkConfiguration: { subnets: ["subnet-1"], securityGroups: [ref("shared", "id")] } },
      more: [group("shared", open(443), { ...tcp, self: true })],
    }),
    ...reject('aws.ec2.SecurityGroup "shared" admits the internet to port 443', 'aws.lb.Listener "https"'),
  },
  "a group that admits itself on another port, on the balancer and on the tasks": {
    stack: behindAlb({
      definitions: bare,
      alb: { securityGroups: [ref("shared", "id")] },
      service: { networkConfiguration: { subnets: ["subnet-1"], securityGroups: [ref("shared", "id")] } },
      more: [group("shared", open(443), { ...tcp, fromPort: 9000, toPort: 9000, self: true })],
    }),
  },
  "a group that admits another group": {
    stack: publicTask([{ ...tcp, securityGroups: [ref("vpn", "id")] }], [group("vpn", open(443))]),
  },
  "a prefix list of the stack with an office": {
    stack: publicTask(
      [{ ...tcp, prefixListIds: [ref("list", "id")] }],
      [
        declare("aws:ec2/managedPrefixList:ManagedPrefixList", "list", {
          entries: [{ cidr: "203.0.113.0/24" }],
          maxEntries: 5,
          addressFamily: "IPv4",
        }),
      ],
    ),
  },
  "a prefix list of the stack that an entry opens": {
    stack: publicTask(
      [{ ...tcp, prefixListIds: [ref("list", "id")] }],
      [
        declare("aws:ec2/managedPrefixList:ManagedPrefixList", "list", { maxEntries: 5, addressFamily: "IPv4" }),
        declare("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry", "entry", {
          prefixListId: ref("list", "id"),
          cidr: "0.0.0.0/0",
        }),
      ],
    ),
    ...reject("taskGroup"),
  },
  "a prefix list of AWS": {
    stack: publicTask([{ ...tcp, prefixListIds: ["pl-4fa04526"] }]),
    ...cannotTell("who its security groups admit to port 4200 is not known"),
  },
  "a group of another stack": {
    stack: publicTask([], [], { securityGroups: ["sg-0123"] }),
    ...cannotTell("is not known"),
  },
  "rules that are not known": {
    stack: publicTask([]).map((r) =>
      r.name === "taskGroup" ? declare(r.type, r.name, { ingress: built(["task"], []) }) : r,
    ),
    preview: { cannotTell: ["is not known"] },
  },
  "a range that is the VPC's": {
    stack: publicTask(
      [{ ...tcp, cidrBlocks: [{ $of: "vpc", $attribute: "cidrBlock", $value: "10.0.0.0/16" }] }],
      [declare("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" })],
    ),
  },
  "a range that is the VPC's and not known in preview": {
    stack: publicTask(
      [{ ...tcp, cidrBlocks: [built(["vpc"], "10.0.0.0/16")] }],
      [declare("aws:ec2/vpc:Vpc", "vpc", { ipv4IpamPoolId: "ipam-pool-1", ipv4NetmaskLength: 16 })],
    ),
  },
  "a range that is not known, from nothing of the stack": {
    stack: publicTask([{ ...tcp, cidrBlocks: [built(["elsewhere"], "10.0.0.0/16")] }]),
    preview: { cannotTell: ["who its security groups admit to port 4200 is not known"] },
  },
  "a range that is not known, from the VPC and something else": {
    stack: publicTask(
      [{ ...tcp, cidrBlocks: [built(["vpc", "office"], "10.0.0.0/16")] }],
      [declare("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" }), declare("acme:index:Office", "office", {})],
    ),
    preview: { cannotTell: ["who its security groups admit to port 4200 is not known"] },
  },
  "a range from something else": {
    stack: publicTask(
      [{ ...tcp, cidrBlocks: [{ $of: "office", $attribute: "cidr", $value: "203.0.113.0/24" }] }],
      [declare("acme:index:Office", "office", {})],
    ),
    preview: { cannotTell: ["is not known"] },
  },
  "a task set with a public address": {
    stack: publicTask([open(4200)]).map((r) =>
      r.name === "service" ? declare("aws:ecs/taskSet:TaskSet", "service", r.inputs) : r,
    ),
    ...reject('aws.ecs.TaskSet "service"'),
  },
  "a public address beside a balancer with a login": {
    stack: behindAlb({
      definitions: bare,
      actions: [login(), { type: "forward", targetGroupArn: ref("tg") }],
      taskIngress: [fromAlb(4200), open(4200)],
      service: { networkConfiguration: { assignPublicIp: true, securityGroups: [ref("taskGroup", "id")] } },
    }),
    ...reject("gives its tasks public addresses"),
  },
};
