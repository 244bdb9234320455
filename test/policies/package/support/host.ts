import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { requestsFor, type Said, saidIn } from "../../support/requests";
import { type Declared, type Form, register } from "../../support/stack";

const levels = { advisory: 0, mandatory: 1, disabled: 2, remediate: 3 } as const;
export type Level = keyof typeof levels;

/** As in the file that --policy-pack-config names. */
export type Configuration = Readonly<Record<string, Level | ({ enforcementLevel?: Level } & Record<string, unknown>)>>;

/** A pack in Pulumi's own policy host, asked as the engine asks it. */
export class Host {
  private readonly process: ChildProcess;
  private readonly client: AnalyzerClient;
  private policies: readonly analyzer.PolicyInfo[] = [];

  private constructor(process: ChildProcess, client: AnalyzerClient) {
    this.process = process;
    this.client = client;
  }

  /** @throws Error with what the host wrote, where it ends before it serves */
  static async start(directory: string): Promise<Host> {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [runner, "127.0.0.1:0", directory], {
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let wrong = "";
    child.stderr.on("data", (bytes: Buffer) => (wrong += bytes.toString()));
    const port = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once("line", resolve);
      child.once("exit", () => reject(new Error(wrong)));
    });
    const host = new Host(child, new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure()));
    const info = await answered<analyzer.AnalyzerInfo>((answer) => host.client.getAnalyzerInfo(new Empty(), answer));
    host.policies = info.getPoliciesList();
    return host;
  }

  /** One operation: configured as the engine does it, every resource, then the stack. */
  async judge(stack: readonly Declared[], form: Form, configuration: Configuration = {}): Promise<Said[]> {
    await this.configure(configuration);
    const { each, all } = requestsFor(register(stack, form));
    const said: Said[] = [];
    for (const request of each)
      said.push(...saidIn(await answered<analyzer.AnalyzeResponse>((answer) => this.client.analyze(request, answer))));
    const last = await answered<analyzer.AnalyzeResponse>((answer) => this.client.analyzeStack(all, answer));
    return [...said, ...saidIn(last)];
  }

  /** What remediations make of a resource's properties; undefined where they leave them. */
  async remediate(stack: readonly Declared[], name: string, configuration: Configuration): Promise<unknown> {
    await this.configure(configuration);
    const request = requestsFor(register(stack, "finished")).each.find((each) => each.getName() === name);
    if (request === undefined) throw new Error(`no ${name} in the stack`);
    const response = await answered<analyzer.RemediateResponse>((answer) => this.client.remediate(request, answer));
    return response.getRemediationsList()[0]?.getProperties()?.toJavaScript();
  }

  stop(): void {
    this.client.close();
    this.process.kill();
  }

  /** The engine fills in every policy's level and defaults (pkg/resource/analyzer/config.go, ReconcilePolicyPackConfig). */
  private async configure(configuration: Configuration): Promise<void> {
    const request = new analyzer.ConfigureAnalyzerRequest();
    for (const policy of this.policies) {
      const given = configuration[policy.getName()] ?? {};
      const { enforcementLevel, ...own } = typeof given === "string" ? { enforcementLevel: given } : given;
      const schemas = policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {};
      const defaults = Object.entries(schemas as Record<string, { default?: unknown }>).flatMap(([name, schema]) =>
        schema.default === undefined ? [] : [[name, schema.default] as const],
      );
      const config = new analyzer.PolicyConfig();
      config.setEnforcementlevel(
        enforcementLevel === undefined ? policy.getEnforcementlevel() : levels[enforcementLevel],
      );
      config.setProperties(
        Struct.fromJavaScript({ ...Object.fromEntries(defaults), ...own } as Record<string, JavaScriptValue>),
      );
      request.getPolicyconfigMap().set(policy.getName(), config);
    }
    await answered<unknown>((answer) => this.client.configure(request, answer));
  }
}

function answered<Response>(
  ask: (answer: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    ask((error, response) => (error ? reject(error) : resolve(response)));
  });
}
