import type {
  CheckRequest,
  CheckResult,
  Created,
  CreateRequest,
  DiffRequest,
  DiffResult,
  UpdateRequest,
} from "../grpc/provider";
import type { Properties } from "../grpc/values";
import type { Behaviour } from "./behaviour";
import { check } from "./check";
import { diff } from "./diff";
import { SchemaCache } from "./schema-cache";
import { proposedState, updatedState, withFalsyDefaults } from "./state";
import { withoutDefaults } from "./walk";

/** Check, Diff and previews of a provider bridged from Terraform, made from its package's declarations. */
export abstract class BridgedProvider<Context> {
  readonly name: string;
  readonly version: string;
  protected readonly schemas: SchemaCache;

  constructor(packageName: string) {
    this.schemas = new SchemaCache(packageName);
    this.name = packageName.replace("@pulumi/", "");
    this.version = this.schemas.version;
  }

  protected abstract behaviour(type: string): Behaviour<Context>;
  protected abstract context(type: string, urn: string, inputs: Properties): Context;

  async check(request: CheckRequest): Promise<CheckResult> {
    return check(request, this.schemas.get(request.type), this.behaviour(request.type));
  }

  async diff(request: DiffRequest): Promise<DiffResult> {
    return diff(request, this.schemas.get(request.type), this.behaviour(request.type));
  }

  async create(request: CreateRequest): Promise<Created> {
    const { type, urn, preview } = request;
    const schema = this.schemas.get(type);
    const behaviour = this.behaviour(type);
    const inputs = withoutDefaults(request.inputs);
    const context = this.context(type, urn, inputs);
    const planned = behaviour.planned?.(inputs, context) ?? {};
    if (preview) return { id: "", properties: proposedState(inputs, schema, behaviour, planned) };
    const full = { ...withFalsyDefaults(inputs, schema, behaviour), ...planned };
    const { id, properties } = await this.make(type, full, context);
    return { id, properties: { ...full, ...properties } };
  }

  /** Creates the resource from its complete inputs: the id and what the inputs do not say. */
  protected abstract make(type: string, inputs: Properties, context: Context): Promise<Created>;

  async update(request: UpdateRequest): Promise<Properties> {
    const { type, urn, id, preview } = request;
    const schema = this.schemas.get(type);
    const behaviour = this.behaviour(type);
    const inputs = withoutDefaults(request.inputs);
    const context = this.context(type, urn, inputs);
    const planned = behaviour.planned?.(inputs, context) ?? {};
    const state = { ...updatedState(inputs, request.oldState, schema, behaviour), ...planned };
    if (preview) return state;
    return { ...state, ...behaviour.update?.(state, { ...request.oldState, id }, context) };
  }
}
