import { Server, ServerCredentials } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { endChildren } from "./child";
import { languageHost } from "./language-host";

/**
 * `pulumi-language-nodejs ENGINE_ADDRESS`, as the engine starts it: it reads the port of the service from the first line
 * of stdout. What comes on stdout and stderr after that, the engine shows to the user.
 */
async function main(args: string[]): Promise<void> {
  const engineAddress = args.at(-1);
  if (!engineAddress) throw new Error("usage: pulumi-language-nodejs ENGINE_ADDRESS");
  // What the engine and its plugins allow each other (sdk/go/common/util/rpcutil); gRPC's own default is 4 MiB.
  const limit = 400 * 1024 * 1024;
  const server = new Server({ "grpc.max_receive_message_length": limit, "grpc.max_send_message_length": limit });
  server.addService(LanguageRuntimeService, languageHost(engineAddress));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  console.log(port);

  // The engine holds the other end of stdin: it ends with the engine, also when that one is killed.
  process.stdin.resume().on("end", exit);
  process.on("SIGTERM", exit);
  process.on("SIGINT", exit);
}

function exit(): void {
  endChildren();
  process.exit(0);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
