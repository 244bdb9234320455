import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { JsonSecret } from "./json-secret";
import type { AwsPlace } from "./support/aws-place";

export interface DatabaseArgs {
  place: AwsPlace;
  vpcId: pulumi.Input<string>;
  /** In at least two availability zones. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** RDS instance class: `db.t4g.micro`. */
  instanceClass: string;
  allocatedStorageGb: number;
  backupRetentionDays: number;
  /** Whether AWS refuses to delete it; also whether deleting it later leaves a last snapshot. */
  deletionProtection: boolean;
}

export type DatabaseSecretKey = "user" | "password" | "host" | "port" | "name";

const port = 5432;
const databaseName = "prefect";
const user = "prefect";

/** PostgreSQL on RDS: private, encrypted on disk, TLS only. Nobody reaches it until a rule on its group says so. */
export class Database extends pulumi.ComponentResource {
  static readonly port = port;
  readonly securityGroupId: pulumi.Output<string>;
  /** Everything that is needed to connect. */
  readonly secret: JsonSecret<DatabaseSecretKey>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:data:Database", name, {}, opts);
    const parent = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      `${name}-access`,
      { vpcId: args.vpcId, description: "Database of Prefect" },
      parent,
    );
    const subnets = new aws.rds.SubnetGroup(`${name}-subnets`, { subnetIds: args.subnetIds }, parent);
    const parameters = new aws.rds.ParameterGroup(
      `${name}-parameters`,
      // The default since PostgreSQL 15, stated so that it cannot drift.
      { family: "postgres17", parameters: [{ name: "rds.force_ssl", value: "1" }] },
      parent,
    );
    // Ours and not RDS's managed one: that is rotated every week, and ECS reads secrets only when a task starts.
    const password = new random.RandomPassword(`${name}-password`, { length: 40, special: false }, parent);
    const snapshot = new random.RandomId(`${name}-snapshot`, { byteLength: 4 }, parent);
    const instance = new aws.rds.Instance(
      `${name}-instance`,
      {
        engine: "postgres",
        engineVersion: "17",
        instanceClass: args.instanceClass,
        dbName: databaseName,
        username: user,
        password: password.result,
        port,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [group.id],
        parameterGroupName: parameters.name,
        publiclyAccessible: false,
        storageType: "gp3",
        allocatedStorage: args.allocatedStorageGb,
        // A full disk stops the database: it grows by itself up to four times the size.
        maxAllocatedStorage: args.allocatedStorageGb * 4,
        storageEncrypted: true,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        autoMinorVersionUpgrade: true,
        backupRetentionPeriod: args.backupRetentionDays,
        copyTagsToSnapshot: true,
        deletionProtection: args.deletionProtection,
        skipFinalSnapshot: !args.deletionProtection,
        finalSnapshotIdentifier: args.deletionProtection ? pulumi.interpolate`${name}-last-${snapshot.hex}` : undefined,
      },
      parent,
    );
    this.secret = new JsonSecret(
      `${name}-login`,
      {
        place: args.place,
        description: "How Prefect's server reaches its database",
        values: {
          user,
          password: password.result,
          host: instance.address,
          port: String(port),
          name: databaseName,
        },
      },
      parent,
    );
    this.securityGroupId = group.id;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }
}
