import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prefectApiRequiresAuth } from "../../policies/rules/prefect-api-requires-auth";
import { analyze } from "./support/analyze";
import { behindAlb, containers, forward, login, prefect } from "./support/pieces";
import { built } from "./support/stack";

const secret = "hunter2-never-print";
const server = containers(prefect({ environment: { PREFECT_API_DATABASE_CONNECTION_URL: secret } }));
const open = behindAlb({ definitions: server });
const closed = behindAlb({ definitions: server, actions: [login(), forward] });
const unsure = behindAlb({ definitions: server, alb: { internal: built(["taskGroup"], "true") } });

describe("the level of what cannot be told", () => {
  const level = async (stack: typeof open, cannotTell?: "mandatory" | "advisory" | "disabled"): Promise<string[]> =>
    (await analyze(stack, "preview", cannotTell === undefined ? {} : { cannotTell })).map((finding) => finding.level);

  it("is mandatory where nothing is said, and what is configured elsewhere", async () => {
    assert.deepEqual(await level(unsure), ["mandatory"]);
    assert.deepEqual(await level(unsure, "mandatory"), ["mandatory"]);
    assert.deepEqual(await level(unsure, "advisory"), ["advisory"]);
    assert.deepEqual(await level(unsure, "disabled"), []);
  });

  it("changes nothing of what is certain", async () => {
    for (const cannotTell of ["mandatory", "advisory", "disabled"] as const) {
      assert.deepEqual(await level(open, cannotTell), ["mandatory"]);
      assert.deepEqual(await level(closed, cannotTell), []);
    }
  });

  it("keeps severity and resource of an advisory", async () => {
    const [finding] = await analyze(unsure, "preview", { cannotTell: "advisory" });
    assert.match(finding?.urn ?? "", /aws:ecs\/service:Service::service$/);
    assert.match(finding?.message ?? "", /The internet may reach a Prefect API/);
  });

  it("is not that of the pack's own failures", async () => {
    const said: unknown[] = [];
    const broken = {
      getConfig: () => ({ cannotTell: "disabled" }),
      get resources(): never {
        throw new Error(secret);
      },
    };
    await prefectApiRequiresAuth.validateStack(broken as never, (violation: unknown) => said.push(violation));
    assert.equal(said.length, 1);
    assert.match(String(said[0]), /^could not judge this stack/);
  });
});

describe("the verdict in a file", () => {
  let folder: string;
  let file: string;
  const set = process.env["PREFECT_POLICY_REPORT"];
  const report = (): Record<string, unknown> => JSON.parse(readFileSync(file, "utf8"));

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "prefect-policy-report-"));
    file = join(folder, "verdict.json");
  });
  beforeEach(() => {
    process.env["PREFECT_POLICY_REPORT"] = file;
  });
  after(() => {
    if (set === undefined) delete process.env["PREFECT_POLICY_REPORT"];
    else process.env["PREFECT_POLICY_REPORT"] = set;
    rmSync(folder, { recursive: true });
  });

  it("says reject and every step of the path", async () => {
    const [finding] = await analyze(open, "finished");
    const { version, policy, verdict, findings } = report();
    assert.deepEqual([version, policy, verdict], [1, "prefect-api-requires-auth", "reject"]);
    const [path] = findings as {
      verdict: string;
      urn: string;
      message: string;
      fix: string;
      path: Record<string, string>[];
    }[];
    assert.equal(path?.verdict, "reject");
    assert.equal(path.urn, finding?.urn);
    assert.ok(finding?.message.endsWith(path.message));
    assert.deepEqual(
      path.path.map(({ name }) => name),
      ["alb", "https", "tg", "service", undefined],
    );
    assert.deepEqual(path.path[0]?.["type"], "aws:lb/loadBalancer:LoadBalancer");
    assert.match(path.fix, /authenticate-oidc/);
  });

  it("says accept, and cannot tell", async () => {
    await analyze(closed, "finished");
    assert.deepEqual([report()["verdict"], report()["findings"]], ["accept", []]);
    await analyze(unsure, "preview", { cannotTell: "disabled" });
    assert.equal(report()["verdict"], "cannot tell");
  });

  it("says that it could not judge, and where it failed", async () => {
    const said: unknown[] = [];
    const broken = {
      getConfig: () => {
        throw new TypeError(secret);
      },
    };
    await prefectApiRequiresAuth.validateStack(broken as never, (violation: unknown) => said.push(violation));
    const { verdict, findings } = report();
    assert.equal(verdict, "cannot tell");
    assert.deepEqual(findings, [{ verdict: "could not judge", message: said[0], path: [] }]);
  });

  it("holds no secret and leaves nothing half written", async () => {
    await analyze(open, "finished");
    assert.ok(!readFileSync(file, "utf8").includes(secret));
    assert.deepEqual(readdirSync(folder), ["verdict.json"]);
  });

  it("is not written where nobody asks", async () => {
    rmSync(file, { force: true });
    delete process.env["PREFECT_POLICY_REPORT"];
    assert.equal((await analyze(open, "finished")).length, 1);
    process.env["PREFECT_POLICY_REPORT"] = "";
    assert.equal((await analyze(open, "finished")).length, 1);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is not an earlier one where it cannot be written", async () => {
    const unfinished = `${file}.${process.pid}.tmp`;
    writeFileSync(file, "{}");
    mkdirSync(unfinished);
    const [said] = await analyze(closed, "finished");
    assert.match(said?.message ?? "", /PREFECT_POLICY_REPORT names \(EISDIR\): give a path/);
    rmSync(unfinished, { recursive: true });
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is said to be missing where it cannot be written, without a failure", async () => {
    const inNoFolder = join(folder, "none", "verdict.json");
    process.env["PREFECT_POLICY_REPORT"] = inNoFolder;
    const findings = await analyze(closed, "finished");
    assert.deepEqual(
      findings.map(({ level }) => level),
      ["advisory"],
    );
    assert.match(findings[0]?.message ?? "", /PREFECT_POLICY_REPORT.*ENOENT/);

    const aFolder = join(folder, "taken");
    mkdirSync(aFolder);
    writeFileSync(join(aFolder, "kept"), "");
    process.env["PREFECT_POLICY_REPORT"] = aFolder;
    assert.equal((await analyze(closed, "finished")).length, 1);
    assert.ok(existsSync(join(aFolder, "kept")));
    assert.deepEqual(readdirSync(folder).sort(), ["taken"]);
  });
});
