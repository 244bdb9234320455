import assert from "node:assert/strict";
import { LocalCloud } from "./support/local-cloud";
import { putNetworkAndRole, putService, putTaskDefinition, quickToStop, shell } from "./support/stack";

const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressRule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const serve = "cd /opt && exec python3 -m http.server 8000";
/** curl's exit codes. */
const [reached, refused, dropped] = [0, 7, 28];

describe("Security groups", function () {
  this.timeout(60_000);
  const cloud = new LocalCloud();

  before(async () => {
    await cloud.start();
    await putNetworkAndRole(cloud);
    for (const id of ["sg-client", "sg-server", "sg-balancer"])
      await cloud.put("aws:ec2/securityGroup:SecurityGroup", id, { vpcId: "vpc-1" });
    await Promise.all([run("client", "exec sleep 1000", "sg-client"), run("server", serve, "sg-server")]);
    server = await addressOf("server");
  });
  after(() => cloud.remove());

  let server = "";
  const addressOf = async (service: string) =>
    (await cloud.status()).services.find(({ name }) => name === service)?.tasks[0]?.address as string;
  const run = async (name: string, script: string, ...securityGroups: string[]) =>
    putService(cloud, name, await putTaskDefinition(cloud, name, [shell(name, script, quickToStop)]), {
      networkConfiguration: { subnets: ["subnet-1"], securityGroups },
    });
  const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
  const allow = (type: string, id: string, securityGroupId: string, rule: Record<string, unknown>) =>
    cloud.put(type, id, { securityGroupId, ...rule });
  const ask = async (from: string, host: string, port: number) =>
    (await cloud.inside(from, "curl", "-so", "/dev/null", "-m", "1", `http://${host}:${port}/`)).code;

  it("let two tasks talk only where the one may send and the other may receive", async () => {
    assert.equal(await ask("client", server, 8000), dropped);
    await allow(ingressRule, "in", "sg-server", { ...tcp(8000), referencedSecurityGroupId: "sg-client" });
    assert.equal(await ask("client", server, 8000), dropped);
    await allow(egressRule, "out", "sg-client", { ...tcp(8000), referencedSecurityGroupId: "sg-server" });
    assert.equal(await ask("client", server, 8000), reached);
    assert.equal(await ask("server", await addressOf("client"), 8000), dropped);
    assert.equal(await ask("client", server, 8001), dropped);
  });

  it("drop what they refuse; what they allow may be answered by a refusal", async () => {
    for (const [type, group, peer] of [
      [ingressRule, "sg-server", "10.7.0.0/16"],
      [egressRule, "sg-client", `${server}/32`],
    ] as const)
      await allow(type, `more-${group}`, group, { ipProtocol: "tcp", fromPort: 8001, toPort: 8010, cidrIpv4: peer });
    assert.equal(await ask("client", server, 8010), refused);
    assert.equal(await ask("client", server, 8011), dropped);
  });

  it("close when a rule is removed, but for connections that there are", async () => {
    const script = [
      "import socket, sys, time",
      `s = socket.create_connection(("${server}", 8000))`,
      'print("open", flush=True)',
      "time.sleep(1.5)",
      's.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")',
      "print(s.recv(12).decode())",
    ].join("\n");
    const open = cloud.inside("client", "python3", "-c", script);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await cloud.delete(ingressRule, "in");
    assert.equal(await ask("client", server, 8000), dropped);
    assert.equal((await open).output, "open\nHTTP/1.0 200\n");
    await allow(ingressRule, "in", "sg-server", { ...tcp(8000), referencedSecurityGroupId: "sg-client" });
    assert.equal(await ask("client", server, 8000), reached);
  });

  it("are the service's own: other groups are a new deployment", async () => {
    const before = await addressOf("client");
    await run("client", "exec sleep 1000", "sg-balancer");
    assert.notEqual(await addressOf("client"), before);
    assert.equal(await ask("client", server, 8000), dropped);
  });
});
