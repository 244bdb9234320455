import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { LocalCloud } from "./support/local-cloud";
import {
  allowSecret,
  partialSecretArn,
  putNetworkAndRole,
  putSecret,
  putService,
  putTaskDefinition,
  runService,
  secretArn,
  shell,
} from "./support/stack";

const forever = "exec sleep 1000";
/** Prints what a script ends with, and lives on. */
const report = (script: string) => `${script}; ${forever}`;

describe("Containers of a task", function () {
  this.timeout(60_000);
  const cloud = new LocalCloud();
  let names = 0;
  const unique = () => `c${++names}`;

  before(async () => {
    await cloud.start();
    await putNetworkAndRole(cloud);
    await putSecret(cloud, JSON.stringify({ password: "pa'ss wörd$(id)" }));
  });
  after(() => cloud.remove());

  /** Runs a shell script as the one container of a service and waits for `done` in its output. */
  async function outputOf(script: string, more: Record<string, unknown> = {}): Promise<string> {
    const name = unique();
    const taskDefinition = await putTaskDefinition(cloud, name, [
      shell(name, report(`{ ${script}; } || true; echo done`), more),
    ]);
    await putService(cloud, name, taskDefinition, { waitForSteadyState: false });
    await cloud.until(`${name} reports`, () => cloud.output(name).includes("done\n"));
    return cloud.output(name);
  }

  /** The reason why the first task of a service stopped. */
  async function stoppedReason(containers: Parameters<typeof putTaskDefinition>[2]): Promise<string> {
    const name = unique();
    await putService(cloud, name, await putTaskDefinition(cloud, name, containers), { waitForSteadyState: false });
    const stopped = async () => (await cloud.events(name)).find((event) => event.includes("has stopped"));
    await cloud.until(`${name} stops`, async () => Boolean(await stopped()));
    const reason = (await stopped()) as string;
    await cloud.delete("aws:ecs/service:Service", `arn:aws:ecs:eu-west-1:123456789012:service/test/${name}`);
    return reason;
  }

  it("find volumes and programs below a tmpfs too", async () => {
    const name = unique();
    const inside = shell(name, "cat /tmp/deep/volume/file; touch /tmp/new && echo done; exec sleep 1000", {
      linuxParameters: { tmpfs: [{ containerPath: "/tmp", size: 1 }] },
      mountPoints: [{ sourceVolume: "shared", containerPath: "/tmp/deep/volume", readOnly: true }],
      dependsOn: [{ containerName: `${name}-first`, condition: "SUCCESS" }],
    });
    const first = shell(`${name}-first`, "echo from the volume > /volume/file", {
      essential: false,
      mountPoints: [{ sourceVolume: "shared", containerPath: "/volume" }],
    });
    const definition = await putTaskDefinition(cloud, name, [first, inside], { volumes: [{ name: "shared" }] });
    await putService(cloud, name, definition, { waitForSteadyState: false });
    await cloud.until(`${name} reports`, () => cloud.output(name).includes("done\n"));
    assert.equal(cloud.output(name), "from the volume\ndone\n");
  });

  it("see the declared environment and nothing of the daemon's", async () => {
    const output = await outputOf("env", { environment: [{ name: "GREETING", value: "it's $HOME" }] });
    assert.match(output, /^GREETING=it's \$HOME$/m);
    assert.doesNotMatch(output, /PREFECT_LOCAL_DIR|LOCAL_CLOUD|npm_|OLDPWD/);
  });

  it("start in the order of dependsOn, HEALTHY and SUCCESS included", async () => {
    const [init, server, client] = [unique(), unique(), unique()];
    const volume = { mountPoints: [{ sourceVolume: "shared", containerPath: "/shared" }] };
    const taskDefinition = await putTaskDefinition(
      cloud,
      "ordered",
      [
        shell(client, report("ls /shared"), {
          ...volume,
          dependsOn: [{ containerName: server, condition: "HEALTHY" }],
        }),
        shell(server, report("ls /shared; sleep 1; touch /shared/server"), {
          ...volume,
          dependsOn: [{ containerName: init, condition: "SUCCESS" }],
          healthCheck: { command: ["CMD-SHELL", "test -e /shared/server"], interval: 5, startPeriod: 30 },
        }),
        shell(init, "sleep 0.5; touch /shared/init", { ...volume, essential: false }),
      ],
      { volumes: [{ name: "shared" }] },
    );
    await putService(cloud, "ordered", taskDefinition);
    await cloud.until("the client reports", () => cloud.output(client) !== "");
    assert.equal(cloud.output(server), "init\n");
    assert.equal(cloud.output(client), "init\nserver\n");
  });

  it("stop the task when a SUCCESS dependency fails", async () => {
    const dependsOn = [{ containerName: "first", condition: "SUCCESS" }];
    const reason = await stoppedReason([
      shell("second", forever, { dependsOn }),
      shell("first", "exit 3", { essential: false }),
    ]);
    assert.match(reason, /container first exited with 3/);
  });

  it("cannot write their root when it is read-only, /tmp included, except where a tmpfs is declared", async () => {
    const readonlyRootFilesystem = true;
    const plain = await outputOf("touch /x; touch /tmp/x; touch /etc/x; :", { readonlyRootFilesystem });
    for (const path of ["/x", "/tmp/x", "/etc/x"])
      assert.match(plain, new RegExp(`cannot touch '${path}': Read-only file system`));
    const tmpfs = [{ containerPath: "/tmp", size: 8, mountOptions: ["mode=1777"] }];
    const output = await outputOf("touch /tmp/x && ls /tmp; touch /x; head -c 9000000 /dev/zero > /tmp/big", {
      ...{ readonlyRootFilesystem, user: "101", linuxParameters: { tmpfs } },
    });
    assert.match(output, /^x$/m);
    assert.match(output, /cannot touch '\/x': Read-only/);
    assert.match(output, /No space left/);
  });

  it("write a layer of their own otherwise, and never the machine's files", async () => {
    assert.match(await outputOf("touch /etc/x /opt/y && ls /etc/x /opt/y"), /\/etc\/x\n\/opt\/y\n/);
    assert.match(await outputOf("touch /usr/lib/x"), /Read-only file system/);
  });

  it("run as the declared user without capabilities", async () => {
    const output = await outputOf("id -u; id -g; grep CapEff /proc/self/status", { user: "101:102" });
    assert.match(output, /^101\n102\nCapEff:\t0+\n/);
  });

  it("have a loopback interface of their own task, shared within the task", async () => {
    const server = "exec python3 -m http.server --bind 127.0.0.1 4200";
    const [peer, stranger] = [unique(), unique()];
    const ask = report(
      `for i in 1 2 3 4 5 6 7 8 9; do sleep 0.3; curl -so /dev/null http://127.0.0.1:4200/ && { echo reached; break; }; done; echo done`,
    );
    await runService(cloud, "loopback", [shell(unique(), server, { workingDirectory: "/opt" }), shell(peer, ask)]);
    await cloud.until("the peer reports", () => cloud.output(peer).includes("done"));
    assert.match(cloud.output(peer), /reached/);
    await runService(cloud, "stranger", [shell(stranger, ask)]);
    await cloud.until("the stranger reports", () => cloud.output(stranger).includes("done"));
    assert.doesNotMatch(cloud.output(stranger), /reached/);
  });

  it("reach nothing outside the cloud", async () => {
    assert.match(await outputOf("curl -sS -m 5 http://1.1.1.1/ 2>&1"), /Couldn't connect|Network is unreachable/);
  });

  it("see no file of a home directory or of the checkout, beyond the programs they run", async () => {
    const output = await outputOf(`ls -A /root /home; ls ${process.cwd()}`);
    assert.doesNotMatch(output, /package\.json|\.ssh|\.config|index\.ts/);
  });

  it("trust the local authority in curl, OpenSSL and Python's certifi", async () => {
    const url = "https://truststore.pki.rds.amazonaws.com/eu-west-1/eu-west-1-bundle.pem";
    const python = `import certifi, ssl, urllib.request as r; print(r.urlopen('${url}', context=ssl.create_default_context(cafile=certifi.where())).status, r.urlopen('${url}').status)`;
    const output = await outputOf(`curl -sS ${url} | head -1; python3 -c "${python}"`);
    assert.match(output, /BEGIN CERTIFICATE/);
    assert.match(output, /^200 200$/m);
  });

  it("get secrets only when the execution role may read them", async () => {
    const secrets = [{ name: "PASSWORD", valueFrom: `${partialSecretArn}:password::` }];
    const reason = await stoppedReason([shell("refused", forever, { secrets })]);
    assert.match(
      reason,
      /ResourceInitializationError: unable to pull secrets.*AccessDeniedException.*secretsmanager:GetSecretValue on resource: /,
    );
    assert.ok(reason.includes(secretArn));

    await allowSecret(cloud, `${partialSecretArn}-??????`);
    const output = await outputOf('printf "%s\\n" "$PASSWORD"', { secrets });
    assert.ok(output.startsWith("pa'ss wörd$(id)\n"), output);
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      assert.ok(!readCommandLine(pid).includes("pa'ss"), `process ${pid} shows the secret`);
    }
    assert.ok(!cloud.log.includes("pa'ss"), "the daemon's log shows the secret");
  });

  it("do not start without a declared log group", async () => {
    const logConfiguration = { logDriver: "awslogs", options: { "awslogs-group": "nowhere" } };
    assert.match(
      await stoppedReason([shell("unlogged", forever, { logConfiguration })]),
      /The specified log group does not exist/,
    );
  });

  it("of an image that the catalogue lacks cannot be pulled", async () => {
    const reason = await stoppedReason([{ name: "unknown", image: "example.com/some/thing:1" }]);
    assert.match(reason, /CannotPullContainerError: .*example\.com\/some\/thing:1: not found .*prefecthq\/prefect/);
  });

  it("of nginx and oauth2-proxy run the toolchain's programs with the image's commands only", async () => {
    const alpine = { image: "nginxinc/nginx-unprivileged:1.30.4-alpine", entryPoint: ["/bin/sh", "-ec"] };
    const nginx = await outputOf(
      "nginx -v 2>&1; id -u; command -v openssl || echo no openssl; ls /etc/nginx/mime.types; nginx -t 2>&1",
      alpine,
    );
    assert.match(nginx, /nginx version: nginx\//);
    assert.match(nginx, /^101\nno openssl\n\/etc\/nginx\/mime.types$/m);
    assert.match(nginx, /syntax is ok/);
    const proxy = await outputOf("oauth2-proxy --version; id -u", {
      image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3-alpine",
    });
    assert.match(proxy, /oauth2-proxy v7[\s\S]*^65532$/m);
  });

  it("may open /dev/stdout again, as the declared user", async () => {
    assert.match(
      await outputOf("echo again > /dev/stdout; echo error > /dev/stderr", { user: "101" }),
      /^again\nerror\n/,
    );
  });
});

function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
