import { join, resolve } from "node:path";

/** The checkout this file belongs to. */
export const root = resolve(__dirname, "..");

/** Everything made at run time: `.local` in the checkout, or where PREFECT_LOCAL_DIR says. */
export const localDir = resolve(process.env.PREFECT_LOCAL_DIR ?? join(root, ".local"));

export const paths = {
  /** Programs installed or built for this checkout, whatever PREFECT_LOCAL_DIR says: safe to delete. */
  toolchain: join(root, ".local", "toolchain"),
  /** Derived from the installed packages, likewise. */
  cache: join(root, ".local", "cache"),
  /** What survives a restart: the engine's state, the cloud's resources, databases. */
  state: join(localDir, "state"),
  /** Sockets and pid files of running programs. */
  run: join(localDir, "run"),
  logs: join(localDir, "logs"),
  /** The local certificate authority, for programs outside the local cloud. */
  ca: join(localDir, "ca.pem"),
  outputs: join(localDir, "outputs.json"),
  /** The cloud's control socket: see cloud/contract.ts. */
  cloudSocket: join(localDir, "run", "cloud.sock"),
  /** Where connections to the loopback port are handed into the cloud's network. */
  edgeSocket: join(localDir, "run", "edge.sock"),
} as const;
