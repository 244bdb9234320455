import { group, listener, open, targetGroup } from "./pieces";
import { declare, type Declared, ref } from "./stack";

/** Machines of a stack with Prefect in their user data, and load balancers before them. */

/** User data as the API takes it. */
export const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Prefect in a container whose port is the machine's. */
export const docker =
  "#!/bin/bash\ndocker run -d -p 4200:4200 prefecthq/prefect:3.8.8-python3.12 -- prefect server start --host 0.0.0.0\n";

/** The same by a compose file, on port 80. */
export const compose = `#cloud-config
write_files:
  - path: /opt/compose.yaml
    content: |
      services:
        server:
          image: prefecthq/prefect:3-latest
          command: ["prefect", "server", "start", "--host", "0.0.0.0"]
          ports:
            - "80:4200"
runcmd:
  - docker compose -f /opt/compose.yaml up -d
`;

/** An instance with a public address, and its group with these rules. */
export function instance(inputs: Record<string, unknown>, ...ingress: Record<string, unknown>[]): Declared[] {
  return [
    group("taskGroup", ...ingress),
    declare("aws:ec2/instance:Instance", "server", {
      ami: "ami-1",
      vpcSecurityGroupIds: [ref("taskGroup", "id")],
      associatePublicIpAddress: true,
      ...inputs,
    }),
  ];
}

/** A public application load balancer before machines. */
export function balanced(machines: Declared[], actions: unknown[], port = 4200): Declared[] {
  return [
    group("albGroup", open(443)),
    declare("aws:lb/loadBalancer:LoadBalancer", "alb", { securityGroups: [ref("albGroup", "id")] }),
    targetGroup(port, { targetType: "instance" }),
    listener(actions),
    ...machines,
  ];
}

/** An auto scaling group that nobody outside gets to, and its group with these rules. */
export function autoscaledMachines(more: Record<string, unknown>, ...ingress: Record<string, unknown>[]): Declared[] {
  return [
    group("taskGroup", ...ingress),
    declare("aws:ec2/launchTemplate:LaunchTemplate", "template", {
      userData: base64(docker),
      networkInterfaces: [{ associatePublicIpAddress: "false", securityGroups: [ref("taskGroup", "id")] }],
    }),
    declare("aws:autoscaling/group:Group", "servers", {
      launchTemplate: { id: ref("template", "id"), version: "$Latest" },
      maxSize: 1,
      minSize: 1,
      ...more,
    }),
  ];
}
