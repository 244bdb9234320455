import type { World } from "./context";

interface Statement {
  Effect: "Allow" | "Deny";
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: unknown;
}

/** The documents of AWS's own policies, as the AWS managed policy reference lists them. */
const managedPolicies: Record<string, Statement[]> = {
  "service-role/AmazonECSTaskExecutionRolePolicy": [
    {
      Effect: "Allow",
      Action: [
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchGetImage",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ],
      Resource: "*",
    },
  ],
};

/**
 * Whether the declared policies of a role allow an action on a resource (IAM user guide, "Policy evaluation logic"):
 * an explicit Deny wins, else an Allow is needed. Conditions are not evaluated: a statement that has one never allows
 * and always denies.
 *
 * @param roleArn an undeclared role allows nothing
 */
export function isAllowed(world: World, roleArn: string, action: string, resource: string): boolean {
  const role = world.all("aws:iam/role:Role").find(({ properties }) => properties.arn === roleArn);
  if (!role) return false;
  const names = [role.id, role.properties.name];
  const policies = world
    .all("aws:iam/rolePolicy:RolePolicy")
    .filter(({ properties }) => names.includes(properties.role));
  const attachments = world
    .all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .filter(({ properties }) => names.includes(properties.role))
    .map(({ properties }) => String(properties.policyArn));
  const exclusive = world
    .all("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive")
    .filter(({ properties }) => names.includes(properties.roleName))
    .flatMap(({ properties }) => strings(properties.policyArns));
  const arns = [...attachments, ...exclusive, ...strings(role.properties.managedPolicyArns)];
  const statements = [
    ...policies.flatMap(({ properties }) => statementsOf(properties.policy)),
    ...((role.properties.inlinePolicies ?? []) as { policy: unknown }[]).flatMap(({ policy }) => statementsOf(policy)),
    ...arns.flatMap((arn) => policyByArn(world, arn)),
  ];
  const boundary = role.properties.permissionsBoundary;
  const within = !boundary || decide(policyByArn(world, String(boundary)), action, resource);
  return within && decide(statements, action, resource);
}

function decide(statements: Statement[], action: string, resource: string): boolean {
  const matching = statements.filter((statement) => covers(statement, action, resource));
  if (matching.some(({ Effect }) => Effect === "Deny")) return false;
  return matching.some(({ Effect, Condition }) => Effect === "Allow" && !Condition);
}

function covers(statement: Statement, action: string, resource: string): boolean {
  const { Action, NotAction, Resource, NotResource } = statement;
  const actionMatches = Action ? anyMatches(Action, action, "i") : !anyMatches(NotAction, action, "i");
  const resourceMatches = Resource ? anyMatches(Resource, resource, "") : !anyMatches(NotResource, resource, "");
  return actionMatches && resourceMatches;
}

function anyMatches(patterns: unknown, value: string, flags: "i" | ""): boolean {
  return strings(patterns).some((pattern) => {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${escaped}$`, `s${flags}`).test(value);
  });
}

function policyByArn(world: World, arn: string): Statement[] {
  const declared = world.byArn(arn);
  if (declared) return statementsOf(declared.properties.policy);
  return managedPolicies[arn.replace(/^arn:[^:]+:iam::aws:policy\//, "")] ?? [];
}

/** @param policy JSON or what it stands for */
export function statementsOf(policy: unknown): Statement[] {
  const document = (typeof policy === "string" ? JSON.parse(policy) : policy) as
    | { Statement?: Statement | Statement[] }
    | undefined;
  const statement = document?.Statement ?? [];
  return Array.isArray(statement) ? statement : [statement];
}

function strings(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
