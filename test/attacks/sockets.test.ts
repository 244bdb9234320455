import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type WebSocket from "ws";
import { machine, openSocket, origin, stack } from "../e2e/stack";
import { Visitor } from "./session";

/** Every socket that Prefect 3.8 serves. */
const sockets = [
  "/api/events/in",
  "/api/events/out",
  "/api/logs/out",
  "/api/task_runs/subscriptions/scheduled",
  "/api/work_pools/default/workers/connect",
];

/** What the other side does first: a message, or the code of its close. */
async function firstFrom(socket: WebSocket): Promise<string> {
  const message = once(socket, "message").then(([data]) => String(data));
  const close = once(socket, "close").then(([code]) => `closed ${String(code)}`);
  const silence = sleep(10_000, "nothing", { ref: false });
  return Promise.race([message, close, silence]).finally(() => {
    socket.terminate();
  });
}

describe("a socket", () => {
  const person = new Visitor();
  before(() => person.logIn());

  for (const path of sockets) {
    it(`is not opened by a session: ${path}`, async () => {
      const headers = { cookie: person.cookie(), origin: origin.origin, "sec-fetch-site": "same-origin" };
      assert.equal((await openSocket(path, headers)).status, 401);
    });

    it(`is not opened by a page of another site: ${path}`, async () => {
      const evil = { origin: "https://evil.example.com" };
      assert.equal((await openSocket(path, { ...evil, cookie: person.cookie() })).status, 401);
      assert.equal((await openSocket(path, { ...evil, ...machine })).status, 401);
    });

    it(`is not opened by a credential in its address: ${path}`, async () => {
      const basic = encodeURIComponent(machine.authorization);
      assert.equal((await openSocket(`${path}?authorization=${basic}&token=x`)).status, 401);
    });
  }

  for (const [title, message] of Object.entries({
    "a wrong one": JSON.stringify({ type: "auth", token: "admin:wrong" }),
    none: JSON.stringify({ type: "auth", token: null }),
    "another message first": JSON.stringify({ type: "filter", filter: {} }),
  })) {
    it(`wants the credential in band too, and closes on ${title}`, async () => {
      const { status, socket } = await openSocket("/api/events/out", machine);
      assert.equal(status, 101);
      assert.ok(socket);
      socket.send(message);
      assert.equal(await firstFrom(socket), "closed 1008");
    });
  }

  it("opens with the credential in both places", async () => {
    const { socket } = await openSocket("/api/events/out", machine);
    assert.ok(socket);
    socket.send(JSON.stringify({ type: "auth", token: stack.workerEnv.PREFECT_API_AUTH_STRING }));
    assert.match(await firstFrom(socket), /"auth_success"/);
  });

  it("is not opened without Prefect's subprotocol, where Prefect would ask for nothing in band", async () => {
    assert.equal((await openSocket("/api/events/out", machine, [])).status, 403);
  });
});
