import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { LocalCloud } from "./support/local-cloud";
import { putNetworkAndRole, putService, putTaskDefinition, runService, shell } from "./support/stack";

const host = "main.abc123.eu-west-1.rds.amazonaws.com";
const instance = {
  ...{ identifier: "main", engine: "postgres", username: "prefect", dbName: "flows", address: host, port: 5432 },
  ...{ dbSubnetGroupName: "databases", skipFinalSnapshot: true },
};

describe("RDS for PostgreSQL", function () {
  this.timeout(60_000);
  const cloud = new LocalCloud();
  let clients = 0;

  before(async () => {
    await cloud.start();
    await putNetworkAndRole(cloud);
    await cloud.put("aws:rds/subnetGroup:SubnetGroup", "databases", { name: "databases", subnetIds: ["subnet-1"] });
    await cloud.put("aws:rds/instance:Instance", "db-1", { ...instance, password: "first'\"$" });
  });
  after(() => cloud.remove());

  /** Runs SQL from a task with Prefect's own driver. @param tls false, or the bundle that must have signed the certificate */
  async function query(sql: string, password: string, tls: boolean): Promise<string> {
    const name = `client${++clients}`;
    const program = `
import asyncio, asyncpg, os, ssl, urllib.request
async def main():
    bundle = urllib.request.urlopen("https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem").read().decode()
    context = ssl.create_default_context(cadata=bundle) if ${tls ? "True" : "False"} else False
    db = await asyncpg.connect(host="${host}", user="prefect", database="flows", password=os.environ["PASSWORD"], ssl=context)
    return await db.fetchval(os.environ["SQL"])
try:
    print("answer:", asyncio.run(main()))
except Exception as error:
    print("refused:", error)
print("done", flush=True)`;
    const environment = [
      { name: "PASSWORD", value: password },
      { name: "SQL", value: sql },
    ];
    const container = shell(name, `python3 -c '${program}'; exec sleep 1000`, { environment, stopTimeout: 1 });
    await putService(cloud, name, await putTaskDefinition(cloud, name, [container]), { waitForSteadyState: false });
    await cloud.until("the client reports", () => cloud.output(name).includes("done\n"));
    await cloud.delete("aws:ecs/service:Service", `arn:aws:ecs:eu-west-1:123456789012:service/test/${name}`);
    return cloud.output(name);
  }

  it("is reached by its endpoint's name with a certificate of the published bundle", async () => {
    assert.match(
      await query("select current_user || '@' || current_database()", "first'\"$", true),
      /answer: prefect@flows/,
    );
  });

  it("refuses a connection without TLS", async () => {
    assert.match(await query("select 1", "first'\"$", false), /refused: no pg_hba\.conf entry .* no encryption/);
  });

  it("refuses a wrong password, and the old one after a change", async () => {
    assert.match(await query("select 1", "wrong", true), /refused: password authentication failed/);
    await cloud.put("aws:rds/instance:Instance", "db-1", { ...instance, password: "second" });
    assert.match(await query("select 1", "first'\"$", true), /refused: password authentication failed/);
    assert.match(await query("select 7", "second", true), /answer: 7/);
  });

  it("gives the master user no superuser's rights", async () => {
    assert.match(
      await query("select usesuper from pg_user where usename = current_user", "second", true),
      /answer: False/,
    );
  });

  it("keeps its data over a restart of the cloud", async () => {
    await query("create table kept as select 42 as answer", "second", true);
    await cloud.stop();
    await cloud.start();
    assert.match(await query("select answer from kept", "second", true), /answer: 42/);
  });

  it("keeps the password out of its logs", () => {
    assert.ok(!cloud.log.includes("second") && !cloud.log.includes("first'"));
  });

  it("answers only whom its security groups admit", async () => {
    const vpcSecurityGroupIds = ["sg-database"];
    await cloud.put("aws:ec2/securityGroup:SecurityGroup", "sg-database", { vpcId: "vpc-1" });
    await cloud.put("aws:rds/instance:Instance", "db-1", { ...instance, password: "second", vpcSecurityGroupIds });
    await runService(cloud, "stays", [shell("stays", "exec sleep 1000")]);
    const knock = async () => (await cloud.inside("stays", "curl", "-s", "-m", "1", `http://${host}:5432/`)).code;
    const [dropped, noAnswer] = [28, 52];
    assert.equal(await knock(), dropped);
    await cloud.put("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "vpc-database", {
      ...{ securityGroupId: "sg-database", ipProtocol: "tcp", fromPort: 5432, toPort: 5432, cidrIpv4: "10.7.0.0/16" },
    });
    assert.equal(await knock(), noAnswer);
    await cloud.put("aws:rds/instance:Instance", "db-1", { ...instance, password: "second" });
  });

  it("refuses to be deleted while it is protected, and leaves nothing once it is", async () => {
    await cloud.put("aws:rds/instance:Instance", "db-1", { ...instance, password: "second", deletionProtection: true });
    await assert.rejects(cloud.delete("aws:rds/instance:Instance", "db-1"), /Cannot delete protected DB Instance/);
    await cloud.put("aws:rds/instance:Instance", "db-1", { ...instance, password: "second" });
    await cloud.delete("aws:rds/instance:Instance", "db-1");
    assert.ok(!existsSync(join(cloud.directory, "state", "cloud", "rds", "main")));
  });
});
