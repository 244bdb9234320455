import { autoscaledMachines, balanced, docker, instance } from "../support/machines";
import { forward, fromAlb, open } from "../support/pieces";
import { declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases } from "./case";

/** What machines are called, and whom load balancers name of them. */

const sleep = "#!/bin/sh\nsleep 1\n";

/** The machine under another name. */
const called = (name: string, stack: Declared[]): Declared[] =>
  stack.map((each) => (each.name === "server" ? declare(each.type, name, each.inputs) : each));

/** A worker whose script is not shown, behind target groups of these ports. */
const worker = (...ports: number[]): Declared[] =>
  balanced(
    [
      ...called("prefect-worker", instance({ associatePublicIpAddress: false }, { ...fromAlb(4000), toPort: 9000 })),
      ...ports.map((port) =>
        declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", `attachment${port}`, {
          targetGroupArn: ref("tg"),
          targetId: ref("prefect-worker", "id"),
          port,
        }),
      ),
    ],
    [forward],
    8000,
  );

/** What a load balancer is told of by an address. */
const addressed = (targetId: string): Declared[] =>
  balanced(
    [
      declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "attachment", {
        targetGroupArn: ref("tg"),
        targetId,
      }),
    ],
    [forward],
  );

export const machineNameCases: Cases = {
  "a machine called Prefect whose Prefect asks": {
    stack: called(
      "prefect",
      instance({ userData: docker.replace("-p 4200", "-e PREFECT_SERVER_API_AUTH_STRING=a:b -p 4200") }, open(4200)),
    ),
  },
  "a machine tagged Prefect whose script shows something else": {
    stack: instance({ userData: sleep, tags: { Name: "prefect-server" } }, open(8080)),
    ...cannotTell("its user data is not in this stack or cannot be read"),
  },
  "a machine called a worker of Prefect's that shows no script": {
    stack: called("prefect-worker", instance({}, open(8080))),
  },
  "a worker of Prefect's that shows no script, behind a load balancer": { stack: worker(8000) },
  "a worker of Prefect's that shows no script, behind a load balancer on Prefect's port and another": {
    stack: worker(8000, 4200),
    count: 2,
    ...cannotTell("prefect-worker"),
  },
  "a Lightsail instance called Prefect that shows no script": {
    stack: [declare("aws:lightsail/instance:Instance", "prefect", {})],
    ...cannotTell("its user data is not in this stack or cannot be read"),
  },
  "a Lightsail instance called a worker of Prefect's that shows no script": {
    stack: [declare("aws:lightsail/instance:Instance", "prefect-worker", {})],
  },
  "an auto scaling group behind a target group of another stack": {
    stack: autoscaledMachines({ targetGroupArns: ["arn:tg"] }),
    ...cannotTell("a target group that is not in this stack", 'aws.autoscaling.Group "servers": takes them on a port'),
  },
  "an address that is nothing of the stack, on its target group's port": {
    stack: addressed("10.0.3.4"),
    ...cannotTell(
      'aws.lb.TargetGroupAttachment "attachment": its tasks take them on port 4200',
      "is not in this stack",
    ),
  },
};
