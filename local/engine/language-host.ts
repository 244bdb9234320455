import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { handleUnaryCall, ServerWritableStream, UntypedServiceImplementation } from "@grpc/grpc-js";
import { version } from "@pulumi/pulumi/package.json";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { endChildren } from "./child";
import { runPlugin } from "./plugin";
import { prepareProgram, runProgram } from "./program";

/**
 * What the engine asks of a language (pulumi/proto/pulumi/language.proto), for programs and policy packs whose npm
 * packages are installed already: nothing here installs or downloads. The methods that generate code, publish packages or
 * serve `pulumi new` are left out, gRPC answers those with UNIMPLEMENTED.
 *
 * @param engineAddress where programs send their messages
 */
export function languageHost(engineAddress: string): UntypedServiceImplementation {
  return {
    handshake: unary(() => new language.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
    // None: each resource names its provider and version, and nothing is to be fetched ahead of that.
    getRequiredPackages: unary((request: language.GetRequiredPackagesRequest) => {
      prepareProgram(request);
      return new language.GetRequiredPackagesResponse();
    }),
    getRequiredPlugins: unary(() => new language.GetRequiredPluginsResponse()),
    installDependencies: (call: ServerWritableStream<unknown, language.InstallDependenciesResponse>) => call.end(),
    run: unary((request: language.RunRequest) => runProgram(request, engineAddress)),
    runPlugin: (call: ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>) =>
      void runPlugin(call),
    about: unary(() => new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
    getProgramDependencies: unary((request: language.GetProgramDependenciesRequest) =>
      new language.GetProgramDependenciesResponse().setDependenciesList(
        directDependencies(request.getInfo()?.getProgramDirectory() || request.getPwd()),
      ),
    ),
    cancel: unary(() => {
      endChildren();
      return new Empty();
    }),
  };
}

function unary<Request, Response>(answer: (request: Request) => Response | Promise<Response>) {
  const handler: handleUnaryCall<Request, Response> = (call, callback) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => callback(null, response),
        (error: Error) => callback(error),
      );
  };
  return handler;
}

/** What package.json asks for, as `pulumi about` lists it; empty where there is none. */
function directDependencies(directory: string): language.DependencyInfo[] {
  let manifest: { dependencies?: Record<string, string> };
  try {
    manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as typeof manifest;
  } catch {
    return [];
  }
  return Object.entries(manifest.dependencies ?? {}).map(([name, range]) =>
    new language.DependencyInfo().setName(name).setVersion(range),
  );
}
