import type { Server, Socket } from "node:net";

const accepted = new WeakMap<Server, Set<Socket>>();

/** Listens; the sockets are remembered for `closeNow`. */
export function listen(server: Server, where: { port: number; host: string } | { path: string }): Promise<void> {
  const sockets = new Set<Socket>();
  accepted.set(server, sockets);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Stops listening and cuts every connection, in a handshake, waiting or tunnelling. */
export function closeNow(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of accepted.get(server) ?? []) socket.destroy();
  });
}
