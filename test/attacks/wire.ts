import { readFileSync } from "node:fs";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import tls from "node:tls";
import { paths } from "../../local/paths";
import { origin } from "../e2e/stack";
import { exchange, type RawAnswer } from "../support/wire";

/** A TLS connection to the load balancer itself, through the tunnel: no HTTP client and no edge tidies what is sent. */
export async function connection(): Promise<Socket> {
  const plain = connect(Number(origin.port), "127.0.0.1");
  await once(plain, "connect");
  plain.write(`CONNECT ${origin.hostname}:443 HTTP/1.1\r\n\r\n`);
  const [reply] = (await once(plain, "data")) as [Buffer];
  if (!reply.toString().startsWith("HTTP/1.1 200 ")) throw new Error(`no tunnel: ${reply.toString()}`);
  const secure = tls.connect({
    socket: plain,
    servername: origin.hostname,
    ca: readFileSync(paths.ca),
    ALPNProtocols: ["http/1.1"],
  });
  await once(secure, "secureConnect");
  return secure;
}

/** One request as bytes on a connection of its own; the first answer. Status 0: closed without one. */
export async function raw(bytes: string | Buffer, quietMs?: number): Promise<RawAnswer> {
  const [first] = await exchange(await connection(), bytes, quietMs);
  return first ?? { status: 0, head: "", body: "" };
}
