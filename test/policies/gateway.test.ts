import assert from "node:assert/strict";
import type { Arrival } from "../../policies/graph/entrances/entrance";
import { neighboursOf, type Reached, reached } from "../../policies/graph/gateway";
import type { Container, Workload } from "../../policies/graph/tasks";
import { container, workload } from "./support/containers";
import { pass } from "./support/nginx";
import { gated, site } from "./support/pieces";

/** Prefect's container on the loopback, or as these words say. */
const prefect = (more: Partial<Container> = {}): Container =>
  container({
    name: "prefect",
    image: "prefecthq/prefect:3.8.8-python3.12",
    words: ["prefect", "server", "start", "--host", "127.0.0.1"],
    ...more,
  });
const onEveryAddress = { words: ["prefect", "server", "start", "--host", "0.0.0.0"] };
const authString = new Set(["PREFECT_SERVER_API_AUTH_STRING"]);
const asking = (more: Partial<Container> = {}): Container => prefect({ secrets: authString, ...more });
/** A Prefect of which a file says on which port it listens. */
const ofFile = { environmentFiles: true };

const nginx = (conf: string, more: Partial<Container> = {}): Container =>
  container({
    name: "nginx",
    image: "nginx:1.30",
    words: ["sh", "-c", `printf '%s' "$CONF" > /tmp/n.conf; exec nginx -c /tmp/n.conf`],
    environment: new Map([["CONF", conf]]),
    ports: [8080],
    ...more,
  });
const open = site(`location / { ${pass} }`);
const proxy = (settings: Record<string, string>, more: Partial<Container> = {}): Container =>
  container({
    name: "oauth2-proxy",
    image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3",
    environment: new Map(
      Object.entries({ PROVIDER: "oidc", UPSTREAMS: "http://127.0.0.1:4200", ...settings }).map(([name, value]) => [
        `OAUTH2_PROXY_${name}`,
        value,
      ]),
    ),
    ...more,
  });
const skipping = { SKIP_AUTH_REGEX: "^/", HTTP_ADDRESS: "0.0.0.0:4180" };
const envoy = (more: Partial<Container> = {}): Container =>
  container({ name: "envoy", image: "envoyproxy/envoy:v1.31", ...more });
const withSecret = { secrets: new Set(["TOKEN"]) };

/** Requests straight to this port, or as said. */
function arriving(
  containers: readonly Container[],
  of: Partial<Arrival> & { mode?: Partial<Workload> } = {},
): Reached[] {
  const { mode, ...more } = of;
  const arrival: Arrival = {
    workload: workload(containers, mode),
    target: undefined,
    port: 8080,
    hops: [],
    certain: true,
    fix: "",
    ...more,
  };
  return reached(arrival, containers);
}
const to = (containerName: string | undefined): Partial<Arrival> => ({ target: { containerName } });
const anyPort = { port: undefined };
const bridge = { mode: { sharedLoopback: false } };

type Row = [ways: Reached[], verdict: "open" | "unclear" | "closed", note?: string];
function table(rows: Record<string, Row>): void {
  for (const [name, [ways, verdict, note = ""]] of Object.entries(rows))
    it(name, () => {
      const found = ways.length === 0 ? "closed" : ways.some(({ certain }) => certain) ? "open" : "unclear";
      const notes = ways.map((way) => way.notes.join("; ")).join("\n");
      assert.equal(found, verdict, notes);
      assert.ok(notes.includes(note), notes);
    });
}

describe("Prefect's own port", () => {
  table({
    "is open to what comes to the task": [arriving([prefect(onEveryAddress)], { port: 4200 }), "open"],
    "is shut on the loopback": [arriving([prefect()], { port: 4200 }), "closed"],
    "is open to what comes by the loopback": [arriving([prefect()], { port: 4200, onLoopback: true }), "open"],
    "is meant by a load balancer, whatever address it has": [
      arriving([prefect()], { port: 4200, ...to("prefect") }),
      "open",
    ],
    "is meant by one that names no container": [arriving([prefect()], { port: 4200, ...to(undefined) }), "open"],
    "is not meant by one to another container on the loopback": [
      arriving([prefect(), container({ name: "web", image: "acme/web:1" })], { port: 4200, ...to("web") }),
      "unclear",
      'container "web" takes the requests',
    ],
    "is reached by one to another container where both share the loopback": [
      arriving([prefect(onEveryAddress)], { port: 4200, ...to("web") }),
      "open",
    ],
    "is not reached by one to another container in bridge mode": [
      arriving([prefect(onEveryAddress)], { port: 4200, ...to("web"), ...bridge }),
      "closed",
    ],
    "is reached by what comes to it in bridge mode": [
      arriving([prefect(onEveryAddress)], { port: 4200, ...bridge }),
      "open",
    ],
    "is not another port": [arriving([prefect(onEveryAddress)], { port: 4201 }), "closed"],
    "may be one that is not known": [arriving([prefect(onEveryAddress)], anyPort), "open"],
    "may be any where it is not known": [
      arriving([prefect({ ...onEveryAddress, ...ofFile })], { port: 9000 }),
      "unclear",
    ],
    "is no other port by the loopback": [arriving([prefect()], { port: 9000, onLoopback: true }), "closed"],
    "asks by itself": [arriving([asking(onEveryAddress)], { port: 4200 }), "closed"],
    "asks by itself, on a port that is not known": [arriving([asking(onEveryAddress)], anyPort), "closed"],
    "is answered by what adds a credential": [
      arriving([asking(onEveryAddress)], { port: 4200, addsCredential: true }),
      "open",
      "adds a credential of its own",
    ],
    "is likely one's that only looks like it": [
      arriving([container({ name: "prefect", image: "acme/prefect:1", ports: [4200] })], { port: 4200 }),
      "unclear",
      "is likely a Prefect API server",
    ],
  });
});

describe("another port of Prefect's container", () => {
  const script = { words: ["sh", "-c", "serve & prefect server start --host 127.0.0.1"] };
  table({
    "may be another program's, where it is sent requests": [
      arriving([prefect(script)], { port: 9000, ...to("prefect") }),
      "unclear",
      "whether Prefect listens there cannot be seen",
    ],
    "may be another program's, where it is declared": [
      arriving([prefect({ ...script, ports: [9000] })], { port: 9000 }),
      "unclear",
    ],
    "may be another program's, where the balancer names no container": [
      arriving([prefect(script)], { port: 9000, ...to(undefined) }),
      "unclear",
    ],
    "is another container's": [
      arriving([prefect(script), proxy({ HTTP_ADDRESS: ":9000" })], { port: 9000, ...to(undefined) }),
      "closed",
    ],
    "is nobody's without a balancer or a declaration": [arriving([prefect(script)], { port: 9000 }), "closed"],
    "is nobody's where Prefect is started alone": [
      arriving([prefect(onEveryAddress)], { port: 9000, ...to("prefect") }),
      "closed",
    ],
    "is nothing where Prefect asks": [arriving([asking(script)], { port: 9000, ...to("prefect") }), "closed"],
  });
});

describe("nginx before Prefect", () => {
  const unseen = (more: Partial<Container> = {}): Container =>
    container({ name: "own", image: "acme/nginx:1", ports: [8080], ...more });
  const asked = [prefect(), nginx(gated), proxy({ UPSTREAMS: "static://202" })];
  table({
    "is open where it asks for nothing": [arriving([prefect(), nginx(open)]), "open", "lets requests without a login"],
    "is open on a port that is not known": [arriving([prefect(), nginx(open)], anyPort), "open"],
    "is shut where it asks": [arriving(asked), "closed"],
    "is shut on a port that is not known": [arriving(asked, anyPort), "closed"],
    "is shut on a port where it does not listen": [arriving([prefect(), nginx(open)], { port: 9000 }), "closed"],
    "may have another program on a port that it is sent": [
      arriving([prefect(), nginx(gated), proxy({})], { port: 9000, ...to("nginx") }),
      "unclear",
      "on port 9000, on which nothing that is seen of it listens",
    ],
    "may have another program on a port that is not known, of those that it declares": [
      arriving([prefect(), nginx(gated, { ports: [8080, 9000] }), proxy({})], { ...anyPort, ...to("nginx") }),
      "unclear",
      "on port (not known)",
    ],
    "may have another program before a Prefect that asks, only with a credential": [
      arriving([asking(), nginx(gated), proxy({})], { port: 9000, ...to("nginx") }),
      "closed",
    ],
    "may have another program that holds a credential, before a Prefect that asks": [
      arriving([asking(), nginx(gated, withSecret), proxy({})], { port: 9000, ...to("nginx") }),
      "unclear",
    ],
    "is unclear before what is likely a Prefect": [
      arriving([container({ name: "prefect", image: "acme/prefect:1", ports: [4200] }), nginx(open)]),
      "unclear",
    ],
    "is unclear before a Prefect that may ask": [arriving([prefect({ ...ofFile }), nginx(open)]), "unclear"],
    "is not seen": [arriving([prefect(), unseen()]), "unclear", "is nginx, and what it lets through cannot be seen"],
    "is not seen, on another port than it declares": [arriving([prefect(), unseen()], { port: 9000 }), "closed"],
    "is not seen, on another port for which it is meant": [
      arriving([prefect(), unseen()], { port: 9000, ...to("own") }),
      "unclear",
    ],
    "is not seen and declares no port": [arriving([prefect(), unseen({ ports: [] })], { port: 9000 }), "unclear"],
    "is not seen, on a port that is not known": [arriving([prefect(), unseen()], anyPort), "unclear"],
    "is not seen, before a Prefect that asks": [arriving([asking(), unseen()]), "closed"],
    "is not seen and holds a secret, before a Prefect that asks": [arriving([asking(), unseen(withSecret)]), "unclear"],
    "is not seen and has a file of variables, before a Prefect that asks": [
      arriving([asking(), unseen({ environmentFiles: true })]),
      "unclear",
    ],
    "is unclear in bridge mode": [
      arriving([prefect(), nginx(gated)], { ...bridge, ...to("nginx") }),
      "unclear",
      "is nginx outside awsvpc mode",
    ],
    "is unclear in bridge mode, at a public address": [arriving([prefect(), nginx(gated)], bridge), "unclear"],
    "is unclear in bridge mode, on a port that is not known": [
      arriving([asking(), nginx(gated)], { ...bridge, ...anyPort, ...to(undefined) }),
      "unclear",
    ],
    "is unclear in bridge mode, behind a balancer that names no container": [
      arriving([prefect(), nginx(gated)], { ...bridge, ...to(undefined) }),
      "unclear",
    ],
    "is meant in bridge mode by a balancer that names it, whatever port": [
      arriving([prefect(), nginx(gated)], { ...bridge, port: 9000, ...to("nginx") }),
      "unclear",
    ],
    "is not meant in bridge mode by another port": [
      arriving([prefect(), nginx(gated)], { ...bridge, port: 9000 }),
      "closed",
    ],
    "is not meant in bridge mode by a balancer to another container": [
      arriving([prefect(), nginx(gated)], { ...bridge, ...to("web") }),
      "closed",
    ],
  });
});

describe("oauth2-proxy before Prefect", () => {
  const at4180 = { port: 4180 };
  const address = { HTTP_ADDRESS: "0.0.0.0:4180" };
  const fileOnly = { environmentFiles: true };
  const secretAddress = { secrets: new Set(["OAUTH2_PROXY_HTTP_ADDRESS"]) };
  const skipped = { SKIP_AUTH_REGEX: "^/" };
  const metrics = { METRICS_ADDRESS: "0.0.0.0:9000" };
  const https = { TLS_CERT_FILE: "/c", HTTPS_ADDRESS: "0.0.0.0:8443" };
  table({
    "lets nobody in": [arriving([prefect(), proxy(address)], at4180), "closed"],
    "lets people in by a setting": [arriving([prefect(), proxy(skipping)], at4180), "open", "skip-auth-regex"],
    "lets people in on a port that is not known": [arriving([prefect(), proxy(skipping)], anyPort), "open"],
    "lets people in by HTTPS": [arriving([prefect(), proxy({ ...skipped, ...https })], { port: 8443 }), "open"],
    "lets nobody in by HTTPS": [arriving([prefect(), proxy(https)], { port: 8443 }), "closed"],
    "does not listen by HTTP beside HTTPS": [arriving([prefect(), proxy({ ...skipping, ...https })], at4180), "closed"],
    "lets people in that come by the loopback": [
      arriving([prefect(), proxy(skipped)], { port: 4180, onLoopback: true }),
      "open",
    ],
    "lets nobody in on its loopback": [arriving([prefect(), proxy(skipped)], at4180), "closed"],
    "is meant by a load balancer, whatever address it has": [
      arriving([prefect(), proxy(skipped)], { ...at4180, ...to("oauth2-proxy") }),
      "open",
    ],
    "lets nobody get further than its own texts": [
      arriving([prefect(), proxy({ ...skipping, UPSTREAMS: "static://202,file:///x" })], at4180),
      "closed",
    ],
    "may let people in by what is not seen": [
      arriving([prefect(), proxy(address, fileOnly)], at4180),
      "unclear",
      "may let requests without a login through: its environment files",
    ],
    "lets nobody in on a port where it does not listen": [
      arriving([prefect(), proxy(skipping)], { port: 9000 }),
      "closed",
    ],
    "answers with metrics alone": [
      arriving([prefect(), proxy({ ...skipping, ...metrics })], { port: 9000, ...to("oauth2-proxy") }),
      "closed",
    ],
    "may have another program on a port that it is sent": [
      arriving([prefect(), proxy(skipping)], { port: 9000, ...to("oauth2-proxy") }),
      "unclear",
      "on port 9000, on which nothing that is seen of it listens",
    ],
    "may have another program on a port that is not known, of those that it declares": [
      arriving([prefect(), proxy(address, { ports: [4180, 9000] })], { ...anyPort, ...to("oauth2-proxy") }),
      "unclear",
      "on port (not known)",
    ],
    "has none besides those that it declares": [
      arriving([prefect(), proxy({ ...address, ...metrics }, { ports: [4180, 9000] })], {
        ...anyPort,
        ...to("oauth2-proxy"),
      }),
      "closed",
    ],
    "lets nobody in where a secret says where it listens": [
      arriving([prefect(), proxy({}, { ...secretAddress, ports: [4180] })], { ...at4180, ...to("oauth2-proxy") }),
      "closed",
    ],
    "lets people in on the port that it declares where a secret says where it listens": [
      arriving([prefect(), proxy(skipped, { ...secretAddress, ports: [4180] })], at4180),
      "open",
    ],
    "lets people in on any port where a secret says where it listens": [
      arriving([prefect(), proxy(skipped, secretAddress)], { port: 9000 }),
      "open",
    ],
    "may have another program on a port beside those that it declares where a secret says where it listens": [
      arriving([prefect(), proxy({}, { ...secretAddress, ports: [4180] })], { port: 9000, ...to("oauth2-proxy") }),
      "unclear",
      "on port 9000",
    ],
    "lets nobody in before a Prefect that asks": [arriving([asking(), proxy(skipping)], at4180), "closed"],
    "may add a credential before a Prefect that asks": [
      arriving([asking(), proxy(skipping, fileOnly)], at4180),
      "unclear",
      "skip-auth-regex",
    ],
  });
});

describe("another program before Prefect", () => {
  const declared = { ports: [8080] };
  const redis = container({ name: "redis", image: "redis:7", ports: [6379] });
  table({
    "may take requests on a port that it declares": [
      arriving([prefect(), envoy(declared)]),
      "unclear",
      'container "envoy" takes the requests',
    ],
    "may take requests on any port where it declares none": [arriving([prefect(), envoy()]), "unclear"],
    "takes none on another port than it declares": [arriving([prefect(), envoy(declared)], { port: 9000 }), "closed"],
    "takes none on a port that another has": [
      arriving([prefect(), envoy(), proxy({ HTTP_ADDRESS: ":8080" })]),
      "closed",
    ],
    "takes none on Prefect's own port": [arriving([asking(), envoy({ ...withSecret })], { port: 4200 }), "closed"],
    "takes those that a balancer sends it": [arriving([prefect(), envoy()], to("envoy")), "unclear"],
    "takes those that a balancer sends it on Prefect's port": [
      arriving([prefect(), envoy()], { port: 4200, ...to("envoy") }),
      "unclear",
    ],
    "may take those that a balancer sends to another container, on a port that it declares": [
      arriving([prefect(), envoy(declared)], to("web")),
      "unclear",
    ],
    "takes none that a balancer sends to another container": [arriving([prefect(), envoy()], to("web")), "closed"],
    "may take those of a balancer that names no container": [arriving([prefect(), envoy()], to(undefined)), "unclear"],
    "may take requests on a port that is not known": [
      arriving([asking(), envoy({ ...declared, ...withSecret })], anyPort),
      "unclear",
    ],
    "may take requests on a port that is not known where it declares none": [
      arriving([asking(), envoy(withSecret)], anyPort),
      "unclear",
    ],
    "may take requests on a port that is not known, as is Prefect's": [
      arriving([asking(ofFile), envoy({ ...declared, ...withSecret })], anyPort),
      "unclear",
    ],
    "takes none on a port that is not known, of a balancer to another container": [
      arriving([asking(), envoy({ ...declared, ...withSecret })], { ...anyPort, ...to("web") }),
      "closed",
    ],
    "takes none before a Prefect that asks, without a credential": [arriving([asking(), envoy(declared)]), "closed"],
    "takes none as a database, on a port that is not known": [
      arriving([prefect(), redis], { ...anyPort, ...to("web"), ...bridge }),
      "closed",
    ],
    "takes none as a database before a Prefect that asks, on a port that is not known": [
      arriving([asking(), { ...redis, ...withSecret }], anyPort),
      "closed",
    ],
    "is reached by a tunnel": [arriving([prefect(), envoy()], { onLoopback: true }), "unclear"],
    "is not the tunnel itself": [
      arriving([prefect(), container({ name: "t", image: "cloudflare/cloudflared:1" })], { onLoopback: true }),
      "closed",
    ],
    "is not the tunnel itself, which leads elsewhere": [
      arriving([asking(), container({ name: "t", image: "cloudflare/cloudflared:1", ...withSecret })], {
        ...anyPort,
        onLoopback: true,
      }),
      "closed",
    ],
    "may be a tunnel's container at the task's address": [
      arriving([prefect(), container({ name: "t", image: "cloudflare/cloudflared:1" })]),
      "unclear",
    ],
  });
});

describe("what listens on a task's loopback", () => {
  const at = (port: number, ...containers: Container[]): string =>
    neighboursOf(containers, workload(containers), false).listener(port);
  const secretAddress = { secrets: new Set(["OAUTH2_PROXY_HTTP_ADDRESS"]) };
  const worker = container({ name: "worker", words: ["prefect", "worker", "start"] });

  it("is what says so", () => {
    const all = [prefect(), nginx(site("listen 127.0.0.1:9000;")), proxy({}), envoy({ ports: [5000] })];
    assert.deepEqual(
      [4200, 8080, 9000, 4180, 5000, 7777].map((port) => at(port, ...all)),
      ["prefect", "nginx", "nginx", "oauth2-proxy", "unseen", "nobody"],
    );
  });

  it("may be what does not say where it listens, on every port that is nobody else's", () => {
    assert.equal(at(7777, prefect(), envoy()), "unseen");
    assert.equal(at(7777, prefect(), proxy({}, secretAddress)), "oauth2-proxy");
    assert.equal(at(7777, prefect(ofFile)), "prefect");
    assert.equal(at(4180, prefect(ofFile), proxy({})), "oauth2-proxy");
    assert.equal(at(8080, prefect(ofFile), nginx(gated)), "nginx");
    assert.equal(at(7777, prefect(), container({ name: "nginx", image: "acme/nginx:1" })), "unseen");
    for (const each of [worker, container({ image: "redis:7" }), container({ image: "fluent-bit:3" })])
      assert.equal(at(7777, prefect(), each), "nobody");
  });

  it("cannot be told of two", () => {
    assert.equal(at(7777, prefect(), envoy(), proxy({}, secretAddress)), "unseen");
    assert.equal(at(7777, prefect(ofFile), proxy({}, secretAddress)), "unseen");
    assert.equal(at(4180, prefect(), proxy({}), proxy({ HTTP_ADDRESS: ":4181" })), "unseen");
    assert.equal(at(7777, prefect(), proxy({}, secretAddress), proxy({})), "unseen");
  });

  it("is no oauth2-proxy where nginx or Prefect has a variable of its", () => {
    const variable = { environment: new Map([["OAUTH2_PROXY_HTTP_ADDRESS", "127.0.0.1:4180"]]) };
    assert.equal(at(4180, prefect(variable)), "nobody");
    assert.equal(
      at(4180, prefect(), nginx(gated, { environment: new Map([...variable.environment, ["CONF", gated]]) })),
      "nobody",
    );
  });
});
