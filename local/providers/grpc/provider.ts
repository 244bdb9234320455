import type { Properties } from "./values";

/** What a resource provider answers to the engine; the gRPC adapter (server.ts) does the rest. */
export interface ResourceProvider {
  name: string;
  version: string;
  /** Called once before anything else, with the provider's own settings (`aws:region` arrives as `region`). */
  configure?(settings: Properties): void;
  /** Validates inputs and completes them with defaults: what policies see as a resource's inputs. */
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  /** With `preview`, answers what is known beforehand and the id is "". */
  create(request: CreateRequest): Promise<Created>;
  update(request: UpdateRequest): Promise<Properties>;
  delete(request: ResourceRef & { properties: Properties }): Promise<void>;
  /** The resource as it is now; undefined when it does not exist. */
  read?(request: ReadRequest): Promise<{ id: string; properties: Properties; inputs: Properties } | undefined>;
  invoke?(token: string, args: Properties): Promise<InvokeResult>;
}

export interface ResourceRef {
  urn: string;
  type: string;
  /** The name that the program gave, without the stack. */
  name: string;
  id: string;
}

export interface CheckFailure {
  /** Empty where the reason names the property itself, as bridged providers do. */
  property: string;
  reason: string;
}

export interface CheckRequest {
  urn: string;
  type: string;
  name: string;
  olds: Properties;
  news: Properties;
  /** Seeds automatic names, so that they are reproducible. */
  seed: Uint8Array;
  autonaming?: { proposed: string; mode: "propose" | "enforce" | "disable" };
}

export interface CheckResult {
  inputs: Properties;
  failures: CheckFailure[];
}

export interface DiffRequest extends ResourceRef {
  oldInputs: Properties;
  oldState: Properties;
  news: Properties;
  ignoreChanges: string[];
}

export type ChangeKind = "add" | "delete" | "update";

export interface Change {
  /** Property path: `defaultActions[0].type`. */
  path: string;
  kind: ChangeKind;
  replace: boolean;
}

export interface DiffResult {
  changes: Change[];
  deleteBeforeReplace: boolean;
  /** Properties that never change without a replacement. */
  stables: string[];
}

export interface CreateRequest {
  urn: string;
  type: string;
  name: string;
  inputs: Properties;
  preview: boolean;
}

export interface Created {
  id: string;
  properties: Properties;
}

export interface UpdateRequest extends ResourceRef {
  oldInputs: Properties;
  oldState: Properties;
  inputs: Properties;
  preview: boolean;
}

export interface ReadRequest extends ResourceRef {
  state: Properties;
  inputs: Properties;
}

export interface InvokeResult {
  result?: Properties;
  failures?: CheckFailure[];
}
