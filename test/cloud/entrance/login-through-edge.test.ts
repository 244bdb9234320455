import assert from "node:assert/strict";
import http from "node:http";
import { join } from "node:path";
import { connect } from "node:tls";
import { Edge } from "../../../local/cloud/edge/edge";
import { Identity } from "../../../local/cloud/identity/identity";
import { authenticateOidc } from "./identity-provider";
import { loadBalancerWorld, toTargets } from "./load-balancer-world";
import { server } from "./support";

const issuer = "https://login.example.com";
const password = "Correct-horse-7";

describe("a person's browser on the one loopback port", () => {
  it("signs in at the load balancer by an issuer of the cloud, each under its outside name", async () => {
    const world = await loadBalancerWorld();
    const identity = new Identity(world.cloud);
    const edge = new Edge(world.cloud, { address: "127.20.30.41" });
    const socketPath = join(world.cloud.stateDir, "edge.sock");
    await edge.listen(socketPath);
    const target = await server((request, response) => response.end(`${request.url} ${request.headers.host}`));
    const client = { clientId: "prefect", clientSecret: "person-secret-01" };
    await identity.createIssuer({
      host: "login.example.com",
      clients: [{ ...client, redirectUris: ["https://prefect.localhost/oauth2/idpresponse"] }],
      users: [{ email: "ada@example.com", password, groups: [] }],
    });
    const endpoints = {
      authorizationEndpoint: `${issuer}/authorize`,
      tokenEndpoint: `${issuer}/oauth/token`,
      userInfoEndpoint: `${issuer}/userinfo`,
    };
    await world.targetGroup();
    await world.secureListener({ defaultActions: [authenticateOidc({ ...client, ...endpoints }), ...toTargets] });
    await world.healthy(target.address);

    const cookies = new Map<string, Map<string, string>>();
    const visit = (url: string, form?: Record<string, string>) =>
      new Promise<{ status: number; location: string | undefined; body: string }>((resolve, reject) => {
        const { hostname, host, pathname, search } = new URL(url);
        const jar = cookies.get(hostname) ?? new Map<string, string>();
        cookies.set(hostname, jar);
        const body = form && new URLSearchParams(form).toString();
        const request = http.request({
          createConnection: () => connect({ path: socketPath, servername: hostname, ca: world.cloud.certificates.ca }),
          method: form ? "POST" : "GET",
          path: `${pathname}${search}`,
          headers: {
            host,
            cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
            ...(body && { "content-type": "application/x-www-form-urlencoded", "content-length": body.length }),
          },
        });
        request.on("response", (response) => {
          for (const line of response.headers["set-cookie"] ?? []) {
            const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
            jar.set(name, value);
          }
          const { location } = response.headers;
          let text = "";
          response.on("data", (chunk) => (text += String(chunk)));
          response.on("end", () => {
            const next = location === undefined ? undefined : new URL(location, url).href;
            resolve({ status: response.statusCode ?? 0, location: next, body: text });
          });
        });
        request.on("error", reject);
        request.end(body);
      });

    let at = "https://prefect.localhost:8443/flows?a=1";
    let page = await visit(at);
    const hosts = new Set<string>();
    for (let step = 0; step < 12 && (page.location !== undefined || page.body.includes("<form")); step++) {
      const form = page.location === undefined ? { username: "ada@example.com", password } : undefined;
      at = page.location ?? at;
      hosts.add(new URL(at).host);
      page = await visit(at, form);
    }
    assert.deepEqual([page.status, page.body], [200, "/flows?a=1 prefect.localhost"]);
    assert.equal(at, "https://prefect.localhost:8443/flows?a=1");
    assert.deepEqual([...hosts].sort(), ["login.example.com.localhost:8443", "prefect.localhost:8443"]);

    await edge.close();
    await identity.close();
    await world.close();
    await target.close();
  });
});
