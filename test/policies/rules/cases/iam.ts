import { built, declare, type Declared, unknown } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, soundAlb } from "../support/sound";

const policy = (...statements: Record<string, unknown>[]): Declared[] =>
  changed(soundAlb(), "start", { policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) });
const allow = (more: Record<string, unknown>): Record<string, unknown> => ({ Effect: "Allow", ...more });

const wide = { policy: JSON.stringify({ Statement: [allow({ Action: "iam:PassRole", Resource: "*" })] }) };

export const iamCases = {
  "no-pass-role-on-everything": {
    bad: {
      "every role": {
        stack: policy(allow({ Action: "iam:PassRole", Resource: "*" })),
        says: ["A statement allows iam:PassRole on every role. Name the roles in its Resource."],
        of: "start",
      },
      "every role beside a named one, among other actions": {
        stack: policy(
          allow({ Action: ["ecs:RunTask", "iam:PassRole"], Resource: ["arn:aws:iam::123456789012:role/flows", "*"] }),
        ),
        says: ["iam:PassRole"],
      },
      "every role of accounts whose numbers begin alike": {
        stack: policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam::99*:role/*" })),
        says: ["iam:PassRole"],
      },
      "every role beside workers alone": {
        stack: [
          declare("aws:iam/rolePolicy:RolePolicy", "wide", wide),
          ...["prefect worker start", "shop"].map((command) =>
            declare("aws:ecs/taskDefinition:TaskDefinition", command.slice(-5), {
              family: "app",
              containerDefinitions: JSON.stringify([{ name: "main", image: "acme/x:1.2.3", command: [command] }]),
            }),
          ),
        ],
        says: ["iam:PassRole"],
      },
      "every resource of IAM": {
        stack: policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam:*" })),
        says: ["iam:PassRole"],
      },
      "everything but a user": {
        stack: policy(allow({ Action: "iam:PassRole", NotResource: "arn:aws:iam::123456789012:user/x" })),
        says: ["iam:PassRole"],
      },
      "every role by its path": {
        stack: policy(allow({ Action: ["iam:PassRole"], Resource: ["arn:aws:iam::*:role/*"] })),
        says: ["iam:PassRole"],
      },
      "every role of the account, to ECS only": {
        stack: policy(
          allow({
            Action: "iam:PassRole",
            Resource: "arn:aws:iam::123456789012:role/*",
            Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
          }),
        ),
        says: ["iam:PassRole"],
      },
      "a wildcard action in another case": {
        stack: policy(allow({ Action: "IAM:pass*", Resource: "*" })),
        says: ["iam:PassRole"],
      },
      everything: { stack: policy(allow({ Action: "*", Resource: "*" })), says: ["iam:PassRole"] },
      "everything but something else": {
        stack: policy(allow({ NotAction: "s3:*", Resource: "*" })),
        says: ["iam:PassRole"],
      },
      "every resource but a bucket": {
        stack: policy(allow({ Action: "iam:*", NotResource: "arn:aws:s3:::x" })),
        says: ["iam:PassRole"],
      },
      "every role by a wildcard before the slash": {
        stack: policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role*" })),
        says: ["iam:PassRole"],
      },
      "every role of another partition": {
        stack: policy(allow({ Action: "iam:PassRole", Resource: "arn:aws-cn:iam::*:role/**" })),
        says: ["iam:PassRole"],
      },
      "an inline policy of a role": {
        stack: [
          ...soundAlb(),
          declare("aws:iam/role:Role", "worker", {
            inlinePolicies: [
              { name: "x", policy: JSON.stringify({ Statement: allow({ Action: "iam:PassRole", Resource: "*" }) }) },
            ],
          }),
        ],
        says: ["iam:PassRole"],
      },
      "AWS's policy for administrators": {
        stack: [
          ...soundAlb(),
          declare("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "admin", {
            role: "x",
            policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
          }),
        ],
        says: ["AWS's policy AdministratorAccess allows iam:PassRole on every role. Write one that names roles."],
        of: "admin",
      },
      "AWS's policies for IAM and for ECS, by a role": {
        stack: [
          ...soundAlb(),
          declare("aws:iam/role:Role", "worker", {
            managedPolicyArns: [
              "arn:aws:iam::aws:policy/IAMFullAccess",
              "arn:aws-cn:iam::aws:policy/AmazonECS_FullAccess",
            ],
          }),
        ],
        says: ["FullAccess allows iam:PassRole on every role"],
        count: 2,
        of: "worker",
      },
      "AWS's policy for administrators, by an attachment to several": {
        stack: [
          ...soundAlb(),
          declare("aws:iam/policyAttachment:PolicyAttachment", "admin", {
            roles: ["x"],
            policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
          }),
        ],
        says: ["AdministratorAccess"],
      },
      ...Object.fromEntries(
        ["policy:Policy", "userPolicy:UserPolicy", "groupPolicy:GroupPolicy"].map((type) => [
          `every role by aws:iam/${type}`,
          {
            stack: [
              ...soundAlb(),
              declare(`aws:iam/${type}`, "wide", {
                policy: { Statement: [allow({ Action: "iam:PassRole", Resource: "*" })] },
              }),
            ],
            says: ["iam:PassRole"],
            of: "wide",
          },
        ]),
      ),
    },
    good: { "roles by name": soundAlb() },
    lookAlikes: {
      "a refusal": policy({ Effect: "Deny", Action: "iam:PassRole", Resource: "*" }),
      "roles under a path": policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/flows/*" })),
      "roles under any path": policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/*/*" })),
      "roles whose names begin alike": policy(allow({ Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/q*" })),
      "AWS's policy for administrators of something else": [
        ...soundAlb(),
        declare("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "amplify", {
          role: "x",
          policyArn: "arn:aws:iam::aws:policy/AdministratorAccess-Amplify",
        }),
      ],
      "a policy of one's own called like AWS's": [
        ...soundAlb(),
        declare("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "own", {
          role: "x",
          policyArn: "arn:aws:iam::123456789012:policy/AdministratorAccess",
        }),
      ],
      "every role in a stack without Prefect": [
        declare("aws:iam/rolePolicy:RolePolicy", "wide", wide),
        declare("aws:ec2/instance:Instance", "shop", { ami: "ami-1", userData: "docker run acme/shop:1" }),
        declare("aws:ec2/instance:Instance", "bare", { ami: "ami-1", userData: unknown }),
      ],
      "other actions of IAM": policy(allow({ Action: ["iam:GetRole", "iam:List*"], Resource: "*" })),
      "everything but this": policy(allow({ NotAction: ["iam:*"], Resource: "*" })),
      "everything but roles": policy(allow({ Action: "*", NotResource: "arn:aws:iam::*:role/*" })),
      "a text that is no JSON": changed(soundAlb(), "start", { policy: "iam:PassRole *" }),
    },
    unknown: {
      "a policy that is attached": {
        stack: [
          ...soundAlb(),
          declare("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attached", {
            role: "x",
            policyArn: built(["start"], "arn:aws:iam::aws:policy/IAMFullAccess"),
          }),
        ],
        finished: ["AWS's policy IAMFullAccess"],
      },
      "the policy": {
        stack: changed(soundAlb(), "start", {
          policy: built(["secret"], JSON.stringify({ Statement: allow({ Action: "iam:PassRole", Resource: "*" }) })),
        }),
        finished: ["iam:PassRole"],
      },
    },
  },
} satisfies Readonly<Record<string, Cases>>;
