/** A test and its hooks, to be run by itself. */
export interface Test {
  readonly name: string;
  readonly run: () => Promise<void> | void;
}

type Step = (this: unknown) => unknown;
interface Block {
  readonly title: string;
  readonly outer: Block | undefined;
  readonly before: Step[];
  readonly beforeEach: Step[];
  readonly after: Step[];
}

/** mocha's `describe` and `it`, as much as the pack's tests use: any test can be run at any time, as often as is wanted. */
export class Suite {
  readonly byName = new Map<string, Test>();
  private block: Block | undefined;

  get tests(): readonly Test[] {
    return [...this.byName.values()];
  }

  /** Takes the tests that are described meanwhile. */
  collect(describing: () => void): void {
    const chain = { timeout: () => chain };
    const hook = (which: "before" | "beforeEach" | "after") => (step: Step) => void this.block?.[which].push(step);
    Object.assign(globalThis, {
      describe: (title: string, body: Step) => {
        const outer = this.block;
        this.block = { title, outer, before: [], beforeEach: [], after: [] };
        body.call(chain);
        this.block = outer;
      },
      it: (title: string, body: Step) => {
        this.add(title, body);
        return chain;
      },
      before: hook("before"),
      beforeEach: hook("beforeEach"),
      after: hook("after"),
    });
    describing();
  }

  private add(title: string, body: Step): void {
    const blocks: Block[] = [];
    for (let block = this.block; block !== undefined; block = block.outer) blocks.unshift(block);
    const name = [...blocks.map((block) => block.title), title].join(" ");

    const steps = async (): Promise<void> => {
      try {
        for (const block of blocks)
          for (const step of [...block.before, ...block.beforeEach]) await step.call(undefined);
        await body.call(undefined);
      } finally {
        for (const block of [...blocks].reverse()) for (const step of block.after) await step.call(undefined);
      }
    };
    // Hooks stand before or after the tests that they are for.
    const run = (): Promise<void> | void => {
      const hooks = blocks.some((block) => block.before.length + block.beforeEach.length + block.after.length > 0);
      if (hooks) return steps();
      const running = body.call(undefined);
      return running instanceof Promise ? (running as Promise<void>) : undefined;
    };

    if (this.byName.has(name)) throw new Error(`two tests are called ${name}`);
    this.byName.set(name, { name, run });
  }
}
