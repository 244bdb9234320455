import assert from "node:assert/strict";
import { pages, problems } from "../../render/gateway-pages";
import { pathsBelow } from "../../render/paths";
import { build } from "../support/world";
import { albSystem, rulesOf, worldOf } from "./support/systems";

const host = { hostHeader: { values: ["prefect.example.com"] } };
const on = (...values: string[]) => ({ pathPattern: { values } });
const header = (httpHeaderName: string, value: string) => ({ httpHeader: { httpHeaderName, values: [value] } });
const post = { httpRequestMethod: { values: ["POST"] } };

const group = (name: string) => `arn:aws:lb:eu-west-1:123456789012:${name}`;
const toPrefect = { type: "forward", targetGroupArn: group("prefect-login-prefect") };
const toGate = { type: "forward", targetGroupArn: group("prefect-login-gate") };
const answer = (statusCode: string, messageBody: string, contentType = "application/json") => ({
  type: "fixed-response",
  fixedResponse: { contentType, messageBody, statusCode },
});
const page = (html: string) => answer("200", html, "text/html");

const cognito = (onUnauthenticatedRequest: string) => ({
  type: "authenticate-cognito",
  authenticateCognito: {
    userPoolArn: "arn:aws:cognito:eu-west-1:123456789012:prefect-people-pool",
    userPoolClientId: "prefect-people-gateway-id",
    userPoolDomain: "prefect-example-com",
    scope: "openid",
    sessionTimeout: 12 * 3600,
    onUnauthenticatedRequest,
  },
});
const oidc = (onUnauthenticatedRequest: string) => ({
  type: "authenticate-oidc",
  authenticateOidc: {
    issuer: "https://login.example.com",
    authorizationEndpoint: "https://login.example.com/authorize",
    tokenEndpoint: "https://login.example.com/token",
    userInfoEndpoint: "https://login.example.com/userinfo",
    clientId: "prefect",
    clientSecret: "given",
    scope: "openid email",
    sessionTimeout: 12 * 3600,
    onUnauthenticatedRequest,
  },
});

/** The rules that every system with access alb has, below a prefix or at the root. */
function people(base: string, authenticate: typeof cognito | typeof oidc, rest: object[]) {
  const paths = pathsBelow(base === "" ? "/" : base);
  const own = pages(paths, paths.signOut);
  const rule = (role: string, priority: number, conditions: object[], ...actions: object[]) => ({
    name: `prefect-login-${role}`,
    priority,
    conditions: [host, ...conditions],
    actions,
  });
  const signOut = on(`${base}/sign-out`);
  const api = on(`${base}/api`, `${base}/api/*`, `${base}/ui-settings`);
  return [
    rule("sockets", 30, [header("Sec-WebSocket-Key", "*")], answer("401", problems.unauthorized)),
    rule("other-sites", 40, [header("Sec-Fetch-Site", "*-site"), post], answer("403", problems.otherSite)),
    rule("sign-out", 50, [signOut, post], authenticate("authenticate"), toGate),
    rule("sign-out-page", 51, [signOut], page(own.signOut)),
    rule("signed-out", 52, [on(`${base}/signed-out`)], page(own.signedOut)),
    rule("api", 60, [api], authenticate("deny"), toPrefect),
    rule("pages", 70, rest, authenticate("authenticate"), toPrefect),
  ];
}

function machines(base: string, authenticate: typeof cognito | typeof oidc) {
  const basic = [host, on(`${base}/api`, `${base}/api/*`), header("Authorization", "Basic *")];
  return [
    {
      name: "prefect-login-own-pages",
      priority: 15,
      conditions: [...basic, header("Sec-Fetch-Site", "same-origin")],
      actions: [authenticate("deny"), toPrefect],
    },
    { name: "prefect-login-machines", priority: 20, conditions: basic, actions: [toGate] },
  ];
}

describe("The load balancer's login", function () {
  // The AWS SDK is loaded on first use.
  this.timeout(20_000);

  it("asks in this order, and lets in nobody whom Cognito does not know", async () => {
    assert.deepEqual(rulesOf(await worldOf("alb")), people("", cognito, []));
  });

  it("asks an issuer instead, with its endpoints and the client's secret", async () => {
    const world = await worldOf("alb issuer");
    assert.deepEqual(rulesOf(world), people("", oidc, []));
    const secret = world.all("aws:lb/listenerRule:ListenerRule").filter(({ secrets }) => secrets.includes("actions"));
    assert.deepEqual(secret.map(({ name }) => name.replace("prefect-login-", "")).sort(), ["api", "pages", "sign-out"]);
  });

  it("leads programs with the machine credential to the gate where they come in from the internet", async () => {
    assert.deepEqual(rulesOf(await worldOf("alb public")), [...machines("", cognito), ...people("", cognito, [])]);
  });

  it("takes nothing outside of a prefix", async () => {
    const below = [on("/prefect", "/prefect/*")];
    assert.deepEqual(rulesOf(await worldOf("alb prefix")), people("/prefect", cognito, below));
    assert.deepEqual(rulesOf(await worldOf("alb public issuer prefix")), [
      ...machines("/prefect", oidc),
      ...people("/prefect", oidc, below),
    ]);
  });

  it("answers everything else with 404, and sets what browsers must know on every answer", async () => {
    const { inputs } = (await worldOf("alb")).only("aws:lb/listener:Listener", "prefect-lb-https");
    assert.deepEqual(inputs.defaultActions, [answer("404", "Not found", "text/plain")]);
    const headers = Object.entries(inputs as Record<string, unknown>).filter(([name]) => name.startsWith("routing"));
    assert.deepEqual(Object.fromEntries(headers), {
      routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000",
      routingHttpResponseContentSecurityPolicyHeaderValue:
        "default-src 'self'; script-src 'self' 'unsafe-eval' blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
      routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
      routingHttpResponseXFrameOptionsHeaderValue: "DENY",
      routingHttpResponseServerEnabled: false,
    });
  });

  it("sets no headers where the gateway does", async () => {
    const { inputs } = (await worldOf("gateway")).only("aws:lb/listener:Listener", "prefect-lb-https");
    assert.deepEqual(
      Object.keys(inputs as object).filter((name) => name.startsWith("routing")),
      [],
    );
  });

  it("ends a session when the settings say", async () => {
    const short = await build(() => albSystem({ session: { lifetimeHours: 1, refreshMinutes: 5 } }));
    const timeouts = rulesOf(short).flatMap(({ actions }) =>
      actions.flatMap((action: ReturnType<typeof cognito>) => action.authenticateCognito?.sessionTimeout ?? []),
    );
    assert.deepEqual(timeouts, [3600, 3600, 3600]);
  });

  it("has target groups for Prefect and for the gate, each asked at its own address", async () => {
    for (const [name, health] of [
      ["alb", "/api/health"],
      ["alb prefix", "/prefect/api/health"],
    ] as const) {
      const world = await worldOf(name);
      const shown = (role: string) => {
        const { inputs } = world.only("aws:lb/targetGroup:TargetGroup", role);
        return [inputs.port, inputs.protocol, inputs.targetType, inputs.healthCheck.path, inputs.healthCheck.matcher];
      };
      assert.deepEqual(shown("prefect-login-prefect"), [4200, "HTTP", "ip", health, "200"]);
      assert.deepEqual(shown("prefect-login-gate"), [8080, "HTTP", "ip", "/gateway/health", "200"]);
    }
  });
});
