import assert from "node:assert/strict";
import { gateConf } from "../../render/gate";
import { gatewayEnvironment } from "../../render/gateway-start";
import { machineCredential } from "../../render/machine-credential";
import { machine, TestGateway } from "../support/gateway";

describe("the gateway's start", () => {
  const { basic, htpasswd, signOutUrl } = gatewayEnvironment;

  for (const [title, environment] of [
    ["no credential", { [basic]: "" }],
    ["a credential with a quote", { [basic]: `${machine.basic}"; }` }],
    ["a credential of two lines", { [basic]: `${machine.basic}\nmap "" $x { default 1; }` }],
    ["a credential with a dollar sign", { [basic]: "$host" }],
    ["no password file", { [htpasswd]: "" }],
    ["a password file without a hash", { [htpasswd]: "admin:{SHA}" }],
    ["a plain password", { [htpasswd]: "admin:{PLAIN}" }],
    ["a second line in the password file", { [htpasswd]: `${machine.htpasswd}\nroot:{PLAIN}` }],
    ["no sign-out address", { [signOutUrl]: "" }],
    ["a sign-out address with a semicolon", { [signOutUrl]: 'https://x.example.com/"; }' }],
    ["a sign-out address with a dollar sign", { [signOutUrl]: "https://$host/" }],
    ["a sign-out address without TLS", { [signOutUrl]: "http://x.example.com/" }],
  ] as const) {
    it(`serves nothing with ${title}`, async () => {
      const gateway = new TestGateway();
      await assert.rejects(gateway.start(environment), (error: Error) => {
        const [name, value] = Object.entries(environment)[0] ?? ["", ""];
        assert.match(
          error.message,
          new RegExp(`gateway: ${name} is missing or holds characters that it may not: nothing is served`),
        );
        assert.ok(value === "" || !error.message.includes(value), "the value is not shown");
        return true;
      });
      await gateway.stop();
    });
  }

  it("serves nothing with a configuration that nginx does not take", async () => {
    const gateway = new TestGateway();
    await assert.rejects(
      gateway.start({ [gatewayEnvironment.conf]: "http { nonsense on; }" }),
      /unknown directive "nonsense"/,
    );
    await gateway.stop();
  });

  it("writes credentials that only the gateway's own user can read", async () => {
    const gateway = new TestGateway();
    await gateway.start();
    assert.deepEqual(gateway.modes(), { htpasswd: 0o600, "credentials.conf": 0o600, "nginx.conf": 0o600 });
    await gateway.stop();
  });
});

describe("the gate's start, where machines come in elsewhere", () => {
  const { basic, htpasswd, signOutUrl } = gatewayEnvironment;
  const newGate = () =>
    new TestGateway({ render: (given) => gateConf({ ...given, machines: false }), machines: false });

  for (const [title, address] of [
    ["is empty", ""],
    ["has no host", "https://"],
    ["has no TLS", "http://x.example.com/"],
    ["is of another scheme", "javascript:alert(1)"],
    ["has no scheme", "x.example.com"],
    ["holds a quote", 'https://x.example.com/"; }'],
    ["holds an apostrophe", "https://x.example.com/'"],
    ["holds a dollar sign", "https://x.example.com/$host"],
    ["holds a backslash", "https://x.example.com/\\"],
    ["holds a blank", "https://x.example.com/ x"],
    ["holds a comment", "https://x.example.com/#x"],
    ["holds a brace", "https://x.example.com/{x}"],
    ["is of two lines", "https://x.example.com/\nx"],
    ["holds a carriage return", "https://x.example.com/\r"],
  ] as const) {
    it(`serves nothing where the sign-out address ${title}`, async () => {
      const gate = newGate();
      await assert.rejects(
        gate.start({ [signOutUrl]: address }),
        /gateway: SIGN_OUT_URL is missing or holds characters that it may not: nothing is served/,
      );
      await gate.stop();
    });
  }

  it("takes an address of a provider with port, path and query", async () => {
    const gate = newGate();
    const address = "https://login.example.com:8443/realms/a_b-c~1/logout?client_id=p.1&x=https%3A%2F%2Fa+b";
    await gate.start({ [signOutUrl]: address });
    assert.equal((await gate.ask("/sign-out", { method: "POST" })).headers.location, address);
    await gate.stop();
  });

  it("needs no credential, and takes none that it is given", async () => {
    const gate = newGate();
    await gate.start({ [basic]: machine.basic, [htpasswd]: machine.htpasswd });
    assert.deepEqual(gate.modes(), { "credentials.conf": 0o600, "nginx.conf": 0o600 });
    await gate.stop();
  });
});

describe("the machine credential", () => {
  it("has all forms of one password", () => {
    const { authString, basic, htpasswd, customHeaders } = machineCredential("a".repeat(40));
    assert.equal(authString, `admin:${"a".repeat(40)}`);
    assert.equal(Buffer.from(basic, "base64").toString(), authString);
    assert.equal(htpasswd, "admin:{SHA}pWVZQY3HkIzl8LJLBceOBVy4Y9w=");
    assert.deepEqual(JSON.parse(customHeaders), { Authorization: `Basic ${basic}` });
  });

  for (const password of ["", "short", `${"a".repeat(40)}:`, `${"a".repeat(40)}"`, `${"a".repeat(40)}\n`]) {
    it(`refuses the password ${JSON.stringify(password.slice(-6))} without showing it`, () => {
      assert.throws(
        () => machineCredential(password),
        new Error(
          `the machine password has ${password.length} characters or some that are no letters or digits; it must be 32 or more letters and digits`,
        ),
      );
    });
  }
});
