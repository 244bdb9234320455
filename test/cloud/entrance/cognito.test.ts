import assert from "node:assert/strict";
import { createLocalJWKSet, jwtVerify } from "jose";
import { Identity } from "../../../local/cloud/identity/identity";
import { Browser, locationOf } from "./browser";
import { loadBalancerWorld, toTargets } from "./load-balancer-world";
import { server } from "./support";

const poolId = "eu-west-1_AbCdEfGhI";
const userPoolArn = `arn:aws:cognito-idp:eu-west-1:123456789012:userpool/${poolId}`;
const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${poolId}`;
const domain = "https://prefect-a1b2c3.auth.eu-west-1.amazoncognito.com";
const origin = "https://prefect.localhost";
const password = "Correct-horse-7";
const person = {
  userPoolId: poolId,
  name: "people",
  clientSecret: "person-secret-01",
  callbackUrls: [`${origin}/oauth2/idpresponse`],
  logoutUrls: [`${origin}/`],
  allowedOauthFlows: ["code"],
  allowedOauthFlowsUserPoolClient: true,
  allowedOauthScopes: ["openid", "email"],
};
const robot = {
  ...person,
  name: "ci",
  clientSecret: "robot-secret-012",
  callbackUrls: [],
  logoutUrls: [],
  allowedOauthFlows: ["client_credentials"],
  allowedOauthScopes: ["prefect/read", "prefect/write"],
};

describe("a user pool behind a load balancer", () => {
  let world: Awaited<ReturnType<typeof loadBalancerWorld>>;
  let target: Awaited<ReturnType<typeof server>>;
  let identity: Identity;
  let browser: Browser;

  const put = (kind: string, id: string, properties: Record<string, unknown>) => {
    const type = `aws:cognito/${kind}:${kind[0]?.toUpperCase()}${kind.slice(1)}`;
    return identity.put(world.cloud.declare(type, id, properties));
  };
  const scopes = (...names: string[]) => ({
    userPoolId: poolId,
    identifier: "prefect",
    scopes: names.map((scopeName) => ({ scopeName, scopeDescription: scopeName })),
  });
  beforeEach(async () => {
    world = await loadBalancerWorld();
    identity = new Identity(world.cloud);
    browser = new Browser(world.cloud);
    await put("userPool", poolId, { name: "people", usernameAttributes: ["email"] });
    await put("userPoolDomain", "prefect-a1b2c3", { userPoolId: poolId, domain: "prefect-a1b2c3" });
    await put("userPoolClient", "client1", person);
    await identity.createUser({ userPoolId: poolId, email: "ada@example.com", password, groups: [] });
    target = await server((request, response) => response.end(JSON.stringify(request.headers)));
    await world.targetGroup();
  });
  afterEach(async () => {
    await identity.close();
    await world.close();
    await target.close();
  });

  const authenticate = (more: object = {}) => ({
    type: "authenticate-cognito",
    order: 1,
    authenticateCognito: {
      userPoolArn,
      userPoolClientId: "client1",
      userPoolDomain: "prefect-a1b2c3",
      scope: "openid email",
      ...more,
    },
  });
  const open = async (action: object) => {
    await world.secureListener({ defaultActions: [action, ...toTargets] });
    await world.healthy(target.address);
  };
  const signIn = async () => {
    const start = locationOf(origin, await browser.get(`${origin}/flows?a=1`));
    const form = locationOf(start, await browser.get(start));
    const resume = locationOf(form, await browser.post(form, { username: "ada@example.com", password }));
    return browser.get(locationOf(resume, await browser.get(resume)));
  };
  const machineToken = (form: Record<string, string> = {}) =>
    browser.post(
      `${domain}/oauth2/token`,
      { grant_type: "client_credentials", ...form },
      { authorization: `Basic ${Buffer.from(`client2:${robot.clientSecret}`).toString("base64")}` },
    );

  it("signs people in and out: the next visit asks again", async () => {
    await open(authenticate());
    const back = await signIn();
    assert.deepEqual([back.status, back.headers.location], [302, `${origin}/flows?a=1`]);
    const headers = JSON.parse((await browser.get(`${origin}/`)).body);
    const [header = "", payload = ""] = headers["x-amzn-oidc-data"].split(".");
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
    assert.deepEqual([read(header).iss, read(header).client], [issuer, "client1"]);
    assert.equal(read(payload).email, "ada@example.com");
    assert.equal(read(payload).sub, headers["x-amzn-oidc-identity"]);
    browser.changeCookie("AWSELBAuthSessionCookie-0", () => undefined);
    await browser.get(`${domain}/logout?client_id=client1&logout_uri=${encodeURIComponent(`${origin}/`)}`);
    const start = locationOf(origin, await browser.get(`${origin}/`));
    assert.match(locationOf(start, await browser.get(start)), /\/login/);
  });

  it("renews the session by Cognito's refresh token, until the person is disabled", async () => {
    await open(authenticate());
    await signIn();
    const realNow = Date.now;
    try {
      Date.now = () => realNow() + 3_700_000;
      assert.equal((await browser.get(`${origin}/`)).status, 200);
      const disabled = { userPoolId: poolId, username: "ada@example.com", enabled: false };
      await put("user", "ada", { ...disabled, attributes: { email: "ada@example.com" } });
      Date.now = () => realNow() + 2 * 3_700_000;
      assert.equal((await browser.get(`${origin}/`)).status, 302);
    } finally {
      Date.now = realNow;
    }
  });

  it("must have the client, with a secret", async () => {
    const refused = (more: object) => assert.rejects(open(authenticate(more)), /must be one of that pool and have a/);
    await refused({ userPoolClientId: "nobody" });
    await refused({ userPoolArn: userPoolArn.replace("AbC", "XyZ") });
    await put("userPoolClient", "public", { ...person, clientSecret: "" });
    await refused({ userPoolClientId: "public" });
    await assert.rejects(open(authenticate({ userPoolArn: "arn:x" })), /userPoolArn must be a user pool's ARN/);
  });

  it("gives machines tokens with the scopes of its resource servers, which the load balancer takes", async () => {
    await put("resourceServer", "prefect", scopes("read", "write"));
    await put("userPoolClient", "client2", robot);
    const { access_token, expires_in, ...rest } = JSON.parse((await machineToken({ scope: "prefect/write" })).body);
    assert.deepEqual([expires_in, rest], [3600, { token_type: "Bearer" }]);
    const jwks = JSON.parse((await browser.get(`${issuer}/.well-known/jwks.json`)).body);
    const { payload } = await jwtVerify(access_token, createLocalJWKSet(jwks), { issuer });
    const { jti, iat, exp = 0, auth_time, ...claims } = payload;
    assert.equal(exp - Number(iat), 3600);
    assert.equal(auth_time, iat);
    assert.match(String(jti), /./);
    assert.deepEqual(claims, {
      iss: issuer,
      sub: "client2",
      token_use: "access",
      scope: "prefect/write",
      version: 2,
      client_id: "client2",
    });
    const additionalClaims = [
      { name: "client_id", format: "single-string", values: ["client2"] },
      { name: "scope", format: "space-separated-values", values: ["prefect/write"] },
    ];
    const jwtValidation = { issuer, jwksEndpoint: `${issuer}/.well-known/jwks.json`, additionalClaims };
    await open({ type: "jwt-validation", order: 1, jwtValidation });
    const status = async (token: string) =>
      (await browser.send(`${origin}/`, { authorization: `Bearer ${token}` })).status;
    assert.equal(await status(access_token), 200);
    const read = JSON.parse((await machineToken({ scope: "prefect/read" })).body).access_token;
    assert.equal(await status(read), 401);
    assert.equal(await status(JSON.parse((await machineToken()).body).access_token), 200);
  });

  it("gives machines nothing else", async () => {
    await put("resourceServer", "prefect", scopes("read", "write", "admin"));
    await put("userPoolClient", "client2", robot);
    for (const scope of ["prefect/admin", "prefect/read openid", "other/read", "email"]) {
      const reply = await machineToken({ scope });
      assert.deepEqual([reply.status, JSON.parse(reply.body)], [400, { error: "invalid_scope" }], scope);
    }
    const asPerson = await browser.post(
      `${domain}/oauth2/token`,
      { grant_type: "client_credentials" },
      { authorization: `Basic ${Buffer.from(`client1:${person.clientSecret}`).toString("base64")}` },
    );
    assert.deepEqual([asPerson.status, JSON.parse(asPerson.body).error], [400, "unauthorized_client"]);
    const { access_token } = JSON.parse((await machineToken()).body);
    const userInfo = await browser.send(`${domain}/oauth2/userInfo`, { authorization: `Bearer ${access_token}` });
    assert.equal(userInfo.status, 401);
  });

  it("refuses machine clients that Cognito refuses, with all the reasons", async () => {
    const wrong = { ...robot, clientSecret: "", allowedOauthFlows: ["code", "client_credentials"] };
    await assert.rejects(put("userPoolClient", "client2", wrong), (error: Error) => {
      assert.match(error.message, /scope "prefect\/read" does not exist; allowed are: none/);
      assert.match(error.message, /can not be selected along with code flow/);
      assert.match(error.message, /does not have a client secret/);
      return true;
    });
  });
});
