import assert from "node:assert/strict";
import { gateConf } from "../../render/gate";
import { gatewayStart } from "../../render/gateway-start";
import { nginxConf } from "../../render/nginx";
import { type SystemName, worldOf } from "./support/systems";

interface Container {
  environment?: { name: string; value: string }[];
  secrets: { name: string; valueFrom: string }[];
}
const environmentOf = ({ environment = [] }: Container) =>
  Object.fromEntries(environment.map(({ name, value }) => [name, value]));
const secretsOf = ({ secrets }: Container) =>
  Object.fromEntries(secrets.map(({ name, valueFrom }) => [name, valueFrom]));
const secretArn = (name: string) => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-secret-0a1b2c3`;

const machines = secretArn("prefect-machines-credential");
const database = secretArn("prefect-db-login");
const fromDatabase = {
  PREFECT_SERVER_DATABASE_USER: `${database}:user::`,
  PREFECT_SERVER_DATABASE_PASSWORD: `${database}:password::`,
  PREFECT_SERVER_DATABASE_HOST: `${database}:host::`,
  PREFECT_SERVER_DATABASE_PORT: `${database}:port::`,
  PREFECT_SERVER_DATABASE_NAME: `${database}:name::`,
};
const options = { domain: "prefect.example.com", trustedProxyCidrs: ["10.0.0.0/16"], idleTimeoutSec: 60 };

describe("The server's task", function () {
  // The AWS SDK is loaded on first use.
  this.timeout(20_000);
  const containersOf = async (name: SystemName) => (await worldOf(name)).containers("prefect-server-task");

  for (const [name, credentials] of [
    ["gateway", 7],
    ["gateway issuer", 7],
    ["alb", 1],
    ["alb public issuer prefix", 5],
  ] as const) {
    it(`holds no secret and fits into what ECS takes: ${name}`, async () => {
      const world = await worldOf(name);
      const kept = /^(password|authString|basic|htpasswd|customHeaders|clientSecret|cookieSecret)$/;
      const values = world
        .all("aws:secretsmanager/secretVersion:SecretVersion")
        .flatMap(({ inputs }) => Object.entries<string>(JSON.parse(inputs.secretString)))
        .filter(([key]) => kept.test(key));
      assert.equal(values.length, credentials);
      for (const task of world.all("aws:ecs/taskDefinition:TaskDefinition")) {
        const definition = task.inputs.containerDefinitions as string;
        for (const [key, value] of values) assert.ok(!definition.includes(value), `${task.name} ${key}`);
        assert.ok(!definition.includes("pppp"));
        assert.ok(Buffer.byteLength(definition) < 48 * 1024, `${Buffer.byteLength(definition)} bytes of 64 KiB`);
      }
    });
  }

  it("lets the network in at the gateway alone, which has Prefect on loopback", async () => {
    for (const name of ["gateway", "gateway private", "gateway private by network"] as const) {
      const { nginx, prefect, ...others } = await containersOf(name);
      assert.deepEqual(nginx.portMappings, [{ containerPort: 8080, protocol: "tcp" }]);
      assert.deepEqual(prefect.command, ["prefect", "server", "start", "--host", "127.0.0.1", "--port", "4200"]);
      assert.deepEqual(Object.keys(others).sort(), ["oauth2-proxy", "rds-ca"]);
      for (const container of [prefect, ...Object.values(others)]) assert.equal(container.portMappings, undefined);
    }
  });

  it("lets load balancers in at Prefect and at the gate where the load balancer asks for the login", async () => {
    for (const name of ["alb", "alb private by network", "alb public", "alb issuer"] as const) {
      const { gate, prefect, ...others } = await containersOf(name);
      assert.deepEqual(gate.portMappings, [{ containerPort: 8080, protocol: "tcp" }]);
      assert.deepEqual(prefect.portMappings, [{ containerPort: 4200, protocol: "tcp" }]);
      assert.deepEqual(prefect.command, ["prefect", "server", "start", "--host", "0.0.0.0", "--port", "4200"]);
      assert.deepEqual(Object.keys(others), ["rds-ca"]);
    }
  });

  it("locks every container down, and none but oauth2-proxy and the fetching of certificates may end", async () => {
    for (const system of ["gateway", "alb", "alb public"] as const) {
      for (const [name, container] of Object.entries(await containersOf(system))) {
        assert.equal(container.readonlyRootFilesystem, true, name);
        assert.deepEqual(container.linuxParameters.capabilities, { drop: ["ALL"] }, name);
        assert.equal(container.essential, !["oauth2-proxy", "rds-ca"].includes(name), name);
        assert.equal(container.logConfiguration.options["awslogs-group"], "prefect-server-logs-0a1b2c3", name);
      }
    }
  });

  it("has a Prefect that asks everybody for the machine credential behind the gateway, and believes no proxy's word", async () => {
    for (const name of ["gateway", "gateway private"] as const) {
      const { prefect } = await containersOf(name);
      assert.deepEqual(secretsOf(prefect), {
        ...fromDatabase,
        PREFECT_SERVER_API_AUTH_STRING: `${machines}:authString::`,
      });
      assert.equal(environmentOf(prefect).FORWARDED_ALLOW_IPS, undefined);
    }
  });

  it("has a Prefect that asks for nothing behind the load balancer's login, and believes its network's word", async () => {
    for (const name of ["alb", "alb private by network", "alb public", "alb issuer"] as const) {
      const { prefect } = await containersOf(name);
      assert.deepEqual(secretsOf(prefect), fromDatabase);
      assert.equal(environmentOf(prefect).FORWARDED_ALLOW_IPS, "10.0.0.0/16");
    }
  });

  it("tells Prefect its address: API, UI and health at the root or below the prefix", async () => {
    const addresses = /^PREFECT_(UI_(URL|API_URL|SERVE_BASE)|SERVER_(API_BASE_PATH|CORS\w+|CSRF\w+))$/;
    for (const [name, base, below] of [
      ["alb", "", {}],
      ["alb prefix", "/prefect", { PREFECT_SERVER_API_BASE_PATH: "/prefect/api", PREFECT_UI_SERVE_BASE: "/prefect" }],
    ] as const) {
      const { prefect } = await containersOf(name);
      const told = Object.entries(environmentOf(prefect)).filter(([variable]) => addresses.test(variable));
      assert.deepEqual(Object.fromEntries(told), {
        PREFECT_UI_API_URL: `${base}/api`,
        PREFECT_UI_URL: `https://prefect.example.com${base}`,
        PREFECT_SERVER_CORS_ALLOWED_ORIGINS: "https://prefect.example.com",
        PREFECT_SERVER_CSRF_PROTECTION_ENABLED: "true",
        ...below,
      });
      assert.match(prefect.healthCheck.command.at(-1), new RegExp(`"http://127\\.0\\.0\\.1:4200${base}/api/health"`));
    }
  });

  it("gives the gateway's nginx the settings, the VPC as the load balancer's network, and its secrets", async () => {
    const login = secretArn("prefect-gateway-login");
    for (const [name, changes] of [
      ["gateway", {}],
      ["gateway private", { internalDomain: "prefect.internal" }],
    ] as const) {
      const { nginx } = await containersOf(name);
      assert.deepEqual(environmentOf(nginx), { NGINX_CONF: nginxConf({ ...options, path: "/", ...changes }) });
      assert.deepEqual(nginx.command, [gatewayStart({ machines: true })]);
      assert.deepEqual(secretsOf(nginx), {
        MACHINE_BASIC: `${machines}:basic::`,
        MACHINE_HTPASSWD: `${machines}:htpasswd::`,
        SIGN_OUT_URL: `${login}:signOutUrl::`,
      });
    }
  });

  it("gives oauth2-proxy its secrets by what is known before they exist", async () => {
    const login = secretArn("prefect-gateway-login");
    assert.deepEqual(secretsOf((await containersOf("gateway"))["oauth2-proxy"]), {
      OAUTH2_PROXY_OIDC_ISSUER_URL: `${login}:issuer::`,
      OAUTH2_PROXY_CLIENT_ID: `${login}:clientId::`,
      OAUTH2_PROXY_CLIENT_SECRET: `${login}:clientSecret::`,
      OAUTH2_PROXY_COOKIE_SECRET: `${login}:cookieSecret::`,
    });
  });

  it("gives the gate the credential only where machines come in there", async () => {
    const out = secretArn("prefect-login-out");
    for (const [name, path, admits] of [
      ["alb", "/", false],
      ["alb prefix", "/prefect", false],
      ["alb public", "/", true],
      ["alb public issuer prefix", "/prefect", true],
    ] as const) {
      const { gate } = await containersOf(name);
      assert.deepEqual(environmentOf(gate), { NGINX_CONF: gateConf({ ...options, path, machines: admits }) });
      assert.deepEqual(gate.command, [gatewayStart({ machines: admits })]);
      assert.deepEqual(secretsOf(gate), {
        ...(admits && { MACHINE_BASIC: `${machines}:basic::`, MACHINE_HTPASSWD: `${machines}:htpasswd::` }),
        SIGN_OUT_URL: `${out}:signOutUrl::`,
      });
    }
  });
});

describe("The workers' task", function () {
  this.timeout(20_000);
  const credential = {
    PREFECT_API_AUTH_STRING: `${machines}:authString::`,
    PREFECT_CLIENT_CUSTOM_HEADERS: `${machines}:customHeaders::`,
  };

  for (const [name, apiUrl, url, secrets] of [
    ["gateway", "https://prefect.example.com/api", "https://prefect.example.com", credential],
    ["gateway private", "http://prefect.internal/api", "https://prefect.example.com", credential],
    ["alb", "http://prefect.internal/api", "https://prefect.example.com", {}],
    ["alb prefix", "http://prefect.internal/prefect/api", "https://prefect.example.com/prefect", {}],
    ["alb public", "https://prefect.example.com/api", "https://prefect.example.com", credential],
  ] as const) {
    it(`calls ${apiUrl} ${Object.keys(secrets).length > 0 ? "with the credential" : "without one"}: ${name}`, async () => {
      const { worker } = (await worldOf(name)).containers("prefect-worker-task");
      assert.deepEqual(environmentOf(worker), {
        PREFECT_API_URL: apiUrl,
        PREFECT_UI_URL: url,
        PREFECT_WORKER_WEBSERVER_HOST: "127.0.0.1",
        PREFECT_WORKER_WEBSERVER_PORT: "8080",
        PYTHONUNBUFFERED: "1",
      });
      assert.deepEqual(secretsOf(worker), secrets);
      assert.equal(worker.portMappings, undefined);
    });
  }
});
