/**
 * The process between the machine's loopback port and the local cloud: `front-process.ts PORT`. It starts the daemon in
 * its namespaces and holds the pipe whose end tells the daemon to stop.
 */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { paths } from "../paths";
import { type FrontRecord, frontFile } from "./front";
import { writeJson } from "./json-file";
import { processIdentity } from "./process-identity";
import { requireProgram } from "./tools";

const port = Number(process.argv[2]);
mkdirSync(paths.run, { recursive: true, mode: 0o711 });

const server = createServer({ allowHalfOpen: true }, (outside) => {
  const inside = connect({ path: paths.edgeSocket, allowHalfOpen: true });
  for (const [from, to] of [
    [outside, inside],
    [inside, outside],
  ] as const) {
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
    from.pipe(to);
  }
});
server.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});

server.listen(port, "127.0.0.1", () => {
  // An ordinary user gets the right to make namespaces by being root in a user namespace.
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"];
  const daemon = [process.execPath, "--import", "tsx", join(__dirname, "main.ts")];
  const child = spawn(requireProgram("unshare"), [...asRoot, ...namespaces, "--", ...daemon], {
    stdio: ["pipe", "inherit", "inherit"],
    env: { ...process.env, LOCAL_CLOUD_PORT: String(port) },
  });
  const record = (pid: number) => ({ pid, identity: processIdentity(pid) ?? "" });
  writeJson(frontFile, { front: record(process.pid), daemon: record(child.pid ?? 0), port } satisfies FrontRecord);
  child.stdin.on("error", () => {});
  child.once("error", (error) => console.error(error.message));
  child.once("exit", (code) => process.exit(code ?? 1));

  const stop = () => {
    server.close();
    child.stdin.end();
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, stop);
  if (process.env.LOCAL_CLOUD_ATTACHED) process.stdin.on("end", stop).resume();
});
