import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { Identity } from "../../../local/cloud/identity/identity";
import { Browser, locationOf, pkce } from "./browser";
import { type Reply, type TestCloud, testCloud } from "./support";

const poolId = "eu-west-1_AbCdEfGhI";
const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${poolId}`;
const domain = "https://prefect-a1b2c3.auth.eu-west-1.amazoncognito.com";
const callback = "https://prefect.localhost/oauth2/callback";
const email = "ada@example.com";
const password = "Correct-horse-7";
const secret = "client-secret-0123456789";

describe("a user pool", () => {
  let cloud: TestCloud;
  let identity: Identity;
  let browser: Browser;

  const put = (kind: string, id: string, properties: Record<string, unknown>) => {
    const resource = { type: `aws:cognito/${kind}:${kind[0]?.toUpperCase()}${kind.slice(1)}`, id, urn: id, properties };
    return identity.put(resource);
  };
  const client = (properties: Record<string, unknown> = {}) => ({
    userPoolId: poolId,
    name: "prefect",
    generateSecret: true,
    clientSecret: secret,
    callbackUrls: [callback],
    logoutUrls: ["https://prefect.localhost/"],
    allowedOauthFlows: ["code"],
    allowedOauthFlowsUserPoolClient: true,
    allowedOauthScopes: ["openid", "email", "profile"],
    supportedIdentityProviders: ["COGNITO"],
    ...properties,
  });
  const declareAll = async () => {
    identity = new Identity(cloud);
    await put("userPool", poolId, { name: "prefect-users", usernameAttributes: ["email"] });
    await put("userPoolDomain", "prefect-a1b2c3", { userPoolId: poolId, domain: "prefect-a1b2c3" });
    await put("userPoolClient", "client1", client());
    await put("userGroup", "admins", { userPoolId: poolId, name: "admins" });
  };
  beforeEach(async () => {
    cloud = await testCloud();
    browser = new Browser(cloud);
    await declareAll();
    await identity.createUser({ userPoolId: poolId, email, password, groups: ["admins"] });
  });
  afterEach(async () => {
    await identity.close();
    await cloud.remove();
  });

  const authorizeUrl = (more: Record<string, string> = {}) =>
    `${domain}/oauth2/authorize?${new URLSearchParams({
      client_id: "client1",
      response_type: "code",
      redirect_uri: callback,
      scope: "openid email profile",
      state: "s1",
      nonce: "n1",
      ...more,
    }).toString()}`;
  /** Follows to the login form. */
  const openLogin = async (more?: Record<string, string>) => {
    const url = authorizeUrl(more);
    return locationOf(url, await browser.get(url));
  };
  /** Signs in on the form; the address that the browser is sent to in the end. */
  const signIn = async (form: string) => {
    const resume = locationOf(form, await browser.post(form, { username: email, password }));
    return new URL(locationOf(resume, await browser.get(resume)));
  };
  const token = (form: Record<string, string>, basic = `client1:${secret}`) =>
    browser.post(`${domain}/oauth2/token`, form, { authorization: `Basic ${Buffer.from(basic).toString("base64")}` });
  const redeem = async (back: URL, verifier: string) =>
    token({
      grant_type: "authorization_code",
      code: back.searchParams.get("code") ?? "",
      redirect_uri: callback,
      code_verifier: verifier,
    });
  const logIn = async (): Promise<Record<string, string>> => {
    const { verifier, challenge } = pkce();
    const form = await openLogin({ code_challenge: challenge, code_challenge_method: "S256" });
    return JSON.parse((await redeem(await signIn(form), verifier)).body);
  };
  const json = (reply: Reply) => JSON.parse(reply.body);

  it("describes itself at its issuer as Cognito does", async () => {
    const document = json(await browser.get(`${issuer}/.well-known/openid-configuration`));
    assert.equal(document.issuer, issuer);
    assert.equal(document.authorization_endpoint, `${domain}/oauth2/authorize`);
    assert.equal(document.token_endpoint, `${domain}/oauth2/token`);
    assert.equal(document.userinfo_endpoint, `${domain}/oauth2/userInfo`);
    assert.equal(document.end_session_endpoint, undefined);
    const { keys } = json(await browser.get(document.jwks_uri));
    assert.deepEqual(Object.keys(keys[0]).sort(), ["alg", "e", "kid", "kty", "n", "use"]);
  });

  it("signs a person in with a code, PKCE and a client secret", async () => {
    const { verifier, challenge } = pkce();
    const form = await openLogin({ code_challenge: challenge, code_challenge_method: "S256" });
    assert.match(form, new RegExp(`^${domain}/login`));
    const page = await browser.get(form);
    assert.match(page.body, /<h1>Sign in<\/h1>/);
    assert.match(page.body, /prefect-users/);
    const back = await signIn(form);
    assert.equal(`${back.origin}${back.pathname}`, callback);
    assert.deepEqual([...back.searchParams.keys()].sort(), ["code", "state"]);
    assert.equal(back.searchParams.get("state"), "s1");
    const reply = await redeem(back, verifier);
    assert.equal(reply.status, 200, reply.body);
    const answer = json(reply);
    assert.deepEqual(Object.keys(answer).sort(), [
      "access_token",
      "expires_in",
      "id_token",
      "refresh_token",
      "token_type",
    ]);
    assert.equal(answer.expires_in, 3600);

    const keys = createLocalJWKSet(json(await browser.get(`${issuer}/.well-known/jwks.json`)));
    const { payload: id } = await jwtVerify(answer.id_token, keys, {
      issuer,
      audience: "client1",
      algorithms: ["RS256"],
    });
    assert.equal(id.token_use, "id");
    assert.equal(id.email, email);
    assert.equal(id.email_verified, true);
    assert.equal(id["cognito:username"], id.sub);
    assert.deepEqual(id["cognito:groups"], ["admins"]);
    assert.equal(id.nonce, "n1");
    assert.equal(typeof id.auth_time, "number");
    const { payload: access } = await jwtVerify(answer.access_token, keys, { issuer, algorithms: ["RS256"] });
    assert.equal(access.token_use, "access");
    assert.equal(access.client_id, "client1");
    assert.equal(access.scope, "openid email profile");
    assert.equal(access.aud, undefined);
    assert.equal(access.sub, id.sub);
    assert.deepEqual(access["cognito:groups"], ["admins"]);

    const userInfo = await browser.send(`${domain}/oauth2/userInfo`, {
      authorization: `Bearer ${answer.access_token}`,
    });
    assert.deepEqual(json(userInfo), { sub: id.sub, email, email_verified: "true", username: id.sub });
    const stranger = await browser.send(`${domain}/oauth2/userInfo`, { authorization: `Bearer ${access.jti}` });
    assert.equal(stranger.status, 401);
  });

  it("refuses a code a second time, and one without its verifier", async () => {
    const { verifier, challenge } = pkce();
    const back = await signIn(await openLogin({ code_challenge: challenge, code_challenge_method: "S256" }));
    const wrong = await redeem(back, pkce().verifier);
    assert.deepEqual([wrong.status, json(wrong)], [400, { error: "invalid_grant" }]);
    assert.equal((await redeem(back, verifier)).status, 200);
    assert.deepEqual(json(await redeem(back, verifier)), { error: "invalid_grant" });
  });

  it("says the same of a wrong password and of an unknown person", async () => {
    const form = await openLogin();
    for (const [username, guess] of [
      [email, "Wrong-horse-7"],
      ["nobody@example.com", password],
    ] as const) {
      const page = await browser.post(form, { username, password: guess });
      assert.match(page.body, /role="alert">Incorrect username or password\.</);
      assert.equal(page.headers.location, undefined);
    }
    assert.match((await signIn(form)).href, /code=/);
  });

  it("escapes what is typed into the form", async () => {
    const page = await browser.post(await openLogin(), { username: '"><script>x</script>', password: "x" });
    assert.doesNotMatch(page.body, /<script>/);
  });

  it("sends nobody to an address that the client has not registered", async () => {
    for (const redirect_uri of [
      "https://evil.example/",
      `${callback}/x`,
      `${callback}?x=1`,
      "http://prefect.localhost/oauth2/callback",
    ]) {
      const reply = await browser.get(authorizeUrl({ redirect_uri }));
      assert.equal(reply.status, 400);
      assert.equal(reply.headers.location, undefined);
      assert.match(reply.body, /redirect_mismatch/);
    }
  });

  it("refuses scopes that the client may not ask for or nobody knows", async () => {
    for (const scope of ["openid groups", "openid phone", "openid offline_access"]) {
      const location = new URL((await browser.get(authorizeUrl({ scope }))).headers.location ?? "");
      assert.equal(`${location.origin}${location.pathname}`, callback, scope);
      assert.equal(location.searchParams.get("error"), "invalid_scope", scope);
      assert.equal(location.searchParams.get("state"), "s1");
    }
  });

  it("asks a client with a secret for it, by header or form", async () => {
    const { verifier, challenge } = pkce();
    const back = await signIn(await openLogin({ code_challenge: challenge, code_challenge_method: "S256" }));
    const code = {
      grant_type: "authorization_code",
      code: back.searchParams.get("code") ?? "",
      redirect_uri: callback,
    };
    const wrong = await token({ ...code, code_verifier: verifier }, "client1:guess");
    assert.deepEqual([wrong.status, json(wrong)], [400, { error: "invalid_client" }]);
    const none = await browser.post(`${domain}/oauth2/token`, {
      ...code,
      client_id: "client1",
      code_verifier: verifier,
    });
    assert.deepEqual([none.status, json(none)], [400, { error: "invalid_client" }]);
    const inForm = { ...code, client_id: "client1", client_secret: secret, code_verifier: verifier };
    assert.equal((await browser.post(`${domain}/oauth2/token`, inForm)).status, 200);
  });

  it("renews tokens without a new refresh token, as long as the person exists and the token is not revoked", async () => {
    const first = await logIn();
    const refresh = () => token({ grant_type: "refresh_token", refresh_token: first.refresh_token ?? "" });
    const second = json(await refresh());
    assert.equal(second.refresh_token, undefined);
    assert.equal(decodeJwt(second.id_token).email, email);
    assert.notEqual(second.access_token, first.access_token);
    await browser.post(
      `${domain}/oauth2/revoke`,
      { token: first.refresh_token ?? "" },
      {
        authorization: `Basic ${Buffer.from(`client1:${secret}`).toString("base64")}`,
      },
    );
    assert.deepEqual(json(await refresh()), { error: "invalid_grant" });
  });

  it("keeps the person signed in until signing out, which asks nothing", async () => {
    await logIn();
    assert.match(locationOf(domain, await browser.get(authorizeUrl())), /code=/);
    const out = await browser.get(
      `${domain}/logout?client_id=client1&logout_uri=${encodeURIComponent("https://prefect.localhost/")}`,
    );
    assert.deepEqual([out.status, out.headers.location], [302, "https://prefect.localhost/"]);
    assert.match(await openLogin(), /\/login/);
  });

  it("ends the session on its side: a kept cookie is worth nothing after signing out", async () => {
    await logIn();
    const page = await browser.get(authorizeUrl());
    assert.match(locationOf(domain, page), /code=/);
    const set = page.headers["set-cookie"] ?? [];
    for (const line of set) assert.match(line, /^cognito(\.sig)?=.*; path=\/; samesite=lax; secure; httponly/i);
    const cookie = set.map((line) => line.split(";")[0]).join("; ");
    await browser.get(`${domain}/logout?client_id=client1&logout_uri=https://prefect.localhost/`);
    const replay = await new Browser(cloud).send(authorizeUrl(), { cookie });
    assert.match(locationOf(domain, replay), /\/login/);
  });

  it("signs out to registered addresses only", async () => {
    for (const query of [
      "client_id=client1&logout_uri=https://evil.example/",
      "client_id=nobody&logout_uri=https://prefect.localhost/",
      "client_id=client1",
      `client_id=client1&response_type=code&redirect_uri=${encodeURIComponent("https://evil.example/")}`,
    ]) {
      const reply = await browser.get(`${domain}/logout?${query}`);
      assert.deepEqual([reply.status, reply.headers.location], [400, undefined], query);
    }
    const again = `client_id=client1&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(callback)}`;
    assert.match(
      (await browser.get(`${domain}/logout?${again}`)).headers.location ?? "",
      /^\/login\?client_id=client1/,
    );
  });

  it("asks for all of the client's scopes when none is named", async () => {
    const { verifier, challenge } = pkce();
    const form = await openLogin({ scope: "", code_challenge: challenge, code_challenge_method: "S256" });
    const { access_token } = json(await redeem(await signIn(form), verifier));
    assert.equal(decodeJwt(access_token).scope, "openid email profile");
  });

  it("lets two tabs sign in at once", async () => {
    const first = await openLogin({ state: "one" });
    const second = await openLogin({ state: "two" });
    assert.equal((await signIn(second)).searchParams.get("state"), "two");
    assert.equal((await signIn(first)).searchParams.get("state"), "one");
  });

  it("starts afresh when a login form has grown too old", async () => {
    const form = `${domain}/login/gone?${authorizeUrl().split("?")[1]}`;
    assert.equal(
      (await browser.post(form, { username: email, password })).headers.location?.split("?")[0],
      "/oauth2/authorize",
    );
  });

  it("knows its users, keys, sessions and refresh tokens after a restart", async () => {
    const { refresh_token = "" } = await logIn();
    const before = json(await browser.get(`${issuer}/.well-known/jwks.json`));
    await identity.close();
    await declareAll();
    assert.deepEqual(json(await browser.get(`${issuer}/.well-known/jwks.json`)), before);
    assert.match(locationOf(domain, await browser.get(authorizeUrl())), /code=/);
    assert.equal((await token({ grant_type: "refresh_token", refresh_token })).status, 200);
    browser = new Browser(cloud);
    assert.match((await signIn(await openLogin())).href, /code=/);
  });

  it("keeps its files to this user and no password in them", async () => {
    const directory = join(cloud.stateDir, "identity", poolId);
    for (const name of readdirSync(directory)) {
      assert.equal(statSync(join(directory, name)).mode & 0o077, 0, name);
      assert.doesNotMatch(readFileSync(join(directory, name), "utf8"), new RegExp(password));
    }
  });

  it("refuses what Cognito refuses, with all the reasons", async () => {
    const create = { userPoolId: poolId, email: "b@example.com", password: "short", groups: ["nobody"] };
    await assert.rejects(identity.createUser(create), (error: Error) => {
      assert.match(error.message, /Password not long enough/);
      assert.match(error.message, /Password must have uppercase characters/);
      assert.match(error.message, /Group "nobody" not found; groups of the pool: admins/);
      assert.doesNotMatch(error.message, /short/);
      return true;
    });
    const wrong = client({
      allowedOauthFlows: ["implicit"],
      allowedOauthScopes: ["groups"],
      callbackUrls: ["http://prefect.example/"],
    });
    await assert.rejects(put("userPoolClient", "client2", wrong), (error: Error) => {
      assert.match(error.message, /"implicit" is not served/);
      assert.match(error.message, /scope "groups" does not exist/);
      assert.match(error.message, /must begin with https/);
      return true;
    });
  });

  it("serves a domain of one's own", async () => {
    const properties = { userPoolId: poolId, domain: "login.example.com", certificateArn: "arn:x" };
    await put("userPoolDomain", "login.example.com", properties);
    const document = json(await browser.get(`${issuer}/.well-known/openid-configuration`));
    assert.equal(document.authorization_endpoint, "https://login.example.com/oauth2/authorize");
    assert.equal((await browser.get(authorizeUrl().replace(domain, "https://login.example.com"))).status, 303);
    assert.deepEqual(cloud.names.lookup(new URL(domain).hostname), []);
  });
});
