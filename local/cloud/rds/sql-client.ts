import { connect } from "node:net";

/** A statement that PostgreSQL refused; the message is the server's, without the statement. */
export class SqlError extends Error {}

/**
 * Runs statements one after another over a unix socket on which the server trusts everybody
 * (PostgreSQL's frontend/backend protocol 3.0, simple query).
 *
 * @returns the first column of each statement's first row
 */
export function runSql(
  socket: string,
  user: string,
  database: string,
  statements: readonly string[],
): Promise<(string | undefined)[]> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    const results: (string | undefined)[] = [];
    const waiting = [...statements];
    let received = Buffer.alloc(0);
    let current: string | undefined;
    let started = false;
    const fail = (error: Error) => {
      connection.destroy();
      reject(error);
    };
    const onMessage = (type: string, body: Buffer) => {
      if (type === "E") fail(new SqlError(serverMessage(body)));
      if (type === "D") current ??= firstColumn(body);
      if (type !== "Z") return;
      if (started) results.push(current);
      started = true;
      current = undefined;
      const next = waiting.shift();
      if (next !== undefined) return void connection.write(message("Q", `${next}\0`));
      connection.end(message("X", ""));
      resolve(results);
    };
    connection.on("error", fail);
    connection.on("close", () => reject(new SqlError("the server closed the connection")));
    connection.on("connect", () => {
      const parameters = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
      const head = Buffer.alloc(8);
      head.writeInt32BE(8 + parameters.length, 0);
      head.writeInt32BE(0x30000, 4);
      connection.write(Buffer.concat([head, parameters]));
    });
    connection.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 5 && received.length >= 1 + received.readInt32BE(1)) {
        const end = 1 + received.readInt32BE(1);
        const [type, body] = [received.toString("latin1", 0, 1), received.subarray(5, end)];
        received = received.subarray(end);
        onMessage(type, body);
      }
    });
  });
}

export const quoteIdentifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Good with standard_conforming_strings on, PostgreSQL's default. */
export const quoteLiteral = (text: string) => `'${text.replaceAll("'", "''")}'`;

function message(type: string, text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

/** Fields of ErrorResponse: a type letter and a string each; M is the message. */
function serverMessage(body: Buffer): string {
  const field = body
    .toString("utf8")
    .split("\0")
    .find((each) => each.startsWith("M"));
  return field?.slice(1) ?? "unknown error";
}

function firstColumn(body: Buffer): string | undefined {
  const length = body.readInt16BE(0) > 0 ? body.readInt32BE(2) : -1;
  return length < 0 ? undefined : body.toString("utf8", 6, 6 + length);
}
