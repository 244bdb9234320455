import { join } from "node:path";
import { paths } from "../../paths";
import type { Behaviour } from "../bridge/behaviour";
import { inputsOf } from "../bridge/diff";
import { BridgedProvider } from "../bridge/provider";
import type {
  CheckRequest,
  CheckResult,
  Created,
  CreateRequest,
  InvokeResult,
  ReadRequest,
  ResourceRef,
  UpdateRequest,
} from "../grpc/provider";
import { isObject, type Properties } from "../grpc/values";
import { attachedCloud, type Cloud } from "./cloud";
import { ACCOUNT, type AwsContext, DEFAULT_REGION, partitionOf } from "./context";
import { functions } from "./functions";
import { completed, genericIdentity } from "./generic";
import { Ledger } from "./ledger";
import { behaviours } from "./resources";

/** Local stand-in for the provider of @pulumi/aws: AWS's control plane for one account. */
export class AwsProvider extends BridgedProvider<AwsContext> {
  private region = DEFAULT_REGION;
  private account = ACCOUNT;
  private defaultTags: Properties = {};
  private readonly ledger: Ledger;
  private readonly cloud: Cloud | undefined;

  constructor(options: { stateDir?: string; cloud?: Cloud } = {}) {
    super("@pulumi/aws");
    this.ledger = new Ledger(options.stateDir ?? join(paths.state, "aws"));
    this.cloud = options.cloud ?? attachedCloud();
  }

  configure(settings: Properties): void {
    const environment = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
    this.region = typeof settings.region === "string" ? settings.region : (environment ?? DEFAULT_REGION);
    const accounts = parsed(settings.allowedAccountIds);
    if (Array.isArray(accounts) && typeof accounts[0] === "string") this.account = accounts[0];
    const defaults = parsed(settings.defaultTags);
    const tags = isObject(defaults) ? defaults.tags : undefined;
    this.defaultTags = isObject(tags) ? tags : {};
  }

  protected behaviour(type: string): Behaviour<AwsContext> {
    const own = behaviours[type.replace(/^aws:alb\//, "aws:lb/")] ?? {};
    const { properties } = this.schemas.get(type);
    return {
      ...own,
      planned: (inputs, context) => ({
        // The AWS provider plans both itself: `region` since version 6, `tagsAll` with every tag known.
        ...(properties.region ? { region: inputs.region ?? context.region } : {}),
        ...(properties.tagsAll ? { tagsAll: inputs.tags ?? {} } : {}),
        ...own.planned?.(inputs, context),
      }),
    };
  }

  protected context(type: string, urn: string, inputs: Properties): AwsContext {
    const region = typeof inputs.region === "string" ? inputs.region : this.region;
    return {
      type,
      region,
      account: this.account,
      partition: partitionOf(region),
      // A resource is not in its own way: one that an interrupted update made and the engine forgot is made again.
      existing: (other) => this.ledger.list(other).filter((resource) => resource.urn !== urn || urn === ""),
      next: (sequence) => this.ledger.next(sequence),
    };
  }

  override async check(request: CheckRequest): Promise<CheckResult> {
    const taggable = this.schemas.get(request.type).properties.tags?.input === true;
    if (!taggable || Object.keys(this.defaultTags).length === 0) return super.check(request);
    const own = request.news.tags;
    if (own !== undefined && !isObject(own)) return super.check(request);
    return super.check({ ...request, news: { ...request.news, tags: { ...this.defaultTags, ...own } } });
  }

  protected async make(type: string, inputs: Properties, context: AwsContext): Promise<Created> {
    const identity = (await this.behaviour(type).create?.(inputs, context)) ?? genericIdentity(inputs, context);
    return {
      ...identity,
      properties: completed({ ...inputs, ...identity.properties }, this.schemas.get(type), context),
    };
  }

  override async create(request: CreateRequest): Promise<Created> {
    const created = await super.create(request);
    if (request.preview) return created;
    const { id } = created;
    try {
      return { id, properties: await this.realise({ ...request, id }, created.properties) };
    } catch (error) {
      // A failed Create leaves nothing in the engine's state: what the cloud has begun would never be deleted.
      await this.cloud?.delete({ type: request.type, id: keyOf(request.type, id, created.properties) }).catch(() => {});
      throw error;
    }
  }

  override async update(request: UpdateRequest): Promise<Properties> {
    const properties = await super.update(request);
    return request.preview ? properties : this.realise(request, properties);
  }

  private async realise(
    { type, id, urn }: Pick<ResourceRef, "type" | "id" | "urn">,
    properties: Properties,
  ): Promise<Properties> {
    const key = { type, id: keyOf(type, id, properties) };
    const outputs = (await this.cloud?.put({ ...key, urn, properties })) as Properties | undefined;
    const all = { ...properties, ...outputs };
    this.ledger.put({ ...key, urn, properties: all });
    return all;
  }

  async delete({ type, id, properties }: ResourceRef & { properties: Properties }): Promise<void> {
    const key = { type, id: keyOf(type, id, properties) };
    await this.cloud?.delete(key);
    this.ledger.delete(key);
  }

  async read(request: ReadRequest): Promise<{ id: string; properties: Properties; inputs: Properties }> {
    const { type, id, urn } = request;
    const schema = this.schemas.get(type);
    const stored = this.ledger.get(type, id)?.properties;
    const known = stored ?? { ...request.state };
    const context = this.context(type, urn, known);
    const planned = this.behaviour(type).planned?.(known, context) ?? {};
    const properties = completed({ ...planned, ...known }, schema, context, id);
    return { id, properties, inputs: inputsOf(properties, schema) };
  }

  async invoke(token: string, args: Properties): Promise<InvokeResult> {
    const run = functions[token];
    if (!run) throw new Error(`the local aws provider does not have the function ${token}`);
    return { result: run(args, this.context(token, "", args)) };
  }
}

/** A task definition's id is its family, which the next revision shares: only the ARN tells them apart. */
function keyOf(type: string, id: string, { arn }: Properties): string {
  return type === "aws:ecs/taskDefinition:TaskDefinition" && typeof arn === "string" ? arn : id;
}

/** Settings that are not strings arrive as JSON. */
function parsed(value: Properties[string] | undefined): Properties[string] | undefined {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Properties[string];
  } catch {
    return undefined;
  }
}
