import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { endWithParent } from "./lifetime";
import type { ResourceProvider } from "./provider";
import { resourceService } from "./service";

const noLimit = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** Serves a provider on a free loopback port. */
export async function serve(provider: ResourceProvider): Promise<{ port: number; stop: () => void }> {
  const server = new grpc.Server(noLimit);
  server.addService(ResourceProviderService, handlers(provider));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, stop: () => server.forceShutdown() };
}

/** Serves until the engine ends the process. The port on stdout is how the engine finds it. */
export async function main(provider: ResourceProvider): Promise<void> {
  const { port } = await serve(provider);
  process.stdout.write(`${port}\n`);
  endWithParent();
}

function handlers(provider: ResourceProvider): grpc.UntypedServiceImplementation {
  const service = resourceService(provider);
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => [
      name,
      (call: grpc.ServerUnaryCall<unknown, unknown>, callback: grpc.sendUnaryData<unknown>) => {
        Promise.resolve()
          .then(() => method(call.request as never))
          .then((response) => callback(null, response))
          .catch((error: unknown) => callback(asServiceError(error)));
      },
    ]),
  );
}

function asServiceError(error: unknown): Partial<grpc.StatusObject> {
  return { code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}
