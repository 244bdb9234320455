import assert from "node:assert/strict";
import { ask, auth, basic, pass, ways } from "./support/nginx";
import { authLocation, site } from "./support/pieces";

const toProxy = "proxy_pass http://127.0.0.1:4180;";
/** The answer to the question, and what else the server has. */
const answered = (body: string, more = ""): string => `${auth(`${body} ${toProxy}`)} ${more}`;
const page = (errorPage: string, more = ""): string => answered(`error_page ${errorPage};`, more);

describe("a login at nginx", () => {
  const closed: Record<string, string> = {
    "a question whose query is a part of its path, to a location of that name": `auth_request /ask?a; location / { ${pass} } location /ask { return 403; }`,
    "a question that no location answers": `auth_request /none; location /x { ${pass} }`,
    "a redirect of the question": answered("rewrite ^/x /y redirect;"),
    "a lasting redirect of the question": answered("rewrite ^/x /y permanent;"),
    "a refusal on a condition, before oauth2-proxy is asked": answered("if ($arg_x) { return 403; }"),
    "a refusal among other directives": auth("set $a b; return 401;"),
    "a question with the session's cookie": answered("proxy_set_header Cookie $http_cookie;"),
    "a question with one of the visitor's cookies": answered("proxy_set_header cookie $cookie_session;"),
    "a question without a credential": answered('proxy_set_header Authorization "";'),
    "an answer that is cached by all cookies": answered("proxy_cache c; proxy_cache_key $host${http_cookie};"),
    "an answer that is not cached": answered("proxy_cache off; proxy_cache_key $uri;"),
    "a question with headers that are called like credentials": answered(
      "proxy_set_header Cookie-Name x; proxy_set_header X-Cookie x;",
    ),
    "an error page of the server's, where the location has its own": `error_page 401 =200 /ok; ${page("500 /x")}`,
    "an error page that makes it another refusal": page("401 =403 /x"),
    "an error page elsewhere": page("401 = https://example.com/x", "location ~ example { return 200; }"),
    "an error page elsewhere, without TLS": page("401 = http://example.com/x", "location ~ example { return 200; }"),
    "an error page of no location": page("401 = gone"),
    "an error page that refuses among other directives": page("401 = @no", "location @no { set $a b; return 403; }"),
    "an error page that is not there": page("401 = @gone"),
    "an error page that refuses": page("401 = @no", "location @no { return 403; }"),
    "an error page that refuses by its path": page("401 = /no", "location /no { return 403; }"),
    "an error page that begins the login": page("401 = /oauth2/start", `location /oauth2/ { ${toProxy} }`),
    "an error page that is rewritten to the login's begin": page(
      "401 = @start",
      `location @start { rewrite ^ /oauth2/start?rd=/ break; ${toProxy} }`,
    ),
    "an error page that is rewritten to the login's begin, whatever it is": page(
      "401 = /x",
      `location /x { rewrite ^(.*)$ /oauth2/start break; ${toProxy} }`,
    ),
    ...Object.fromEntries(
      ["^", ".*", "^.*$", "^(.*)$"].map((pattern) => [
        `an error page that is rewritten to the login's begin by ${pattern}`,
        page("401 = @start", `location @start { rewrite ${pattern} /oauth2/start break; ${toProxy} }`),
      ]),
    ),
    "an error page that is sent to the login's begin": page(
      "401 = /x",
      "location = /x { proxy_pass http://127.0.0.1:4180/oauth2/start; }",
    ),
    "an error page of a path without a location": `${ask} location /x { ${pass} } location = /oauth2/auth { error_page 401 = /gone; ${toProxy} }`,
    "a question whose location has directives that end or begin like those of answers": answered(
      "limit_req_status 429; status_zone z;",
    ),
    "a question with a header that looks like an error page's code": answered("proxy_set_header X =200;"),
    "a question whose location has another in it": `${ask} location / { ${pass} } location /oauth2/auth { ${toProxy} location /oauth2/auth/x { proxy_pass http://127.0.0.1:7777; } }`,
    "an error page with a query that begins the login": page(
      "401 = /oauth2/start?rd=/",
      `location = /oauth2/start { ${toProxy} }`,
    ),
    "either of no addresses and nothing else": `satisfy any; deny all; location / { ${pass} }`,
    "either of two logins, of which one may be off": `satisfy any; auth_basic $realm; auth_basic_user_file /f; ${ask} location / { ${pass} } ${authLocation}`,
    "a sound question beside a password that asks nothing": `auth_basic realm; ${ask} location / { ${pass} } ${authLocation}`,
    "a sound password beside a question that asks nothing": `${basic} ${auth("return 204;")}`,
    "a realm that is one of several texts": `auth_basic $named; auth_basic_user_file /f; location / { ${pass} }`,
  };
  const maps = "map $host $named { default a; x b; }";
  for (const [name, body] of Object.entries(closed))
    it(`holds: ${name}`, () => assert.deepEqual(ways(site(body, maps)), []));

  const open: Record<string, [body: string, reason: string]> = {
    "a fixed cookie beside the visitor's": [
      answered('proxy_set_header Cookie "$http_cookie; session=x";'),
      "a fixed credential",
    ],
    "a fixed cookie before the visitor's": [
      answered('proxy_set_header Cookie "session=x; $http_cookie";'),
      "a fixed credential",
    ],
    "an error page that names an address elsewhere in its query": [
      page("401 = /ok?to=https://example.com", "location /ok { return 200; }"),
      "its error page /ok?to=https://example.com may answer",
    ],
    "an error page of oauth2-proxy's that only names the login's begin": [
      page("401 = @page", `location @page { proxy_set_header X /oauth2/start; ${toProxy} }`),
      "its error page @page may answer",
    ],
    "either of no addresses and a password that asks nothing": [
      `satisfy any; deny all; auth_basic realm; location / { ${pass} }`,
      "without auth_basic_user_file",
    ],
    "a question with a query, which Prefect answers": [
      `auth_request /oauth2/auth?allowed_groups=a; location / { ${pass} } ${authLocation}`,
      "auth_request /oauth2/auth?allowed_groups=a: it is not sent to oauth2-proxy",
    ],
    "a question that is rewritten on a condition": [
      answered("if ($http_x) { rewrite ^ /ping break; }"),
      "a rewrite may send the question elsewhere",
    ],
    "a question that the server rewrites on a condition": [
      `if ($http_x) { rewrite ^ /ping; } ${answered("")}`,
      "a rewrite may send the question elsewhere",
    ],
    "a question that another method's limit sends elsewhere": [
      answered("limit_except POST { proxy_pass http://127.0.0.1:7777; }"),
      "not sent to oauth2-proxy alone",
    ],
    "an error page on a condition": [
      answered("if ($http_x) { error_page 401 =200 /ok; }"),
      "an error page turns a refusal into success",
    ],
    "an error page of the server's": [
      `error_page 401 =200 /ok; ${answered("")}`,
      "an error page turns a refusal into success",
    ],
    "an error page with a query that succeeds": [
      page("401 = /ok?x", "location = /ok { return 200; }"),
      "its error page /ok?x may answer",
    ],
    "an error page that is rewritten to the login's begin on a condition": [
      page("401 = @start", `location @start { if ($http_x) { rewrite ^ /oauth2/start break; } ${toProxy} }`),
      "its error page @start may answer",
    ],
    "an error page that is sometimes rewritten to the login's begin": [
      page("401 = @start", `location @start { rewrite ^/x /oauth2/start break; ${toProxy} }`),
      "its error page @start may answer",
    ],
    "an error page that is rewritten to the login's begin and again": [
      page("401 = @start", `location @start { rewrite ^ /oauth2/start; rewrite ^ /ping break; ${toProxy} }`),
      "its error page @start may answer",
    ],
    "an error page that is rewritten to the login's begin and looked for again": [
      page("401 = @start", `location @start { rewrite ^ /oauth2/start last; ${toProxy} }`),
      "its error page @start may answer",
    ],
    "an error page that is rewritten before it refuses": [
      page("401 = @no", "location @no { rewrite ^ /ok last; return 403; } location = /ok { return 200; }"),
      "its error page @no may answer",
    ],
    "an error page of files before the login's begin": [
      page("401 = @start", `location @start { try_files /ok =404; rewrite ^ /oauth2/start break; ${toProxy} }`),
      "its error page @start may answer",
    ],
    "an error page of the login's begin or another answer": [
      page(
        "401 = /oauth2/start",
        `location /oauth2/ { ${toProxy} if ($http_x) { proxy_pass http://127.0.0.1:7777; } }`,
      ),
      "its error page /oauth2/start may answer",
    ],
    "an answer that is cached by one cookie": [
      answered("proxy_cache c; proxy_cache_key $cookie_session;"),
      "the cache key has not all cookies",
    ],
    "an answer that is cached by a header that is called like cookies": [
      answered("proxy_cache c; proxy_cache_key $http_cookie_name;"),
      "the cache key has not all cookies",
    ],
    "a fixed cookie": [answered("proxy_set_header Cookie session=x;"), "a fixed credential is sent along"],
    "a fixed authorization": [answered("proxy_set_header Authorization 'Basic x';"), "a fixed credential"],
    "a file before oauth2-proxy": [answered("try_files /ok =404;"), "try_files may answer in place"],
    "an image before oauth2-proxy": [answered("empty_gif;"), "empty_gif may answer in place"],
    "a folder before oauth2-proxy": [answered("root /x;"), "root may answer in place"],
    "another folder before oauth2-proxy": [answered("alias /x;"), "alias may answer in place"],
    "a server that answers by itself on a condition": [`if ($arg_x) { return 200; } ${answered("")}`, "with success"],
    "success on a condition and a refusal else": [auth("if ($arg_x) { return 200; } return 401;"), "with success"],
    "a question that nobody answers": [auth("set $a b;"), "it is not sent to oauth2-proxy"],
    "a question to oauth2-proxy or Prefect": [
      answered("if ($arg_x) { proxy_pass http://127.0.0.1:7777; }"),
      "not sent to oauth2-proxy alone",
    ],
    "a question in another protocol": [auth("fastcgi_pass 127.0.0.1:4180;"), "not sent to oauth2-proxy alone"],
    "an error page by a variable": [page("401 = $somewhere"), "decided at run time"],
    "an error page of files": [page("401 = @ok", "location @ok { root /x; }"), "its error page @ok may answer"],
    "an error page that refuses on a condition alone": [
      page("401 = @ok", "location @ok { if ($arg_x) { return 403; } root /x; }"),
      "its error page @ok may answer",
    ],
    "an error page that succeeds on a condition": [
      page("401 = @ok", "location @ok { if ($arg_x) { return 200; } return 403; }"),
      "its error page @ok may answer",
    ],
    "an error page that Prefect answers": [
      page("401 = /oauth2/start", `location /oauth2/ { deny all; ${pass} }`),
      "its error page /oauth2/start may answer",
    ],
    "an error page that oauth2-proxy answers with yes": [
      page("401 = /ping", `location /ping { ${toProxy} }`),
      "its error page /ping may answer",
    ],
    "an error page that PCRE alone can tell": [
      page("401 = /no", "location /no { return 403; } location ~ (?i)^/NO { return 200; }"),
      "its error page /no may answer",
    ],
    "a satisfy of another kind": [`satisfy some; ${basic} location / { ${pass} }`, "its satisfy cannot be read"],
    "a password file by a variable": [
      `auth_basic realm; auth_basic_user_file $f; location / { ${pass} }`,
      "auth_basic_user_file is decided at run time",
    ],
    "either of all addresses but some": [
      `satisfy any; deny 203.0.113.7; location / { ${pass} }`,
      "nothing here asks for a login",
    ],
    "either of a login and a password that asks nothing": [
      `satisfy any; auth_basic realm; ${ask} location / { ${pass} } ${authLocation}`,
      "without auth_basic_user_file",
    ],
    "either of a password and a question that asks nothing": [
      `satisfy any; ${basic} ${auth("return 204;")}`,
      "with success",
    ],
    "either of a password that may be off, and nothing else": [
      `satisfy any; auth_basic $realm; auth_basic_user_file /f; location / { ${pass} }`,
      "may turn out to be off, and nothing else asks",
    ],
    "a realm that is off for a host": [
      `auth_basic $maybe; auth_basic_user_file /f; location / { ${pass} }`,
      "may turn out to be off",
    ],
    "some addresses that are denied": [`deny 203.0.113.7; location / { ${pass} }`, "nothing here asks"],
    "all addresses that are denied, but for some": [
      `allow 203.0.113.7; deny all; location / { ${pass} }`,
      "nothing here asks",
    ],
  };
  const off = "map $host $maybe { default a; x off; }";
  for (const [name, [body, reason]] of Object.entries(open))
    it(`does not hold: ${name}`, () => {
      const found = ways(site(body, off));
      assert.equal(found.length, 1, found.join("\n"));
      assert.ok(found[0]?.includes(reason), found[0]);
    });

  it("is as good as its password file", () => {
    const isOpen = (line: string): boolean =>
      ways(site(`${basic} location / { ${pass} }`), { "/tmp/htpasswd": `a:{SHA}x\n${line}\n` }).length > 0;
    assert.deepEqual(["b:", "  b:  ", "b:{PLAIN}", "b::comment", "b#c:", " #b:"].map(isOpen), Array(6).fill(true));
    assert.deepEqual(["#b:", "# b:", "b:x", "b:{PLAIN}x", "", ":"].map(isOpen), Array(6).fill(false));
  });
});
