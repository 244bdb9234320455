import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeConfigFile } from "../../local/stack";
import { root } from "../../local/paths";

const network = {
  "network.type": "existing",
  "network.vpcId": "vpc-0a1b2c3d",
  "network.publicSubnetIds[0]": "subnet-0a",
  "network.publicSubnetIds[1]": "subnet-0b",
  "network.privateSubnetIds[0]": "subnet-0c",
  "network.privateSubnetIds[1]": "subnet-0d",
};
const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

/** What `test/combinations` cannot bring up without a VPC and a certificate of somebody's own, with each way in. */
describe("a preview with the policy pack", function () {
  this.timeout(120_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "preview-"));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  function preview(settings: Record<string, string>): string {
    const file = join(directory, "Pulumi.dev.yaml");
    writeConfigFile("dev", file);
    const { status, stdout, stderr } = spawnSync(
      join(root, "local", "pulumi"),
      [
        ...["preview", "-C", root, "--stack", "dev", "--config-file", file, "--policy-pack", join(root, "policies")],
        ...["--non-interactive", "--color", "never", "--config-path"],
        ...Object.entries(settings).flatMap(([key, value]) => ["--config", `prefect-on-fargate:${key}=${value}`]),
      ],
      {
        encoding: "utf8",
        env: { ...process.env, PREFECT_LOCAL_DIR: directory, PULUMI_BACKEND_URL: `file://${directory}` },
      },
    );
    assert.equal(status, 0, stdout + stderr);
    assert.doesNotMatch(stdout + stderr, /can't run policy|\[mandatory\]|\[advisory\]/i);
    return stdout;
  }

  it("accepts an existing network and a certificate of one's own with the load balancer's login", () => {
    const plan = preview({ access: "alb", ...network, certificateArn });
    assert.doesNotMatch(plan, /awsx:ec2:Vpc|aws:acm:Certificate/);
    assert.match(plan, /aws:lb:ListenerRule prefect-login-pages create/);
  });

  it("accepts the same with the gateway, below a prefix, with a network load balancer inside", () => {
    const plan = preview({ ...network, certificateArn, path: "/prefect", "internal.loadBalancer": "network" });
    assert.doesNotMatch(plan, /awsx:ec2:Vpc|aws:acm:Certificate/);
    assert.match(plan, /aws:lb:Listener prefect-internal-tcp create/);
  });
});
