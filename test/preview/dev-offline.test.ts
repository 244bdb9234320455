import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { root } from "../../local/paths";

/** `npm run preview -- dev --offline` as on a machine that has never heard of AWS. */
function previewDev() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|PULUMI)_/.test(name)));
  return spawnSync("npm", ["run", "--silent", "preview", "--", "dev", "--offline", "--color", "never"], {
    cwd: root,
    encoding: "utf8",
    env: {
      ...env,
      AWS_CONFIG_FILE: "/nonexistent",
      AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
      HTTPS_PROXY: "http://127.0.0.1:9",
    },
  });
}

describe("npm run preview -- dev --offline", function () {
  this.timeout(180_000);
  let output = "";
  let status: number | null = null;
  const before_ = readdirSync(root);

  before(() => {
    const result = previewDev();
    output = result.stdout + result.stderr;
    status = result.status;
  });

  it("succeeds without credentials or network", () => {
    assert.equal(status, 0, output);
  });

  it("shows the whole plan", () => {
    for (const type of [
      "awsx:ec2:Vpc",
      "aws:rds:Instance",
      "aws:ecs:Service",
      "aws:lb:Listener",
      "aws:cognito:UserPool",
      "aws:acm:Certificate",
    ]) {
      assert.ok(output.includes(type), `${type} is not in the plan:\n${output}`);
    }
  });

  it("runs the policy pack: no violation, and no policy that could not run", () => {
    assert.match(output, /prefect-on-fargate-policies|✅/);
    assert.doesNotMatch(output, /can't run policy|\[mandatory\]|\[advisory\]/i);
  });

  it("leaves nothing behind in the project", () => {
    assert.deepEqual(readdirSync(root), before_);
  });
});
