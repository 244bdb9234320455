import assert from "node:assert/strict";
import { createHmac, createPublicKey } from "node:crypto";
import { generateKeyPair, SignJWT } from "jose";
import { identityProvider, issuer } from "./identity-provider";
import { loadBalancerWorld, says, toTargets } from "./load-balancer-world";
import { ask, server } from "./support";

const audience = "https://prefect.localhost/api";

describe("a jwt-validation action", () => {
  let world: Awaited<ReturnType<typeof loadBalancerWorld>>;
  let provider: Awaited<ReturnType<typeof identityProvider>>;
  let target: Awaited<ReturnType<typeof server>>;

  beforeEach(async () => {
    world = await loadBalancerWorld();
    provider = await identityProvider(world.cloud);
    target = await server((request, response) => response.end(request.headers.authorization));
    await world.targetGroup();
  });
  afterEach(async () => {
    await provider.close();
    await world.close();
    await target.close();
  });

  const action = (more: Record<string, unknown> = {}) => ({
    type: "jwt-validation",
    order: 1,
    jwtValidation: {
      issuer,
      jwksEndpoint: `${issuer}/keys`,
      additionalClaims: [{ format: "single-string", name: "aud", values: [audience] }],
      ...more,
    },
  });
  const open = async (more?: Record<string, unknown>) => {
    await world.secureListener({ defaultActions: [action(more), { ...toTargets[0], order: 2 }] });
    await world.healthy(target.address);
  };
  const claims = (more: Record<string, unknown> = {}) => ({
    iss: issuer,
    aud: audience,
    exp: provider.now() + 60,
    ...more,
  });
  const send = (authorization?: string) =>
    ask({
      ip: world.ip,
      port: 443,
      headers: { host: "prefect.localhost", ...(authorization !== undefined && { authorization }) },
      tls: { servername: "prefect.localhost", ca: world.cloud.certificates.ca },
    });
  const status = async (token: string) => (await send(`Bearer ${token}`)).status;

  it("lets a good token through unchanged, having fetched the keys once", async () => {
    await open();
    const token = await provider.sign(claims({ iat: provider.now(), nbf: provider.now() - 1 }));
    for (let time = 0; time < 3; time++) assert.equal((await send(`Bearer ${token}`)).body, `Bearer ${token}`);
    assert.equal(provider.asked("/keys").length, 1);
    assert.equal(provider.asked("/keys")[0]?.from, world.ownIp);
  });

  it("refuses everything else with 401", async () => {
    await open();
    const good = await provider.sign(claims());
    for (const authorization of [
      undefined,
      "",
      "Bearer",
      "Bearer x",
      good,
      `Basic ${Buffer.from(good).toString("base64")}`,
      `Basic ${good}`,
      `DPoP ${good}`,
      `Bearer ${good} x`,
    ]) {
      assert.equal((await send(authorization)).status, 401, authorization?.slice(0, 20));
    }
    const now = provider.now();
    for (const wrong of [
      { iss: "https://evil.example" },
      { iss: `${issuer}/` },
      { iss: undefined },
      { aud: "https://other.example" },
      { aud: [audience] },
      { aud: undefined },
      { exp: now - 1 },
      { exp: undefined },
      { exp: "tomorrow" },
      { nbf: now + 60 },
      { iat: now + 60 },
    ]) {
      const token = await provider.sign(claims(wrong));
      assert.equal(await status(token), 401, JSON.stringify(wrong));
    }
    assert.equal(await status(good), 200);
    const [header = "", payload = "", signature = ""] = good.split(".");
    const other = Buffer.from(JSON.stringify(claims({ sub: "root" }))).toString("base64url");
    assert.equal(await status(`${header}.${other}.${signature}`), 401);
    assert.equal(await status(`${header}.${payload}.`), 401);
    assert.equal(await status(`${header}.${payload}`), 401);
  });

  it("refuses other algorithms: none, HS256 signed with the public key, RS512, ES256", async () => {
    await open();
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    for (const alg of ["none", "None", "NONE"]) {
      assert.equal(await status(`${part({ alg, kid: "key1" })}.${part(claims())}.`), 401);
    }
    const publicKey = createPublicKey({ key: provider.key, format: "jwk" });
    const asSecret = [
      publicKey.export({ type: "spki", format: "pem" }).toString(),
      publicKey.export({ type: "pkcs1", format: "pem" }).toString(),
      JSON.stringify(provider.key),
    ];
    for (const secret of asSecret) {
      const text = `${part({ alg: "HS256", typ: "JWT", kid: "key1" })}.${part(claims())}`;
      const signature = createHmac("sha256", secret).update(text).digest("base64url");
      assert.equal(await status(`${text}.${signature}`), 401);
    }
    const sign = (alg: string, key: Parameters<SignJWT["sign"]>[0]) =>
      new SignJWT(claims()).setProtectedHeader({ alg, kid: "key1" }).sign(key);
    for (const alg of ["RS512", "PS256", "ES256"]) {
      const { privateKey } = await generateKeyPair(alg);
      assert.equal(await status(await sign(alg, privateKey)), 401, alg);
    }
    const stranger = await generateKeyPair("RS256");
    assert.equal(await status(await sign("RS256", stranger.privateKey)), 401);
  });

  it("looks for an unknown key once more, then not again for a while", async () => {
    await open();
    const unknown = await provider.sign(claims(), { kid: "key2" });
    assert.equal(await status(unknown), 401);
    provider.behaviour.keys = () => ({ keys: [{ ...provider.key, kid: "key2" }] });
    assert.equal(await status(unknown), 401);
    const realNow = Date.now;
    Date.now = () => realNow() + 11_000;
    try {
      assert.equal(await status(unknown), 200);
      for (let time = 0; time < 3; time++) await status(await provider.sign(claims(), { kid: `made-up-${time}` }));
    } finally {
      Date.now = realNow;
    }
    assert.equal(provider.asked("/keys").length, 2);
  });

  it("forwards nothing while the keys cannot be had: no answer, too many, too much, no key set", async () => {
    await open();
    const token = await provider.sign(claims());
    const many = Array.from({ length: 11 }, (_, at) => ({ ...provider.key, kid: `key${at}` }));
    for (const keys of [
      () => 500,
      () => 404,
      () => ({ keys: many }),
      () => ({ keys: [{ ...provider.key, x5c: ["x".repeat(160_000)] }] }),
      () => ({ keys: "none" }) as never,
    ]) {
      provider.behaviour.keys = keys;
      assert.equal(await status(token), 500);
    }
    provider.behaviour.keys = () => ({ keys: many.slice(0, 10) });
    assert.equal(await status(token), 200);
  });

  it("checks additional claims in their three formats", async () => {
    await open({
      additionalClaims: [
        { format: "single-string", name: "repository", values: ["octo/flows", "octo/other"] },
        { format: "string-array", name: "groups", values: ["deployers"] },
        { format: "space-separated-values", name: "scope", values: ["flows:write"] },
      ],
    });
    const good = { repository: "octo/flows", groups: ["a", "deployers"], scope: "flows:read flows:write" };
    const of = async (more: Record<string, unknown>) => status(await provider.sign(claims({ ...good, ...more })));
    assert.equal(await of({}), 200);
    assert.equal(await of({ repository: "octo/other" }), 200);
    for (const wrong of [
      { repository: "octo/flows2" },
      { repository: ["octo/flows"] },
      { repository: undefined },
      { groups: "deployers" },
      { groups: ["deployers2"] },
      { groups: [] },
      { scope: "flows:writer" },
      { scope: ["flows:write"] },
      { scope: "" },
    ]) {
      assert.equal(await of(wrong), 401, JSON.stringify(wrong));
    }
  });

  it("is refused with every reason: on HTTP, or with settings that AWS has not", async () => {
    await assert.rejects(
      world.listener({ defaultActions: [action(), ...toTargets] }),
      /"jwt-validation" needs an HTTPS/,
    );
    const claim = (more: object) => ({ format: "single-string", name: "aud", values: ["a"], ...more });
    const wrong = action({
      issuer: "x".repeat(257),
      jwksEndpoint: "http://login.example.com/keys",
      additionalClaims: [
        claim({ name: "exp" }),
        claim({ format: "regex" }),
        claim({ values: [] }),
        claim({ format: "space-separated-values", name: "scope", values: ["a b"] }),
        claim({ format: "string-array", name: "groups", values: ["a", "b"] }),
        ...Array.from({ length: 6 }, () => claim({})),
      ],
    });
    await assert.rejects(world.secureListener({ defaultActions: [wrong, ...says("x")] }), (error: Error) => {
      for (const reason of [
        /issuer may have 256 characters; got 257/,
        /jwksEndpoint must be a full URL/,
        /may have 10 entries; got 11/,
        /"exp": exp, iss, nbf, iat are checked anyway/,
        /format must be one of .*; got "regex"/,
        /needs 1 to 10 values; got 0/,
        /can't include spaces/,
        /several values of format string-array are not served here/,
      ])
        assert.match(error.message, reason);
      return true;
    });
  });
});
