import assert from "node:assert/strict";
import { patternProblems } from "../../../local/cloud/load-balancer/patterns";
import { transformed } from "../../../local/cloud/load-balancer/transforms";
import { loadBalancerWorld, says, toTargets } from "./load-balancer-world";
import { ask, server } from "./support";

const url = (regex: string, replace: string) => ({
  type: "url-rewrite",
  urlRewriteConfig: { rewrite: { regex, replace } },
});
const host = (regex: string, replace: string) => ({
  type: "host-header-rewrite",
  hostHeaderRewriteConfig: { rewrite: { regex, replace } },
});
const request = { target: "/project-a/x?b=1", host: "mywebsite-example.com" };

describe("a rule's transforms", () => {
  it("rewrite the URL and the host by groups, and leave what does not match", () => {
    const of = (...transforms: Parameters<typeof transformed>[0]) => transformed(transforms, request);
    assert.deepEqual(of(host("^mywebsite-(.+).com$", "internal.dev.$1.myweb.com")), {
      ...request,
      host: "internal.dev.example.myweb.com",
    });
    assert.equal(of(url("^/project-a/(.*)$", "/a/$1"))?.target, "/a/x?b=1");
    assert.equal(of(url("\\?b=(\\d)", "?c=$1"))?.target, "/project-a/x?c=1");
    assert.equal(of(url("^/project-a", ""))?.target, "/x?b=1");
    assert.deepEqual(of(url("^/other", "/x"), host("^other", "x")), request);
    assert.equal(of(url("/project-a", "/$&$$$9"))?.target, "/$&$$/x?b=1");
  });

  it("fail when what comes out is no URL path or host", () => {
    assert.equal(transformed([url("^/.*", "x")], request), undefined);
    assert.equal(transformed([url("^/.*", "/a b")], request), undefined);
    assert.equal(transformed([host("^.*", "a\r\nX: y")], request), undefined);
  });

  it("know which regular expressions AWS does not take", () => {
    for (const wrong of ["(?=a)", "(?<!a)b", "(a)\\1", "(?>a)", "a++", "\\p{L}", "("]) {
      assert.equal(patternProblems(wrong).length, 1, wrong);
    }
    for (const fine of ["^/a(?:b|c)+$", "[?=+]+", "a\\\\1", "\\d{2,}?", "(?<name>a)"]) {
      assert.deepEqual(patternProblems(fine), [], fine);
    }
  });

  it("change what the target gets, not which rule it is, nor its actions", async () => {
    const world = await loadBalancerWorld();
    const target = await server((request_, response) => response.end(`${request_.headers.host} ${request_.url}`));
    await world.targetGroup();
    await world.listener({ defaultActions: says("default") });
    const rule = (priority: number, path: string, transforms: unknown[], actions: unknown[] = toTargets) =>
      world.declare("ListenerRule", `rule-${priority}`, {
        listenerArn: "listener",
        priority,
        conditions: [{ pathPattern: { values: [path] } }],
        actions,
        transforms,
      });
    await rule(1, "/a/*", [url("^/a/", "/b/"), host("^x", "y")]);
    await rule(2, "/b/*", [], says("rule of b"));
    await rule(3, "/bad/*", [url("^/bad/", "")]);
    await world.healthy(target.address);
    const get = (path: string) => ask({ ip: world.ip, port: 80, path, headers: { host: "x.example" } });
    assert.equal((await get("/a/1?q=2")).body, "y.example /b/1?q=2");
    assert.equal((await get("/b/1")).body, "rule of b");
    assert.equal((await get("/bad/1")).status, 500);
    await assert.rejects(rule(4, "/c", [url("(?=a)", ""), url("a", "b"), { type: "other" }]), (error: Error) => {
      assert.match(error.message, /has lookaheads and lookbehinds, which are not supported/);
      assert.match(error.message, /a rule has one url-rewrite transform/);
      assert.match(error.message, /type must be one of url-rewrite, host-header-rewrite; got "other"/);
      return true;
    });
    const conditions = [{ pathPattern: { regexValues: ["(a)\\1"] } }];
    await assert.rejects(world.rule(5, conditions, says("x")), /has backreferences/);
    await target.close();
    await world.close();
  });
});
