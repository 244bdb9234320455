import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { CloudContext } from "../context";
import { ExternalIssuer } from "./external-issuer";
import { type ExternalIssuerDeclaration, externalIssuerProblems } from "./external-issuer-declaration";
import type { HttpsHosts } from "./https-hosts";

/** The identity providers outside AWS, each with a folder of its own that outlives a restart. */
export class ExternalIssuers {
  readonly #context: CloudContext;
  readonly #hosts: HttpsHosts;
  readonly #issuers = new Map<string, ExternalIssuer>();

  constructor(context: CloudContext, hosts: HttpsHosts) {
    this.#context = context;
    this.#hosts = hosts;
  }

  /** Brings up those of before. */
  async start(): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    for (const host of await readdir(this.#directory)) await this.#serve(host);
  }

  /** @throws Error with every reason */
  async create(declared: ExternalIssuerDeclaration): Promise<void> {
    const problems = externalIssuerProblems(declared);
    const taken = !this.#issuers.has(declared.host) && this.#context.names.lookup(String(declared.host)).length > 0;
    if (taken) problems.push(`host ${declared.host} is served already`);
    if (problems.length > 0) throw new Error(`issuer ${declared.host}: ${problems.join("; ")}`);
    await this.#serve(declared.host, declared);
  }

  flush(): void {
    for (const issuer of this.#issuers.values()) issuer.flush();
  }

  async #serve(host: string, declared?: ExternalIssuerDeclaration): Promise<void> {
    const directory = join(this.#directory, host);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    this.#issuers.get(host)?.flush();
    const issuer = await ExternalIssuer.open(directory, declared);
    this.#issuers.set(host, issuer);
    await this.#hosts.set(host, (request, response) => issuer.serve(request, response));
  }

  get #directory(): string {
    return join(this.#context.stateDir, "identity", "issuers");
  }
}
