import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { paths, root } from "../paths";
import { goBinary } from "./go-module";
import { nginxBinary, nginxRoot } from "./nginx";
import { postgresBin } from "./postgres";
import { which } from "./machine";
import { venvDirectory } from "./python-venv";

/** Absolute paths of the local stack's programs. */
export interface Toolchain {
  pulumi: string;
  /** Node 24, whatever the machine's own is. */
  node: string;
  oauth2Proxy: string;
  nginx: string;
  /** What an image has in /etc/nginx: holds mime.types. */
  nginxRoot: string;
  /** Virtual environment: bin/prefect, bin/python. */
  prefectVenv: string;
  /** Directory of postgres, initdb and pg_ctl. */
  postgresBin: string;
  /** The browser of the end-to-end tests; absent where the machine has none. */
  chromium?: string;
}

const file = join(paths.toolchain, "programs.json");

/** Where the programs are, as the last `ensureToolchain` left them. @throws when it never ran */
export function programs(): Toolchain {
  if (!existsSync(file)) throw new Error("the toolchain is not installed: run `npm start` or `npm test` once");
  return JSON.parse(readFileSync(file, "utf8")) as Toolchain;
}

/** Writes programs.json, whole or not at all, for those that come later. */
export function writePrograms(): Toolchain {
  const chromium = which("chromium");
  const toolchain: Toolchain = {
    pulumi: goBinary("pulumi"),
    node: join(root, "node_modules", ".bin", "node"),
    oauth2Proxy: goBinary("oauth2-proxy"),
    nginx: nginxBinary,
    nginxRoot,
    prefectVenv: venvDirectory("prefect"),
    postgresBin,
    ...(chromium && { chromium }),
  };
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(toolchain, null, 2)}\n`);
  renameSync(unfinished, file);
  return toolchain;
}
