import assert from "node:assert/strict";
import { portsOf } from "../../policies/graph/nginx-gate";
import { NginxSyntaxError, parseNginx } from "../../policies/graph/nginx-parser";
import { ask, auth, basic, pass, proxy, ways } from "./support/nginx";
import { authLocation, site } from "./support/pieces";

describe("nginx's language", () => {
  it("has words, quotes, escapes, comments and blocks", () => {
    const [http] = parseNginx(
      `# no { block }\nhttp { a "b;c" 'd\\'e' f\\;g "\\$" \${x}y; map $a $b { default "1"; "~^x{2}$" 2; } if ($a ~ "b") { return 403; } }`,
    );
    assert.deepEqual(
      http?.block?.map(({ name, args, block }) => [name, ...args, block?.length ?? 0]),
      [
        ["a", "b;c", "d'e", "f\\;g", "\\$", "${x}y", 0],
        ["map", "$a", "$b", 2],
        ["if", "($a", "~", "b", ")", 1],
      ],
    );
  });

  it("has words up to a brace, but for those of a variable", () => {
    const [http] = parseNginx('http{b a${x}y;map $a $b{x "y";}c}d a\\"b\\\\c\\td\\re\\n\'f;g "x\\ty";}#');
    assert.deepEqual(
      http?.block?.map(({ name, args, block }) => [name, ...args, block?.length ?? 0]),
      [
        ["b", "a${x}y", 0],
        ["map", "$a", "$b", 1],
        ["c}d", `a"b\\c\td\re\n'f`, 0],
        ["g", "x\ty", 0],
      ],
    );
  });

  it("has white space of four kinds", () => {
    assert.deepEqual(parseNginx("a\tb\rc\nd\u00a0e;")[0]?.args, ["b", "c", "d\u00a0e"]);
    assert.deepEqual(parseNginx(`a "b"\t'c'\r"d"\n"e";`)[0]?.args, ["b", "c", "d", "e"]);
  });

  it("knows the lines of its directives", () => {
    const lines = parseNginx("a;\n# b\n\nc 'x\ny' z\\\n;\nd \"\"; e {\n}").map(({ name, line }) => `${name}${line}`);
    assert.deepEqual(lines, ["a1", "c4", "d7", "e7"]);
  });

  it("has blocks in blocks", () => {
    const nested = (depth: number): string => "a{".repeat(depth) + "}".repeat(depth);
    assert.equal(parseNginx(nested(50)).length, 1);
    assert.throws(() => parseNginx(nested(51)), NginxSyntaxError);
  });

  const broken: Record<string, string> = {
    "a brace alone": "} a;",
    "a sign without a directive": "; a;",
    "a directive without an end in a block": "http { a b } }",
    "a quote at the end": 'a "b"',
    "a block that is not closed": "http { server {",
    "a brace too many": "http { } }",
    "a directive without an end": "a b",
    "an open quote": 'a "b',
    "words that run into each other": 'a "b"c;',
    "a directive without a name": "{ }",
  };
  for (const [name, text] of Object.entries(broken)) {
    it(`does not take ${name}`, () => assert.throws(() => parseNginx(text), NginxSyntaxError));
  }
});

describe("nginx as a gate", () => {
  const closed: Record<string, string> = {
    "auth_request for the server": `${ask} location / { ${pass} } ${authLocation}`,
    "auth_request for the location": `location / { ${ask} ${pass} } ${authLocation}`,
    "auth_basic with a password file": `${basic} location / { ${pass} }`,
    "either of two logins": `satisfy any; ${basic} ${ask} location / { ${pass} } ${authLocation}`,
    "locations that go elsewhere":
      "location / { proxy_pass http://example.com; } location /x { return 200 ok; } location /y { root /srv; }",
    "nobody behind the port": "location / { proxy_pass http://127.0.0.1:7777; }",
    "the two health paths, GET only": `${ask} ${authLocation} location = /api/health { limit_except GET { deny all; } ${pass} } location = /ready { if ($request_method != GET) { return 405; } proxy_pass http://127.0.0.1:4200/api/ready; } location / { ${pass} }`,
    "deny all": `location / { deny all; ${pass} }`,
    "a named location behind one that asks": `${ask} ${authLocation} location / { try_files /none @prefect; } location @prefect { ${pass} }`,
    "an answer that refuses by itself": auth("return 401;"),
    "error pages that keep the code": auth("error_page 502 /down; proxy_pass http://127.0.0.1:4180;"),
    "a question with allowed groups": auth("proxy_pass http://127.0.0.1:4180/oauth2/auth?allowed_groups=a;"),
    "an answer that is cached by cookie": auth(
      "proxy_cache c; proxy_cache_key $http_cookie; proxy_pass http://127.0.0.1:4180;",
    ),
    "a limit that asks others than GET in another way": `location / { ${ask} limit_except GET { ${basic} } ${pass} } ${authLocation}`,
  };
  for (const [name, body] of Object.entries(closed)) {
    it(`holds: ${name}`, () => assert.deepEqual(ways(site(body)), []));
  }

  const open: Record<string, [body: string, reason: string]> = {
    "nothing that asks": [`location / { ${pass} }`, "nothing here asks"],
    "auth_request off in a nested location": [
      `${ask} ${authLocation} location / { ${pass} location /api { auth_request off; ${pass} } }`,
      '"/api": the login is switched off',
    ],
    "auth_basic off in a location": [`${basic} location /api { auth_basic off; ${pass} }`, "switched off"],
    "a realm that a variable may switch off": [
      `auth_basic $realm; auth_basic_user_file /f; location / { ${pass} }`,
      "may turn out to be off",
    ],
    "auth_basic without a password file": [`auth_basic realm; location / { ${pass} }`, "without auth_basic_user_file"],
    "satisfy any beside allow": [
      `satisfy any; allow 10.0.0.0/8; ${ask} ${authLocation} location / { ${pass} }`,
      "satisfy any beside allow",
    ],
    "satisfy any with all of it off": [
      `satisfy any; ${ask} ${authLocation} location /x { auth_request off; ${pass} }`,
      "nothing here asks",
    ],
    "allow and deny alone": [`allow 10.0.0.0/8; deny all; location / { ${pass} }`, "nothing here asks"],
    "only other methods than GET that are asked": [
      `location / { limit_except GET { ${basic} } ${pass} }`,
      "nothing here asks",
    ],
    "a target in a variable": ["location / { proxy_pass http://$backend; }", "nothing here asks"],
    "a target in an upstream": [`location / { proxy_pass http://up; }`, "nothing here asks"],
    "localhost by name": ["location / { proxy_pass http://localhost:4200; }", "nothing here asks"],
    "another protocol": ["location / { grpc_pass 127.0.0.1:4200; }", "nothing here asks"],
    "a neighbour that cannot be seen": ["location / { proxy_pass http://127.0.0.1:5000; }", "nothing here asks"],
    "a condition that passes on": [
      "location / { if ($arg_x) { proxy_pass http://127.0.0.1:4200; } return 404; }",
      "nothing here asks",
    ],
    "a health path by prefix": [`location /api/health { limit_except GET { deny all; } ${pass} }`, '"/api/health"'],
    "a health path for every method": [`location = /api/health { ${pass} }`, '"= /api/health"'],
    "a health path that goes elsewhere": [
      "location = /api/health { limit_except GET { deny all; } proxy_pass http://127.0.0.1:4200/api/admin/settings; }",
      "= /api/health",
    ],
    "an error page that leads to Prefect": [
      `${ask} ${authLocation} location / { error_page 401 = @prefect; ${pass} } location @prefect { auth_request off; ${pass} }`,
      "@prefect",
    ],
    "a named location that only one that does not ask leads to": [
      `location / { try_files /none @prefect; } location @prefect { ${pass} }`,
      "@prefect",
    ],
    "an auth_request that nginx answers": [auth("return 204;"), "with success"],
    "an auth_request that something else answers": [
      auth("proxy_pass http://127.0.0.1:7777;"),
      "not sent to oauth2-proxy",
    ],
    "an auth_request that Prefect answers": [
      auth("limit_except GET { deny all; } proxy_pass http://127.0.0.1:4200/api/health;"),
      "not sent to oauth2-proxy",
    ],
    "an auth_request to a path where oauth2-proxy always says yes": [
      auth("proxy_pass http://127.0.0.1:4180/ping;"),
      "is not /oauth2/auth",
    ],
    "an auth_request that is rewritten": [auth("rewrite ^ /ping break; proxy_pass http://127.0.0.1:4180;"), "rewrite"],
    "an auth_request whose failure becomes success": [
      auth("error_page 502 =200 /ok; proxy_pass http://127.0.0.1:4180;"),
      "error page",
    ],
    "an auth_request whose error page answers": [
      `${auth("error_page 502 = @ok; proxy_pass http://127.0.0.1:4180;")} location @ok { return 200; }`,
      "@ok",
    ],
    "an auth_request that is cached for everybody": [
      auth("proxy_cache c; proxy_cache_key $uri; proxy_pass http://127.0.0.1:4180;"),
      "cached for everybody",
    ],
    "an auth_request in a variable": [
      `auth_request $where; location / { ${pass} } ${authLocation}`,
      "decided at run time",
    ],
    "a scheme in capitals": ["location / { proxy_pass HTTP://127.0.0.1:4200; }", "nothing here asks"],
    "a short address of the loopback": ["location / { proxy_pass http://127.1:4200; }", "nothing here asks"],
    "a long address of the loopback": ["location / { proxy_pass http://[0:0:0:0:0:0:0:1]:4200; }", "nothing here asks"],
    "a v4 address in a v6 one": ["location / { proxy_pass http://[::ffff:127.0.0.1]:4200; }", "nothing here asks"],
    "any address": ["location / { proxy_pass http://0:4200; }", "nothing here asks"],
    "a socket": ["location / { proxy_pass http://unix:/tmp/prefect.sock:/; }", "nothing here asks"],
    "an upstream in capitals": ["location / { proxy_pass http://UP; }", "nothing here asks"],
    "an auth_request to a location that PCRE alone can tell": [
      `${ask} location / { ${pass} } ${authLocation.replace("= ", "")} location ~ (?i)^/oauth2/AUTH$ { return 200; }`,
      "cannot be told",
    ],
    "an auth_request to a location that PCRE reads otherwise": [
      `${ask} location / { ${pass} } ${authLocation.replace("= ", "")} location ~ \\A/oauth2/auth$ { return 200; }`,
      "cannot be told",
    ],
    "an auth_request that an expression takes from a nested location": [
      `${ask} location / { ${pass} } location ~ auth$ { return 200; } location /oauth2/ { ${authLocation.replace("= ", "")} }`,
      "with success",
    ],
    code: [`${ask} ${authLocation} location / { js_content a.b; }`, "js_content"],
  };
  for (const [name, [body, reason]] of Object.entries(open)) {
    it(`does not hold: ${name}`, () => {
      const found = ways(site(body, "upstream up { server 127.0.0.1:4200; }"));
      assert.equal(found.length, 1, found.join("\n"));
      assert.ok(found[0]?.includes(reason), found[0]);
    });
  }

  it("judges every server of the port, whichever name it has", () => {
    const conf = `http { server { listen 8080; server_name a; ${ask} location / { ${pass} } ${authLocation} } server { listen 0.0.0.0:8080 default_server; location / { ${pass} } } server { listen 127.0.0.1:8080; location /l { return 404; } } }`;
    assert.equal(ways(conf).length, 1);
  });

  it("asks for a range of ports, and for those that a server without a word of it has", () => {
    const ports = (listen: string): number[] =>
      portsOf({ directives: parseNginx(`http { server { ${listen} } }`), files: new Map() });
    assert.deepEqual(ports("listen [::]:8079-8081;"), [8079, 8080, 8081]);
    assert.deepEqual(
      ports("listen 127.0.0.1:8080; listen unix:/tmp/s; listen *:81; listen localhost:82; listen a.b;"),
      [81, 80],
    );
    assert.deepEqual(ports(""), [80, 8000]);
  });

  it("follows one server of nginx to another", () => {
    const conf = (inner: string): string =>
      `http { server { listen 8080; location / { proxy_pass http://127.0.0.1:9000; } } server { listen 127.0.0.1:9000; ${inner} location / { ${pass} } ${authLocation} } }`;
    assert.deepEqual(ways(conf(ask)), []);
    assert.equal(ways(conf("")).length, 1);
  });

  it("does not take a stream for a gate", () => {
    const conf = "stream { server { listen 8080; proxy_pass 127.0.0.1:4200; } }";
    assert.deepEqual(portsOf({ directives: parseNginx(conf), files: new Map() }), [8080]);
    assert.match(ways(conf)[0] ?? "", /stream/);
  });

  it("does not take an empty password for a credential", () => {
    const conf = site(`${basic} location / { ${pass} }`);
    for (const line of ["admin:", "admin:{PLAIN}"])
      assert.match(ways(conf, { "/tmp/htpasswd": `${line}\n` })[0] ?? "", /empty password/);
    assert.deepEqual(ways(conf, { "/tmp/htpasswd": "admin:{SHA}abc=\n" }), []);
  });

  it("holds only as well as the oauth2-proxy behind it", () => {
    const conf = site(auth("proxy_pass http://127.0.0.1:4180;"));
    assert.deepEqual(ways(conf, {}, { oauth2Proxy: { ...proxy, problems: ["skip"] } }), ['location "/": skip']);
    assert.match(ways(conf, {}, { oauth2Proxy: undefined })[0] ?? "", /not answered by an oauth2-proxy of this task/);
  });

  it("counts Prefect's own question where nginx does not answer it for strangers", () => {
    const asks = { prefectAsks: true };
    assert.deepEqual(ways(site(`location / { ${pass} }`), {}, asks), []);
    assert.equal(ways(site(`location / { proxy_set_header Authorization "Basic x"; ${pass} }`), {}, asks).length, 1);
  });
});
