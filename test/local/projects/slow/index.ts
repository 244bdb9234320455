import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** Its creation takes until a file `go` is there. */
const slow: pulumi.dynamic.ResourceProvider = {
  create: async () => {
    writeFileSync("creating", "");
    while (!existsSync("go")) await sleep(50);
    return { id: "made", outs: {} };
  },
};

class Slow extends pulumi.dynamic.Resource {
  constructor(name: string) {
    super(slow, name, {});
  }
}

export const id = new Slow("slow").id;
