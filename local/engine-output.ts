/** Reads what `pulumi up --non-interactive` prints, line by line, as somebody would who waits for its end. */
export class UpdateProgress {
  #phase = "";
  #done = 0;
  readonly #running = new Map<string, string>();

  /** @returns what there is to show now; undefined when the line brings nothing new */
  read(line: string): string | undefined {
    const phase = /^(Previewing update|Updating) \(/.exec(line)?.[1];
    if (phase) {
      this.#phase = phase === "Updating" ? "updating" : "previewing and judging by the policy pack";
      return this.#phase;
    }
    // `+  aws:ecs:Cluster prefect-cluster creating (0s)`, then `... created (0.05s)`.
    const [, type, name, verb = ""] =
      /^\s*[-+~=><]{1,2}\s+([\w-]+:[\w/-]+:\w+)\s+(\S+)\s+([a-z]+(?:ing|ed))\b/.exec(line) ?? [];
    if (!type || !name) return undefined;
    const key = `${type} ${name}`;
    this.#running.delete(key);
    // A component lasts as long as what is in it, and an outer one longer: the newest is what is waited for.
    if (verb.endsWith("ing")) this.#running.set(key, `${verb} ${key}`);
    else this.#done += 1;
    const newest = [...this.#running.values()].at(-1);
    return [`${this.#done} done`, ...(newest ? [newest] : [])].join(", ");
  }
}

/** What a person needs of the output of a failed command: what the program, the providers and the policies had to say. */
export function diagnostics(lines: readonly string[]): string {
  const kept: string[] = [];
  let keeping = false;
  for (const line of lines) {
    const heading = /^(\w[\w ]*)(?: \(.*\))?:\s*$/.exec(line)?.[1];
    if (heading) keeping = heading === "Diagnostics" || heading === "Policies";
    if (keeping) kept.push(line);
  }
  // A pack without complaints is no news.
  const text = kept.join("\n").replace(/^Policies:\n(?:\s+✅.*\n?|\s*\n)*(?=\S|$)/gm, "");
  return (text.trim() || lines.slice(-30).join("\n")).trim();
}
