import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Installation } from "../../../local/toolchain/install";

/** Makes `product/program` in that directory. */
export function installationIn(directory: string, version = "1"): Installation {
  const product = join(directory, "product");
  return {
    name: basename(directory),
    title: "making it",
    inputs: [version],
    products: [product],
    isWhole: () => existsSync(join(product, "program")),
    make: async () => {
      mkdirSync(product);
      writeFileSync(join(product, "program"), version);
    },
  };
}
