import { balanced, base64, docker, instance } from "../support/machines";
import { forward, fromAlb, group, open } from "../support/pieces";
import { declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Auto scaling groups, fleets and templates. */

function autoscaled(template: Record<string, unknown>, more: Record<string, unknown> = {}): Declared[] {
  return [
    group("taskGroup", open(4200)),
    declare("aws:ec2/launchTemplate:LaunchTemplate", "template", {
      userData: base64(docker),
      vpcSecurityGroupIds: [ref("taskGroup", "id")],
      ...template,
    }),
    declare("aws:autoscaling/group:Group", "servers", {
      launchTemplate: { id: ref("template", "id"), version: "$Latest" },
      maxSize: 1,
      minSize: 1,
      vpcZoneIdentifiers: ["subnet-1"],
      ...more,
    }),
  ];
}

export const scalingGroupCases: Cases = {
  "a spot instance": {
    stack: instance({ userData: docker }, open(4200)).map((each) =>
      each.name === "server" ? declare("aws:ec2/spotInstanceRequest:SpotInstanceRequest", "server", each.inputs) : each,
    ),
    ...reject('aws.ec2.SpotInstanceRequest "server"'),
  },
  "an auto scaling group whose template gives public addresses": {
    stack: autoscaled({
      vpcSecurityGroupIds: undefined,
      networkInterfaces: [{ associatePublicIpAddress: "true", securityGroups: [ref("taskGroup", "id")] }],
    }),
    ...reject('aws.autoscaling.Group "servers": has a public address'),
  },
  "an auto scaling group in subnets of another stack": {
    stack: autoscaled({}),
    ...cannotTell("may have a public address"),
  },
  "an auto scaling group with mixed instances": {
    stack: autoscaled(
      { networkInterfaces: [{ associatePublicIpAddress: "true" }] },
      {
        launchTemplate: undefined,
        mixedInstancesPolicy: {
          launchTemplate: { launchTemplateSpecification: { launchTemplateId: ref("template", "id") } },
        },
      },
    ),
    ...reject('aws.autoscaling.Group "servers"'),
  },
  "an auto scaling group with a launch configuration": {
    stack: [
      group("taskGroup", open(4200)),
      declare("aws:ec2/launchConfiguration:LaunchConfiguration", "configuration", {
        userData: docker,
        securityGroups: [ref("taskGroup", "id")],
        associatePublicIpAddress: true,
      }),
      declare("aws:autoscaling/group:Group", "servers", { launchConfiguration: ref("configuration", "id") }),
    ],
    ...reject('aws.autoscaling.Group "servers"'),
  },
  "a spot fleet": {
    stack: [
      group("taskGroup", open(4200)),
      declare("aws:ec2/spotFleetRequest:SpotFleetRequest", "fleet", {
        launchSpecifications: [
          { userData: docker, vpcSecurityGroupIds: [ref("taskGroup", "id")], associatePublicIpAddress: true },
        ],
      }),
    ],
    ...reject('aws.ec2.SpotFleetRequest "fleet"'),
  },
  "a template that nothing starts": { stack: autoscaled({}).filter(({ name }) => name !== "servers") },
  "an auto scaling group behind a load balancer": {
    stack: balanced(
      autoscaled({ vpcSecurityGroupIds: [ref("taskGroup", "id")] }, { targetGroupArns: [ref("tg")] }).map((each) =>
        each.name === "taskGroup" ? group("taskGroup", fromAlb(4200)) : each,
      ),
      [forward],
    ),
    ...reject('aws.autoscaling.Group "servers": takes them on port 4200'),
  },
  "an auto scaling group that is attached apart": {
    stack: balanced(
      [
        ...autoscaled({}).map((each) => (each.name === "taskGroup" ? group("taskGroup", fromAlb(4200)) : each)),
        declare("aws:autoscaling/attachment:Attachment", "attachment", {
          autoscalingGroupName: ref("servers", "name"),
          lbTargetGroupArn: ref("tg"),
        }),
      ],
      [forward],
    ),
    ...reject('aws.autoscaling.Group "servers": takes them on port 4200'),
  },
};
