import assert from "node:assert/strict";
import type { Arrival } from "../../../policies/graph/entrances/entrance";
import { type Reached, reached } from "../../../policies/graph/gateway";
import type { Container, Workload } from "../../../policies/graph/tasks";
import { container, workload } from "./containers";
import { pass } from "./nginx";
import { proxyWith } from "./oauth2-proxy";
import { site } from "./pieces";

/** Containers of one task, and requests that arrive there. */

/** Prefect's container on the loopback, or as these words say. */
export const prefect = (more: Partial<Container> = {}): Container =>
  container({
    name: "prefect",
    image: "prefecthq/prefect:3.8.8-python3.12",
    words: ["prefect", "server", "start", "--host", "127.0.0.1"],
    ...more,
  });
export const onEveryAddress = { words: ["prefect", "server", "start", "--host", "0.0.0.0"] };
export const authString = new Set(["PREFECT_SERVER_API_AUTH_STRING"]);
export const asking = (more: Partial<Container> = {}): Container => prefect({ secrets: authString, ...more });
/** A Prefect of which a file says on which port it listens. */
export const ofFile = { environmentFiles: true };

export const nginx = (conf: string, more: Partial<Container> = {}): Container =>
  container({
    name: "nginx",
    image: "nginx:1.30",
    words: ["sh", "-c", `printf '%s' "$CONF" > /tmp/n.conf; exec nginx -c /tmp/n.conf`],
    environment: new Map([["CONF", conf]]),
    ports: [8080],
    ...more,
  });
export const open = site(`location / { ${pass} }`);
export const proxy = (settings: Record<string, string>, more: Partial<Container> = {}): Container =>
  proxyWith({ PROVIDER: "oidc", UPSTREAMS: "http://127.0.0.1:4200", ...settings }, { name: "oauth2-proxy", ...more });
export const skipping = { SKIP_AUTH_REGEX: "^/", HTTP_ADDRESS: "0.0.0.0:4180" };
export const envoy = (more: Partial<Container> = {}): Container =>
  container({ name: "envoy", image: "envoyproxy/envoy:v1.31", ...more });
export const withSecret = { secrets: new Set(["TOKEN"]) };

/** Requests straight to this port, or as said. */
export function arriving(
  containers: readonly Container[],
  of: Partial<Arrival> & { mode?: Partial<Workload> } = {},
): Reached[] {
  const { mode, ...more } = of;
  const arrival: Arrival = {
    workload: workload(containers, mode),
    target: undefined,
    port: 8080,
    hops: [],
    certain: true,
    fix: "",
    ...more,
  };
  return reached(arrival, containers);
}
export const to = (containerName: string | undefined): Partial<Arrival> => ({ target: { containerName } });
export const anyPort = { port: undefined };
export const bridge = { mode: { sharedLoopback: false } };

export type Row = [arrive: () => Reached[], verdict: "open" | "unclear" | "closed", note?: string];
export function table(rows: Record<string, Row>): void {
  for (const [name, [arrive, verdict, note = ""]] of Object.entries(rows))
    it(name, () => {
      const ways = arrive();
      const found = ways.length === 0 ? "closed" : ways.some(({ certain }) => certain) ? "open" : "unclear";
      const notes = ways.map((way) => way.notes.join("; ")).join("\n");
      assert.equal(found, verdict, notes);
      assert.ok(notes.includes(note), notes);
    });
}
