import assert from "node:assert/strict";
import { nginxKeepsClients, nginxKeepsUpstreams } from "../../../policies/support/nginx-timeouts";
import { nginx, prefect } from "../support/pieces";
import { containerOf } from "./support/container";

const server = "server { listen 8080; location / { return 404; } }";
const old = { image: "nginx:1.29.6-alpine" };
const clients = (http: string): number | undefined =>
  nginxKeepsClients(containerOf(nginx(`events {}\nhttp {\n${http}\n}\n`)));
const upstreams = (http: string, more: object = {}): number =>
  nginxKeepsUpstreams(containerOf(nginx(`events {}\nhttp {\n${http}\n${server}\n}\n`, more)));
const upstream = (name: string, more = ""): string => `upstream ${name} { server 127.0.0.1:4200; ${more} }\n`;

describe("how long nginx keeps a client's idle connection", () => {
  for (const [http, seconds] of [
    [server, 75],
    [`keepalive_timeout 30; ${server}`, 30],
    [`keepalive_timeout 30s; ${server}`, 30],
    [`keepalive_timeout 2m; ${server}`, 120],
    [`keepalive_timeout 2h; ${server}`, 7200],
    [`keepalive_timeout 1d; ${server}`, 86_400],
    [`keepalive_timeout 500ms; ${server}`, 0.5],
    [`keepalive_timeout 0; ${server}`, 0],
    [`keepalive_timeout 30s 60s; ${server}`, 30],
    [`keepalive_timeout 1m30s; ${server}`, undefined],
    [`keepalive_timeout 30x; ${server}`, undefined],
    [`keepalive_timeout $x; ${server}`, undefined],
    [`keepalive_timeout 90; server { listen 8080; keepalive_timeout 20; }`, 20],
    [`keepalive_timeout 20; server { listen 8080; keepalive_timeout 90; }`, 20],
    [`keepalive_timeout 20; server { listen 8080; keepalive_timeout x; }`, undefined],
    [`keepalive_time 20; ${server}`, 75],
    [`${upstream("a", "keepalive_timeout 5;")} ${server}`, 75],
  ] as const)
    it(`is ${seconds} s by ${http}`, () => {
      assert.equal(clients(http), seconds);
    });

  it("is not known where nothing is seen of it", () => {
    assert.equal(nginxKeepsClients(containerOf(nginx("", { command: ["exec nginx"], environment: {} }))), undefined);
    assert.equal(nginxKeepsClients(containerOf(prefect())), undefined);
  });
});

describe("how long nginx keeps an idle connection to an upstream", () => {
  for (const [http, more, seconds] of [
    ["", {}, 60],
    ["", old, 0],
    [upstream("a"), {}, 60],
    [upstream("a"), old, 0],
    [upstream("a", "keepalive 8;"), old, 60],
    [upstream("a", "keepalive_timeout 20s;"), {}, 20],
    [upstream("a", "keepalive_timeout 20s;"), old, 0],
    [upstream("a", "keepalive 8; keepalive_timeout 20s;"), old, 20],
    [`${upstream("a", "keepalive_timeout 20s;")}${upstream("b", "keepalive_timeout 40s;")}`, {}, 40],
    [upstream("a", "keepalive_timeout 1m30s;"), {}, 60],
    ["", { image: "nginx:1.29.7-alpine" }, 60],
    ["", { image: "nginx:latest" }, 60],
    ["", { image: undefined, entryPoint: ["/bin/sh", "-ec"] }, 60],
  ] as const)
    it(`is ${seconds} s by ${http || "nothing"} of ${JSON.stringify(more)}`, () => {
      assert.equal(upstreams(http, more), seconds);
    });

  it("is none of what it passes on as a stream", () => {
    const stream = "stream { upstream s { server 127.0.0.1:5432; } server { listen 5432; proxy_pass s; } }";
    const conf = `events {}\n${stream}\nhttp {\n${upstream("a", "keepalive_timeout 20s;")}${server}\n}\n`;
    assert.equal(nginxKeepsUpstreams(containerOf(nginx(conf))), 20);
  });

  it("is none where nothing is seen of it", () => {
    assert.equal(nginxKeepsUpstreams(containerOf(nginx("", { command: ["exec nginx"], environment: {} }))), 0);
    assert.equal(nginxKeepsUpstreams(containerOf(prefect())), 0);
  });
});
