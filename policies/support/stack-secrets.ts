import { computed, type Graph, property, type Resource, type ResourceValue } from "../graph/model";

/** A credential that some resource of the stack makes or keeps. */
export interface StackSecret {
  readonly resource: Resource;
  readonly value: string;
}

/** Shorter ones stand in other texts by chance: `postgres` is in every address of a database. */
const shortest = 12;
const telling = /pass|secret|token|key|auth|credential|basic|htpasswd|header/i;

/** Where resources keep what nobody else should know. */
const kept: Readonly<Record<string, readonly string[]>> = {
  "random:index/randomPassword:RandomPassword": ["result"],
  "aws:rds/instance:Instance": ["password"],
  "aws:rds/cluster:Cluster": ["masterPassword"],
  "aws:cognito/userPoolClient:UserPoolClient": ["clientSecret"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["authToken"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretString"],
};
const parameter = "aws:ssm/parameter:Parameter";

/** Every credential whose value is known: generated passwords, kept secrets and the parts of those in JSON. */
export function stackSecrets(graph: Graph): StackSecret[] {
  const known = Object.entries(kept).flatMap(([type, names]) =>
    graph.ofType([type]).flatMap((resource) => names.flatMap((name) => valuesOf(resource, name))),
  );
  const parameters = graph
    .ofType([parameter])
    .filter((resource) => property(resource, "type").word() === "securestring")
    .flatMap((resource) => valuesOf(resource, "value"));
  const long = [...known, ...parameters].filter(({ value }) => value.length >= shortest);
  // A generated password is the database's as well.
  return [...new Map(long.reverse().map((secret) => [secret.value, secret])).values()];
}

/** Whether a text holds this value, and not as a part of a longer word. */
export function holds(text: string, { value }: StackSecret): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const around = `${text.charAt(at - 1)} ${text.charAt(at + value.length)}`;
    if (!/[A-Za-z0-9]/.test(around)) return true;
  }
  return false;
}

function valuesOf(resource: Resource, name: string): StackSecret[] {
  const input = property(resource, name);
  const value = input.isKnown ? input : computed(resource, name);
  const document = value.json() ?? value;
  // A JSON secret also holds what is none: hosts, ports, names.
  const keys = document.keys();
  const values: ResourceValue[] =
    keys.length === 0 ? [value] : keys.filter((key) => telling.test(key)).map((key) => document.get(key));
  return values.flatMap((each) => {
    const text = each.text();
    return text === undefined ? [] : [{ resource, value: text }];
  });
}
