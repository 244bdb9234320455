import assert from "node:assert/strict";
import { nginxConfigOf, Unseen } from "../../policies/graph/nginx-config";
import { portsOf } from "../../policies/graph/nginx-gate";
import { NginxSyntaxError, parseNginx } from "../../policies/graph/nginx-parser";
import type { Container } from "../../policies/graph/tasks";
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

  const broken: Record<string, string> = {
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

describe("nginx's configuration in a start script", () => {
  const conf = "events {} http { server { listen 8080; } }";
  const container = (script: string, environment: Record<string, string> = { CONF: conf }): Container => ({
    name: "nginx",
    image: "nginx:1.30",
    words: ["sh", "-ec", script],
    environment: new Map(Object.entries(environment)),
    secrets: new Set(["SECRET"]),
    environmentFiles: false,
    ports: [],
    healthCheck: "",
  });
  const seen: Record<string, string> = {
    printf: `printf '%s' "$CONF" > /tmp/n.conf; exec nginx -c /tmp/n.conf -g 'daemon off;'`,
    "echo without expansion": `echo "\${CONF}" >/etc/nginx/nginx.conf && nginx`,
    tee: `printf '%s\\n' "$CONF" | tee /tmp/n.conf > /dev/null\nnginx -t -c /tmp/n.conf\nnginx -c /tmp/n.conf`,
    "a quoted heredoc": `cat <<'EOF' > /tmp/n.conf\n${conf}\nEOF\nnginx -c /tmp/n.conf`,
    "a heredoc with escapes and a secret": `cat > /tmp/n.conf <<EOF\nevents {} http { map "" \\$x { default "$SECRET"; } server { listen 8080; } }\nEOF\nnginx -c /tmp/n.conf`,
    "checks before": `case "$SECRET" in ''|*[!a-z]*) echo bad >&2; exit 1 ;; esac\nif [ -z "$CONF" ]; then exit 1; fi\nprintf %s "$CONF" > /tmp/n.conf\nnginx -c /tmp/n.conf`,
    "a folder that is made before": `mkdir -p /tmp/a; cd /tmp/a; printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a program that touches other files": `printf '%s' "$CONF" > /tmp/n.conf; cp /x/n.conf /y; nginx -c /tmp/n.conf`,
    "a site of the official image": `rm /etc/nginx/conf.d/default.conf; printf '%s' 'server { listen 8080; }' > /etc/nginx/conf.d/a.conf; nginx`,
    "an include that is called like one of the image's": `printf '%s' 'http { include /tmp/proxy_params; }' > /tmp/n.conf; echo 'server { listen 8080; }' > /tmp/proxy_params; nginx -c /tmp/n.conf`,
    "a file that is appended to": `printf '%s' 'events {} ' > /tmp/n.conf; echo 'http { server { listen 8080; } }' >> /tmp/n.conf; nginx -c /tmp/n.conf`,
    "an include that the script writes": `printf '%s' 'http { include /tmp/i.conf; }' > /tmp/n.conf; echo 'server { listen 8080; }' > /tmp/i.conf; nginx -c /tmp/n.conf`,
  };
  for (const [name, script] of Object.entries(seen)) {
    it(`is seen: ${name}`, () => {
      const config = nginxConfigOf(container(script));
      assert.ok(!(config instanceof Unseen), config instanceof Unseen ? config.reason : "");
      assert.deepEqual(portsOf(config), [8080]);
    });
  }

  const unseen: Record<string, string> = {
    "a file of the image": "nginx -g 'daemon off;'",
    "a secret": `printf '%s' "$SECRET" > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a download": "curl -o /tmp/n.conf http://x; nginx -c /tmp/n.conf",
    "an edit afterwards": `printf '%s' "$CONF" > /tmp/n.conf; sed -i s/a/b/ /tmp/n.conf; nginx -c /tmp/n.conf`,
    "one of two branches": `if [ -n "$X" ]; then printf '%s' "$CONF" > /tmp/n.conf; fi; nginx -c /tmp/n.conf`,
    "the second writing": `printf '%s' "$CONF" > /tmp/n.conf; printf '%s' x > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a variable that the script sets": `CONF=$(cat /x); printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "an include from elsewhere": `printf '%s' 'http { include /mnt/*.conf; }' > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "directives beside the file": `printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf -g 'include /x;'`,
    "an edit from the folder in which the script stands": `printf '%s' "$CONF" > /tmp/n.conf; cd /tmp; sed -i s/a/b/ n.conf; nginx -c /tmp/n.conf`,
    "an edit of all files": `printf '%s' "$CONF" > /tmp/n.conf; sed -i s/a/b/ /tmp/*.conf; nginx -c /tmp/n.conf`,
    "an edit of all files of the folder": `printf '%s' "$CONF" > /tmp/n.conf; sed -i s/a/b/ *; nginx -c /tmp/n.conf`,
    "a folder that is copied over it": `printf '%s' "$CONF" > /tmp/n.conf; cp -r /mnt/conf/. /tmp; nginx -c /tmp/n.conf`,
    "a second writing through ..": `printf '%s' "$CONF" > /tmp/n.conf; cat /x > /tmp/../tmp/n.conf; nginx -c /tmp/n.conf`,
    "a second writing of bash's": `printf '%s' "$CONF" > /tmp/n.conf; cat /x &> /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a second writing by another descriptor": `printf '%s' "$CONF" > /tmp/n.conf; cat /x >& /tmp/n.conf; nginx -c /tmp/n.conf`,
    "what another descriptor writes": `printf '%s' "$CONF" 3> /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a site beside the one that is seen": `printf '%s' "$CONF" > /etc/nginx/conf.d/a.conf; cp /x /etc/nginx/conf.d/b.conf; nginx`,
    "sites of a folder beside the one that is seen": `printf '%s' "$CONF" > /etc/nginx/conf.d/a.conf; cp /x/* /etc/nginx/conf.d/; nginx`,
    "another main file before a site that is seen": `printf '%s' "$CONF" > /etc/nginx/conf.d/a.conf; cp /x /etc/nginx/nginx.conf; nginx`,
    "an nginx that another program starts": `printf '%s' "$CONF" > /tmp/n.conf; env A=b nginx -c /x; nginx -c /tmp/n.conf`,
    "what a script of elsewhere may set": `. /x/env; printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "what an evaluated text may set": `eval "$SECRET"; printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "an edit by a second shell": `printf '%s' "$CONF" > /tmp/n.conf\nsh <<'EOF'\nsed -i s/a/b/ /tmp/n.conf\nEOF\nnginx -c /tmp/n.conf`,
    "an edit by a second shell that is told it": `printf '%s' "$CONF" > /tmp/n.conf; echo 'sed -i s/a/b/ /tmp/n.conf' | sh; nginx -c /tmp/n.conf`,
    "a port from a secret": `printf '%s' "http { server { listen $SECRET; } }" > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "two files of tee's": `printf '%s' "$CONF" | tee /tmp/n.conf /tmp/m.conf; nginx -c /tmp/n.conf`,
    "a tee that may not run": `test -e /x || printf '%s' "$CONF" | tee /tmp/n.conf; nginx -c /tmp/n.conf`,
    "an open quote": `printf '%s "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf`,
  };
  for (const [name, script] of Object.entries(unseen)) {
    it(`is not seen: ${name}`, () => assert.ok(nginxConfigOf(container(script)) instanceof Unseen));
  }
});
