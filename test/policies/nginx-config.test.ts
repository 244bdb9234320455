import assert from "node:assert/strict";
import { isNginx, nginxConfigOf, Unseen } from "../../policies/graph/nginx-config";
import { portsOf } from "../../policies/graph/nginx-gate";
import type { Container } from "../../policies/graph/tasks";

const conf = "events {} http { server { listen 8080; } }";

function container(
  script: string,
  environment: Record<string, string> = { CONF: conf },
  more: Partial<Container> = {},
): Container {
  return {
    name: "nginx",
    image: "nginx:1.30",
    words: ["sh", "-ec", script],
    environment: new Map(Object.entries(environment)),
    secrets: new Set(["SECRET"]),
    environmentFiles: false,
    ports: [],
    healthCheck: "",
    ...more,
  };
}

describe("a container", () => {
  it("is nginx by what it starts or by its image", () => {
    const is = (image: string | undefined, ...words: string[]): boolean => isNginx({ ...container(""), image, words });
    for (const image of ["nginx", "nginx:1", "nginx@sha256:1", "acme/nginx", "nginxinc/nginx-unprivileged:1", "NGINX"])
      assert.ok(is(image), image);
    for (const image of ["nginx-exporter", "my-nginx:1", "nginx/agent", undefined]) assert.ok(!is(image), image);
    for (const word of [
      "nginx",
      "/usr/sbin/nginx",
      "nginx-debug",
      "exec nginx -c /x",
      "a;nginx\nb",
      "a|nginx",
      "a &nginx",
    ])
      assert.ok(is("acme", "sh", "-c", word), word);
    for (const word of ["nginx-exporter", "my-nginx", "xnginx", "/etc/nginx.conf", "-nginx"])
      assert.ok(!is("acme", word), word);
    assert.ok(!isNginx({ ...container(""), image: "acme", words: undefined }));
  });

  it("whose command is not known, or no shell, shows nothing", () => {
    const reason = (more: Partial<Container>): string => {
      const config = nginxConfigOf(container("", {}, more));
      return config instanceof Unseen ? config.reason : "";
    };
    assert.match(reason({ words: undefined }), /command is not known/);
    assert.match(reason({ words: ["nginx"] }), /in the image or on a volume/);
  });

  it("of another image has another main file, and other sites", () => {
    const of = (script: string, image: string | undefined): boolean =>
      nginxConfigOf(container(script, { CONF: conf }, { image })) instanceof Unseen;
    const site = "printf '%s' 'server { listen 8080; }' > /etc/nginx/conf.d/site.conf";
    const main = "printf '%s' 'http { include conf.d/*.conf; }' > /etc/nginx/nginx.conf";
    for (const script of [`${site}; nginx`, `${site}; ${main}; nginx`]) {
      assert.ok(!of(script, "nginx"));
      for (const image of ["acme/web", undefined]) assert.ok(of(script, image));
    }
    assert.ok(!of(`printf '%s' "$CONF" > /etc/nginx/nginx.conf; nginx`, "acme/web"));
  });
});

describe("a file that a start script writes", () => {
  const written = (script: string): string | undefined => {
    const config = nginxConfigOf(container(`${script}; printf 'a;' > /tmp/n.conf; nginx -c /tmp/n.conf`));
    assert.ok(!(config instanceof Unseen), config instanceof Unseen ? config.reason : "");
    return config.files.get("/tmp/x");
  };
  const y = "printf b > /tmp/y";
  const texts: Record<string, string | undefined> = {
    "printf '%s,%s;' a b c > /tmp/x": "a,b;c,;",
    "printf '%s' > /tmp/x": "",
    "printf a b > /tmp/x": "a",
    "/usr/bin/printf '%%a\\tb\\nc\\\\\\\"%s' d > /tmp/x": '%a\tb\nc\\"d',
    "printf 'a %s %d' b 1 > /tmp/x": undefined,
    "printf '%s \\043' b > /tmp/x": undefined,
    "echo a  b > /tmp/x": "a b\n",
    "/bin/echo -n a b > /tmp/x": "a b",
    "echo -nx -e > /tmp/x": "-nx -e\n",
    "echo a-ne > /tmp/x": "a-ne\n",
    "echo -n -e > /tmp/x": "-e",
    "echo a-e > /tmp/x": "a-e\n",
    "echo -e a > /tmp/x": undefined,
    "echo -E a > /tmp/x": undefined,
    "echo -ne a > /tmp/x": undefined,
    "echo 'a\\' > /tmp/x": undefined,
    "printf a | cat > /tmp/x": "a",
    "printf a | cat - > /tmp/x": "a",
    [`${y}; printf a | cat /tmp/y > /tmp/x`]: "b",
    [`${y}; printf a | cat - /tmp/y > /tmp/x`]: undefined,
    [`${y}; cat > /tmp/x < /tmp/y`]: "b",
    [`${y}; cat < /tmp/y > /tmp/z; cat /tmp/y /tmp/z > /tmp/x`]: "bb",
    [`${y}; cat /tmp/y /tmp/none > /tmp/x`]: undefined,
    "printf a | tee /tmp/x": "a",
    "printf a | tee -a /tmp/x": undefined,
    "cat <<E > /tmp/x\na\nE\nprintf b > /tmp/y": "a\n",
    "printf aGk= | base64 -d > /tmp/x": "hi",
    "printf aGk= | base64 --decode > /tmp/x": "hi",
    "printf aGk= | base64 -D > /tmp/x": "hi",
    "printf aGk= | base64 -i -d > /tmp/x": undefined,
    "printf aGk= | base64 -d -i > /tmp/x": undefined,
    "printf aGk= | base64 > /tmp/x": undefined,
    'printf %s "$SECRET" | base64 -d > /tmp/x': undefined,
    "base64 -d /tmp/y > /tmp/x": undefined,
    "printenv CONF > /tmp/x": undefined,
    "ls > /tmp/x": undefined,
    "printf a > /tmp/x; printf b >> /tmp/x": "ab",
    "printf a > /tmp/x; ls >> /tmp/x": undefined,
    "printf a | ls > /tmp/x": undefined,
    "printf a > /tmp/x; printf '%s' 'rm /tmp/x' | sh": undefined,
    "printf a > /tmp/x; printf '%s' 'cat</tmp/x;ls' | sh": undefined,
    "printf a > /tmp/x; printf '%s' 'cat /tmp/xy' | sh": undefined,
    "printf a > /tmp/x; rm /var/*.log": "a",
    "printf a > /tmp/x; rm /t*/x": undefined,
    "printf a > /tmp/x; cd /tmp": "a",
    "printf a > /tmp/x; chroot /tmp": undefined,
    "printf a > /tmp/x; cp -r /mnt/. /tmp/": undefined,
    "printf a > /tmp/x; cp /mnt/x /tmp/.": undefined,
    "printf a > /tmp/x; cp /mnt/x /tmpx": "a",
    "printf a > /tmp/x; /bin/cat /tmp/x": "a",
  };
  for (const [script, text] of Object.entries(texts))
    it(`has the text of ${script}`, () => assert.equal(written(script), text));

  const reading = [
    "nginx-debug -t",
    "chmod a",
    "chown a",
    "chgrp a",
    "test -e",
    "[ -e",
    "[[ -e",
    "ls",
    "cat",
    "grep a",
    "wc",
  ];
  const silent = ["sha256sum", "mkdir", "exit", "export", "kill", "sleep", "wait", "printf", "echo", "nginx -t -c"];
  for (const program of [...reading, ...silent])
    it(`stays as it is when its name is given to ${program}`, () =>
      assert.equal(written(`printf a > /tmp/x; ${program} /tmp/x`), "a"));
});

describe("nginx's configuration in a start script", () => {
  it("has other files beside its main file", () => {
    const text = "http { auth_basic_user_file h; include mime.types; server { auth_basic_user_file /h; } }";
    const config = nginxConfigOf(container(`printf '%s' '${text}' > /tmp/n.conf; nginx -c /tmp/n.conf`));
    const [http] = config instanceof Unseen ? [] : config.directives;
    assert.deepEqual(
      http?.block?.map(({ name, args }) => [name, ...args]),
      [["auth_basic_user_file", "/tmp/h"], ["server"]],
    );
    assert.deepEqual(http.block[1]?.block?.[0]?.args, ["/h"]);
  });

  it("may include ten levels of files", () => {
    const of = (levels: number): string =>
      [...Array(levels).keys()].map((level) => `echo 'include /tmp/${level + 1};' > /tmp/${level}`).join("\n") +
      `\nprintf '%s' "$CONF" > /tmp/${levels}; nginx -c /tmp/0`;
    assert.ok(!(nginxConfigOf(container(of(10))) instanceof Unseen));
    assert.ok(nginxConfigOf(container(of(11))) instanceof Unseen);
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
    "an include of the main file's folder": `printf '%s' 'http { include proxy_params; }' > /tmp/n.conf; echo 'server { listen 8080; }' > /tmp/proxy_params; nginx -c /tmp/n.conf`,
    "an include of the image's beside the main file": `printf '%s' 'http { include /etc/nginx/mime.types; server { include fastcgi.conf; listen 8080; } }' > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "sites that a main file includes": `printf '%s' 'http { include conf.d/*.conf; }' > /etc/nginx/nginx.conf; echo 'server { listen 8080; }' > /etc/nginx/conf.d/a.conf; nginx`,
    "one start after tests of the file": `printf '%s' "$CONF" > /tmp/n.conf; nginx -qt -c /tmp/n.conf; nginx -q -T -c /tmp/n.conf; nginx -v; nginx -V; nginx -h; nginx -?; nginx -s quit; nginx -c /tmp/n.conf`,
    "a folder that is made of a value that is not seen": `printf '%s' "$CONF" > /tmp/n.conf; mkdir -p "$HOME"; export A=$(date); nginx -c /tmp/n.conf`,
    "what is printed in rounds": `printf '%s {}\\n' events "http { server { listen 8080; } } map \$a \$b" > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "what is printed with percent signs and quotes": `printf 'events {} http { log_format %%x\\t\\"a\\\\b\\";\\n server { listen 8080; } }' > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a file of others": `echo 'events {}' > /tmp/a; printf 'http { server { listen 8080; } }' > /tmp/b; cat /tmp/a /tmp/b > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a file that another is read from": `printf '%s' "$CONF" > /tmp/a; cat < /tmp/a > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a file by way of a pipe": `printf '%s' "$CONF" | cat - | cat > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "echo without an end of its line": `echo -n 'events {} http { server { listen ' > /tmp/n.conf; echo '8080; } }' >> /tmp/n.conf; nginx -c /tmp/n.conf`,
    base64: `echo ${Buffer.from(conf).toString("base64")} | base64 -d > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "base64 of a file, by its long option": `echo ${Buffer.from(conf).toString("base64")} > /tmp/a; base64 --decode < /tmp/a > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "settings beside the file": `printf '%s' "$CONF" > /tmp/n.conf; nginx -e stderr -c /tmp/n.conf -g 'daemon off; pid /tmp/pid;user a; error_log stderr; worker_processes 2; master_process off;'`,
    "settings of a secret beside the file": `printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf -g "daemon off;$SECRET"`,
    "settings with white space behind": `printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf -g 'daemon off; '`,
    "another program that is called like it": `nginx-exporter -x & envsubst nginx; echo nginx; env; printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a main file that is called like an option": `printf '%s' "$CONF" > /tmp/a-t.conf; nginx -c /tmp/a-t.conf`,
    "a site beside other programs": `curl -o /tmp/x http://y; printf '%s' 'server { listen 8080; }' > /etc/nginx/conf.d/site.conf; nginx`,
    "the program of another folder": `printf '%s' "$CONF" > /tmp/n.conf; exec /usr/sbin/nginx-debug -c /tmp/n.conf`,
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
    "a file of the image that is appended to": "echo 'events {}' >> /tmp/n.conf; nginx -c /tmp/n.conf",
    "a file that is read and written at once": `printf '%s' "$CONF" 1<> /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a file by the script's own folder": `cd /tmp; printf '%s' "$CONF" > n.conf; nginx -c n.conf`,
    "a folder of its own": `printf '%s' "$CONF" > /tmp/n.conf; nginx -p /mnt -c /tmp/n.conf`,
    "echo with a choice of the shell's": "echo -ne 'events {}' > /tmp/n.conf; nginx -c /tmp/n.conf",
    "echo with escapes": "echo -e 'events {}' > /tmp/n.conf; nginx -c /tmp/n.conf",
    "echo of a backslash": "echo 'events {} # \\n' > /tmp/n.conf; nginx -c /tmp/n.conf",
    "a format that is not seen": `printf "$SECRET" > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a number that is printed": "printf 'events {} # %d' 1 > /tmp/n.conf; nginx -c /tmp/n.conf",
    "an escape by number": "printf 'events {} # \\043' > /tmp/n.conf; nginx -c /tmp/n.conf",
    "a variable's value by its name": `printenv CONF > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a file of two, of which one is not seen": `printf '%s' "$CONF" > /tmp/a; cat /tmp/a /tmp/b > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a pipe through another program": `printf '%s' "$CONF" | sed s/a/b/ > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "what is encoded in base64": "printf 'events {}' | base64 > /tmp/n.conf; nginx -c /tmp/n.conf",
    "base64 that ends with an error": "echo ZXZlbnRzIHt9 | base64 - d > /tmp/n.conf; nginx -c /tmp/n.conf",
    "a secret in base64": `printf '%s' "$SECRET" | base64 -d > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "base64 of what is not seen": "cat /x | base64 -d > /tmp/n.conf; nginx -c /tmp/n.conf",
    "an edit of files that bash lists": `printf '%s' "$CONF" > /tmp/n.conf; sed -i s/a/b/ /tmp/{m,n}.conf; nginx -c /tmp/n.conf`,
    "an edit of a file whose name is not seen": `printf '%s' "$CONF" > /tmp/n.conf; sed -i s/a/b/ "$FILE"; nginx -c /tmp/n.conf`,
    "a second writing to a file whose name is not seen": `printf '%s' "$CONF" > /tmp/n.conf; cat /x > "$FILE"; nginx -c /tmp/n.conf`,
    "an edit of files by a character": `printf '%s' "$CONF" > /tmp/n.conf; sed -i s/a/b/ /tmp/?.conf; nginx -c /tmp/n.conf`,
    "an edit of files by a range": `printf '%s' "$CONF" > /tmp/n.conf; sed -i s/a/b/ /tmp/[m-n].conf; nginx -c /tmp/n.conf`,
    "a name after a pattern's folder": `printf '%s' "$CONF" > /tmp/n.conf; cd /tmp; sed -i s/a/b/ ./?.conf; nginx -c /tmp/n.conf`,
    "a folder that is taken away": `printf '%s' "$CONF" > /tmp/a/n.conf; mv /tmp/a /tmp/b; nginx -c /tmp/a/n.conf`,
    "an edit of the folder in which the script stands": `printf '%s' "$CONF" > /tmp/n.conf; cd /; sed -i s/a/b/ tmp/n.conf; nginx -c /tmp/n.conf`,
    "a folder of sites beside one that is written afterwards": `cd /etc/nginx; cat /x > conf.d/b.conf; printf '%s' "$CONF" > /etc/nginx/conf.d/a.conf; nginx`,
    "an include that includes itself": `echo 'include /tmp/n.conf;' > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a site in a folder of sites": `printf '%s' 'server { listen 8080; }' > /etc/nginx/conf.d/a/b.conf; nginx`,
    "a file of the image instead of the one whose site is seen": `printf '%s' 'server { listen 8080; }' > /etc/nginx/conf.d/a.conf; nginx -c /etc/nginx/other.conf`,
    "a site with another end": `printf '%s' 'server { listen 8080; }' > /etc/nginx/conf.d/a.conf.old; nginx`,
    "sites of an image of one's own": `printf '%s' 'http { include conf.d/*.conf; }' > /etc/nginx/nginx.conf; echo 'server { listen 8080; }' > /etc/nginx/conf.d/a.conf; acme; nginx -c $SECRET`,
    "a directive whose name is a secret": `printf '%s' "http { $SECRET a; }" > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "two starts": `printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf & nginx -c /tmp/n.conf`,
    "no start": `printf '%s' "$CONF" > /tmp/n.conf; /start.sh`,
    "a start by another program": `printf '%s' "$CONF" > /etc/nginx/nginx.conf; su-exec nginx nginx`,
    "a file whose name a secret tells": `printf '%s' "$CONF" > /tmp/n.conf; nginx -c "$SECRET"`,
    "settings of a secret that may name another file": `printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf -g "$SECRET; include"`,
    "settings that are cut": `printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf -g 'daemon off;x'`,
    "a log whose name is a secret": `printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf -e $SECRET`,
    "a site of another folder": `printf '%s' 'server { listen 8080; }' > /mnt/etc/nginx/conf.d/a.conf; nginx`,
    "a file called like one of the image's": `printf '%s' 'http { include /mnt/mime.types.conf; }' > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "an include of a secret's": `printf '%s' "http { include /mnt/$SECRET/mime.types; }" > /tmp/n.conf; nginx -c /tmp/n.conf`,
    "sites of a folder beside those that a main file includes": `cp /x/* /etc/nginx/conf.d/; printf '%s' 'http { include /etc/nginx/conf.d/*.conf; }' > /tmp/n.conf; nginx -c /tmp/n.conf`,
    ...Object.fromEntries(
      ["stream", "mail", "load_module"].map((word) => [
        `settings of a secret beside ${word}`,
        `printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf -g "$SECRET" # ${word}`,
      ]),
    ),
    "settings of a secret beside an include": `printf '%s' 'http { include /tmp/i; }' > /tmp/n.conf; printf '' > /tmp/i; nginx -c /tmp/n.conf -g "daemon off;$SECRET"`,
    "a second writing of bash's": `printf '%s' "$CONF" > /tmp/n.conf; cat /x &> /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a second writing by another descriptor": `printf '%s' "$CONF" > /tmp/n.conf; cat /x >& /tmp/n.conf; nginx -c /tmp/n.conf`,
    "errors that are written over it": `printf '%s' "$CONF" > /tmp/n.conf; cd /tmp 2> /tmp/n.conf; nginx -c /tmp/n.conf`,
    "a file that a copy must come before": `cp /x /tmp/x && printf '%s' "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf`,
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
    "a file that is written unless it is there, on two lines": `test -e /mnt/n.conf ||\n  printf '%s' "$CONF" > /mnt/n.conf\nnginx -c /mnt/n.conf`,
    "a file that is written where it is not there": `[ ! -e /mnt/n.conf ] && printf '%s' "$CONF" > /mnt/n.conf; nginx -c /mnt/n.conf`,
    "an edit behind an apostrophe": `printf '%s' "$CONF" > /tmp/n.conf; A=$(echo "it's")\nsed -i s/a/b/ /tmp/n.conf; echo 'x)'; nginx -c /tmp/n.conf`,
    "a tee that may not run": `test -e /x || printf '%s' "$CONF" | tee /tmp/n.conf; nginx -c /tmp/n.conf`,
    "an open quote": `printf '%s "$CONF" > /tmp/n.conf; nginx -c /tmp/n.conf`,
  };
  for (const [name, script] of Object.entries(unseen)) {
    it(`is not seen: ${name}`, () => assert.ok(nginxConfigOf(container(script)) instanceof Unseen));
  }
});
