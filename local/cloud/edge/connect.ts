import { connect, type Socket } from "node:net";
import type { CloudContext } from "../context";
import { joinSockets } from "../load-balancer/relay";

const maxHead = 16 * 1024;

/**
 * Answers HTTP CONNECT (RFC 9110, 9.3.6) with a plain tunnel to a served name, on 443 or 80: host programs use the
 * loopback port as their HTTPS_PROXY and everything keeps its real name.
 */
export function serveConnect(client: Socket, context: CloudContext, localAddress: string): void {
  let head = Buffer.alloc(0);
  const read = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0 && head.length < maxHead) return;
    client.off("data", read);
    client.pause();
    if (end < 0) return refuse(client, 431, "The request's head is too large.");
    const early = head.subarray(end + 4);
    if (early.length > 0) client.unshift(early);
    open(client, head.subarray(0, end).toString("latin1"), context, localAddress);
  };
  client.on("data", read);
  client.resume();
}

function open(client: Socket, head: string, context: CloudContext, localAddress: string): void {
  const [, name = "", port = ""] = /^CONNECT ([^\s:]+):(\d+) HTTP\/1\.[01]\r?$/m.exec(head.split("\n")[0] ?? "") ?? [];
  if (!name) return refuse(client, 400, "Say CONNECT NAME:PORT HTTP/1.1.");
  if (port !== "443" && port !== "80")
    return refuse(client, 403, `Port ${port} is not open here; open are 443 and 80.`);
  const host = context.names.lookupOutside(name.toLowerCase())[0];
  if (!host) return refuse(client, 403, `${name} is not served by the local cloud.`);
  const server = connect({ host, port: Number(port), localAddress, noDelay: true });
  client.once("close", () => server.destroy());
  const failed = () => refuse(client, 502, `${name}:${port} does not answer.`);
  server.once("error", failed);
  server.once("connect", () => {
    server.off("error", failed);
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    joinSockets(client, server, 0);
  });
}

function refuse(client: Socket, status: number, reason: string): void {
  const body = `${reason}\n`;
  const lines = [
    `HTTP/1.1 ${status} Refused`,
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${body.length}`,
  ];
  client.end(`${lines.join("\r\n")}\r\nConnection: close\r\n\r\n${body}`);
}
