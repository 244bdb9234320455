import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ask, machine, openSocket } from "../e2e/stack";
import { Visitor } from "./session";
import { processesNamed } from "./task";

/** Asked while the login is away. */
async function assertClosedForPeopleAlone(cookie: string, atMostMs: number): Promise<void> {
  const started = performance.now();
  const [page, call, stranger, machineCall, socket] = await Promise.all([
    ask("/v2/dashboard", { headers: { cookie, accept: "text/html", "sec-fetch-mode": "navigate" } }),
    ask("/api/admin/version", { headers: { cookie } }),
    ask("/api/admin/version"),
    ask("/api/admin/version", { headers: machine }),
    openSocket("/api/events/in", machine),
  ]);
  assert.deepEqual([page.status, call.status, stranger.status], [503, 503, 503]);
  assert.match(page.body, /not ready/);
  assert.equal(typeof (JSON.parse(call.body) as { detail: unknown }).detail, "string");
  assert.equal(call.headers["retry-after"], "5");
  assert.equal(machineCall.status, 200, "machines go on");
  assert.equal(socket.status, 101, "their sockets too");
  socket.socket?.terminate();
  const took = performance.now() - started;
  assert.ok(took < atMostMs, `${Math.round(took)} ms`);
}

describe("while oauth2-proxy", function () {
  this.timeout(60_000);
  const person = new Visitor();
  let cookie = "";

  before(async function () {
    await person.logIn();
    cookie = person.cookie();
    const [pid] = processesNamed("oauth2-proxy");
    assert.ok(pid, "the stack runs no oauth2-proxy");
    try {
      process.kill(pid, 0);
    } catch {
      // Where npm start is not run by root, containers' users are others than the developer's.
      this.skip();
    }
  });

  it("hangs, people are refused after five seconds and machines go on", async () => {
    const pids = processesNamed("oauth2-proxy");
    try {
      for (const pid of pids) process.kill(pid, "SIGSTOP");
      await assertClosedForPeopleAlone(cookie, 9_000);
    } finally {
      for (const pid of pids) process.kill(pid, "SIGCONT");
    }
    assert.equal((await ask("/api/admin/version", { headers: { cookie } })).status, 200);
  });

  it("is down, people are refused at once and machines go on; sessions work again when it is back", async () => {
    for (const pid of processesNamed("oauth2-proxy")) process.kill(pid, "SIGKILL");
    await assertClosedForPeopleAlone(cookie, 4_000);
    let status = 0;
    for (let waited = 0; status !== 200 && waited < 30_000; waited += 250) {
      await sleep(250);
      ({ status } = await ask("/api/admin/version", { headers: { cookie } }));
    }
    assert.equal(status, 200);
  });
});
