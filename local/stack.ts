import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { CloudClient } from "./cloud/client";
import { diagnostics, UpdateProgress } from "./engine-output";
import { paths, root } from "./paths";
import { untilNoneIsLeft } from "./processes";
import { recover } from "./recovery";
import type { Say } from "./steps";

/** The outputs of index.ts that the local commands use. */
export interface StackOutputs {
  url: string;
  apiUrl: string;
  access: string;
  workerEnv: Record<string, string>;
}

export interface DeployArgs {
  cloud: CloudClient;
  /** `key=value` each, over the settings of Pulumi.local.yaml. */
  overrides: string[];
  /** Settings that are secrets. */
  secrets: readonly { key: string; value: string }[];
  /** The loopback port: the program reaches the local cloud's hosts by it. */
  port: number;
  say: Say;
  signal: AbortSignal;
}

const stack = "local";
const configFile = join(paths.state, `Pulumi.${stack}.yaml`);
/** How long an interrupted engine may take for what it is at. */
const interruptPatienceMs = 4000;
/** There while an update runs, and after one that did not come to its end. */
const unfinishedFile = join(paths.state, "update-unfinished");

/**
 * `pulumi up` of the stack `local`, policy pack and all, into the running local cloud.
 *
 * @throws with the engine's diagnostics when the program, the pack or the cloud refuses; with the signal's reason when
 *   it was aborted: the engine has ended then.
 */
export async function deployLocalStack(args: DeployArgs): Promise<void> {
  const { cloud, overrides, secrets, port, say, signal } = args;
  if (existsSync(unfinishedFile))
    await recover({ stack, backend: join(paths.state, "pulumi"), cloud, pulumi: runPulumi, say });
  signal.throwIfAborted();
  writeConfigFile(stack, configFile);
  for (const { key, value } of secrets) {
    // By stdin: every user of the machine sees the words of a command.
    await runPulumi(["config", "set", "--secret", key, "--config-file", configFile], value);
  }
  writeFileSync(unfinishedFile, "");
  const logFile = join(paths.logs, "pulumi-up.log");
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { mode: 0o600 });
  const up = startPulumi(
    [
      ...["up", "--config-file", configFile, "--policy-pack", join(root, "policies")],
      ...["--yes", "--non-interactive", "--color", "never", "--suppress-outputs"],
      ...overrides.flatMap((override) => ["--config", override]),
      ...(overrides.length > 0 ? ["--config-path"] : []),
    ],
    insideOf(port),
  );
  up.stdin.end();
  let hurry: NodeJS.Timeout | undefined;
  const interrupt = () => {
    up.kill("SIGINT");
    // Told twice, it drops what it waits for, a service's steady state for example: the next start sees to that.
    hurry = setTimeout(() => up.kill("SIGINT"), interruptPatienceMs);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  const ended = once(up, "close");
  const lines: string[] = [];
  const progress = new UpdateProgress();
  for (const stream of [up.stdout, up.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      log.write(`${line}\n`);
      const news = progress.read(line);
      if (news) say(news, true);
    });
  }
  const [exitCode, killedBy] = (await ended) as [number | null, NodeJS.Signals | null];
  signal.removeEventListener("abort", interrupt);
  clearTimeout(hurry);
  log.end();
  if (signal.aborted) {
    // The engine does not wait for what it has started.
    await untilNoneIsLeft(`LOCAL_CLOUD_SOCKET=${paths.cloudSocket}`, 10).catch(({ message }: Error) => say(message));
  }
  signal.throwIfAborted();
  if (killedBy) throw new Error(`pulumi up was ended by ${killedBy}; all that it said is in ${logFile}`);
  if (exitCode !== 0) throw new Error(`${diagnostics(lines)}\n\npulumi up failed; all that it said is in ${logFile}`);
  rmSync(unfinishedFile, { force: true });
}

export async function stackOutputs(): Promise<StackOutputs> {
  return JSON.parse(await runPulumi(["stack", "output", "--json", "--show-secrets"])) as StackOutputs;
}

/** @returns what it wrote to stdout. @throws Error with what it wrote to stderr */
async function runPulumi(args: string[], input = ""): Promise<string> {
  const child = startPulumi(args);
  child.stdin.on("error", () => {}); // It may end without reading.
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (child.exitCode !== 0) throw new Error(`pulumi ${args.slice(0, 2).join(" ")}: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}

/**
 * The local cloud is the internet of the program: what it fetches (an issuer's discovery document) comes from there,
 * whatever proxies this machine has for the real one. Node's own `fetch` heeds these since 24.0 (NODE_USE_ENV_PROXY).
 */
function insideOf(port: number): NodeJS.ProcessEnv {
  return {
    NODE_USE_ENV_PROXY: "1",
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
    // The engine and its plugins talk to each other there. Not localhost: that would hold for names below it too.
    NO_PROXY: "127.0.0.1",
    NODE_EXTRA_CA_CERTS: paths.ca,
  };
}

function startPulumi(args: string[], env: NodeJS.ProcessEnv = {}) {
  // A person's own Pulumi settings are for their own stacks: a backend, a passphrase, a token.
  const foreign = /^(PULUMI_.*|(https?|all|no|grpc|no_grpc)_proxy)$/i;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return spawn(join(root, "local", "pulumi"), [...args, "-C", root, "--stack", stack], {
    // A terminal's Ctrl-C reaches it from here only.
    detached: true,
    env: { ...Object.fromEntries(own), ...env, LOCAL_CLOUD_SOCKET: paths.cloudSocket },
  });
}

/**
 * Copies the committed settings of a stack, so that nothing done on this machine changes them. The engine keeps the salt
 * of the stack's encryption in the same file: what an earlier copy has of it stays.
 */
export function writeConfigFile(stackName: string, target: string): void {
  const committed = readFileSync(join(root, `Pulumi.${stackName}.yaml`), "utf8");
  const earlier = existsSync(target) ? readFileSync(target, "utf8") : "";
  const salt = /^encryptionsalt:.*\n?/m;
  const keptSalt = salt.test(committed) ? "" : (salt.exec(earlier)?.[0] ?? "");
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, keptSalt + committed, { mode: 0o600 });
}
