import assert from "node:assert/strict";
import { isAnyAddress, isLoopback, listensOf, locationFor, serversOf } from "../../policies/graph/nginx-locations";
import { parseNginx } from "../../policies/graph/nginx-parser";
import { isSuccess, pathSent, Targets } from "../../policies/graph/nginx-targets";
import { neighbours } from "./support/nginx";

const locationsOf = (body: string): Parameters<typeof locationFor>[0] =>
  serversOf(parseNginx(`http { server { ${body} } }`))[0]?.locations ?? [];

describe("the location that nginx picks", () => {
  const picked: [body: string, path: string, location: string][] = [
    ["location / { } location /api { }", "/api/flows", "/api"],
    ["location /api { } location / { }", "/api/flows", "/api"],
    ["location /api { } location / { }", "/app", "/"],
    ["location /api { }", "/app", "none"],
    ["location / { } location = /api { }", "/api", "= /api"],
    ["location / { } location = /api { }", "/api/", "/"],
    ["location / { } location =/api { }", "/api", "= /api"],
    ["location / { } location ~/a.i$ { }", "/api", "~ /a.i$"],
    ["location /api { } location ~ ^/a { }", "/api", "~ ^/a"],
    ["location /api { } location ~ ^/A { }", "/api", "/api"],
    ["location /api { } location ~* ^/A { }", "/api", "~* ^/A"],
    ["location ^~ /api { } location ~ ^/a { }", "/api", "^~ /api"],
    ["location ^~ /api { } location ~ ^/a { }", "/app", "~ ^/a"],
    ["location ~ ^/a { } location ~ ^/ap { }", "/api", "~ ^/a"],
    ["location ~ ^/a { location /api { } }", "/api", "/api"],
    ["location ~ ^/a { location /app { } }", "/api", "~ ^/a"],
    ["location /api { location /api/x { } }", "/api/x", "/api/x"],
    ["location /api { location /api/x { } } location ~ x$ { }", "/api/x", "~ x$"],
    ["location /api { location = /api/x { } } location ~ x$ { }", "/api/x", "= /api/x"],
    ["location /api { location ~ x$ { } } location ~ ^/a { }", "/api/x", "~ x$"],
    ["location @named { }", "@named", "none"],
    ["location / { } location ~ (?i)x { }", "/api", "unknown"],
    ["location / { } location ~ \\Ax { }", "/api", "unknown"],
    ["location / { } location ~ [[:alpha:]] { }", "/api", "unknown"],
    ["location / { } location ~ x++ { }", "/api", "unknown"],
    ["location / { } location ~ ^/(?:a|b)\\d?\\.?(?!x) { }", "/api", "~ ^/(?:a|b)\\d?\\.?(?!x)"],
    ["location / { } location /\uE000 { }", "/api", "unknown"],
    ["location / { location ~ (?i)x { } }", "/api", "unknown"],
    ["location ~ ^/a { location /\uE000 { } }", "/api", "unknown"],
    ["location = /api { } location ~ (?i)x { }", "/api", "= /api"],
    ["location / { } location ~ []a]pi { }", "/api", "unknown"],
    ["location / { } location ~ [^]/]pi { }", "/api", "unknown"],
    ["location / { } location ~ ^/\uE000 { }", "/api", "unknown"],
    ["location /a~i { }", "/a~i", "/a~i"],
    ["location ^~ /api { location ~ i { } }", "/api", "~ i"],
    ["location @a { } location /api { } location @b { } location / { }", "/api", "/api"],
  ];
  for (const [body, path, location] of picked)
    it(`is ${location} for ${path} of ${body}`, () => {
      const found = locationFor(locationsOf(body), path);
      assert.equal(typeof found === "string" ? found : found.pattern.join(" "), location);
    });
});

describe("an address", () => {
  const all = (hosts: string[], is: (host: string) => boolean): boolean[] => hosts.map(is);

  it("of the loopback is known however it is written", () => {
    const loopback = ["127.0.0.1", "127.1", "127.8.8.8", "2130706433", "0x7f.1", "localhost", "LOCALHOST.", "::1"];
    const more = [
      "127.10.20.30",
      "[::1]",
      "[0:0:0:0:0:0:0:1]",
      "[::ffff:127.0.0.1]",
      "ip6-localhost",
      "localhost.localdomain",
    ];
    assert.deepEqual(all([...loopback, ...more], isLoopback), Array(14).fill(true));
    const others = ["10.127.0.1", "128.0.0.1", "localhost.example.com", "my-localhost", "[::2]", "a b", "", "0"];
    assert.deepEqual(all(others, isLoopback), Array(8).fill(false));
  });

  it("of any interface is known as well", () => {
    assert.deepEqual(all(["0.0.0.0", "0", "[::]", "::", "[::ffff:0.0.0.0]"], isAnyAddress), Array(5).fill(true));
    assert.deepEqual(
      all(["10.0.0.0", "[::1]", "127.0.0.1", "zero", "0.0.0.0.example.com"], isAnyAddress),
      Array(5).fill(false),
    );
  });
});

describe("where nginx listens", () => {
  const of = (listens: string): ReturnType<typeof listensOf> => listensOf(parseNginx(listens));

  it("is told by all of a server's addresses", () => {
    assert.deepEqual(of(""), { ports: [80, 8000], loopbackPorts: [] });
    assert.deepEqual(of("listen unix:/tmp/s:80;"), { ports: [], loopbackPorts: [] });
    assert.deepEqual(of("listen 127.0.0.1; listen [::1]:81-82; listen localhost:83;"), {
      ports: [],
      loopbackPorts: [80, 81, 82, 83],
    });
    assert.deepEqual(
      of("listen web1; listen *:81; listen [::]:82; listen 83 ssl; listen 65535-65536; listen 10.0.0.1;"),
      {
        ports: [80, 81, 82, 83, 65535, 80],
        loopbackPorts: [],
      },
    );
  });

  it("is not told by what is no server", () => {
    const [server, ...others] = serversOf(
      parseNginx("http { upstream u { server a; } map $a $b { } server { listen 81; } }"),
    );
    assert.deepEqual([server?.ports, others], [[81], []]);
  });
});

describe("what nginx sends on", () => {
  it("is the path, with what proxy_pass names in place of the location's", () => {
    const sent = (body: string, target: string, path: string): string | undefined => {
      const [location] = locationsOf(body);
      return location && pathSent(location, target, path);
    };
    assert.equal(sent("location /a { }", "http://127.0.0.1:4200", "/a/b"), "/a/b");
    assert.equal(sent("location /a/ { }", "http://127.0.0.1:4200/", "/a/b"), "/b");
    assert.equal(sent("location ^~ /a/ { }", "https://127.0.0.1:4200/x/?y", "/a/b"), "/x/b");
    assert.equal(sent("location = /a { }", "http://127.0.0.1:4200/api/health", "/a"), "/api/health");
    assert.equal(sent("location ~ ^/a { }", "http://127.0.0.1:4200/x", "/a"), undefined);
    assert.equal(sent("location ~ ^/a { }", "http://127.0.0.1:4200", "/a"), "/a");
    assert.equal(sent("location /a { }", "http://127.0.0.1:4200$uri", "/a"), undefined);
    assert.equal(sent("location /a/ { }", "127.0.0.1:4200/", "/a/b"), "/b");
  });

  it("is oauth2-proxy's where all of it is", () => {
    const http = parseNginx(
      "upstream one { server 127.0.0.1:4180; server localhost:4180; } upstream two { server 127.0.0.1:4180; server 127.0.0.1:5000; }",
    );
    const is = (target: string): boolean => new Targets(http, neighbours).areOauth2Proxy(target);
    assert.deepEqual(["http://127.0.0.1:4180/x", "http://one"].map(is), [true, true]);
    assert.deepEqual(
      ["http://two", "http://10.0.0.1:4180", "http://$a:4180", "http://none"].map(is),
      Array(4).fill(false),
    );
  });

  it("is an answer of its own by a code", () => {
    assert.deepEqual([["200"], ["204", "x"], ["$code"], ["\uE000"]].map(isSuccess), Array(4).fill(true));
    assert.deepEqual([["302", "200"], ["https://a/200"], ["403"], []].map(isSuccess), Array(4).fill(false));
  });

  it("goes to these addresses", () => {
    const http = parseNginx(
      "log_format up x; upstream none { zone z 64k; state /x; } upstream Up { server 127.0.0.1:4200; server a.b; keepalive 2; } upstream s { server unix:/s; server a:b:c; }",
    );
    const at = (target: string): string[] =>
      new Targets(http, neighbours).addresses(target).map((to) => (to ? `${to.local} ${to.host} ${to.port}` : "?"));
    assert.deepEqual(at("http://up"), ["true 127.0.0.1 4200", "false a.b 80"]);
    assert.deepEqual(at("s"), ["?", "?"]);
    assert.deepEqual(at("https://up"), ["true 127.0.0.1 4200", "false a.b 80"]);
    assert.deepEqual(at("https://a.b/x"), ["false a.b 443"]);
    assert.deepEqual(at("HTTPS://a.b?x"), ["false a.b 443"]);
    assert.deepEqual(at("grpcs://0:1"), ["true 0 1"]);
    assert.deepEqual(at("[::]:4200"), ["true [::] 4200"]);
    assert.deepEqual(
      ["http://none", "/x", "http://$a", "unix:/s", "http://unix:/s:/", "", "http://\uE000:1"].flatMap(at),
      Array(7).fill("?"),
    );
    assert.deepEqual(at("http://a.b"), ["false a.b 80"]);
  });

  it("may be one of a map's texts", () => {
    const http = parseNginx(
      "map $a $b { hostnames; volatile; x y; default z; } map $a $c { x y; } map $a $d { x $y; } map $a $f { x $y; default z; } split_clients $a $g { 50% x; } map $a $e { } map $a $e { }",
    );
    const of = (text: string): string[] | undefined => new Targets(http, neighbours).valuesOf(text);
    assert.deepEqual(of("plain"), ["plain"]);
    assert.deepEqual(of("$b"), ["y", "z"]);
    assert.deepEqual(of("$c"), ["y", ""]);
    for (const text of ["$d", "$f", "$g", "$e", "$none", "x$b", "\uE000"]) assert.equal(of(text), undefined, text);
  });
});
