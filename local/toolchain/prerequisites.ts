import { existsSync } from "node:fs";
import { CommandFailed, run } from "./command";
import { machinePrograms, which } from "./machine";

/** A program that the machine must have: the toolchain cannot get it from a package registry. */
export interface Prerequisite {
  name: string;
  why: string;
  /** How a person gets it, on any distribution. */
  get: string;
  /** Debian packages that bring it. Absent where Debian's are too old. */
  debian?: string[];
  /** What is wrong, or undefined when all is well. */
  problem(): Promise<string | undefined>;
}

function onPath(program: string, why: string, debianPackage: string): Prerequisite {
  return {
    name: program,
    why,
    get: `install your distribution's ${debianPackage}`,
    debian: [debianPackage],
    problem: async () => (which(program) ? undefined : "not found on PATH"),
  };
}

/** True when version `a` is at least `b`; both dotted numbers. */
export function atLeast(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split(".").map((part) => Number.parseInt(part, 10)));
  for (const [index, part] of (right ?? []).entries()) {
    const difference = (left?.[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Go 1.21 fetches a newer Go by itself as modules ask for one (go.dev/doc/toolchain), unless GOTOOLCHAIN=local. */
const firstSelfUpdatingGo = "1.21";

export function go(version: string): Prerequisite {
  return {
    name: "Go",
    why: "builds the Pulumi engine and oauth2-proxy from their modules",
    get: `install Go ${version} or newer: https://go.dev/doc/install`,
    problem: async () => {
      if (!which("go")) return "go not found on PATH";
      const [found = "", toolchain] = (await run("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { cwd: "/" })).split("\n");
      const installed = found.replace(/^go/, "");
      const enough = toolchain === "local" ? version : firstSelfUpdatingGo;
      if (atLeast(installed, enough)) return undefined;
      return `found ${installed}${toolchain === "local" ? " with GOTOOLCHAIN=local" : ""}, needed ${enough} or newer`;
    },
  };
}

const oldestPython = "3.10";
/** Prefect 3.8 says `Requires-Python: >=3.10,<3.15`. */
const firstTooNewPython = "3.15";

/** The first Python that is new enough and can make virtual environments; else what is wrong with each. */
export async function findPython(): Promise<{ python: string } | { problem: string }> {
  const problems: string[] = [];
  for (const name of ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"]) {
    const python = which(name);
    if (!python) continue;
    try {
      const check = "import sys; print('%d.%d' % sys.version_info[:2]); import venv, ensurepip";
      const version = (await run(python, ["-c", check])).trim();
      if (atLeast(version, oldestPython) && !atLeast(version, firstTooNewPython)) return { python };
      problems.push(`${python} is ${version}`);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      problems.push(`${python} cannot make virtual environments`);
    }
  }
  return { problem: problems.length > 0 ? problems.join(", ") : "python3 not found on PATH" };
}

export const python: Prerequisite = {
  name: `Python >= ${oldestPython} and < ${firstTooNewPython} with venv`,
  why: "runs the Prefect server; pip brings nginx",
  get: "install your distribution's python3 and python3-venv",
  debian: ["python3", "python3-venv"],
  problem: async () => {
    const found = await findPython();
    return "problem" in found ? found.problem : undefined;
  },
};

/**
 * Whether this process may make the namespaces of the local cloud. An ordinary user needs the kernel's leave for user
 * namespaces (user_namespaces(7)), which some distributions withhold, and so do container runtimes.
 */
const namespaceRights: Prerequisite = {
  name: "the right to make network and mount namespaces",
  why: "the local cloud and each of its tasks has a network and a root of its own",
  get:
    "on Ubuntu 24.04 and later: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0; " +
    "on others: sudo sysctl user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1 (what of it there is); " +
    "inside a container: run that one with --privileged",
  problem: () => problemInNamespaces(["true"]),
};

/** nf_tables with what local/cloud/network/ruleset.ts uses of it; the kernel loads modules by itself for root only. */
const packetFilter: Prerequisite = {
  name: "nftables in the kernel",
  why: "security groups are its rules",
  get: "sudo modprobe -a nf_tables nft_ct nft_nat; inside a container: on the machine that runs it",
  problem: async () => {
    const nft = which("nft");
    if (!nft) return undefined; // Named by itself.
    const rules =
      "add table ip t; add chain ip t c { type nat hook input priority 100; }; add rule ip t c ct state new";
    return problemInNamespaces([nft, rules]);
  },
};

/** What is wrong with a command in namespaces such as the local cloud's. */
async function problemInNamespaces(command: string[]): Promise<string | undefined> {
  const unshare = which("unshare");
  if (!unshare) return undefined; // Named by itself.
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const tried = run(unshare, [...asRoot, "--net", "--mount", "--pid", "--fork", "--mount-proc", "--", ...command]);
  return tried.then(
    () => undefined,
    (error: Error) => error.message.split("\n").at(-1)?.trim(),
  );
}

export const namespaces: Prerequisite[] = [
  ...Object.entries(machinePrograms).map(([program, { why, debian }]) => onPath(program, why, debian)),
  packetFilter,
  namespaceRights,
];

export const chromium = onPath("chromium", "the browser of the end-to-end tests", "chromium");

export class PrerequisitesMissing extends Error {}

/** Debian (or Ubuntu) as root: missing packages can be installed without asking anyone. */
const canInstallPackages = () => existsSync("/etc/debian_version") && process.getuid?.() === 0 && which("apt-get");

/**
 * Checks all prerequisites; installs what Debian packages can bring where the process is root on Debian.
 * @throws PrerequisitesMissing naming every one that is still missing, why it is needed and how to get it
 */
export async function requirePrerequisites(wanted: Prerequisite[], onProgress: (line: string) => void): Promise<void> {
  let missing = await findMissing(wanted);
  const packages = [...new Set(missing.flatMap(({ prerequisite }) => prerequisite.debian ?? []))];
  if (packages.length > 0 && canInstallPackages()) {
    onProgress(`installing Debian packages: ${packages.join(" ")}`);
    try {
      await run("apt-get", ["update", "-q"]);
      const flags = ["install", "-q", "-y", "--no-install-recommends"];
      await run("apt-get", [...flags, ...packages], { env: { DEBIAN_FRONTEND: "noninteractive" } });
    } catch (error) {
      onProgress((error as Error).message);
    }
    missing = await findMissing(wanted);
  }
  if (missing.length === 0) return;
  const entries = new Set(
    missing.map(
      ({ prerequisite: { name, why, get }, problem }) =>
        `  ${name}: ${problem}\n    needed: ${why}\n    to get it: ${get}`,
    ),
  );
  throw new PrerequisitesMissing(`this machine lacks programs that are needed\n${[...entries].join("\n")}`);
}

async function findMissing(wanted: Prerequisite[]) {
  const checked = await Promise.all(
    wanted.map(async (prerequisite) => ({ prerequisite, problem: await prerequisite.problem() })),
  );
  return checked.filter((entry): entry is typeof entry & { problem: string } => entry.problem !== undefined);
}
