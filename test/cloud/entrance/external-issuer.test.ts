import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { Identity } from "../../../local/cloud/identity/identity";
import { Browser, locationOf } from "./browser";
import { authenticateOidc } from "./identity-provider";
import { loadBalancerWorld, toTargets } from "./load-balancer-world";
import { ask, type Reply, server } from "./support";

const issuer = "https://login.example.com";
const origin = "https://prefect.localhost";
const password = "Correct-horse-7";
const person = {
  clientId: "prefect",
  clientSecret: "person-secret-01",
  redirectUris: [`${origin}/oauth2/idpresponse`],
};
const robot = {
  clientId: "ci",
  clientSecret: "robot-secret-012",
  redirectUris: [],
  scopes: ["flows:read", "flows:write"],
  audience: "prefect",
  claims: { repository: "octo/flows", ref: "refs/heads/main" },
};
const declared = {
  host: "login.example.com",
  name: "Example Org",
  clients: [{ ...person, postLogoutRedirectUris: [`${origin}/`] }, robot],
  users: [{ email: "ada@example.com", password, groups: ["admins"] }],
};

describe("an issuer outside AWS", () => {
  let world: Awaited<ReturnType<typeof loadBalancerWorld>>;
  let target: Awaited<ReturnType<typeof server>>;
  let identity: Identity;
  let browser: Browser;

  beforeEach(async () => {
    world = await loadBalancerWorld();
    identity = new Identity(world.cloud);
    browser = new Browser(world.cloud);
    await identity.createIssuer(declared);
    target = await server((request, response) => response.end(JSON.stringify(request.headers)));
    await world.targetGroup();
  });
  afterEach(async () => {
    await identity.close();
    await world.close();
    await target.close();
  });

  const json = (reply: Reply) => JSON.parse(reply.body);
  const discovery = async () => json(await browser.get(`${issuer}/.well-known/openid-configuration`));
  const open = async (actions: unknown[]) => {
    await world.secureListener({ defaultActions: [...actions, ...toTargets] });
    await world.healthy(target.address);
  };
  const openWithLogin = async () => {
    const { authorization_endpoint, token_endpoint, userinfo_endpoint } = await discovery();
    const endpoints = {
      authorizationEndpoint: authorization_endpoint,
      tokenEndpoint: token_endpoint,
      userInfoEndpoint: userinfo_endpoint,
    };
    const { clientId, clientSecret } = person;
    await open([authenticateOidc({ issuer, ...endpoints, clientId, clientSecret, scope: "openid email profile" })]);
  };
  /** Follows redirects from a page to the form, signs in, and on until an answer is no redirect. */
  const signIn = async (url: string): Promise<{ url: string; reply: Reply }> => {
    let at = url;
    let reply = await browser.get(at);
    for (
      let step = 0;
      step < 12 && ((reply.status < 400 && reply.headers.location) || /<form/.test(reply.body));
      step++
    ) {
      if (reply.headers.location) {
        at = locationOf(at, reply);
        reply = await browser.get(at);
      } else {
        reply = await browser.post(at, { username: "ada@example.com", password });
      }
    }
    return { url: at, reply };
  };
  const machineToken = (form: Record<string, string> = {}, secret = robot.clientSecret) =>
    browser.post(
      `${issuer}/oauth/token`,
      { grant_type: "client_credentials", ...form },
      { authorization: `Basic ${Buffer.from(`ci:${secret}`).toString("base64")}` },
    );

  it("describes itself, with a logout and its keys", async () => {
    const document = await discovery();
    assert.equal(document.issuer, issuer);
    assert.equal(document.end_session_endpoint, `${issuer}/logout`);
    assert.ok(document.grant_types_supported.includes("client_credentials"));
    assert.equal(document.jwks_uri, `${issuer}/.well-known/jwks`);
    for (const key of json(await browser.get(document.jwks_uri)).keys) assert.equal(key.d, undefined);
  });

  it("signs people in at the load balancer, groups and all, back to the page they wanted", async () => {
    await openWithLogin();
    const { url, reply } = await signIn(`${origin}/flows?a=1`);
    assert.equal(url, `${origin}/flows?a=1`);
    const [, payload = ""] = json(reply)["x-amzn-oidc-data"].split(".");
    const { sub, exp, iss, ...claims } = JSON.parse(Buffer.from(payload, "base64url").toString());
    assert.equal(iss, issuer);
    assert.ok(exp > Date.now() / 1000);
    assert.deepEqual(claims, {
      email: "ada@example.com",
      email_verified: true,
      name: "ada",
      preferred_username: "ada@example.com",
      groups: ["admins"],
    });
    assert.equal(json(reply)["x-amzn-oidc-identity"], sub);
  });

  it("renews sessions by refresh token until the person is signed out of it", async () => {
    await openWithLogin();
    await signIn(`${origin}/`);
    const realNow = Date.now;
    try {
      Date.now = () => realNow() + 3_700_000;
      assert.equal((await browser.get(`${origin}/`)).status, 200);
    } finally {
      Date.now = realNow;
    }
  });

  it("signs out, to registered addresses only", async () => {
    await openWithLogin();
    await signIn(`${origin}/`);
    const to = (more: Record<string, string>) =>
      browser.get(`${issuer}/logout?${new URLSearchParams(more).toString()}`);
    const wrong = { client_id: "prefect", post_logout_redirect_uri: "https://evil.example/" };
    assert.deepEqual([(await to(wrong)).status, (await to(wrong)).headers.location], [400, undefined]);
    assert.equal((await to({ post_logout_redirect_uri: `${origin}/` })).status, 400);
    const out = await to({ client_id: "prefect", post_logout_redirect_uri: `${origin}/`, state: "s1" });
    assert.deepEqual([out.status, out.headers.location], [302, `${origin}/?state=s1`]);
    browser.changeCookie("AWSELBAuthSessionCookie-0", () => undefined);
    const start = await browser.get(`${origin}/`);
    assert.match(locationOf(issuer, await browser.get(locationOf(origin, start))), /\/login/);
    assert.equal((await browser.get(locationOf(issuer, await to({})))).status, 200);
  });

  it("gives machines tokens with audience, scope and claims, which the load balancer takes", async () => {
    const { jwks_uri } = await discovery();
    const reply = json(await machineToken());
    assert.equal(reply.scope, "flows:read flows:write");
    const keys = createLocalJWKSet(json(await browser.get(jwks_uri)));
    const { payload } = await jwtVerify(reply.access_token, keys, { issuer, audience: "prefect" });
    assert.deepEqual([payload.sub, payload.repository, payload.ref], ["ci", "octo/flows", "refs/heads/main"]);
    const claim = (name: string, format: string, value: string) => ({ name, format, values: [value] });
    const additionalClaims = [
      claim("aud", "single-string", "prefect"),
      claim("repository", "single-string", "octo/flows"),
      claim("scope", "space-separated-values", "flows:write"),
    ];
    await open([{ type: "jwt-validation", jwtValidation: { issuer, jwksEndpoint: jwks_uri, additionalClaims } }]);
    const status = async (token: string) =>
      (await browser.send(`${origin}/`, { authorization: `Bearer ${token}` })).status;
    assert.equal(await status(reply.access_token), 200);
    assert.equal(await status(json(await machineToken({ scope: "flows:read" })).access_token), 401);
  });

  it("refuses machines a wrong secret, scopes that are not theirs, and a person's client", async () => {
    assert.equal((await machineToken({}, "guess")).status, 401);
    for (const scope of ["flows:admin", "flows:read flows:admin", "openid"]) {
      const reply = await machineToken({ scope });
      assert.deepEqual([reply.status, json(reply).access_token], [400, undefined], scope);
    }
    const asPerson = await browser.post(
      `${issuer}/oauth/token`,
      { grant_type: "client_credentials" },
      { authorization: `Basic ${Buffer.from(`prefect:${person.clientSecret}`).toString("base64")}` },
    );
    assert.deepEqual([asPerson.status, json(asPerson).access_token], [400, undefined]);
  });

  it("is there again after a restart, and takes over a changed declaration", async () => {
    await openWithLogin();
    await signIn(`${origin}/`);
    await identity.close();
    identity = new Identity(world.cloud);
    await identity.start();
    browser.changeCookie("AWSELBAuthSessionCookie-0", () => undefined);
    const { url } = await signIn(`${origin}/again`);
    assert.equal(url, `${origin}/again`);
    await identity.createIssuer({ ...declared, clients: [robot], tokenLifetime: 5 });
    const { exp = 0, iat = 0 } = decodeJwt(json(await machineToken()).access_token);
    assert.equal(exp - iat, 5);
    const gone = await browser.get(locationOf(origin, await new Browser(world.cloud).get(`${origin}/`)));
    assert.equal(gone.status, 400);
  });

  it("keeps passwords hashed and its files to this user", () => {
    const directory = join(world.cloud.stateDir, "identity", "issuers", "login.example.com");
    for (const name of readdirSync(directory)) {
      assert.equal(statSync(join(directory, name)).mode & 0o077, 0, name);
      assert.doesNotMatch(readFileSync(join(directory, name), "utf8"), new RegExp(password));
    }
  });

  it("is refused with every reason", async () => {
    const wrong = {
      host: "Login",
      tokenLifetime: 0,
      clients: [
        { clientId: "", clientSecret: "", redirectUris: ["http://a.example/"] },
        { ...person, redirectUris: ["https://a.example/#x"] },
        person,
      ],
      users: [{ email: "ada", password: "", groups: [] }],
    };
    await assert.rejects(identity.createIssuer(wrong), (error: Error) => {
      for (const reason of [
        /host must be a host name/,
        /tokenLifetime must be from 1/,
        /clients\[0\]\.clientId must not be empty/,
        /clients\[0\]\.clientSecret must not/,
        /"http:\/\/a\.example\/" must be a URL/,
        /"https:\/\/a\.example\/#x" must be/,
        /clients\[2\]\.clientId "prefect" is there twice/,
        /users\[0\]\.email/,
        /users\[0\]\.password/,
      ])
        assert.match(error.message, reason);
      return true;
    });
    world.cloud.names.set("somebody", "taken.example.com", ["127.0.0.1"]);
    await assert.rejects(identity.createIssuer({ ...declared, host: "taken.example.com" }), /is served already/);
    await assert.rejects(ask({ ip: "127.0.0.1", port: 1 }));
  });
});
