import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { styleText } from "node:util";
import { outsideUrl } from "./cloud/edge/outside";
import { paths } from "./paths";
import { stackOutputs } from "./stack";
import { readSeededUsers, type SeededUser } from "./users";

/** What `.local/outputs.json` holds. */
export interface LocalOutputs {
  /** What a browser on this machine opens. */
  url: string;
  apiUrl: string;
  access: string;
  users: SeededUser[];
  /** Settings for a Prefect client or worker on this machine: the stack's own, and the way into the local cloud. */
  workerEnv: Record<string, string>;
}

/** Joins the stack's outputs with what only this machine needs to know, and writes them for people and tests. */
export async function writeOutputs(port: number): Promise<LocalOutputs> {
  const { url, apiUrl, access, workerEnv } = await stackOutputs();
  const outputs: LocalOutputs = {
    url: outsideUrl(url, port).replace(/\/$/, ""),
    apiUrl: outsideUrl(apiUrl, port),
    access,
    users: readSeededUsers(),
    workerEnv: {
      ...workerEnv,
      // The names of the stack resolve inside the local cloud only: the loopback port is a tunnel to them.
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      SSL_CERT_FILE: paths.ca,
    },
  };
  mkdirSync(dirname(paths.outputs), { recursive: true });
  writeFileSync(paths.outputs, `${JSON.stringify(outputs, null, 2)}\n`, { mode: 0o600 });
  return outputs;
}

export function printSummary({ url, users, workerEnv }: LocalOutputs): void {
  const heading = (text: string) => styleText("bold", text.padEnd(8));
  const rows = [
    `${heading("Open")} ${styleText("underline", url)}`,
    `         the browser asks once about the certificate: it is signed by ${paths.ca}`,
    ...users.map(
      ({ email, password, groups }, index) =>
        `${heading(index === 0 ? "Log in" : "")} ${email}  ${password}${groups.length > 0 ? `  (${groups.join(", ")})` : ""}`,
    ),
    `${heading("Worker")} a worker or any Prefect client on this machine:`,
    ...Object.entries(workerEnv).map(([name, value]) => `         export ${name}='${value}'`),
    `${heading("Try")} npm run example   deploys a flow, runs it, and prints the page where its logs are`,
    "",
    `         all of this is in ${paths.outputs}`,
  ];
  console.log(`\n${rows.join("\n")}`);
}
