import assert from "node:assert/strict";
import { neighboursOf } from "../../policies/graph/gateway";
import type { Container } from "../../policies/graph/tasks";
import { container, workload } from "./support/containers";
import {
  prefect,
  onEveryAddress,
  asking,
  ofFile,
  nginx,
  proxy,
  envoy,
  withSecret,
  arriving,
  to,
  anyPort,
  bridge,
  table,
} from "./support/gateway";
import { secret } from "./support/oauth2-proxy";
import { gated, site } from "./support/pieces";

describe("Prefect's own port", () => {
  table({
    "is open to what comes to the task": [() => arriving([prefect(onEveryAddress)], { port: 4200 }), "open"],
    "is shut on the loopback": [() => arriving([prefect()], { port: 4200 }), "closed"],
    "is open to what comes by the loopback": [() => arriving([prefect()], { port: 4200, onLoopback: true }), "open"],
    "is meant by a load balancer, whatever address it has": [
      () => arriving([prefect()], { port: 4200, ...to("prefect") }),
      "open",
    ],
    "is meant by one that names no container": [() => arriving([prefect()], { port: 4200, ...to(undefined) }), "open"],
    "is not meant by one to another container on the loopback": [
      () => arriving([prefect(), container({ name: "web", image: "acme/web:1" })], { port: 4200, ...to("web") }),
      "unclear",
      'container "web" takes the requests',
    ],
    "is reached by one to another container where both share the loopback": [
      () => arriving([prefect(onEveryAddress)], { port: 4200, ...to("web") }),
      "open",
    ],
    "is not reached by one to another container in bridge mode": [
      () => arriving([prefect(onEveryAddress)], { port: 4200, ...to("web"), ...bridge }),
      "closed",
    ],
    "is reached by what comes to it in bridge mode": [
      () => arriving([prefect(onEveryAddress)], { port: 4200, ...bridge }),
      "open",
    ],
    "is not another port": [() => arriving([prefect(onEveryAddress)], { port: 4201 }), "closed"],
    "may be one that is not known": [() => arriving([prefect(onEveryAddress)], anyPort), "open"],
    "may be any where it is not known": [
      () => arriving([prefect({ ...onEveryAddress, ...ofFile })], { port: 9000 }),
      "unclear",
    ],
    "is no other port by the loopback": [() => arriving([prefect()], { port: 9000, onLoopback: true }), "closed"],
    "asks by itself": [() => arriving([asking(onEveryAddress)], { port: 4200 }), "closed"],
    "asks by itself, on a port that is not known": [() => arriving([asking(onEveryAddress)], anyPort), "closed"],
    "is answered by what adds a credential": [
      () => arriving([asking(onEveryAddress)], { port: 4200, addsCredential: true }),
      "open",
      "adds a credential of its own",
    ],
    "is likely one's that only looks like it": [
      () => arriving([container({ name: "prefect", image: "acme/prefect:1", ports: [4200] })], { port: 4200 }),
      "unclear",
      "is likely a Prefect API server",
    ],
  });
});

describe("another port of Prefect's container", () => {
  const script = { words: ["sh", "-c", "serve & prefect server start --host 127.0.0.1"] };
  table({
    "may be another program's, where it is sent requests": [
      () => arriving([prefect(script)], { port: 9000, ...to("prefect") }),
      "unclear",
      "whether Prefect listens there cannot be seen",
    ],
    "may be another program's, where it is declared": [
      () => arriving([prefect({ ...script, ports: [9000] })], { port: 9000 }),
      "unclear",
    ],
    "may be another program's, where the balancer names no container": [
      () => arriving([prefect(script)], { port: 9000, ...to(undefined) }),
      "unclear",
    ],
    "is another container's": [
      () => arriving([prefect(script), proxy({ HTTP_ADDRESS: ":9000" })], { port: 9000, ...to(undefined) }),
      "closed",
    ],
    "is nobody's, where it is Prefect's own on the loopback": [
      () => arriving([prefect({ ...script, ports: [4200] })], { port: 4200 }),
      "closed",
    ],
    "may be another program's, where none is declared": [() => arriving([prefect(script)], { port: 9000 }), "unclear"],
    "may be another program's, where a tunnel leads to it": [
      () => arriving([prefect(script)], { port: 9000, onLoopback: true }),
      "unclear",
    ],
    "is nobody's where others are declared": [
      () => arriving([prefect({ ...script, ports: [4200] })], { port: 9000 }),
      "closed",
    ],
    "is nobody's where a balancer leads to another container": [
      () => arriving([prefect(script)], { port: 9000, ...to("web") }),
      "closed",
    ],
    "is nobody's where Prefect is started alone": [
      () => arriving([prefect(onEveryAddress)], { port: 9000, ...to("prefect") }),
      "closed",
    ],
    "is nothing where Prefect asks": [() => arriving([asking(script)], { port: 9000, ...to("prefect") }), "closed"],
  });
});

describe("another program before Prefect", () => {
  const declared = { ports: [8080] };
  const redis = container({ name: "redis", image: "redis:7", ports: [6379] });
  table({
    "may take requests on a port that it declares": [
      () => arriving([prefect(), envoy(declared)]),
      "unclear",
      'container "envoy" takes the requests',
    ],
    "may take requests on any port where it declares none": [() => arriving([prefect(), envoy()]), "unclear"],
    "may take requests on Prefect's default port where Prefect has another": [
      () =>
        arriving([prefect({ words: ["prefect", "server", "start", "--port", "5000"] }), envoy(), redis], {
          port: 4200,
        }),
      "unclear",
    ],
    "may take requests on Prefect's own port in bridge mode": [
      () => arriving([prefect(), envoy({ ports: [4200] })], { port: 4200, ...bridge }),
      "unclear",
    ],
    "takes none on another port than it declares": [
      () => arriving([prefect(), envoy(declared)], { port: 9000 }),
      "closed",
    ],
    "takes none on a port that another has": [
      () => arriving([prefect(), envoy(), proxy({ HTTP_ADDRESS: ":8080" })]),
      "closed",
    ],
    "takes none on Prefect's own port": [
      () => arriving([asking(), envoy({ ...withSecret })], { port: 4200 }),
      "closed",
    ],
    "takes those that a balancer sends it": [() => arriving([prefect(), envoy()], to("envoy")), "unclear"],
    "takes those that a balancer sends it on Prefect's port": [
      () => arriving([prefect(), envoy()], { port: 4200, ...to("envoy") }),
      "unclear",
    ],
    "may take those that a balancer sends to another container, on a port that it declares": [
      () => arriving([prefect(), envoy(declared)], to("web")),
      "unclear",
    ],
    "takes none that a balancer sends to another container": [
      () => arriving([prefect(), envoy()], to("web")),
      "closed",
    ],
    "may take those of a balancer that names no container": [
      () => arriving([prefect(), envoy()], to(undefined)),
      "unclear",
    ],
    "may take requests on a port that is not known": [
      () => arriving([asking(), envoy({ ...declared, ...withSecret })], anyPort),
      "unclear",
    ],
    "may take requests on a port that is not known where it declares none": [
      () => arriving([asking(), envoy(withSecret)], anyPort),
      "unclear",
    ],
    "may take requests on a port that is not known, as is Prefect's": [
      () => arriving([asking(ofFile), envoy({ ...declared, ...withSecret })], anyPort),
      "unclear",
    ],
    "takes none on a port that is not known, of a balancer to another container": [
      () => arriving([asking(), envoy({ ...declared, ...withSecret })], { ...anyPort, ...to("web") }),
      "closed",
    ],
    "takes none before a Prefect that asks, without a credential": [
      () => arriving([asking(), envoy(declared)]),
      "closed",
    ],
    "takes none as a database, on a port that is not known": [
      () => arriving([prefect(), redis], { ...anyPort, ...to("web"), ...bridge }),
      "closed",
    ],
    "takes none as a database before a Prefect that asks, on a port that is not known": [
      () => arriving([asking(), { ...redis, ...withSecret }], anyPort),
      "closed",
    ],
    "is reached by a tunnel": [() => arriving([prefect(), envoy()], { onLoopback: true }), "unclear"],
    "is not the tunnel itself": [
      () => arriving([prefect(), container({ name: "t", image: "cloudflare/cloudflared:1" })], { onLoopback: true }),
      "closed",
    ],
    "is not the tunnel itself, which leads elsewhere": [
      () =>
        arriving([asking(), container({ name: "t", image: "cloudflare/cloudflared:1", ...withSecret })], {
          ...anyPort,
          onLoopback: true,
        }),
      "closed",
    ],
    "may be a tunnel's container at the task's address": [
      () => arriving([prefect(), container({ name: "t", image: "cloudflare/cloudflared:1" })]),
      "unclear",
    ],
  });
});

describe("what listens on a task's loopback", () => {
  const at = (port: number, ...containers: Container[]): string =>
    neighboursOf(containers, workload(containers), false).listener(port);
  const secretAddress = secret("HTTP_ADDRESS");
  const worker = container({ name: "worker", words: ["prefect", "worker", "start"] });

  it("is what says so", () => {
    const all = [prefect(), nginx(site("listen 127.0.0.1:9000;")), proxy({}), envoy({ ports: [5000] })];
    assert.deepEqual(
      [4200, 8080, 9000, 4180, 5000, 7777].map((port) => at(port, ...all)),
      ["prefect", "nginx", "nginx", "oauth2-proxy", "unseen", "nobody"],
    );
    for (const each of [prefect({ ports: [9100] }), proxy({}, { ports: [9100] }), nginx(gated, { ports: [9100] })])
      assert.equal(at(9100, ...all, each), "unseen");
  });

  it("may be what does not say where it listens, on every port that is nobody else's", () => {
    assert.equal(at(7777, prefect(), envoy()), "unseen");
    assert.equal(at(7777, prefect(), proxy({}, secretAddress)), "oauth2-proxy");
    assert.equal(at(7777, prefect(ofFile)), "prefect");
    assert.equal(at(4180, prefect(ofFile), proxy({})), "oauth2-proxy");
    assert.equal(at(8080, prefect(ofFile), nginx(gated)), "nginx");
    assert.equal(at(7777, prefect(), container({ name: "nginx", image: "acme/nginx:1" })), "unseen");
    assert.equal(at(7777, prefect(), container({ image: "acme/my-redis:7" })), "unseen");
    for (const each of [
      worker,
      container({ image: "redis:7" }),
      container({ image: "redis" }),
      container({ image: "fluent-bit:3" }),
    ])
      assert.equal(at(7777, prefect(), each), "nobody");
  });

  it("has Prefect's two open answers at these paths", () => {
    const paths = (server: Container): readonly string[] =>
      neighboursOf([server, envoy()], workload([server]), false).healthPaths;
    assert.deepEqual([...new Set(paths(prefect()))], ["/api/health", "/api/ready"]);
    const below = prefect({ environment: new Map([["PREFECT_SERVER_API_BASE_PATH", "/a"]]) });
    assert.deepEqual(paths(below), ["/api/health", "/api/ready", "/a/health", "/a/ready"]);
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
