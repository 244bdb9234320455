import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Container, type ContainerOptions } from "../container/container";
import { singleUser, type User } from "../container/user";
import type { Certificate } from "../context";
import { LogFile } from "../ecs/log-file";
import { postgresMounts } from "../programs";
import { quoteIdentifier, quoteLiteral, runSql, SqlError } from "./sql-client";

export interface PostgresOptions {
  name: string;
  postgresBin: string;
  address: string;
  port: number;
  /** Whether connections without TLS are refused: the parameter rds.force_ssl. */
  forceTls: boolean;
  parameters: Readonly<Record<string, string>>;
  certificate: Certificate;
  /** Kept between starts: the data directory is in it. */
  directory: string;
  tasksDir: string;
  logsDir: string;
  hostsFile: string;
  trustDirectory: string;
}

/** PostgreSQL refuses to run as root. RDS's own superuser has this name too. */
const postgresUser: User = { name: "rdsdb", uid: 3001, gid: 3001, home: "/rdsdbdata" };
const superuser = "rdsadmin";
const startTimeoutMs = 60_000;

/** One PostgreSQL server in a container of its own, on the daemon's network. */
export class Postgres {
  readonly #options: PostgresOptions;
  readonly #log: LogFile;
  #server: Container | undefined;
  #tail = "";

  constructor(options: PostgresOptions) {
    this.#options = options;
    this.#log = new LogFile(options.logsDir, "/aws/rds/instance", `${options.name}/postgresql`);
  }

  /**
   * Makes the cluster when there is none, and starts the server.
   *
   * @throws Error with the end of PostgreSQL's log
   */
  async start(): Promise<void> {
    const { directory } = this.#options;
    mkdirSync(directory, { recursive: true, mode: 0o711 });
    const data = join(directory, "data");
    if (!existsSync(join(data, "PG_VERSION"))) await this.#initialise(data);
    this.#writeFiles();
    rmSync(join(data, "postmaster.pid"), { force: true });
    const server = this.#container("server", ["postgres", ...this.#settings()]);
    await server.start();
    this.#server = server;
    const until = Date.now() + startTimeoutMs;
    while (!(await this.#answers())) {
      if (server.exitCode !== undefined || Date.now() > until) {
        await this.stop();
        throw new Error(`PostgreSQL did not start:\n${this.#tail.trim()}`);
      }
      await sleep(50);
    }
  }

  /** Makes the master user and its database, or gives the user another password. */
  async ensureMaster(user: string, password: string, database: string | undefined): Promise<void> {
    const [name, secret] = [quoteIdentifier(user), quoteLiteral(password)];
    // An error's statement would go to the log, the password in it.
    const quiet = "SET log_min_error_statement = panic";
    const [, hasRole] = await this.#sql(quiet, `SELECT 1 FROM pg_roles WHERE rolname = ${quoteLiteral(user)}`);
    if (!hasRole) {
      await this.#sql(
        "CREATE ROLE rds_superuser",
        "GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO rds_superuser WITH ADMIN OPTION",
        `CREATE ROLE ${name} LOGIN CREATEDB CREATEROLE`,
        `GRANT rds_superuser TO ${name}`,
      );
    }
    await this.#sql(quiet, `ALTER ROLE ${name} PASSWORD ${secret}`);
    if (!database) return;
    const [hasDatabase] = await this.#sql(`SELECT 1 FROM pg_database WHERE datname = ${quoteLiteral(database)}`);
    if (!hasDatabase) await this.#sql(`CREATE DATABASE ${quoteIdentifier(database)} OWNER ${name}`);
  }

  /** "Fast shutdown": open transactions are rolled back, data is written. */
  async stop(): Promise<void> {
    await this.#server?.stop(60, "SIGINT");
    this.#server?.remove();
    this.#server = undefined;
    this.#log.close();
  }

  #sql(...statements: string[]): Promise<(string | undefined)[]> {
    const { port } = this.#options;
    // Through the container's own root: a path in the state folder may be longer than the 107 bytes of a socket's name.
    return runSql(`/proc/${this.#server?.pid}/root/tmp/.s.PGSQL.${port}`, superuser, "postgres", statements);
  }

  async #answers(): Promise<boolean> {
    try {
      await this.#sql("SELECT 1");
      return true;
    } catch (error) {
      if (error instanceof SqlError || "code" in (error as Error)) return false;
      throw error;
    }
  }

  async #initialise(data: string): Promise<void> {
    const unfinished = `${data}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    this.#makeOwned(unfinished);
    const options = [
      `--username=${superuser}`,
      "--auth=trust",
      "--encoding=UTF8",
      "--locale=C.UTF-8",
      "--no-instructions",
    ];
    const container = this.#container("initdb", ["initdb", "--pgdata=/rdsdbdata/data.unfinished", ...options]);
    const ended = new Promise<number>((resolve) => container.once("exit", resolve));
    await container.start();
    const code = await ended;
    container.remove();
    if (code !== 0) throw new Error(`initdb failed:\n${this.#tail.trim()}`);
    renameSync(unfinished, data);
  }

  #writeFiles(): void {
    const { directory, certificate, forceTls } = this.#options;
    const access = forceTls ? [] : ["hostnossl all all 0.0.0.0/0 scram-sha-256"];
    const rules = ["local all all trust", "hostssl all all 0.0.0.0/0 scram-sha-256", ...access, ""].join("\n");
    for (const [name, content] of [
      ["server.key", certificate.key],
      ["server.pem", certificate.cert],
      ["pg_hba.conf", rules],
    ]) {
      const path = join(directory, name as string);
      rmSync(path, { force: true });
      writeFileSync(path, content as string, { mode: 0o600 });
      if (!singleUser()) chownSync(path, postgresUser.uid, postgresUser.gid);
    }
  }

  #settings(): string[] {
    const { address, port, parameters } = this.#options;
    const settings = {
      ...parameters,
      listen_addresses: address,
      port: String(port),
      unix_socket_directories: "/tmp",
      hba_file: "/rdsdbdata/pg_hba.conf",
      ssl: "on",
      ssl_cert_file: "/rdsdbdata/server.pem",
      ssl_key_file: "/rdsdbdata/server.key",
      password_encryption: "scram-sha-256",
      logging_collector: "off",
    };
    return [
      "-D",
      "/rdsdbdata/data",
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ];
  }

  #container(name: string, [program, ...args]: [string, ...string[]]): Container {
    const { postgresBin, directory, hostsFile, trustDirectory, tasksDir } = this.#options;
    const options: ContainerOptions = {
      directory: join(tasksDir, `rds-${this.#options.name}-${name}`),
      image: {
        commands: ["sh"],
        mounts: postgresMounts(postgresBin),
        links: {},
        files: {},
        copies: {},
        users: [postgresUser],
        owned: {},
        trustStores: [],
      },
      hostsFile,
      trustDirectory,
      hostname: this.#options.name,
      user: postgresUser,
      environment: { PATH: "/usr/bin", LANG: "C.UTF-8" },
      workingDirectory: "/rdsdbdata",
      command: [join(postgresBin, program), ...args],
      mounts: [{ source: directory, target: "/rdsdbdata", writable: true }],
      tmpfs: [],
      readonlyRoot: false,
      openFiles: { soft: 65535, hard: 65535 },
      droppedCapabilities: [],
      init: false,
      output: (chunk) => {
        this.#tail = (this.#tail + chunk.toString("utf8")).slice(-2000);
        this.#log.write(chunk);
      },
    };
    return new Container(options);
  }

  #makeOwned(directory: string): void {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (!singleUser()) chownSync(directory, postgresUser.uid, postgresUser.gid);
  }
}

/** The major version of the data in a directory, or undefined when there is none. */
export function dataVersion(directory: string): string | undefined {
  const file = join(directory, "data", "PG_VERSION");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}
