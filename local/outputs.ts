import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { styleText } from "node:util";
import type { CloudClient } from "./cloud/client";
import { outsideUrl } from "./cloud/edge/outside";
import { cloudIsRunning } from "./cloud/front";
import { paths } from "./paths";
import { stackOutputs } from "./stack";
import { readSeededUsers, type SeededUser } from "./users";
import { isPrivate } from "./worker-network";

/** What `.local/outputs.json` holds. */
export interface LocalOutputs {
  /** What a browser on this machine opens. */
  url: string;
  apiUrl: string;
  access: string;
  users: SeededUser[];
  /** Whether the API that workers use is reached from inside the VPC only: then by `npm run inside`. */
  workersEndpoint: "private" | "public";
  /** Settings for a Prefect client or worker: the stack's own, and the way into the local cloud. */
  workerEnv: Record<string, string>;
}

/** @throws Error when no stack is up */
export async function readOutputs(): Promise<LocalOutputs> {
  if (!existsSync(paths.outputs) || !(await cloudIsRunning()))
    throw new Error("no stack is up on this machine: run `npm start` first, in another terminal");
  return JSON.parse(readFileSync(paths.outputs, "utf8")) as LocalOutputs;
}

/** Joins the stack's outputs with what only this machine needs to know, and writes them for people and tests. */
export async function writeOutputs(cloud: CloudClient, port: number): Promise<LocalOutputs> {
  const { url, apiUrl, access, workerEnv } = await stackOutputs();
  const inside = await isPrivate(cloud, apiUrl);
  const outputs: LocalOutputs = {
    url: outsideUrl(url, port).replace(/\/$/, ""),
    apiUrl: inside ? apiUrl : outsideUrl(apiUrl, port),
    access,
    users: readSeededUsers(),
    workersEndpoint: inside ? "private" : "public",
    workerEnv: {
      ...workerEnv,
      // The names of the stack resolve inside the local cloud only: the loopback port is a tunnel to the public ones.
      ...(!inside && { HTTPS_PROXY: `http://127.0.0.1:${port}` }),
      SSL_CERT_FILE: paths.ca,
    },
  };
  mkdirSync(dirname(paths.outputs), { recursive: true });
  writeFileSync(paths.outputs, `${JSON.stringify(outputs, null, 2)}\n`, { mode: 0o600 });
  return outputs;
}

export function printSummary({ url, apiUrl, users, workersEndpoint, workerEnv }: LocalOutputs): void {
  const heading = (text: string) => styleText("bold", text.padEnd(8));
  const rows = [
    `${heading("Open")} ${styleText("underline", url)}`,
    `         the browser asks once about the certificate: it is signed by ${paths.ca}`,
    ...users.map(
      ({ email, password, groups }, index) =>
        `${heading(index === 0 ? "Log in" : "")} ${email}  ${password}${groups.length > 0 ? `  (${groups.join(", ")})` : ""}`,
    ),
    ...(workersEndpoint === "private"
      ? [
          `${heading("Worker")} workers call ${apiUrl}, which only the VPC reaches. A Prefect client in there:`,
          "         npm run inside -- prefect deployment ls   runs any command as if on the worker, with its settings",
        ]
      : [
          `${heading("Worker")} a worker or any Prefect client on this machine:`,
          ...Object.entries(workerEnv).map(([name, value]) => `         export ${name}='${value}'`),
        ]),
    `${heading("Try")} npm run example   deploys a flow, runs it, and prints the page where its logs are`,
    "",
    `         all of this is in ${paths.outputs}`,
  ];
  console.log(`\n${rows.join("\n")}`);
}
