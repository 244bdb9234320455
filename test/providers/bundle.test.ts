import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { bundleProviders } from "../../local/providers/bundle";

describe("the providers as bundles", function () {
  this.timeout(60_000);

  let directory: string;
  before(() => {
    mkdirSync(paths.cache, { recursive: true });
    directory = mkdtempSync(join(paths.cache, "bundles-"));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("are made once and again when a source has changed", async () => {
    const { random } = await bundleProviders(directory);
    const { mtimeMs } = statSync(random);
    await bundleProviders(directory);
    assert.equal(statSync(random).mtimeMs, mtimeMs);

    const recorded = JSON.parse(readFileSync(`${random}.json`, "utf8"));
    assert.ok("local/providers/random/main.ts" in recorded);
    writeFileSync(`${random}.json`, JSON.stringify({ ...recorded, "local/providers/random/main.ts": "1 1" }));
    await bundleProviders(directory);
    assert.notEqual(statSync(random).mtimeMs, mtimeMs);
    assert.deepEqual(JSON.parse(readFileSync(`${random}.json`, "utf8")), recorded);
  });

  it("are made again when a source is gone", async () => {
    const { aws } = await bundleProviders(directory);
    const { mtimeMs } = statSync(aws);
    writeFileSync(`${aws}.json`, JSON.stringify({ "local/providers/aws/gone.ts": "1 1" }));
    await bundleProviders(directory);
    assert.notEqual(statSync(aws).mtimeMs, mtimeMs);
  });
});
