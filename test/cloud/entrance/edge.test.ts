import assert from "node:assert/strict";
import { statSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { WebSocket, WebSocketServer } from "ws";
import { Edge } from "../../../local/cloud/edge/edge";
import { type TestCloud, testCloud } from "./support";

const login = "login.auth.eu-west-1.amazoncognito.com";

describe("the edge", () => {
  let cloud: TestCloud;
  let edge: Edge;
  let path: string;
  let inside: https.Server;
  const seen: { headers: http.IncomingHttpHeaders; from: string | undefined }[] = [];

  before(async () => {
    cloud = await testCloud();
    const ip = await cloud.addAddress("service");
    cloud.names.set("service", "app.localhost", [ip]);
    cloud.names.set("service", login, [ip]);
    cloud.names.set("service", "asleep.localhost", ["127.66.66.66"]);
    inside = https.createServer(await cloud.certificates.issue(["app.localhost", login]), (request, response) => {
      seen.push({ headers: request.headers, from: request.socket.remoteAddress });
      response.setHeader("set-cookie", ["a=1; Path=/", "b=2; Path=/"]);
      if (request.url === "/redirect")
        response.writeHead(302, { location: `https://${login}/authorize?x=https://app.localhost/` });
      response.write(`${request.method} `);
      request.on("data", (chunk: Buffer) => response.write(chunk));
      request.on("end", () => response.end());
    });
    const echo = new WebSocketServer({ server: inside, path: "/ws" });
    echo.on("connection", (peer, request) => {
      seen.push({ headers: request.headers, from: request.socket.remoteAddress });
      peer.on("message", (data: Buffer) => peer.send(`echo ${data.toString()}`));
    });
    await new Promise<void>((resolve) => inside.listen(443, ip, resolve));
    edge = new Edge(cloud, { address: "127.20.30.40" });
    path = join(cloud.stateDir, "edge.sock");
    await edge.listen(path);
  });
  after(async () => {
    await edge.close();
    inside.closeAllConnections();
    inside.close();
    await cloud.remove();
  });
  beforeEach(() => seen.splice(0));

  const secure = (servername: string) =>
    new Promise<TLSSocket>((resolve, reject) => {
      const socket = connectTls({ path, servername, ca: cloud.certificates.ca }, () => resolve(socket));
      socket.once("error", reject);
    });
  const browse = async (name: string, options: http.RequestOptions = {}, body?: string) => {
    const socket = await secure(name);
    return new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string }>((resolve, reject) => {
      const headers = { host: `${name}:8443`, ...options.headers } as http.OutgoingHttpHeaders;
      const request = http.request({ createConnection: () => socket, ...options, headers }, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += String(chunk);
        });
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
          socket.destroy();
        });
      });
      request.once("error", reject);
      request.end(body);
    });
  };
  const raw = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(path, () => socket.write(text));
      let answer = "";
      socket.on("data", (chunk) => {
        answer += String(chunk);
      });
      socket.on("close", () => resolve(answer));
    });

  it("is a socket for this user alone", () => {
    assert.equal(statSync(path).mode & 0o077, 0);
  });

  it("translates Host, Origin and Referer inwards and Location outwards, and comes from the internet's address", async () => {
    const headers = {
      origin: "https://app.localhost:8443",
      referer: `https://${login}.localhost:8443/x`,
      "x-other": "https://app.localhost:8443",
    };
    const answer = await browse("app.localhost", { path: "/redirect", method: "POST", headers }, "body");
    assert.equal(seen[0]?.headers.host, "app.localhost");
    assert.equal(seen[0]?.headers.origin, "https://app.localhost");
    assert.equal(seen[0]?.headers.referer, `https://${login}/x`);
    assert.equal(seen[0]?.headers["x-other"], "https://app.localhost:8443");
    assert.equal(seen[0]?.from, "127.20.30.40");
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, `https://${login}.localhost:8443/authorize?x=https://app.localhost/`);
    assert.deepEqual(answer.headers["set-cookie"], ["a=1; Path=/", "b=2; Path=/"]);
    assert.equal(answer.body, "POST body");
  });

  it("has a certificate for the outside name of each served host and for no other", async () => {
    assert.equal((await browse(`${login}.localhost`)).status, 200);
    assert.equal(seen[0]?.headers.host, login);
    await assert.rejects(secure("evil.localhost"));
    await assert.rejects(secure(login));
  });

  it("refuses a Host that is not served, with the names that are", async () => {
    for (const host of ["evil.localhost:8443", "app.localhost", "app.localhost:9999"]) {
      const answer = await browse("app.localhost", { headers: { host } });
      assert.equal(answer.status, 421, host);
      assert.match(answer.body, /https:\/\/app\.localhost:8443/);
    }
    assert.equal(seen.length, 0);
  });

  it("says 502 when the host does not answer", async () => {
    assert.equal((await browse("asleep.localhost")).status, 502);
  });

  it("carries WebSockets", async () => {
    const socket = new WebSocket("wss://app.localhost:8443/ws", {
      createConnection: () => connectTls({ path, servername: "app.localhost", ca: cloud.certificates.ca }),
      origin: "https://app.localhost:8443",
    });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    socket.send("hello");
    assert.equal(String(await new Promise((resolve) => socket.once("message", resolve))), "echo hello");
    assert.equal(seen[0]?.headers.origin, "https://app.localhost");
    socket.close();
  });

  it("sends plain HTTP to HTTPS on the same port, and explains itself to anything else", async () => {
    const answer = await raw("GET /a?b HTTP/1.1\r\nHost: app.localhost:8443\r\n\r\n");
    assert.match(answer, /^HTTP\/1\.1 308 [^]*Location: https:\/\/app\.localhost:8443\/a\?b\r\n/);
    assert.match(
      await raw("GET http://app.localhost/ HTTP/1.1\r\nHost: app.localhost\r\n\r\n"),
      /^HTTP\/1\.1 400 [^]*speaks HTTPS/,
    );
    assert.match(await raw("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"), /^HTTP\/1\.1 400 /);
  });

  it("tunnels CONNECT to a served name with its real certificate, and nowhere else", async () => {
    const socket = connect(path, () =>
      socket.write("CONNECT app.localhost:443 HTTP/1.1\r\nHost: app.localhost:443\r\n\r\n"),
    );
    const established = await new Promise((resolve) => socket.once("data", (data) => resolve(String(data))));
    assert.match(String(established), /^HTTP\/1\.1 200 /);
    const tunnel = connectTls({ socket, servername: "app.localhost", ca: cloud.certificates.ca });
    tunnel.write("GET /through HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\n\r\n");
    let answer = "";
    for await (const chunk of tunnel) answer += String(chunk);
    assert.match(answer, /GET/);
    assert.equal(seen[0]?.from, "127.20.30.40");

    const refused = async (authority: string) => (await raw(`CONNECT ${authority} HTTP/1.1\r\n\r\n`)).split(" ")[1];
    assert.equal(await refused("evil.example:443"), "403");
    assert.equal(await refused("app.localhost:4200"), "403");
    assert.equal(await refused("127.0.0.1:443"), "403");
    assert.equal(await refused("asleep.localhost:443"), "502");
    assert.equal(await refused("app.localhost"), "400");
  });
});
