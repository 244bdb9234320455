import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AwsPlace, arn } from "./support/aws-place";

export interface JsonSecretArgs<Key extends string> {
  place: AwsPlace;
  description: string;
  /** What the secret holds; containers get one value each. */
  values: Record<Key, pulumi.Input<string>>;
}

/** A secret of several named values, which a task definition can refer to while it is only planned. */
export class JsonSecret<Key extends string> extends pulumi.ComponentResource {
  /** Another one with every change of a value: what reads the secret at its start has to start again then. */
  readonly versionId: pulumi.Output<string>;
  /** What an execution role may read: the secret's ARN with AWS's six random characters left open. */
  readonly arnPattern: pulumi.Output<string>;
  private readonly partialArn: pulumi.Output<string>;

  constructor(name: string, args: JsonSecretArgs<Key>, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:secrets:JsonSecret", name, {}, opts);
    const secret = new aws.secretsmanager.Secret(`${name}-secret`, { description: args.description }, { parent: this });
    const version = new aws.secretsmanager.SecretVersion(
      `${name}-version`,
      { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify(args.values)) },
      { parent: this },
    );
    this.partialArn = arn(args.place, "secretsmanager", pulumi.interpolate`secret:${secret.name}`);
    this.arnPattern = pulumi.interpolate`${this.partialArn}-??????`;
    this.versionId = version.versionId;
    this.registerOutputs({ arnPattern: this.arnPattern, versionId: this.versionId });
  }

  /**
   * The `valueFrom` of one value. By the partial ARN, which GetSecretValue takes and which is known in preview; the
   * whole one is not, and one unknown makes a task definition's whole JSON unknown.
   */
  valueFrom(key: Key): pulumi.Output<string> {
    return pulumi.interpolate`${this.partialArn}:${key}::`;
  }

  /** `secrets` of a container: environment names by key. */
  variables(names: Partial<Record<Key, string>>): { name: string; valueFrom: pulumi.Output<string> }[] {
    return Object.entries<string | undefined>(names).flatMap(([key, name]) =>
      name === undefined ? [] : [{ name, valueFrom: this.valueFrom(key as Key) }],
    );
  }
}
