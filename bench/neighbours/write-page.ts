import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../local/paths";
import { compare } from "./comparison";
import { neighboursPage } from "./page";

/** Prints the comparison and keeps it as docs/neighbours.md: test/bench/neighbours.test.ts compares. */
export function benchNeighbours(): void {
  const page = neighboursPage(compare());
  writeFileSync(join(root, "docs", "neighbours.md"), page);
  console.log(page);
}
