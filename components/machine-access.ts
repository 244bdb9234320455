import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { type MachineCredential, machineCredential } from "../render/machine-credential";
import { JsonSecret } from "./json-secret";
import type { AwsPlace } from "./support/aws-place";

export interface MachineAccessArgs {
  place: AwsPlace;
}

/** The credential of workers and other programs: Prefect's auth string, and the same in the forms its readers need. */
export class MachineAccess extends pulumi.ComponentResource {
  readonly secret: JsonSecret<keyof MachineCredential>;
  /** Secret. */
  readonly credential: pulumi.Output<MachineCredential>;

  constructor(name: string, args: MachineAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:identity:MachineAccess", name, {}, opts);
    const password = new random.RandomPassword(`${name}-password`, { length: 40, special: false }, { parent: this });
    this.credential = pulumi.secret(password.result.apply(machineCredential));
    const { authString, basic, htpasswd, customHeaders } = this.credential;
    this.secret = new JsonSecret(
      `${name}-credential`,
      {
        place: args.place,
        description: "What programs show to reach Prefect",
        values: { authString, basic, htpasswd, customHeaders },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
