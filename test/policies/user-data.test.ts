import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { containersIn, scriptIn } from "../../policies/graph/workloads/user-data";
import { base64, compose, docker } from "./support/machines";

/** What the pack takes a start script for. */

const pip = "#!/bin/bash\npip install prefect==3.8.8\nprefect server start --host 0.0.0.0\n";

/** The ports of the server that a script starts where others reach it; undefined stands for one that is not known. */
function ports(script: string): (number | undefined)[] | "shut" | "nothing" {
  const server = containersIn(script).find(({ name }) => name === "user data");
  if (server === undefined) return "nothing";
  const words = server.words ?? [];
  const [host, , port] = words.slice(-3);
  assert.deepEqual(words.slice(0, -3), ["prefect", "server", "start", "--host"]);
  if (host === "127.0.0.1") {
    assert.deepEqual(server.ports, []);
    return "shut";
  }
  assert.equal(host, "0.0.0.0");
  const first = port === "undefined" ? undefined : Number(port);
  assert.deepEqual(server.ports, [...new Set(server.ports)]);
  assert.ok(first === undefined || server.ports.includes(first));
  return [...new Set([first, ...server.ports])];
}

const names = (script: string): string[] => containersIn(script).map(({ name }) => name);
const asks = (script: string): boolean =>
  containersIn(script)[0]?.environment.has("PREFECT_SERVER_API_AUTH_STRING") ?? false;

describe("user data", () => {
  const forms: Record<string, [given: string, script: string | undefined]> = {
    "as it is": [pip, pip],
    "in base64": [base64(pip), pip],
    "in base64 of several lines": [`${base64(pip).replace(/.{76}/g, "$&\r\n")}\n`, pip],
    "in base64 between blanks": [` ${base64(pip)} `, pip],
    "as long as can be": ["a ".repeat(100_000), "a ".repeat(100_000)],
    "in base64 of gzip": [gzipSync(compose).toString("base64"), compose],
    "in words of letters": ["/usr/bin/prefect server start", "/usr/bin/prefect server start"],
    "in base64 after other text": [`#${base64(pip)}`, `#${base64(pip)}`],
    "in base64 before other text": [`${base64(pip)}#`, `${base64(pip)}#`],
    "in a broken archive": [Buffer.from([0x1f, 0x8b, ...Array<number>(20).fill(1)]).toString("base64"), undefined],
    "in an archive that has no end": [gzipSync("a".repeat(200_001)).toString("base64"), undefined],
    "longer than any": ["a ".repeat(100_001), undefined],
    "of blanks": [" \n\t", undefined],
    ...Object.fromEntries(
      [
        ["in a line", "\n", "", pip],
        ["in a line without padding", "\n", "", pip.slice(0, 30)],
        ["in a line with padding of two", "\n", "", pip.slice(0, 31)],
        ["in lines", "\n", "", pip],
        ["in lines with a blank", "\n", " ", pip],
        ["in lines with tabs", "\r\n", "\t\t", pip],
        ["in lines with many blanks", "\n", "      ", pip],
      ].map(([name, end = "", blank = "", file = ""]): [string, [string, string]] => {
        const lines = name?.includes("lines") ? base64(file).match(/.{1,24}/g) : [base64(file)];
        const script = `encoding: b64${end}content: |${end}${(lines ?? []).map((line) => `${blank}${line}`).join(end)}${end}`;
        return [`with a file in base64 ${name}`, [script, `${script}\n${file}`]];
      }),
    ),
    "with a file in base64 before another field": [
      `encoding: b64\ncontent: ${base64("prefect server start --host=0.0.0.0 ")}\nowner: root\n`,
      `encoding: b64\ncontent: ${base64("prefect server start --host=0.0.0.0 ")}\nowner: root\n\nprefect server start --host=0.0.0.0 `,
    ],
    "with text that is too short for a file": [
      "encoding: b64\ncontent: aGVsbG8=\n",
      "encoding: b64\ncontent: aGVsbG8=\n",
    ],
    "with text like base64 of another encoding": [`content: ${base64(pip)}\n`, `content: ${base64(pip)}\n`],
    "with a file in a broken archive": [
      "encoding: gz+b64\ncontent: H4sAAQEBAQEBAQEBAQEBAQEB\n",
      "encoding: gz+b64\ncontent: H4sAAQEBAQEBAQEBAQEBAQEB\n",
    ],
  };
  for (const [name, [given, script]] of Object.entries(forms))
    it(`is read ${name}`, () => assert.equal(scriptIn(given), script));

  it("is no archive by one byte of it alone", () => {
    for (const bytes of [
      [0x1f, 0x41],
      [0x41, 0x8b],
    ])
      assert.notEqual(scriptIn(Buffer.from([...bytes, ...Buffer.from(pip)]).toString("base64")), undefined);
  });
});

describe("a start script's server", () => {
  const servers: Record<string, ReturnType<typeof ports>> = {
    "prefect server start --host 0.0.0.0": [4200],
    "prefect server start": "shut",
    "prefect server start --host 127.0.1.1": "shut",
    "prefect server start --host localhost": "shut",
    "prefect server start --host ::1": "shut",
    "prefect server start --host localhost.example.com": [4200],
    "prefect server start --host 10.127.0.1": [4200],
    "prefect server start --host ::10": [4200],
    "prefect server start --host=0.0.0.0 --port=8080": [8080],
    "prefect server start --host 127.0.0.1 --host 0.0.0.0 --port 1 --port 8080": [8080],
    "prefect server start --host 0.0.0.0 --port $PORT": [undefined],
    "prefect server start --host $HOST": [4200],
    "PREFECT_SERVER_API_HOST=127.0.0.1\nprefect server start --port 80": "shut",
    "PREFECT_SERVER_API_PORT=80\nprefect server start --host 0.0.0.0  --port  8080": [8080],
    "prefect server start --host=0.0.0.0 --port=80 --url=a=b": [80],
    "PREFECT_SERVER_API_HOST=0.0.0.0 PREFECT_SERVER_API_PORT=8080 prefect server start": [8080],
    "Environment=PREFECT_SERVER_API_HOST='0.0.0.0'\nExecStart=prefect server start": [4200],
    "prefect -p prod --no-prompt server start --host 0.0.0.0": [4200],
    "prefect --profile=prod server start --host 0.0.0.0": [4200],
    "prefect  --profile  server start --host 0.0.0.0": [4200],
    "prefect orion start --host 0.0.0.0": [4200],
    "prefect \\\n  server \\\r\n  start --host 0.0.0.0": [4200],
    'command: ["prefect","server","start","--host","0.0.0.0"]': [4200],
    "prefect server start --host 0.0.0.0 # to all": [4200],
    "  # prefect server start --host 0.0.0.0": "nothing",
    "#!/bin/sh -c 'prefect server start --host 0.0.0.0'": [4200],
    "prefect server starting": "nothing",
    "prefect worker start; web server start": "nothing",
    "uvicorn --factory prefect.server.api.server:create_app --host 0.0.0.0 --port 80": [80],
    "prefect server start & web --host 0.0.0.0 --port 80": "shut",
    "helm install p prefect/prefect-server": [4200],
    "helm  upgrade --install --namespace flows p prefect-helm/prefect-server --wait": [4200],
    "helm repo add prefect https://prefecthq.github.io/prefect-helm\nhelm install w prefect/prefect-worker": "nothing",
    "helm repo list\necho prefect/prefect-server": "nothing",
    "pre\\\nfect server start --host 0.0.0.0": [4200],
    "uvx prefect@3.8.8 server start --host 0.0.0.0": [4200],
    "pipx run prefect==3.8.8 server start --host 0.0.0.0": [4200],
    "uvx prefect@latest worker start": "nothing",
    "command:\n  - prefect\n  - server\n  - start\n  - --host\n  - 0.0.0.0\n": [4200],
    'command:\r\n  - "prefect"\r\n  - server \r\n  - start\r\n  - "--port=80"\r\n  - --host=0.0.0.0': [80],
    "runcmd:\n  - prefect server start --host 0.0.0.0\n  - web --host 127.0.0.1 --port 80\n": [4200],
    "command: >\n  prefect server start\n  --host 0.0.0.0\n\t--port 80\n": [80],
  };
  for (const [script, expected] of Object.entries(servers))
    it(`listens as it says: ${JSON.stringify(script)}`, () => assert.deepEqual(ports(script), expected));
});

describe("a start script's container", () => {
  const run = (options: string, command = "prefect server start --host 0.0.0.0"): string =>
    `docker run -d ${options} prefecthq/prefect:3.8.8 ${command}\n`;
  const listed = (published: string): string =>
    `#cloud-config\nservices:\n  server:\n    command: prefect server start --host 0.0.0.0\n    ports:${published}\n`;
  const containers: Record<string, [string, ReturnType<typeof ports>]> = {
    "with its port": [run("-p 4200:4200"), [4200]],
    "with another port": [run("--publish=80:4200/tcp"), [80]],
    "with its port at the end of a line": ["docker run prefect server start --host 0.0.0.0 -p 80:4200", [80]],
    "of podman": [run("-p4200:4200").replace("docker", "podman"), [4200]],
    "with two ports": [run("-p 0.0.0.0:80:4200 -p 10.0.0.4:8080:4200"), [80, 8080]],
    "with a port of UDP": [run("-p 80:4200/udp"), "shut"],
    "with a port of something else": [run("-p 5432:5432"), "shut"],
    "with a port of another's": [run("-p 4200:42000"), "shut"],
    "on loopback": [run("-p 127.0.0.1:4200:4200"), "shut"],
    "on an address with 127 in it": [run("-p 10.127.0.1:80:4200"), [80]],
    "on an IPv6 address": [run("-p [2600:1f00::1]:80:4200"), [80]],
    "on an address that is a variable": [run("-p ${IP}:80:4200"), [80]],
    "on an address that is a variable without braces": [run("-p $IP:80:4200"), [80]],
    "with no port": [run("-e PREFECT_API_URL=http://localhost:4200/api"), "shut"],
    "on a port that is a variable": [run('-p "${PORT}:4200"'), [undefined]],
    "on a port that Docker picks": [run("-p 4200"), [undefined]],
    "on ports that Docker picks": [run("-P"), [undefined]],
    "on ports that Docker picks, in words": [run("--publish-all"), [undefined]],
    "beside a download": [`${run("")}wget -P /tmp https://example.com/x\n`, "shut"],
    "on a range of ports": [run("-p 80-81:4200-4201"), [undefined]],
    "whose own port is a variable": [run("-p 80:8080", "prefect server start --port $PORT --host 0.0.0.0"), [80]],
    "on the machine's network": [run("--network host"), [4200]],
    "on the machine's network, for short": [run("--net=host"), [4200]],
    "on the machine's network, by compose": [listed("\n    network_mode:   host"), [4200]],
    "on a network of that name's end": [run("--network my-host"), "shut"],
    "on a range of the machine's ports": [run("-p 80-81:4200"), [undefined]],
    "on a range of its own ports": [run("-p 80:4200-4201"), [undefined]],
    "on a network called like it": [run("--network hosting"), "shut"],
    "of a compose file in a line": [listed(' ["80:4200", "443:4200"]'), [80, 443]],
    "of a compose file in a line without quotes": [listed(" [80:4200]"), [80]],
    "of a compose file in lines": [listed('\n      - "80:4200"\n      - 443:4200'), [80, 443]],
    "of a compose file in fields": [listed("\n      - target: 4200\n        published: 80"), [80]],
    "of a compose file in fields of a variable": [
      listed('\n      - target: 4200\n        published: "${PORT}"'),
      [undefined],
    ],
    "of a compose file in fields of something else": [
      listed("\n      - target: 5432\n        published: 5432"),
      "shut",
    ],
    "of a compose file in fields of one line": [listed("\n      - { target: 4200, published: 80 }"), [80]],
    "of a compose file in fields with blanks": [listed("\n      - target:   4200\n        published:   80"), [80]],
    "of a compose file in fields, with a port of its own that is a variable": [
      listed("\n      - target: 8080\n        published: 80").replace("start", "start --port $PORT"),
      [80],
    ],
    "of a compose file with a variable": [listed('\n      - "${PORT:-80}:4200"'), [undefined]],
    "of a compose file with variables of which one is loopback": [listed('\n      - "127.0.0.1:${PORT}:4200"'), "shut"],
    "of a compose file at the edge": ["services:\n a:\n  command: prefect server start\n  ports: ['80:4200']", [80]],
    "of a file that lists services elsewhere": ["echo services: >> log\nprefect server start --host 0.0.0.0", [4200]],
  };
  for (const [name, [script, expected]] of Object.entries(containers))
    it(`${name} is published as it says`, () => assert.deepEqual(ports(script), expected));
});

describe("a start script's version", () => {
  const images: Record<string, string> = {
    "docker run prefecthq/prefect:3.8.8-python3.12 prefect server start": "prefecthq/prefect:3.8.8-python3.12",
    "docker run prefecthq/prefect prefect server start": "prefecthq/prefect:latest",
    "docker run prefecthq/prefect prefect server start; echo prefecthq/prefect:3.0.0": "prefecthq/prefect:latest",
    "docker run mirror.example.com/a/prefecthq/prefect:3.0.1 prefect server start":
      "mirror.example.com/a/prefecthq/prefect:3.0.1",
    "pip install prefect\nprefect server start": "prefecthq/prefect:latest",
    "pip install prefect==13.10.25\nprefect server start": "prefecthq/prefect:13.10.25",
    "pip install 'prefect[aws,redis] ~= v3.0'\nprefect server start": "prefecthq/prefect:3.0",
    "pip install prefect>=3\nprefect server start": "prefecthq/prefect:3",
    'pip install "prefect>=3.1.8,<4"\nprefect server start': "prefecthq/prefect:3.1.8",
    "pip install prefect==$VERSION && prefect server start": "prefecthq/prefect:$VERSION",
    "uvx prefect@3.1.0 server start": "prefecthq/prefect:3.1.0",
    "uvx prefect@latest server start": "prefecthq/prefect:latest",
    "git config user.email prefect@example.com\nprefect server start": "prefecthq/prefect:latest",
    "docker run prefecthq/prefect@sha256:00 prefect server start": "prefecthq/prefect@sha256:00",
    "docker run prefecthq/prefect:${TAG} prefect server start": "prefecthq/prefect:${TAG",
    'services: { a: { image: "prefecthq/prefect:3.8.8" } }\n# prefect server start\nprefect server start':
      "prefecthq/prefect:3.8.8",
    "(docker run prefecthq/prefect:3.8.8); prefect server start": "prefecthq/prefect:3.8.8",
  };
  for (const [script, image] of Object.entries(images))
    it(`is that of ${JSON.stringify(script)}`, () => assert.equal(containersIn(script)[0]?.image, image));
});

describe("a start script's auth string", () => {
  const name = "PREFECT_SERVER_API_AUTH_STRING";
  const start = "prefect server start --host 0.0.0.0";
  const run = (options: string): string => `docker run -p 4200:4200 ${options} prefecthq/prefect:3.8.8 ${start}`;
  const composed = (more: string): string => `services:\n  server:\n    command: ${start}\n${more}`;
  const scripts: Record<string, [string, boolean]> = {
    "is exported": [`export ${name}=a:b\n${start}`, true],
    "is of the script alone": [`${name}=a:b\n${start}`, false],
    "is before the command": [`${name}=a:b OTHER=1 ${start}`, true],
    "is before the command, over two lines": [`${name}="a:b" \\\n  ${start}`, true],
    "is empty": [`export ${name}=\n${start}`, false],
    "is empty in quotes": [`export ${name}=""\n${start}`, false],
    "is empty before the command": [`${name}= ${start}`, false],
    "is empty the second time": [`export ${name}=a:b\nexport ${name}=\n${start}`, false],
    "is empty in a line between others": [`export ${name}=a:b\nexport ${name}=""\n\n${start}`, false],
    "is of another variable": [`export OTHER=a:b\n${start}`, false],
    "is taken back": [`export ${name}=a:b\nunset ${name}\n${start}`, false],
    "is taken from the profile": [`prefect config set ${name}=a:b\nprefect config unset ${name}\n${start}`, false],
    "is in the profile": [`prefect config set ${name}=a:b\n${start}`, true],
    "is in the unit": [`[Service]\nEnvironment="${name}=a:b"\nExecStart=${start}`, true],
    "is passed to the container": [run(`-e ${name}=a:b`), true],
    "is passed to the container in words": [run(`--env=${name}=a:b`), true],
    "is exported beside a container": [`export ${name}=a:b\n${run("")}`, false],
    "is in a compose file": [composed(`    environment:\n      ${name}: a:b\n`), true],
    "is in a compose file's list": [composed(`    environment:\n      - "${name}=a:b"\n`), true],
    "is empty in a compose file": [composed(`    environment:\n      ${name}: ""\n`), false],
    "is empty in a compose file's list": [composed(`    environment:\n      - "${name}="\n`), false],
    "is in an indented compose file": [
      `#cloud-config\n${composed(`    environment:\n      ${name}: a:b\n`).replace("services", "  services")}`,
      true,
    ],
    "is a line beside a container": [`${name}: a:b\n${run("")}`, false],
    "is beside a container that logs services": [`${name}: a:b\n${run("")}\necho services:`, false],
  };
  for (const [script, [text, expected]] of Object.entries(scripts))
    it(`${script}: ${expected}`, () => assert.equal(asks(text), expected));
});

describe("a start script's proxy", () => {
  const scripts: Record<string, [string, string[]]> = {
    "before a server on loopback": ["prefect server start\napt-get install nginx", ["user data", "nginx"]],
    "beside a server for all": [`${pip}apt-get install nginx`, ["user data"]],
    "that passes nothing on": ["apt-get install nginx", []],
    "of nginx": ["nginx <<E\nproxy_pass http://up;\nE", ["nginx"]],
    "of nginx with one place": ["nginx <<E\nupstream up { server a; }\nE", ["nginx"]],
    "of oauth2-proxy": ["oauth2-proxy --upstreams=http://a", ["oauth2-proxy"]],
    "of socat": ["socat TCP-LISTEN:80,fork TCP:prefect:4200", ["socat"]],
    "of socat for IPv4": ["socat - TCP4:prefect:4200", ["socat"]],
    "of nothing that is a proxy": ["echo proxy_pass", []],
    "of the kernel": ["iptables -t nat -A PREROUTING --dport 8000 -j DNAT --to 10.0.1.5:4200", ["iptables"]],
    "of the kernel by nft": ["nft add rule nat pre tcp dport 8000 dnat to 10.0.1.5:4200", ["iptables"]],
    "of ssh": ["ssh -N -L 0.0.0.0:8000:prefect:4200 b", ["ssh"]],
    "of ssh in short": ["autossh -NL8000:prefect:4200 b", ["ssh"]],
    "of ssh on all addresses": ["ssh -L*:8000:prefect:4200 b", ["ssh"]],
    "of ssh on all addresses of IPv6": ["ssh -L[::]:8000:prefect:4200 b", ["ssh"]],
    "of ssh that forwards nothing": ["ssh -N prefect.example.com:/LIB -Lx", []],
    "of rinetd": ["echo '0.0.0.0 8000 10.0.1.5 4200' > /etc/rinetd.conf", ["rinetd"]],
    "of ncat": ["ncat --sh-exec 'ncat prefect 4200' -l 8000", ["ncat"]],
    "of nc in short": ["nc -vlk 8000", ["ncat"]],
    "of nc on a port": ["nc -lvp 8000", ["ncat"]],
    "of nc for a program": ["nc -e /bin/forward prefect 4200", ["ncat"]],
    "of nc that asks": ["nc a-l -z prefect 4200", []],
  };
  for (const [name, [script, expected]] of Object.entries(scripts))
    it(name, () => assert.deepEqual(names(script), expected));

  it("may listen on every number of its script", () => {
    const [proxy] = containersIn("socat TCP-LISTEN:8000,fork TCP:prefect:4200 # 9 123456 80 x8001 8000");
    assert.deepEqual(proxy?.ports, [80, 443, 8080, 8443, 8000, 4200]);
    assert.match([...proxy.environment.values()].join(), /TCP:prefect:4200/);
    const [most] = containersIn(`rinetd\n${Array.from({ length: 1001 }, (_, index) => 10_000 + index).join("\n")}`);
    assert.deepEqual(most?.ports.slice(-2), [10_998, 10_999]);
  });

  const redirected: Record<string, [script: string, ports: number[]]> = {
    "of the server": ["prefect server start --host 0.0.0.0 --port 8080", [80, 8080]],
    "of another": ["prefect server start --host 0.0.0.0", [4200]],
    "of a server on loopback": ["prefect server start --port 8080", []],
    "of a server whose port is not known": ["prefect server start --host 0.0.0.0 --port $PORT", []],
  };
  for (const [name, [script, expected]] of Object.entries(redirected))
    it(`may be the kernel, which hands on a port ${name}`, () => {
      const kernel = "iptables -t nat -A PREROUTING --dport 80 -j REDIRECT --random --to-ports 8080\n";
      const servers = containersIn(kernel + script);
      assert.deepEqual(servers.flatMap((server) => server.ports).sort(), expected);
      for (const { ports: own, words } of servers.slice(1)) assert.equal(words?.at(-1), String(own[0]));
    });

  it("asks for nothing that is seen", () => {
    const [, proxy] = containersIn(`${docker.replace("4200:4200", "127.0.0.1:4200:4200")}caddy run\n`);
    assert.equal(proxy?.words, undefined);
    assert.deepEqual(proxy?.ports, [80, 443, 8080, 8443]);
  });
});
