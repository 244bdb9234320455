import assert from "node:assert/strict";
import { gatewayPorts, hidesPorts, isTaken, listeningPorts } from "../../policies/graph/listening-ports";
import type { Container, Workload } from "../../policies/graph/tasks";

function container(more: Partial<Container>, environment: Record<string, string | undefined> = {}): Container {
  return {
    name: "some",
    image: "acme/app:1",
    words: [],
    environment: new Map(Object.entries(environment)),
    secrets: new Set(),
    environmentFiles: false,
    ports: [],
    healthCheck: "",
    ...more,
  };
}

function workload(containers: readonly Container[] | undefined, ports?: readonly number[]): Workload {
  return { containers, targets: [], document: { name: "a", property: "b", fix: "c", ports } } as unknown as Workload;
}

const conf = "http { server { listen 8080; listen 127.0.0.1:9000; } } stream { server { listen 8081; } }";
const nginx = container({ image: "nginx", words: ["sh", "-c", 'echo "$A" > /n; nginx -c /n'] }, { A: conf });
const unseen = container({ image: "nginx", words: ["nginx"] });
const proxy = (address: string | undefined): Container =>
  container({ image: "oauth2-proxy:7" }, { OAUTH2_PROXY_HTTP_ADDRESS: address });
const prefect = container({ name: "prefect", words: ["prefect", "server", "start", "--port", "4300"] });
const agent = container({ image: "aws-xray-daemon:3" });
const app = container({});

describe("ports on which something of a task listens", () => {
  it("are those of its containers", () => {
    const other = container({ ports: [81, 80], words: ["--port", "82"] });
    assert.deepEqual(
      listeningPorts(workload([other, nginx, proxy("0.0.0.0:4180")])),
      [81, 80, 82, 8080, 8081, 4200, 4180],
    );
    assert.deepEqual(listeningPorts(workload([proxy("127.0.0.1:4180"), unseen, prefect])), [4200, 4300]);
    assert.deepEqual(listeningPorts(workload([container({ environmentFiles: true })])), [undefined]);
  });

  it("are those that its definition has, where its containers cannot be seen", () => {
    assert.deepEqual(listeningPorts(workload(undefined, [80])), [80]);
    assert.deepEqual(listeningPorts(workload(undefined)), [undefined]);
  });

  it("are a gateway's by its configuration", () => {
    const other = container({ words: ["--http-address=0.0.0.0:80"] });
    const ports = [nginx, unseen, proxy(":4180"), proxy("localhost:4180"), proxy(undefined), other].map(gatewayPorts);
    assert.deepEqual(ports, [[8080, 8081], [], [4180], [], [], []]);
  });

  it("may be hidden where a container declares none and is not known", () => {
    const hides = (each: Container): boolean => hidesPorts(each, workload([each]));
    const alone = { image: "prefecthq/prefect:3.8.8", words: ["prefect", "server", "start", "--host", "127.0.0.1"] };
    const beside = container({ ...alone, words: ["sh", "-c", `other & ${alone.words.join(" ")}`] });
    const started = (script: string, ...more: Parameters<typeof container>): Container =>
      container({ ...more[0], words: ["sh", "-c", script] }, more[1]);
    const login = { OAUTH2_PROXY_HTTP_ADDRESS: ":4180" };
    const withNginx = started('other & echo "$A" > /n; nginx -c /n', {}, { A: conf });
    const withLogin = started("other & exec oauth2-proxy", {}, login);
    const other = container({ words: ["--http-address=0.0.0.0:80"] });
    const hiding = [app, other, unseen, proxy(undefined), beside, withNginx, withLogin];
    assert.deepEqual(hiding.map(hides), Array(7).fill(true));
    assert.ok(!hides(started("exec oauth2-proxy", {}, login)));
    const known = [
      container({ ports: [80] }),
      prefect,
      container(alone),
      agent,
      nginx,
      proxy(":4180"),
      proxy("127.0.0.1:4180"),
      started('for each in a b; do echo "$each"; done; echo "$A" > /n; nginx -c /n', {}, { A: conf }),
    ];
    assert.deepEqual(known.map(hides), Array(8).fill(false));
  });

  it("are taken by what is known to listen there", () => {
    const all = [container({ ports: [81], words: ["--port", "82"] }), nginx, prefect];
    const taken = (port: number): boolean => isTaken(port, all, workload(all));
    assert.deepEqual([81, 8080, 8081, 4300].map(taken), Array(4).fill(true));
    assert.deepEqual([80, 82, 9000, 4200].map(taken), Array(4).fill(false));
  });
});
