import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { forward } from "../support/pieces";
import { register } from "../support/stack";
import type { Said } from "../support/requests";
import { changed, soundAlb, soundGateway } from "../rules/support/sound";
import { type Configuration, Host } from "./support/host";
import { Elsewhere } from "./support/tarball";

const root = join(__dirname, "../../..");

describe("the packed pack, in another repository", function () {
  this.timeout(180_000);
  let elsewhere: Elsewhere;
  let host: Host;
  before(async () => {
    elsewhere = new Elsewhere();
    host = await Host.start(elsewhere.pack);
  });
  after(() => {
    host.stop();
    elsewhere.remove();
  });

  const shown = (said: readonly Said[]): string[] => said.map(({ level, policy }) => `${level} ${policy}`);
  const weakTls = changed(soundAlb(), "https", { sslPolicy: undefined });
  const exemption = { project: "project", stack: "dev", resource: "https", owner: "data team", reason: "old clients" };
  const exempted = (more: Record<string, string>): Configuration => ({
    "tls-has-a-floor": { enforcementLevel: "mandatory", exemptions: [{ ...exemption, ...more }] },
  });

  it("holds the bundle, what Pulumi asks for, and no source", () => {
    assert.deepEqual(readdirSync(elsewhere.pack).sort(), [
      "LICENSE",
      "PulumiPolicy.yaml",
      "README.md",
      "main.cjs",
      "pack.cjs",
      "package.json",
    ]);
  });

  it("starts without @pulumi/aws here and there, and there without a source of its own", () => {
    for (const directory of [elsewhere.pack, join(root, "policies")]) {
      const script = `require(${JSON.stringify(directory)}); console.log(Object.keys(require.cache).join("\\n")); process.exit()`;
      const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { cwd: directory, encoding: "utf8" });
      assert.match(stdout, /node_modules\/@pulumi\/policy\/server\.js/, stderr);
      assert.doesNotMatch(stdout, /@pulumi\/awsx?\//);
      if (directory === elsewhere.pack) assert.doesNotMatch(stdout, /prefect-access-policies\/.*\.ts$/m);
    }
  });

  it("judges every rule where other policies are switched off", async () => {
    const off = { "collect-inputs": "disabled", "prefect-api-requires-auth": "disabled" } as const;
    // The first that this host is asked: it remembers no other stack's inputs.
    assert.deepEqual(shown(await host.judge(weakTls, "finished", off)), ["advisory tls-has-a-floor"]);
  });

  it("says nothing of sound stacks", async () => {
    assert.deepEqual(await host.judge(soundAlb(), "preview"), []);
    assert.deepEqual(await host.judge(soundGateway(), "finished"), []);
  });

  it("takes a level from its configuration", async () => {
    assert.deepEqual(shown(await host.judge(weakTls, "preview")), ["advisory tls-has-a-floor"]);
    assert.deepEqual(shown(await host.judge(weakTls, "preview", { "tls-has-a-floor": "mandatory" })), [
      "mandatory tls-has-a-floor",
    ]);
    assert.deepEqual(await host.judge(weakTls, "preview", { "tls-has-a-floor": "disabled" }), []);
  });

  // Each setting, with a stack that only this setting makes wrong.
  const settings: [policy: string, config: Record<string, unknown>, stack: ReturnType<typeof soundAlb>][] = [
    ["tls-has-a-floor", { minimum: "1.3" }, soundAlb()],
    ["login-sessions-end", { maximumHours: 4 }, soundAlb()],
    ["login-sessions-end", { maximumRefreshMinutes: 5 }, soundGateway()],
    ["oauth2-proxy-is-hardened", { minimum: "7.16.0" }, soundGateway()],
    ["prefect-version-is-recent", { minimum: "3.9.0" }, soundAlb()],
    ["images-are-fixed", { requireDigest: true }, soundAlb()],
    ["database-is-backed-up", { minimumDays: 14 }, soundAlb()],
    ["production-database-is-kept", { productionStacks: "^dev$" }, soundAlb()],
  ];
  for (const [policy, config, stack] of settings) {
    it(`takes ${Object.keys(config).join()} of ${policy} from its configuration`, async () => {
      assert.deepEqual(shown(await host.judge(stack, "preview", { [policy]: config })), [`advisory ${policy}`]);
      assert.deepEqual(await host.judge(stack, "preview"), []);
    });
  }

  it("notes what is exempted, with its owner, reason and end", async () => {
    const [said, ...more] = await host.judge(weakTls, "preview", exempted({ expires: "2999-12-31" }));
    assert.deepEqual([said?.level, more], ["advisory", []]);
    assert.ok(said?.message.endsWith("\nExempted until 2999-12-31 by data team: old clients"), said?.message);
  });

  it("refuses what is no longer exempted, and says so", async () => {
    const [said, ...more] = await host.judge(weakTls, "preview", exempted({ expires: "2026-01-31" }));
    assert.deepEqual([said?.level, more], ["mandatory", []]);
    assert.ok(
      said?.message.endsWith("\ndata team's exemption for this expired on 2026-01-31: fix it, or renew the exemption."),
      said?.message,
    );
  });

  for (const [what, other] of Object.entries({ resource: "http", stack: "prod", project: "shop" })) {
    it(`exempts no other ${what} than the one that is named`, async () => {
      const said = await host.judge(weakTls, "preview", exempted({ expires: "2999-12-31", [what]: other }));
      assert.deepEqual(shown(said), ["mandatory tls-has-a-floor"]);
    });
  }

  it("exempts from prefect-api-requires-auth and from task-definition-holds-no-secret as well", async () => {
    const leaking = soundAlb({ prefect: { environment: { PREFECT_API_KEY: "s3cret-x" } } });
    const open = changed(leaking, "https", { defaultActions: [forward] });
    const until = { expires: "2999-12-31" };
    const configuration = {
      "prefect-api-requires-auth": { exemptions: [{ ...exemption, ...until, resource: "service" }] },
      "task-definition-holds-no-secret": { exemptions: [{ ...exemption, ...until, resource: "task" }] },
    };
    const levels = async (given: Configuration): Promise<string[]> =>
      shown(await host.judge(open, "preview", given))
        .filter((line) => /requires-auth|holds-no-secret/.test(line))
        .sort();
    assert.deepEqual(await levels({}), [
      "mandatory prefect-api-requires-auth",
      "mandatory task-definition-holds-no-secret",
    ]);
    assert.deepEqual(await levels(configuration), [
      "advisory prefect-api-requires-auth",
      "advisory task-definition-holds-no-secret",
    ]);
  });

  it("remediates a keep-alive timeout that is not set, and nothing else", async () => {
    const on = { "keep-alive-outlasts-idle-timeout": "remediate" } as const;
    const bare = soundAlb({ prefect: { environment: { A: "b" } } });
    const changes = (await host.remediate(bare, "task", on)) as { family: string; containerDefinitions: string };
    const definitions = JSON.parse(changes.containerDefinitions) as { environment: object[]; image: string }[];
    assert.deepEqual(definitions[0]?.environment, [
      { name: "A", value: "b" },
      { name: "PREFECT_SERVER_API_KEEPALIVE_TIMEOUT", value: "75" },
    ]);
    assert.deepEqual([changes.family, definitions[0]?.image], ["app", "prefecthq/prefect:3.8.8-python3.12"]);
    assert.equal(await host.remediate(soundAlb(), "task", on), undefined);
    // A secret stays one (pulumi/sdk/nodejs/runtime/rpc.ts, specialSigKey and specialSecretSig).
    const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const value = bare.find(({ name }) => name === "task")?.inputs["containerDefinitions"];
    const kept = await host.remediate(changed(bare, "task", { containerDefinitions: { ...mark, value } }), "task", on);
    assert.deepEqual(kept, { ...changes, containerDefinitions: { ...mark, value: changes.containerDefinitions } });
    assert.equal(await host.remediate(bare, "https", on), undefined);
    assert.equal(await host.remediate(bare, "task", {}), undefined);
  });

  it("judges that repository's stack on the engine, with that repository's configuration", () => {
    const ended = { project: "elsewhere", stack: "dev", resource: "database", expires: "2026-01-31" };
    const { output, exit } = previewElsewhere(elsewhere, {
      "tls-has-a-floor": "mandatory",
      "database-is-encrypted": "disabled",
      "database-is-backed-up": { exemptions: [{ ...ended, owner: "data", reason: "a copy" }] },
    });
    assert.notEqual(exit, 0, output);
    assert.match(output, /❌ prefect-access@v0\.1\.0/);
    for (const line of [
      "[mandatory] [severity: critical]  prefect-api-requires-auth  (aws:ecs:Service: server)",
      "[mandatory] [severity: medium]  tls-has-a-floor  (aws:lb:Listener: https)",
      "[advisory] [severity: medium]  database-is-backed-up  (aws:rds:Instance: database)",
      "data's exemption for this expired on 2026-01-31",
    ])
      assert.ok(output.includes(line), `${line}\nis not in\n${output}`);
    assert.doesNotMatch(output, /database-is-encrypted|can't run policy|could not judge/);
  });

  it("judges a stack that exists, by its state and without the program", () => {
    const state = join(elsewhere.directory, "state.json");
    writeFileSync(state, JSON.stringify(exported(weakTls)));
    const judged = pulumi(elsewhere, "policy", "analyze", "--file", state, "--policy-pack", elsewhere.pack);
    assert.equal(judged.exit, 0, judged.output);
    assert.match(judged.output, /\[advisory\] \[severity: medium\] {2}tls-has-a-floor {2}\(aws:lb:Listener: https\)/);
    assert.doesNotMatch(judged.output, /\[mandatory\]|could not judge/);

    const wrong = join(elsewhere.directory, "wrong.json");
    const exemptions = [{ ...exemption, expires: "soon" }];
    writeFileSync(wrong, JSON.stringify({ "tls-has-a-floor": { minimum: "1.1", exemptions } }));
    const given = ["--policy-pack", elsewhere.pack, "--policy-pack-config", wrong];
    const refused = pulumi(elsewhere, "policy", "analyze", "--file", state, ...given);
    assert.notEqual(refused.exit, 0, refused.output);
    assert.match(refused.output, /tls-has-a-floor: minimum: minimum must be one of the following/);
    assert.match(refused.output, /tls-has-a-floor: exemptions\.0\.expires: Does not match pattern/);
  });
});

/** As `pulumi stack export` writes a stack. */
function exported(stack: ReturnType<typeof soundAlb>): object {
  const root = "urn:pulumi:dev::project::pulumi:pulumi:Stack::project-dev";
  const resources = register(stack, "finished").map(({ urn, type, name, inputs, outputs, propertyDependencies }) => ({
    urn,
    type,
    inputs,
    outputs,
    propertyDependencies,
    custom: true,
    id: `id:${name}`,
    parent: root,
    dependencies: [...new Set(Object.values(propertyDependencies).flat())],
  }));
  // A state names what is depended on before what depends on it.
  const placed = new Set<string>();
  const ordered: typeof resources = [];
  while (ordered.length < resources.length) {
    const ready = resources.filter(
      ({ urn, dependencies }) => !placed.has(urn) && dependencies.every((on) => placed.has(on)),
    );
    assert.ok(ready.length > 0, "the stack depends on itself");
    for (const resource of ready) placed.add(resource.urn);
    ordered.push(...ready);
  }
  const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
  const stackResource = { urn: root, custom: false, type: "pulumi:pulumi:Stack" };
  return { version: 3, deployment: { manifest, resources: [stackResource, ...ordered] } };
}

const program = `const aws = require("@pulumi/aws");
const database = new aws.rds.Instance("database", { instanceClass: "db.t4g.micro", engine: "postgres", allocatedStorage: 20, skipFinalSnapshot: true });
const web = new aws.lb.LoadBalancer("web", { subnets: ["subnet-1", "subnet-2"], securityGroups: ["sg-1"] });
const targets = new aws.lb.TargetGroup("prefect", { port: 4200, protocol: "HTTP", targetType: "ip", vpcId: "vpc-1" });
new aws.lb.Listener("https", { loadBalancerArn: web.arn, port: 443, protocol: "HTTPS", certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0", defaultActions: [{ type: "forward", targetGroupArn: targets.arn }] });
const task = new aws.ecs.TaskDefinition("task", { family: "flows", networkMode: "awsvpc", requiresCompatibilities: ["FARGATE"], cpu: "512", memory: "1024", containerDefinitions: JSON.stringify([{ name: "prefect", image: "prefecthq/prefect:3.8.8-python3.12", command: ["prefect", "server", "start", "--host", "0.0.0.0"], portMappings: [{ containerPort: 4200 }] }]) });
new aws.ecs.Service("server", { taskDefinition: task.arn, launchType: "FARGATE", networkConfiguration: { subnets: ["subnet-3"], securityGroups: ["sg-2"] }, loadBalancers: [{ targetGroupArn: targets.arn, containerName: "prefect", containerPort: 4200 }] });
exports.database = database.id;
`;

function previewElsewhere(elsewhere: Elsewhere, configuration: Configuration): { exit: number | null; output: string } {
  const { directory, pack } = elsewhere;
  const yaml = "name: elsewhere\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n";
  writeFileSync(join(directory, "Pulumi.yaml"), yaml);
  writeFileSync(join(directory, "package.json"), '{"name": "elsewhere", "main": "index.js"}\n');
  writeFileSync(join(directory, "index.js"), program);
  const config = join(directory, "policies.json");
  writeFileSync(config, JSON.stringify(configuration));
  return pulumi(
    elsewhere,
    ...["preview", "-C", directory, "--stack", "dev", "--config", "aws:region=eu-west-1"],
    ...["--policy-pack", pack, "--policy-pack-config", config, "--non-interactive", "--suppress-progress"],
  );
}

function pulumi({ directory }: Elsewhere, ...args: string[]): { exit: number | null; output: string } {
  const state = join(directory, "state");
  mkdirSync(state, { recursive: true });
  const own = { PREFECT_LOCAL_DIR: join(directory, "local"), PULUMI_BACKEND_URL: `file://${state}` };
  const env = { ...process.env, ...own, PULUMI_CONFIG_PASSPHRASE: "test" };
  const { status, stdout, stderr } = spawnSync(join(root, "local/pulumi"), [...args, "--color", "never"], {
    encoding: "utf8",
    env,
  });
  return { exit: status, output: stdout + stderr };
}
