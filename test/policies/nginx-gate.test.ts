import assert from "node:assert/strict";
import { areCertain, portsOf } from "../../policies/graph/nginx-gate";
import { parseNginx } from "../../policies/graph/nginx-parser";
import { ask, neighbours, pass, proxy, ways } from "./support/nginx";
import { authLocation, site } from "./support/pieces";

const gated = `${ask} ${authLocation}`;
const named = `location @prefect { auth_request off; ${pass} }`;
const health = (body: string, path = "= /api/health"): string =>
  `${gated} location ${path} { auth_request off; ${body} }`;
const getOnly = "limit_except GET { deny all; }";

describe("what nginx's locations lead to", () => {
  const closed: Record<string, string> = {
    "no request of nginx's own": `${gated} mirror off; ssi off; mirror_request_body on; ssi_types a; xssi a; location / { deny all; ${pass} }`,
    "a named location that nothing leads to": `${gated} ${named}`,
    "a named location behind one that asks, beside others that do not": `${gated} location / { try_files /a @prefect; } location /b { auth_request off; try_files /a /b; } location /c { auth_request off; return 403 @prefect; } ${named}`,
    "a named location beside error pages of other names": `${gated} error_page 404 /x; location / { error_page 401 = @login; try_files /a @prefect; } location @login { return 403; } ${named}`,
    "a named location beside a server that falls back on others": `${gated} try_files /a /b; location / { try_files /a @prefect; } ${named}`,
    "a method that is asked in its own way": `location / { ${ask} limit_except GET { deny all; } ${pass} } ${authLocation}`,
    "health with HEAD beside GET": health(`limit_except GET HEAD { deny all; } ${pass}`),
    "health whose other methods are refused": health(`if ($request_method != GET) { return 405; } ${pass}`),
    "health whose other methods are refused, with blanks": health(
      `if ( $request_method != "GET" ) { return 405; } ${pass}`,
    ),
    "health whose method an expression tells": health(`if ($request_method !~ ^GET$) { return 405; } ${pass}`),
    "health whose methods an expression without a group tells": health(
      `if ($request_method !~ ^(?:GET|HEAD)$) { return 405; } ${pass}`,
    ),
    "health whose methods an expression tells": health(`if ($request_method !~ ^(GET|HEAD)$) { return 405; } ${pass}`),
    "an upstream of nobody": "location / { proxy_pass http://nobody; }",
    "an upstream without a port, whose servers are on 80": "location / { proxy_pass https://tls; }",
    "an address of elsewhere with Prefect's port": "location / { proxy_pass http://10.0.0.1:4200; }",
  };
  const upstreams =
    "upstream tls { server 127.0.0.1; } upstream nobody { server 127.0.0.1:7777; } upstream mixed { server 127.0.0.1:7777; server 127.0.0.1:4200; } upstream up { zone z 64k; server 127.0.0.1:4200; }";
  for (const [name, body] of Object.entries(closed))
    it(`holds: ${name}`, () => assert.deepEqual(ways(site(body, upstreams)), []));

  const open: Record<string, [body: string, reason: string]> = {
    "a named location that the server falls back on": [
      `${gated} try_files /a @prefect; ${named}`,
      'location "@prefect"',
    ],
    "a named location for an error of the server": [
      `${gated} error_page 404 = @prefect; location / { try_files /a @prefect; } ${named}`,
      'location "@prefect"',
    ],
    "a named location for an error that a variable tells": [
      `${gated} error_page 404 = $page; location / { try_files /a @prefect; } ${named}`,
      'location "@prefect"',
    ],
    "a named location for an error of a location that a variable tells": [
      `${gated} location / { try_files /a @prefect; } location /b { error_page 404 = $page; root /x; } ${named}`,
      'location "@prefect"',
    ],
    "a named location for an error on a condition": [
      `${gated} location / { try_files /a @prefect; } location /b { if ($arg_x) { error_page 404 = @prefect; return 404; } root /x; } ${named}`,
      'location "@prefect"',
    ],
    "a named location that the server falls back on in the end": [
      `${gated} try_files /a /b @prefect; ${named}`,
      'location "@prefect"',
    ],
    "a named location behind one that does not ask, in the end": [
      `location /b { try_files /a /b @prefect; } ${named}`,
      'location "@prefect"',
    ],
    "a named location behind two, of which one does not ask": [
      `${gated} location / { try_files /a @prefect; } location /b { auth_request off; try_files /a @prefect; } ${named}`,
      'location "@prefect"',
    ],
    "a named location behind one that lets a method through": [
      `location / { auth_basic realm; auth_basic_user_file /f; limit_except GET { auth_basic off; } try_files /a @prefect; } location @prefect { ${pass} }`,
      'location "@prefect"',
    ],
    "one method that is let through": [
      `auth_basic realm; auth_basic_user_file /f; location / { limit_except GET { auth_basic off; } ${pass} }`,
      "the login is switched off",
    ],
    "a method that goes to Prefect": [
      `location / { return 404; } location /x { limit_except GET { ${pass} } }`,
      "nothing here asks",
    ],
    "an upstream of which one is Prefect": ["location / { proxy_pass http://mixed; }", "nothing here asks"],
    "an upstream with other directives": ["location / { proxy_pass http://up; }", "nothing here asks"],
    "health that may be written": [health(pass), "= /api/health"],
    "health that may be posted": [health(`limit_except GET POST { deny all; } ${pass}`), "= /api/health"],
    "health whose other methods come from some addresses": [
      health(`limit_except GET { allow 10.0.0.0/8; deny all; } ${pass}`),
      "= /api/health",
    ],
    "health whose other methods some addresses may not use": [
      health(`limit_except GET { deny 10.0.0.1; } ${pass}`),
      "= /api/health",
    ],
    "health whose other methods all may use": [health(`limit_except GET { allow all; } ${pass}`), "= /api/health"],
    "health whose other methods are not limited": [health(`limit_except GET { } ${pass}`), "= /api/health"],
    "health on a condition without an answer": [health(`if ($request_method != GET) { } ${pass}`), "= /api/health"],
    "health whose other methods go on": [health(`if ($request_method != GET) { break; } ${pass}`), "= /api/health"],
    "what begins like health": [health(`${getOnly} proxy_pass http://127.0.0.1:4200/api/health;`, "/x"), "/x"],
    "health and another place": [
      health(`${getOnly} ${pass} if ($arg_x) { proxy_pass http://127.0.0.1:4200/api/flows; }`),
      "= /api/health",
    ],
    "health whose other methods succeed": [
      health(`if ($request_method != GET) { return 200; } ${pass}`),
      "= /api/health",
    ],
    "health whose POST alone is refused": [
      health(`if ($request_method = POST) { return 405; } ${pass}`),
      "= /api/health",
    ],
    "health of another host": [health(`if ($host != GET) { return 405; } ${pass}`), "= /api/health"],
    "health by another method": [health(`${getOnly} proxy_method POST; ${pass}`), "= /api/health"],
    "health that is rewritten": [health(`${getOnly} rewrite ^ /api/flows break; ${pass}`), "= /api/health"],
    "health of two places": [
      health(`${getOnly} if ($arg_x) { proxy_pass http://127.0.0.1:4200/api/flows; } ${pass}`),
      "= /api/health",
    ],
    "health whose path a variable tells": [health(`${getOnly} proxy_pass http://127.0.0.1:4200$uri;`), "= /api/health"],
    ...Object.fromEntries(
      ["mirror /copy", "ssi on", "add_before_body /copy", "add_after_body /copy", "post_action /copy"].map(
        (directive): [string, [string, string]] => [
          `a request of nginx's own, which nobody asks for a login: ${directive}`,
          [
            `location / { ${directive}; proxy_pass http://10.0.0.1; } location = /copy { internal; deny all; ${pass} }`,
            `asks by itself or runs code (${directive.replace(/ .*/, "")}, line`,
          ],
        ],
      ),
    ),
    "a program of the server's": ["perl_set $x f; location / { return 404; }", "runs code (perl_set"],
  };
  for (const [name, [body, reason]] of Object.entries(open))
    it(`does not hold: ${name}`, () => {
      const found = ways(site(body, upstreams));
      assert.equal(found.length, 1, found.join("\n"));
      assert.ok(found[0]?.includes(reason), found[0]);
    });

  it("does not run code on a port where it does not listen", () =>
    assert.deepEqual(ways("http { server { listen 9000; location / { js_content a.b; } } }"), []));

  it("ends where nginx passes requests in a ring", () =>
    assert.deepEqual(ways(site("location / { proxy_pass http://127.0.0.1:8080; }")), []));

  it("follows many servers that all lead to one another, in no more time than there are servers", () => {
    const ports = Array.from({ length: 25 }, (_, index) => 9000 + index);
    const to = (port: number): string => `location /${port} { proxy_pass http://127.0.0.1:${port}; }`;
    const conf = (last: string): string =>
      `http { ${[8080, ...ports].map((port) => `server { listen ${port}; ${ports.map(to).join(" ")} ${port === 9024 ? last : ""} }`).join(" ")} }`;
    const listener = (port: number): "prefect" | "nginx" => (port === 4200 ? "prefect" : "nginx");
    assert.deepEqual(ways(conf(""), {}, { listener }), []);
    assert.equal(ways(conf(`location / { ${pass} }`), {}, { listener }).length, 25);
  });

  it("follows a ring from each of its servers", () => {
    const server = (port: number, ...to: number[]): string =>
      `server { listen ${port}; ${to.map((each) => `location /${each} { proxy_pass http://127.0.0.1:${each}; }`).join(" ")} }`;
    const listener = (port: number): "prefect" | "nginx" => (port === 4200 ? "prefect" : "nginx");
    const asked = `location = /auth { proxy_pass http://127.0.0.1:9000; ${ask} } ${authLocation}`;
    const conf = `http { ${server(8080, 9001).replace("{ listen 8080;", `{ listen 8080; ${asked}`)} ${server(9000, 9001, 4200)} ${server(9001, 9000)} }`;
    assert.deepEqual(ways(conf, {}, { listener, oauth2Proxy: proxy }).length, 1);
  });

  it("does not take a map's texts or types for programs", () =>
    assert.deepEqual(ways(site(gated, "map $host $x { perl_x 1; } types { application/x-perl pl; }")), []));

  it("does not take a stream's upstream for its own", () => {
    const stream = "stream { upstream up { server 127.0.0.1:7777; } }";
    assert.equal(ways(`${stream} ${site("location / { proxy_pass http://up; }", upstreams)}`).length, 1);
  });

  it("names locations as they are written, but for what is not seen", () =>
    assert.deepEqual(ways(site(`location ~ "^/\uE000 x" { ${pass} }`)), [
      'location "~ ^/… x": nothing here asks for a login',
    ]));

  it("knows a stream's ports, on whichever address", () => {
    const conf = "stream { upstream u { server a:1; } server { listen [::]:8081; listen 8082 udp; proxy_pass u; } }";
    assert.deepEqual(portsOf({ directives: parseNginx(conf), files: new Map() }), [8081, 8082]);
  });
});

describe("what oauth2-proxy behind nginx leads to", () => {
  const open = site("location / { proxy_pass http://127.0.0.1:4180; }");
  const through = (change: Partial<typeof proxy>): boolean =>
    ways(open, {}, { oauth2Proxy: { ...proxy, ...change } }).length > 0;

  it("is Prefect where it has problems, or may have, and passes anything on", () => {
    assert.ok(through({ passesOn: true, problems: ["skip"] }));
    assert.ok(through({ passesOn: true, unseen: "its arguments are not known" }));
    assert.ok(!through({ passesOn: true }));
    assert.ok(!through({ problems: ["skip"] }));
    assert.equal(ways(open, {}, { oauth2Proxy: undefined }).length, 1);
  });

  it("is certain where it does not hang on what is not seen", () => {
    const certain = (conf: string, unseen: string | undefined): boolean =>
      areCertain({ directives: parseNginx(conf), files: new Map() }, [8080, 8081], {
        ...neighbours,
        oauth2Proxy: { ...proxy, passesOn: true, unseen },
      });
    assert.ok(certain(site(`location / { ${pass} }`), "its arguments are not known"));
    assert.ok(!certain(open, "its arguments are not known"));
    assert.ok(!certain(site("location / { proxy_pass http://127.0.0.1:5000; }"), undefined));
  });
});

describe("a Prefect that asks, behind nginx", () => {
  const asks = { prefectAsks: true };
  const sent = (headers: string, more = ""): number =>
    ways(site(`location / { ${headers} ${pass} ${more} }`), {}, asks).length;

  it("is asked for nothing by what a visitor sends", () => {
    assert.equal(sent(""), 0);
    assert.equal(sent("proxy_set_header Authorization $http_authorization;"), 0);
    assert.equal(sent('proxy_set_header Authorization "";'), 0);
    assert.equal(sent("proxy_set_header X-Authorization x;"), 0);
  });

  it("is answered by a credential of nginx's own", () => {
    assert.equal(sent("proxy_set_header AUTHORIZATION 'Basic x';"), 1);
    assert.equal(sent("proxy_set_header Authorization $mapped;"), 1);
  });

  it("is not all that a location leads to", () => {
    assert.equal(sent("", "if ($arg_x) { proxy_pass http://127.0.0.1:5000; }"), 1);
    const mixed = "upstream up { server 127.0.0.1:4200; server 127.0.0.1:5000; }";
    assert.equal(ways(site("location / { proxy_pass http://up; }", mixed), {}, asks).length, 1);
    assert.equal(ways(site("location / { proxy_pass http://$somewhere; }"), {}, asks).length, 1);
    assert.equal(ways(site("location / { proxy_pass http://127.0.0.1:5000; }"), {}, asks).length, 1);
  });
});
