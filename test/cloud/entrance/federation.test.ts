import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { Identity } from "../../../local/cloud/identity/identity";
import { Browser, locationOf } from "./browser";
import { type TestCloud, testCloud } from "./support";

const poolId = "eu-west-1_AbCdEfGhI";
const domain = "https://prefect-a1b2c3.auth.eu-west-1.amazoncognito.com";
const callback = "https://prefect.localhost/oauth2/idpresponse";
const issuer = "https://login.example.com";
const password = "Correct-horse-7";
const secret = "client-secret-0123456789";
const provider = {
  ...{ userPoolId: poolId, providerName: "Example", providerType: "OIDC", idpIdentifiers: ["example.com"] },
  attributeMapping: { email: "email", email_verified: "email_verified", name: "name", username: "sub" },
  providerDetails: {
    ...{ oidc_issuer: issuer, client_id: "pool", client_secret: secret },
    ...{ authorize_scopes: "openid email profile", attributes_request_method: "GET" },
  },
};

describe("a user pool with another identity provider", () => {
  let cloud: TestCloud;
  let identity: Identity;
  let browser: Browser;

  const put = (kind: string, id: string, properties: Record<string, unknown>) =>
    identity.put({ type: `aws:cognito/${kind}:${kind[0]?.toUpperCase()}${kind.slice(1)}`, id, urn: id, properties });
  const putClient = (...supportedIdentityProviders: string[]) =>
    put("userPoolClient", "client1", {
      ...{ userPoolId: poolId, name: "prefect", clientSecret: secret, callbackUrls: [callback] },
      ...{ allowedOauthFlows: ["code"], allowedOauthFlowsUserPoolClient: true },
      ...{ allowedOauthScopes: ["openid", "email"], supportedIdentityProviders },
    });
  beforeEach(async () => {
    cloud = await testCloud();
    browser = new Browser(cloud);
    identity = new Identity(cloud);
    await identity.createIssuer({
      host: "login.example.com",
      clients: [{ clientId: "pool", clientSecret: secret, redirectUris: [`${domain}/oauth2/idpresponse`] }],
      users: [{ email: "ada@example.com", password, groups: ["data"] }],
    });
    await put("userPool", poolId, { name: "prefect-users", usernameAttributes: ["email"] });
    await put("userPoolDomain", "prefect-a1b2c3", { userPoolId: poolId, domain: "prefect-a1b2c3" });
    await put("identityProvider", `${poolId}:Example`, provider);
    await putClient("COGNITO", "Example");
  });
  afterEach(async () => {
    await identity.close();
    await cloud.remove();
  });

  /** Follows redirects until a page comes, or the client's callback. */
  const follow = async (url: string): Promise<string> => {
    for (let at = url, hops = 0; hops < 12; hops++) {
      if (at.startsWith(callback)) return at;
      const reply = await browser.get(at);
      if (!reply.headers.location) return at;
      at = locationOf(at, reply);
    }
    throw new Error(`${url} never ends`);
  };
  const authorize = (more: Record<string, string> = {}) =>
    `${domain}/oauth2/authorize?${String(new URLSearchParams({ client_id: "client1", response_type: "code", redirect_uri: callback, scope: "openid email", state: "s1", ...more }))}`;
  const signInThere = async (form: string) => {
    assert.ok(form.startsWith(`${issuer}/login/`), form);
    const reply = await browser.post(form, { username: "ada@example.com", password });
    return new URL(await follow(locationOf(form, reply)));
  };
  const tokens = async (back: URL) => {
    const code = back.searchParams.get("code") ?? "";
    const authorization = `Basic ${Buffer.from(`client1:${secret}`).toString("base64")}`;
    const form = { grant_type: "authorization_code", code, redirect_uri: callback };
    return JSON.parse((await browser.post(`${domain}/oauth2/token`, form, { authorization })).body);
  };

  it("offers it beside its own passwords, and makes a person of who comes from there", async () => {
    const page = await follow(authorize());
    const { body } = await browser.get(page);
    assert.match(body, /<form method="post">/);
    const [, href = ""] = /<a class="provider" href="([^"]+)">Continue with Example<\/a>/.exec(body) ?? [];
    const back = await signInThere(await follow(new URL(href.replaceAll("&amp;", "&"), page).href));
    assert.equal(back.searchParams.get("state"), "s1");
    const claims = decodeJwt((await tokens(back)).id_token);
    assert.match(String(claims["cognito:username"]), /^Example_[\w-]+$/);
    assert.deepEqual([claims.email, claims.email_verified], ["ada@example.com", true]);
    assert.deepEqual(claims["cognito:groups"], [`${poolId}_Example`]);
    const [own] = claims.identities as Record<string, unknown>[];
    assert.equal(own?.providerName, "Example");
    assert.equal(`Example_${String(own?.userId)}`, claims["cognito:username"]);
    browser = new Browser(cloud);
    const again = await signInThere(await follow(authorize({ identity_provider: "Example" })));
    assert.equal(decodeJwt((await tokens(again)).id_token).sub, claims.sub);
  });

  it("goes straight there when the request or the client says so", async () => {
    for (const [name, value] of Object.entries({ identity_provider: "Example", idp_identifier: "example.com" }))
      assert.ok((await follow(authorize({ [name]: value }))).startsWith(`${issuer}/login/`));
    await putClient("Example");
    assert.ok((await follow(authorize())).startsWith(`${issuer}/login/`));
  });

  it("takes nothing for granted that comes back: another browser, a changed or old state, a refusal", async () => {
    const form = await follow(authorize({ identity_provider: "Example" }));
    const reply = await browser.post(form, { username: "ada@example.com", password });
    let at = locationOf(form, reply);
    while (!at.startsWith(`${domain}/oauth2/idpresponse`)) at = locationOf(at, await browser.get(at));
    const other = new Browser(cloud);
    const theirs = locationOf(at, await other.get(at));
    // No cookie of that sign-in: it starts afresh, and nobody is signed in.
    assert.match(locationOf(theirs, await other.get(theirs)), /\/oauth2\/authorize\?/);
    const changed = new URL(at);
    changed.searchParams.set("state", `A${changed.searchParams.get("state")?.slice(1)}`);
    assert.equal((await browser.get(changed.href)).status, 400);
    const realNow = Date.now;
    try {
      Date.now = () => realNow() + 301_000;
      const late = new URL(await follow(at));
      assert.match(late.searchParams.get("error_description") ?? "", /longer than five minutes/);
    } finally {
      Date.now = realNow;
    }
    browser = new Browser(cloud);
    const first = authorize({ identity_provider: "Example" });
    const toPool = locationOf(first, await browser.get(first));
    const toIssuer = new URL(locationOf(toPool, await browser.get(toPool)));
    const state = toIssuer.searchParams.get("state") ?? "";
    const refused = new URL(
      await follow(`${domain}/oauth2/idpresponse?error=access_denied&state=${encodeURIComponent(state)}`),
    );
    assert.deepEqual(
      ["error", "error_description"].map((name) => refused.searchParams.get(name)),
      ["invalid_request", "access_denied"],
    );
  });

  it("is refused what Cognito refuses", async () => {
    const details = { ...provider.providerDetails, oidc_issuer: "https://nowhere.example.com" };
    const id = `${poolId}:Other`;
    const other = { ...provider, providerName: "Other" };
    await assert.rejects(
      put("identityProvider", id, { ...other, providerDetails: details }),
      /InvalidParameterException: Unable to contact well-known endpoint/,
    );
    await assert.rejects(
      put("identityProvider", id, { ...other, providerDetails: { oidc_issuer: issuer } }),
      /Missing required details.*client_id, client_secret, authorize_scopes, attributes_request_method/,
    );
    await assert.rejects(put("identityProvider", id, { ...other, providerType: "SAML" }), /type SAML is not served/);
    await assert.rejects(putClient("Other"), /The provider Other does not exist for User Pool/);
  });
});
