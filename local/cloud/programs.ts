import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Mount } from "./container/machine";
import { readJson } from "./json-file";

/** What `.local/toolchain/programs.json` says: absolute paths of the programs that stand for images. */
export interface Programs {
  oauth2Proxy?: string;
  nginx?: string;
  /** What an nginx image has in /etc/nginx. */
  nginxRoot?: string;
  /** Virtual environment: bin/python, bin/prefect. */
  prefectVenv?: string;
  /** Directory of postgres and initdb. */
  postgresBin?: string;
}

export function readPrograms(toolchain: string): Programs {
  return readJson<Programs>(join(toolchain, "programs.json")) ?? {};
}

/** What a program of a virtual environment reads: the environment and the Python that it was made from. */
export function pythonMounts(venv: string): Mount[] {
  const places = new Set([venv]);
  const home = /^home\s*=\s*(.+)$/m.exec(readIfThere(join(venv, "pyvenv.cfg")))?.[1];
  for (const bin of [home, dirname(realpathSync(join(venv, "bin", "python")))]) {
    const prefix = bin && dirname(resolve(bin.trim()));
    if (prefix && prefix !== "/" && prefix !== "/usr") places.add(prefix);
  }
  return [...places].map((place) => ({ source: place, target: place }));
}

/** Directory of PostgreSQL's programs and the libraries and files beside it. */
export function postgresMounts(bin: string): Mount[] {
  const real = realpathSync(join(bin, "postgres"));
  const prefix = dirname(dirname(real));
  return prefix.startsWith("/usr/lib/") ? [] : [{ source: prefix, target: prefix }];
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
