import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { System } from "../../components/system";
import { assertGolden } from "../support/golden";
import { build, valueOf, type World } from "../support/world";
import { albSystem, system, worldOf } from "./support/systems";

describe("System", function () {
  // The AWS SDK is loaded on first use.
  this.timeout(20_000);
  const shown = ({ resources }: World) => resources.map(({ type, name }) => `${type} ${name}`).sort();

  it("is these resources", async () => {
    assertGolden("resources.txt", `${shown(await worldOf("gateway")).join("\n")}\n`);
  });

  it("is these resources with the load balancer's login, workers in the VPC and a prefix", async () => {
    assertGolden("resources-alb.txt", `${shown(await worldOf("alb prefix")).join("\n")}\n`);
  });

  it("makes no credential for machines where nothing asks for one", async () => {
    for (const [name, credentials] of [
      ["gateway", 1],
      ["gateway private", 1],
      ["alb public", 1],
      ["alb", 0],
      ["alb private by network", 0],
    ] as const) {
      const made = (await worldOf(name)).all("random:index/randomPassword:RandomPassword").map((one) => one.name);
      assert.equal(made.filter((password) => password === "prefect-machines-password").length, credentials, name);
    }
  });

  it("changes nothing but the path when it moves below a prefix", async () => {
    assert.deepEqual(shown(await worldOf("alb prefix")), shown(await worldOf("alb")));
  });
});

describe("What System hands on", function () {
  this.timeout(20_000);
  const password = "p".repeat(40);
  const credential = {
    PREFECT_API_AUTH_STRING: `admin:${password}`,
    PREFECT_CLIENT_CUSTOM_HEADERS: `{"Authorization":"Basic ${Buffer.from(`admin:${password}`).toString("base64")}"}`,
  };

  /** Builds one, and keeps it to be asked for its outputs. */
  async function made(program: () => System): Promise<System> {
    const systems: System[] = [];
    await build(() => systems.push(program()));
    return systems[0] as System;
  }

  for (const { title, program, url, apiUrl, secrets } of [
    {
      title: "behind the gateway, with workers from the internet",
      program: () => system(),
      url: "https://prefect.example.com",
      apiUrl: "https://prefect.example.com/api",
      secrets: credential,
    },
    {
      title: "behind the gateway, with workers in the VPC, below a prefix",
      program: () => system({ workersEndpoint: "private", path: "/prefect" }),
      url: "https://prefect.example.com/prefect",
      apiUrl: "http://prefect.internal/prefect/api",
      secrets: credential,
    },
    {
      title: "behind the load balancer's login, with workers in the VPC under a name of the settings",
      program: () => albSystem({ internal: { domain: "api.corp", loadBalancer: "network", allowedCidrs: [] } }),
      url: "https://prefect.example.com",
      apiUrl: "http://api.corp/api",
      secrets: {},
    },
    {
      title: "behind the load balancer's login, with workers from the internet, below a prefix",
      program: () => albSystem({ workersEndpoint: "public", path: "/a/b-c" }),
      url: "https://prefect.example.com/a/b-c",
      apiUrl: "https://prefect.example.com/a/b-c/api",
      secrets: credential,
    },
  ]) {
    it(`is where people and programs go, and what programs need, ${title}`, async () => {
      const { url: given, apiUrl: api, workerEnv, tokenAccess } = await made(program);
      assert.deepEqual([await valueOf(given), await valueOf(api)], [url, apiUrl]);
      assert.deepEqual(await valueOf(workerEnv), { PREFECT_API_URL: apiUrl, PREFECT_UI_URL: url, ...secrets });
      assert.deepEqual(await Promise.all([pulumi.isSecret(given), pulumi.isSecret(api), pulumi.isSecret(workerEnv)]), [
        false,
        false,
        true,
      ]);
      assert.equal(tokenAccess, undefined);
    });
  }

  it("is the pool in which to make people, where there is one", async () => {
    const { userPoolId } = await made(() => system());
    assert.equal(userPoolId && (await valueOf(userPoolId)), "prefect-people-pool-id");
  });
});
