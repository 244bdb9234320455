import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { CheckFailure, CheckRequest, DiffResult, ResourceProvider, ResourceRef } from "./provider";
import { fromStruct, isKnown, type Properties, toStruct } from "./values";

const { AutonamingOptions } = pb.CheckRequest;
const modes = {
  [AutonamingOptions.Mode.PROPOSE]: "propose",
  [AutonamingOptions.Mode.ENFORCE]: "enforce",
  [AutonamingOptions.Mode.DISABLE]: "disable",
} as const;

/**
 * The ResourceProvider gRPC service in front of a provider. Secrets are not accepted, as by bridged providers: the
 * engine unwraps them and marks the outputs of the same name again (plugin.annotateSecrets).
 */
export function resourceService(provider: ResourceProvider): Record<string, (request: never) => unknown> {
  return {
    handshake: () => new pb.ProviderHandshakeResponse().setSupportsAutonamingConfiguration(true),
    attach: () => new Empty(),
    cancel: () => new Empty(),
    getPluginInfo: () => new PluginInfo().setVersion(provider.version),
    getSchema: () =>
      new pb.GetSchemaResponse().setSchema(JSON.stringify({ name: provider.name, version: provider.version })),
    checkConfig: (request: pb.CheckRequest) => new pb.CheckResponse().setInputs(request.getNews()),
    diffConfig: () => new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE),
    configure: (request: pb.ConfigureRequest) => {
      provider.configure?.(settings(request));
      return new pb.ConfigureResponse().setSupportspreview(true).setSupportsAutonamingConfiguration(true);
    },
    check: (request: pb.CheckRequest) => check(provider, request),
    diff: (request: pb.DiffRequest) => diff(provider, request),
    create: (request: pb.CreateRequest) => create(provider, request),
    read: (request: pb.ReadRequest) => read(provider, request),
    update: (request: pb.UpdateRequest) => update(provider, request),
    delete: async (request: pb.DeleteRequest) => {
      await provider.delete({ ...reference(request), properties: fromStruct(request.getProperties()) });
      return new Empty();
    },
    invoke: (request: pb.InvokeRequest) => invoke(provider, request),
  };
}

function settings(request: pb.ConfigureRequest): Properties {
  if (request.getArgs()) return fromStruct(request.getArgs());
  const entries = request.getVariablesMap().toArray();
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(key.lastIndexOf(":") + 1), value]));
}

/** `urn:pulumi:stack::project::parent$type::name`: older engines send neither type nor name. */
function reference(request: { getUrn(): string; getType(): string; getName(): string; getId?(): string }): ResourceRef {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return {
    urn,
    type: request.getType() || types.slice(types.lastIndexOf("$") + 1),
    name: request.getName() || name.join("::"),
    id: request.getId?.() ?? "",
  };
}

function toFailures(failures: CheckFailure[]): pb.CheckFailure[] {
  return failures.map(({ property, reason }) => new pb.CheckFailure().setProperty(property).setReason(reason));
}

async function check(provider: ResourceProvider, request: pb.CheckRequest): Promise<pb.CheckResponse> {
  const options = request.getAutonaming();
  const autonaming: CheckRequest["autonaming"] = options && {
    proposed: options.getProposedName(),
    mode: modes[options.getMode()],
  };
  const { inputs, failures } = await provider.check({
    ...reference(request),
    olds: fromStruct(request.getOlds()),
    news: fromStruct(request.getNews()),
    seed: request.getRandomseed_asU8(),
    ...(autonaming ? { autonaming } : {}),
  });
  return new pb.CheckResponse().setInputs(toStruct(inputs)).setFailuresList(toFailures(failures));
}

async function diff(provider: ResourceProvider, request: pb.DiffRequest): Promise<pb.DiffResponse> {
  return toDiffResponse(
    await provider.diff({
      ...reference(request),
      oldState: fromStruct(request.getOlds()),
      oldInputs: fromStruct(request.getOldInputs()),
      news: fromStruct(request.getNews()),
      ignoreChanges: request.getIgnorechangesList(),
    }),
  );
}

function toDiffResponse({ changes, deleteBeforeReplace, stables }: DiffResult): pb.DiffResponse {
  const { Kind } = pb.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const top = (path: string) => path.replace(/[.[].*$/s, "");
  const replaces = [...new Set(changes.filter((change) => change.replace).map(({ path }) => top(path)))].sort();
  const response = new pb.DiffResponse()
    .setChanges(changes.length ? pb.DiffResponse.DiffChanges.DIFF_SOME : pb.DiffResponse.DiffChanges.DIFF_NONE)
    .setReplacesList(replaces)
    .setStablesList(stables)
    .setDiffsList([...new Set(changes.map(({ path }) => top(path)))].sort())
    .setDeletebeforereplace(deleteBeforeReplace && replaces.length > 0)
    .setHasdetaileddiff(true);
  for (const { path, kind, replace } of changes) {
    response.getDetaileddiffMap().set(path, new pb.PropertyDiff().setKind(kinds[kind][replace ? 1 : 0]));
  }
  return response;
}

async function create(provider: ResourceProvider, request: pb.CreateRequest): Promise<pb.CreateResponse> {
  const inputs = fromStruct(request.getProperties());
  const { id, properties } = await provider.create({ ...reference(request), inputs, preview: request.getPreview() });
  return new pb.CreateResponse().setId(id).setProperties(toStruct(properties));
}

async function read(provider: ResourceProvider, request: pb.ReadRequest): Promise<pb.ReadResponse> {
  const found = await provider.read?.({
    ...reference(request),
    state: fromStruct(request.getProperties()),
    inputs: fromStruct(request.getInputs()),
  });
  // An empty id tells the engine that the resource does not exist.
  if (!found) return new pb.ReadResponse();
  return new pb.ReadResponse()
    .setId(found.id)
    .setProperties(toStruct(found.properties))
    .setInputs(toStruct(found.inputs));
}

async function update(provider: ResourceProvider, request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
  const properties = await provider.update({
    ...reference(request),
    oldState: fromStruct(request.getOlds()),
    oldInputs: fromStruct(request.getOldInputs()),
    inputs: fromStruct(request.getNews()),
    preview: request.getPreview(),
  });
  return new pb.UpdateResponse().setProperties(toStruct(properties));
}

async function invoke(provider: ResourceProvider, request: pb.InvokeRequest): Promise<pb.InvokeResponse> {
  const args = fromStruct(request.getArgs());
  const token = request.getTok();
  if (!provider.invoke) throw new Error(`the local ${provider.name} provider has no function ${token}`);
  if (!isKnown(args)) return new pb.InvokeResponse();
  const { result = {}, failures = [] } = await provider.invoke(token, args);
  return new pb.InvokeResponse().setReturn(toStruct(result)).setFailuresList(toFailures(failures));
}
