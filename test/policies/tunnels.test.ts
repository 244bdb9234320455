import assert from "node:assert/strict";
import type { Container } from "../../policies/graph/tasks";
import { isTunnel, tunnelOf } from "../../policies/graph/tunnels";

/** What the pack takes for a tunnel from a public host. */

const container = (image: string | undefined, command: string, more: Partial<Container> = {}): Container => ({
  name: "edge",
  image,
  words: command.split(" "),
  environment: new Map(),
  secrets: new Set(),
  environmentFiles: false,
  ports: [],
  healthCheck: "",
  ...more,
});

describe("a tunnel", () => {
  const programs = [
    ...["cloudflared", "ngrok", "frpc", "inlets", "bore", "zrok", "pagekite", "localtunnel", "lt", "chisel", "rathole"],
    ...["devtunnel", "playit", "autossh", "gost", "wstunnel", "tunnelto", "tunnelmole", "sish", "packetriot"],
    ...["pktriot", "remoteit", "ktunnel"],
  ];
  for (const program of programs) {
    it(`is ${program}`, () => {
      for (const image of [program, `acme/${program}:1`, `${program}@sha256:00`, `ACME/${program.toUpperCase()}`])
        assert.equal(isTunnel(container(image, "run")), true, image);
      assert.equal(isTunnel(container("acme/edge:1", `/usr/bin/${program} run`)), true);
      assert.equal(isTunnel(container(undefined, program)), true);
    });
    it(`is nothing whose name has ${program} in it`, () => {
      for (const image of [`x${program}:1`, `acme/${program}x:1`, `acme/x-${program}`, `${program}-x/web`])
        assert.equal(isTunnel(container(image, "run")), false, image);
    });
  }

  const commands: Record<string, boolean> = {
    "tailscale funnel 80": true,
    "tailscale --socket=/tmp/s  funnel 80": true,
    "tailscale serve 80": false,
    "tailscale up\nfunnel": false,
    "tailscaled funnel": false,
    "tailscale funnels": false,
    "ssh -R 80:localhost:4200 edge": true,
    "ssh -NR 80:localhost:4200 edge": true,
    "ssh -N -o A=b -R 80:localhost:4200 edge": true,
    "ssh -L 80:localhost:4200 edge": false,
    "ssh -NL 80:a:80 edge\nls -R": false,
    "ssh a-R": false,
    "sshd -R 1": false,
    "xssh -R 1": false,
    "ssh -Rx": false,
  };
  for (const [command, expected] of Object.entries(commands))
    it(`is the command ${JSON.stringify(command)}: ${expected}`, () =>
      assert.equal(isTunnel(container("acme/edge:1", command)), expected));

  const variables = ["TS_SERVE_CONFIG", "TUNNEL_TOKEN", "TUNNEL_URL", "TUNNEL_CRED_FILE", "NGROK_AUTHTOKEN"];
  for (const name of [...variables, "INLETS_TOKEN"])
    it(`is what has ${name}`, () => {
      assert.equal(isTunnel(container("acme/edge:1", "run", { environment: new Map([[name, "x"]]) })), true);
      assert.equal(isTunnel(container("acme/edge:1", "run", { secrets: new Set([name]) })), true);
    });
  it("is nothing of other variables", () => {
    const environment = new Map([["TOKEN", "x"]]);
    assert.equal(isTunnel(container("acme/edge:1", "run", { environment })), false);
    assert.equal(tunnelOf(container("acme/edge:1", "http 4200", { environment })), undefined);
  });
  it("may be what says no command", () => {
    assert.equal(isTunnel(container("acme/edge:1", "", { words: undefined })), false);
    assert.deepEqual(tunnelOf(container("ngrok/ngrok", "", { words: undefined })), { port: undefined, isOpen: false });
  });

  const places: Record<string, [port: number | undefined, isOpen: boolean]> = {
    "tunnel --url http://localhost:4200": [4200, true],
    "tunnel --url http://127.0.0.1:80": [80, true],
    "tunnel --url http://[::1]:65535": [65535, true],
    "tunnel --url http://localhost:4": [undefined, false],
    "http 4200": [4200, true],
    "tcp 22": [22, true],
    "local 4200": [4200, true],
    "funnel 4200": [4200, true],
    "--port 4200": [4200, true],
    "--port=4200": [4200, true],
    "-p 4200": [4200, true],
    "--my-port 4200": [undefined, false],
    "xhttp 4200": [undefined, false],
    "http 4": [undefined, false],
    "http 420042": [undefined, false],
    "http prefect:4200": [undefined, false],
    "http 4200 --basic-auth=a:b": [4200, false],
    "http 4200 --oauth google": [4200, false],
    "http 4200 --oidc x": [4200, false],
    "http 4200 -auth a:b": [4200, false],
    "http 4200 --traffic-policy x": [4200, false],
    "http 4200 --access x": [4200, false],
    "http 4200 --CIDR-allow 10.0.0.0/8": [4200, false],
    "http 4200 --mutual-tls x": [4200, false],
    "http 4200 --authtoken x": [4200, true],
    "http 4200 oauth": [4200, true],
    run: [undefined, false],
  };
  for (const [command, [port, isOpen]] of Object.entries(places))
    it(`leads where it says: ${command}`, () =>
      assert.deepEqual(tunnelOf(container("ngrok/ngrok:3", command)), { port, isOpen }));
});
