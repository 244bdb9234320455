import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CertificateAuthority } from "../certificates";
import type { CloudContext, CloudPart } from "../context";
import type { CloudResource } from "../contract";
import { HttpsHosts } from "../identity/https-hosts";
import type { Programs } from "../programs";
import { dataVersion, Postgres, type PostgresOptions } from "./postgres";

const instanceType = "aws:rds/instance:Instance";
const trustStoreHost = "truststore.pki.rds.amazonaws.com";

export interface RdsOptions extends Pick<PostgresOptions, "tasksDir" | "logsDir" | "hostsFile" | "trustDirectory"> {
  context: CloudContext;
  /** Signs the databases' certificates: not the authority that public ones come from. */
  authority: CertificateAuthority;
  programs: () => Programs;
}

/** RDS for PostgreSQL, one server an instance. */
export class Rds implements CloudPart {
  readonly #options: RdsOptions;
  readonly #trustStore: HttpsHosts;
  readonly #running = new Map<string, { postgres: Postgres; settings: string }>();

  constructor(options: RdsOptions) {
    this.#options = options;
    this.#trustStore = new HttpsHosts(options.context, "rds trust store");
  }

  /** Publishes the authority as AWS does ("Using SSL/TLS to encrypt a connection to a DB instance"). */
  async start(): Promise<void> {
    await this.#trustStore.set(trustStoreHost, (request, response) => {
      const path = new URL(request.url ?? "/", `https://${trustStoreHost}`).pathname;
      const known = /^\/([a-z0-9-]+)\/\1-bundle\.pem$/.test(path);
      response.writeHead(known ? 200 : 403, { "content-type": known ? "application/x-pem-file" : "text/plain" });
      response.end(known ? this.#options.authority.ca : "Access Denied\n");
    });
  }

  handles(type: string): boolean {
    return type === instanceType;
  }

  async put({ id, properties: given }: CloudResource): Promise<Record<string, unknown>> {
    const { context } = this.#options;
    const problem = problemOf(given);
    if (problem) throw new Error(`InvalidParameterCombination: ${problem}`);
    const { postgresBin } = this.#options.programs();
    if (!postgresBin) throw new Error("the toolchain has no PostgreSQL: run npm start");
    const name = String(given.identifier ?? id);
    const directory = this.#directory(name);
    const host = String(given.address ?? "");
    const subnets = this.#subnets(given.dbSubnetGroupName);
    const address = await context.addAddress(owner(name), subnets);
    await context.guard(address, given.vpcSecurityGroupIds as string[] | undefined, subnets);
    const port = Number(given.port ?? 5432);
    const parameters = this.#parameters(given.parameterGroupName);
    const major = Number.parseInt(versionOf(postgresBin), 10);
    const { "rds.force_ssl": forced = major >= 15 ? "1" : "0" } = parameters;
    const own = Object.fromEntries(
      Object.entries(parameters).filter(([key, value]) => !/^(rds\.|shared_preload)/.test(key) && !value.includes("{")),
    );
    const stored = dataVersion(directory);
    if (stored && Number(stored) !== major) {
      throw new Error(
        `the data of ${name} is PostgreSQL ${stored}'s, the toolchain has ${major}: remove ${directory} to begin anew`,
      );
    }

    const settings = JSON.stringify([address, port, parameters, host]);
    let running = this.#running.get(name);
    if (running && running.settings !== settings) {
      await running.postgres.stop();
      running = undefined;
    }
    if (!running) {
      const certificate = await this.#options.authority.issue(host ? [host] : [address]);
      const postgres = new Postgres({
        ...this.#options,
        name,
        postgresBin,
        directory,
        address,
        port,
        certificate,
        forceTls: forced !== "0",
        parameters: own,
      });
      await postgres.start();
      running = { postgres, settings };
      this.#running.set(name, running);
    }
    await running.postgres.ensureMaster(
      String(given.username),
      String(given.password),
      given.dbName ? String(given.dbName) : undefined,
    );
    if (host) context.names.set(owner(name), host, [address]);
    return {};
  }

  async remove({ id, properties: given }: CloudResource): Promise<void> {
    if (given.deletionProtection === true) {
      throw new Error(
        "InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again.",
      );
    }
    const name = String(given.identifier ?? id);
    await this.#running.get(name)?.postgres.stop();
    this.#running.delete(name);
    const directory = this.#directory(name);
    if (given.skipFinalSnapshot !== true && given.finalSnapshotIdentifier) {
      const snapshots = join(this.#options.context.stateDir, "rds-snapshots");
      mkdirSync(snapshots, { recursive: true, mode: 0o711 });
      renameSync(directory, join(snapshots, `${String(given.finalSnapshotIdentifier)}-${Date.now()}`));
    } else rmSync(directory, { recursive: true, force: true });
    this.#options.context.names.release(owner(name));
    await this.#options.context.releaseAddress(owner(name));
  }

  async close(): Promise<void> {
    await Promise.all([
      this.#trustStore.close(),
      ...[...this.#running.values()].map(({ postgres }) => postgres.stop()),
    ]);
    this.#running.clear();
  }

  #directory(name: string): string {
    return join(this.#options.context.stateDir, "rds", name);
  }

  #subnets(group: unknown): string[] {
    const declared = this.#options.context.world.where("aws:rds/subnetGroup:SubnetGroup", "name", group)[0];
    return (declared?.properties.subnetIds ?? []) as string[];
  }

  #parameters(group: unknown): Record<string, string> {
    const declared = this.#options.context.world.where("aws:rds/parameterGroup:ParameterGroup", "name", group)[0];
    const given = (declared?.properties.parameters ?? []) as { name: string; value: string }[];
    return Object.fromEntries(given.map(({ name, value }) => [name, String(value)]));
  }
}

const owner = (name: string) => `rds ${name}`;

function problemOf(given: Record<string, unknown>): string | undefined {
  if (given.engine !== "postgres") return `engine ${String(given.engine)}: the local cloud runs postgres`;
  if (!given.username) return "MasterUsername is required";
  if (given.password === undefined)
    return "MasterUserPassword is required: the local cloud does not manage master passwords";
  return undefined;
}

/** `17.10` of "postgres (PostgreSQL) 17.10". */
function versionOf(postgresBin: string): string {
  return (
    /(\d+(?:\.\d+)*)/.exec(execFileSync(join(postgresBin, "postgres"), ["--version"], { encoding: "utf8" }))?.[1] ?? ""
  );
}
