import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { install } from "../../../local/toolchain/install";
import { installationIn } from "./installation";

/** A process that is in the middle of an installation for as long as it lives. */
const directory = process.argv[2] ?? "";
void install(
  {
    ...installationIn(directory),
    make: async () => {
      mkdirSync(join(directory, "product"));
      writeFileSync(join(directory, "product", "half"), "");
      console.log("half");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    },
  },
  () => {},
);
