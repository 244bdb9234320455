import type { Duplex } from "node:stream";

export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

/**
 * Sends bytes as they are and reads every answer until the other side closes, or is silent for `quietMs` after a first
 * answer. A refusal usually closes, so silence is waited for only where the connection stays open.
 *
 * @param quietMs default 1,000
 * @throws Error after 15 s without any answer
 */
export async function exchange(socket: Duplex, bytes: string | Buffer, quietMs = 1_000): Promise<RawAnswer[]> {
  const received = await new Promise<string>((resolve, reject) => {
    let text = "";
    const done = () => {
      clearTimeout(timer);
      resolve(text);
    };
    let timer = setTimeout(() => {
      reject(new Error("neither an answer nor a close within 15 s"));
    }, 15_000);
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      clearTimeout(timer);
      timer = setTimeout(done, quietMs);
    });
    // A refusal in the middle of an upload resets the connection: what came before counts.
    socket.on("error", () => undefined);
    socket.on("close", done);
    socket.on("end", done);
    socket.write(bytes);
  });
  socket.destroy();
  return answersIn(received);
}

/** Lines with CRLF, and the empty line that ends a head. */
export function head(...lines: string[]): string {
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function answersIn(text: string): RawAnswer[] {
  const starts = [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)];
  return starts.map((start, index) => {
    const whole = text.slice(start.index, starts[index + 1]?.index);
    const end = whole.indexOf("\r\n\r\n");
    return { status: Number(start[1]), head: whole.slice(0, end), body: whole.slice(end + 4) };
  });
}
