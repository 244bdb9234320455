import type { World } from "../context";
import type { CloudResource } from "../contract";
import { isAllowed } from "../iam";
import type { ContainerDefinition } from "./task-definition";

const retried = "execution resource retrieval failed:";

/**
 * The values of a container's `secrets`, as ECS gets them with the task's execution role
 * (ECS developer guide, "Pass sensitive data to an Amazon ECS container").
 *
 * @throws Error `ResourceInitializationError: ...` naming every secret that the role may not read or that has no value
 */
export function resolveSecrets(
  world: World,
  { name: container, secrets = [] }: ContainerDefinition,
  executionRoleArn: string | undefined,
): Record<string, string> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const { name, valueFrom } of secrets) {
    try {
      if (!executionRoleArn) throw new Error("the task definition has no execution role");
      values[name] = valueFrom.includes(":secretsmanager:")
        ? fromSecretsManager(world, valueFrom, executionRoleArn)
        : fromParameterStore(world, valueFrom, executionRoleArn);
    } catch (error) {
      problems.push(`secret ${name} of container ${container}: ${(error as Error).message}`);
    }
  }
  if (problems.length === 0) return values;
  throw new Error(
    `ResourceInitializationError: unable to pull secrets or registry auth: ${retried} ${problems.join("; ")}`,
  );
}

/** `arn:...:secret:NAME[-suffix][:jsonKey[:versionStage[:versionId]]]`. */
function fromSecretsManager(world: World, reference: string, role: string): string {
  const parts = reference.split(":");
  const secretId = parts.slice(0, 7).join(":");
  const [jsonKey = "", stage = "", versionId = ""] = parts.slice(7);
  const secret = findSecret(world, secretId, parts[6] ?? "");
  // Without the secret's own ARN its name is what IAM compares.
  const arn = secret ? String(secret.properties.arn) : secretId;
  requireAllowed(world, role, "secretsmanager:GetSecretValue", arn);
  const key = secret?.properties.kmsKeyId;
  if (key) requireAllowed(world, role, "kms:Decrypt", keyArn(world, String(key)));
  const version = secret && currentVersion(world, secret, stage || "AWSCURRENT", versionId);
  if (!version) {
    const staging = versionId ? `VersionId: ${versionId}` : `staging label: ${stage || "AWSCURRENT"}`;
    throw new Error(
      `ResourceNotFoundException: Secrets Manager can't find the specified secret value for ${staging} (${arn})`,
    );
  }
  const text = String(version.properties.secretString);
  if (!jsonKey) return text;
  const value = parseObject(text, arn)[jsonKey];
  if (value === undefined)
    throw new Error(`retrieved secret from Secrets Manager did not contain json key ${jsonKey} (${arn})`);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parseObject(text: string, arn: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value && typeof value === "object") return value as Record<string, unknown>;
  } catch {
    // The parser's message quotes what it read: not to be repeated.
  }
  throw new Error(`the secret value is not a JSON object (${arn})`);
}

function findSecret(world: World, secretId: string, nameInArn: string): CloudResource | undefined {
  return world
    .all("aws:secretsmanager/secret:Secret")
    .find(
      ({ properties }) =>
        properties.arn === secretId || (properties.name === nameInArn && sameAccount(properties.arn, secretId)),
    );
}

function sameAccount(arn: unknown, other: string): boolean {
  return String(arn).split(":").slice(0, 5).join(":") === other.split(":").slice(0, 5).join(":");
}

/** The last registered of the versions that carry the label: a later one takes it from the earlier. */
function currentVersion(
  world: World,
  secret: CloudResource,
  stage: string,
  versionId: string,
): CloudResource | undefined {
  const ids = [secret.id, secret.properties.arn, secret.properties.name];
  return world
    .all("aws:secretsmanager/secretVersion:SecretVersion")
    .filter(({ properties }) => ids.includes(properties.secretId as string) && properties.secretString !== undefined)
    .filter(({ properties }) => {
      const stages = (properties.versionStages ?? ["AWSCURRENT"]) as string[];
      return versionId ? properties.versionId === versionId : stages.includes(stage);
    })
    .at(-1);
}

/** A parameter's ARN, or its name. */
function fromParameterStore(world: World, reference: string, role: string): string {
  const parameter = world
    .all("aws:ssm/parameter:Parameter")
    .find(({ properties }) => properties.arn === reference || properties.name === reference);
  requireAllowed(world, role, "ssm:GetParameters", parameter ? String(parameter.properties.arn) : reference);
  if (!parameter) throw new Error(`invalid ssm parameters: ${reference}`);
  const { type, keyId, value } = parameter.properties;
  if (type === "SecureString" && keyId && keyId !== "alias/aws/ssm") {
    requireAllowed(world, role, "kms:Decrypt", keyArn(world, String(keyId)));
  }
  return String(value);
}

/** Keys are given as id, ARN or alias. */
function keyArn(world: World, key: string): string {
  const declared = world.all("aws:kms/key:Key").find(({ id, properties }) => id === key || properties.arn === key);
  const alias = world
    .all("aws:kms/alias:Alias")
    .find(({ properties }) => properties.name === key || properties.arn === key);
  return String(declared?.properties.arn ?? alias?.properties.targetKeyArn ?? key);
}

function requireAllowed(world: World, role: string, action: string, resource: string): void {
  if (isAllowed(world, role, action, resource)) return;
  const who = role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/");
  throw new Error(
    `AccessDeniedException: User: ${who} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  );
}
