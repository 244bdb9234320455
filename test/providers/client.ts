import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { AwsProvider } from "../../local/providers/aws/provider";
import type { Cloud } from "../../local/providers/aws/cloud";
import { RandomProvider } from "../../local/providers/random/provider";
import { serve } from "../../local/providers/grpc/server";
import { fromStruct, type Properties, toStruct } from "../../local/providers/grpc/values";

export { UNKNOWN } from "../../local/providers/grpc/values";
export type { Properties };

/** A property that is text, or a number written as text. */
export function text(value: Properties[string] | undefined): string {
  assert.ok(typeof value === "string" || typeof value === "number", `text expected, got ${JSON.stringify(value)}`);
  return String(value);
}

const KINDS = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

export interface Diffed {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
  /** Path to kind: `{ "tags.a": "update" }`. */
  detailed: Record<string, string>;
}

/** Drives a provider as the engine does: over gRPC. */
export class Driver {
  private readonly client: ResourceProviderClient;
  private readonly stop: () => void;

  private constructor(port: number, stop: () => void) {
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    this.stop = stop;
  }

  static async aws(options: { cloud?: Cloud; settings?: Record<string, string> } = {}): Promise<Driver> {
    const provider = new AwsProvider({ stateDir: mkdtempSync(join(tmpdir(), "aws-")), ...options });
    const { port, stop } = await serve(provider);
    const driver = new Driver(port, stop);
    const request = new pb.ConfigureRequest();
    for (const [key, value] of Object.entries(options.settings ?? {})) request.getVariablesMap().set(key, value);
    await driver.call<pb.ConfigureResponse>("configure", request);
    return driver;
  }

  static async random(): Promise<Driver> {
    const { port, stop } = await serve(new RandomProvider());
    return new Driver(port, stop);
  }

  close(): void {
    this.client.close();
    this.stop();
  }

  async check(
    type: string,
    name: string,
    news: Properties,
    olds: Properties = {},
  ): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new pb.CheckRequest().setUrn(urn(type, name)).setNews(toStruct(news)).setOlds(toStruct(olds));
    const response = await this.call<pb.CheckResponse>("check", request.setRandomseed(Buffer.from("seed")));
    return { inputs: fromStruct(response.getInputs()), failures: response.getFailuresList().map((f) => f.getReason()) };
  }

  /** Check and Create, as at the first update. */
  async create(
    type: string,
    name: string,
    news: Properties,
  ): Promise<{ id: string; properties: Properties; inputs: Properties }> {
    return this.made(type, name, news, false);
  }

  /** Check and Create of a preview. */
  async preview(type: string, name: string, news: Properties): Promise<Properties> {
    return (await this.made(type, name, news, true)).properties;
  }

  private async made(type: string, name: string, news: Properties, preview: boolean) {
    const { inputs, failures } = await this.check(type, name, news);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    const request = new pb.CreateRequest().setUrn(urn(type, name)).setProperties(toStruct(inputs)).setPreview(preview);
    const response = await this.call<pb.CreateResponse>("create", request);
    return { id: response.getId(), properties: fromStruct(response.getProperties()), inputs };
  }

  /** What the engine would do to a resource made of `before` when the program now says `after`. */
  async diff(type: string, name: string, before: Properties, after: Properties): Promise<Diffed> {
    const { inputs: olds } = await this.check(type, name, before);
    const { inputs: news } = await this.check(type, name, after, olds);
    const request = new pb.DiffRequest().setUrn(urn(type, name)).setId("id").setOlds(toStruct(olds));
    const response = await this.call<pb.DiffResponse>(
      "diff",
      request.setOldInputs(toStruct(olds)).setNews(toStruct(news)),
    );
    const detailed = response.getDetaileddiffMap().toArray() as unknown as [string, [number]][];
    return {
      changes: response.getChanges() === pb.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
      detailed: Object.fromEntries(detailed.map(([path, [kind]]) => [path, KINDS[kind ?? 0] ?? ""])),
    };
  }

  async update(
    type: string,
    name: string,
    old: { id: string; properties: Properties; inputs: Properties },
    news: Properties,
    preview = false,
  ): Promise<Properties> {
    const { inputs } = await this.check(type, name, news, old.inputs);
    const request = new pb.UpdateRequest()
      .setUrn(urn(type, name))
      .setId(old.id)
      .setOlds(toStruct(old.properties))
      .setOldInputs(toStruct(old.inputs))
      .setNews(toStruct(inputs))
      .setPreview(preview);
    return fromStruct((await this.call<pb.UpdateResponse>("update", request)).getProperties());
  }

  async delete(type: string, name: string, { id, properties }: { id: string; properties: Properties }): Promise<void> {
    const request = new pb.DeleteRequest().setUrn(urn(type, name)).setId(id).setProperties(toStruct(properties));
    await this.call("delete", request);
  }

  async read(type: string, name: string, id: string): Promise<{ id: string; properties: Properties }> {
    const response = await this.call<pb.ReadResponse>("read", new pb.ReadRequest().setUrn(urn(type, name)).setId(id));
    return { id: response.getId(), properties: fromStruct(response.getProperties()) };
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const request = new pb.InvokeRequest().setTok(token).setArgs(toStruct(args));
    return fromStruct((await this.call<pb.InvokeResponse>("invoke", request)).getReturn());
  }

  private call<T>(method: string, request: unknown): Promise<T> {
    const bound = (this.client as unknown as Record<string, (request: unknown, done: unknown) => void>)[method];
    if (!bound) throw new Error(`no method ${method}`);
    return promisify(
      bound.bind(this.client) as (request: unknown, done: (error: Error | null, result: T) => void) => void,
    )(request);
  }
}

function urn(type: string, name: string): string {
  return `urn:pulumi:test::project::${type}::${name}`;
}
