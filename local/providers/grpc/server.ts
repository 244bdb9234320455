import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { resourceService } from "./service";
import type { ResourceProvider } from "./provider";

const noLimit = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/**
 * Serves a provider on a free loopback port and prints the port on stdout, which is how the engine finds it
 * (sdk/go/common/resource/plugin). The engine ends the process when its stdin or the engine itself goes away.
 */
export async function serve(provider: ResourceProvider): Promise<{ port: number; stop(): void }> {
  const server = new grpc.Server(noLimit);
  server.addService(ResourceProviderService as unknown as grpc.ServiceDefinition, handlers(provider));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, stop: () => server.forceShutdown() };
}

/** Serves until the engine ends the process. */
export async function main(provider: ResourceProvider): Promise<void> {
  const { port } = await serve(provider);
  process.stdout.write(`${port}\n`);
}

function handlers(provider: ResourceProvider): grpc.UntypedServiceImplementation {
  const service = resourceService(provider);
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => [
      name,
      (call: grpc.ServerUnaryCall<never, unknown>, callback: grpc.sendUnaryData<unknown>) => {
        Promise.resolve()
          .then(() => method(call.request))
          .then((response) => callback(null, response), (error) => callback(asServiceError(error)));
      },
    ]),
  );
}

function asServiceError(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  return { code: grpc.status.UNKNOWN, details: message };
}
