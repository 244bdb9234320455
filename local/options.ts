import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type IssuerFile, readIssuerFile } from "./issuer";

const usage = `npm start -- [--detach] [--port 8443] [--set key=value]... [--secret key=FILE]... [--issuer FILE]

  --detach            return when all is healthy; \`npm stop\` takes it down
  --port 8443         the loopback port that a browser opens
  --set key=value     a setting over those of Pulumi.local.yaml, for this start; repeatable: server.cpu=1024 reaches inside
  --secret key=FILE   a secret setting, read from a file ("-": from stdin), for this start; repeatable
  --issuer FILE       an organisation's identity provider, to be played on this machine, and the settings that go with it:
                      examples/issuer.json is one`;

/** What `npm start` is asked for. */
export interface Options {
  detach: boolean;
  port: number;
  set: string[];
  secrets: { key: string; value: string }[];
  issuer: IssuerFile | undefined;
}

export class UsageError extends Error {}

const options = {
  help: { type: "boolean", short: "h" },
  detach: { type: "boolean" },
  port: { type: "string" },
  set: { type: "string", multiple: true },
  secret: { type: "string", multiple: true },
  issuer: { type: "string" },
} as const;

/** Prints the usage and ends when it is asked for. @throws UsageError with everything that is wrong */
export function readOptions(args: string[]): Options {
  const problems: string[] = [];
  const { values, tokens } = parseArgs({ args, strict: false, tokens: true, options });
  if (values.help) {
    console.log(usage);
    process.exit();
  }
  for (const token of tokens) {
    if (token.kind === "positional") problems.push(`${token.value}: not an option`);
    if (token.kind === "option" && !(token.name in options)) problems.push(`${token.rawName}: no such option`);
    if (token.kind === "option" && token.name === "detach" && token.value !== undefined)
      problems.push("--detach: takes no value");
  }
  const { detach = false, port: portText = "8443", set = [], secret = [] } = values;
  const port = Number(portText);
  if (typeof portText !== "string" || !/^\d+$/.test(portText) || port < 1024 || port > 65535)
    problems.push(`--port ${String(portText)}: give a whole number from 1024 to 65535`);
  const settings = set.map(String);
  for (const setting of settings)
    if (!/^[^=]+=/.test(setting))
      problems.push(`--set ${setting}: give a setting and its value, as in server.cpu=1024`);
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      problems.push((error as Error).message);
      return undefined;
    }
  };
  const secrets = secret.flatMap((given) => attempt(() => readSecret(String(given))) ?? []);
  const issuer = values.issuer === undefined ? undefined : attempt(() => readIssuerFile(String(values.issuer)));
  if (problems.length > 0) throw new UsageError(`${problems.join("\n")}\n\n${usage}`);
  return { detach: detach === true, port, set: settings, secrets, issuer };
}

/** Never the value itself: every user of the machine sees the words of a command. */
function readSecret(given: string): { key: string; value: string } {
  const [, key = "", file = ""] = /^([^=]+)=(.+)$/.exec(given) ?? [];
  if (!key) throw new Error("--secret: give a setting and the file that holds its value, as in oidcClientSecret=FILE");
  try {
    return { key, value: readFileSync(file === "-" ? 0 : file, "utf8").trimEnd() };
  } catch (error) {
    throw new Error(`--secret ${key}: ${(error as Error).message}`, { cause: error });
  }
}
