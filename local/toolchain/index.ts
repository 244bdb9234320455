import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paths, root } from "../paths";
import { type GoTool, goBinary, goInstallation, goVersionOf } from "./go-module";
import { type Installation, install, isInstalled } from "./install";
import { nginxBinary, nginxInstallation, nginxRoot } from "./nginx";
import { postgresBin, postgresInstallation } from "./postgres";
import { chromium, go, namespaces, type Prerequisite, python, requirePrerequisites, which } from "./prerequisites";
import { installedPulumi } from "./installed-pulumi";
import { venvDirectory, venvInstallation } from "./python-venv";
import { versions } from "./versions";

/** Absolute paths of the local stack's programs. */
export interface Toolchain {
  pulumi: string;
  /** Node 24, whatever the machine's own is. */
  node: string;
  oauth2Proxy: string;
  nginx: string;
  /** What an image has in /etc/nginx: holds mime.types. */
  nginxRoot: string;
  /** Virtual environment: bin/prefect, bin/python. */
  prefectVenv: string;
  /** Directory of postgres, initdb and pg_ctl. */
  postgresBin: string;
  /** Only where the tests asked for it or the machine has it. */
  chromium?: string;
}

const pulumi: GoTool = {
  name: "pulumi",
  version: versions.pulumi,
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  versionVariable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
  title: `Pulumi ${versions.pulumi}: building (about 4 minutes on 2 cores)`,
};

const oauth2Proxy: GoTool = {
  name: "oauth2-proxy",
  version: versions.oauth2Proxy,
  package: "github.com/oauth2-proxy/oauth2-proxy/v7",
  versionVariable: "github.com/oauth2-proxy/oauth2-proxy/v7/pkg/version.VERSION",
  title: `oauth2-proxy ${versions.oauth2Proxy}: building (about a minute)`,
};

interface Tool {
  /** Programs that must be on the machine to make it. */
  toMake: Prerequisite[];
  /** Programs that must be on the machine to use it. */
  toUse: Prerequisite[];
  installation?: Installation;
  /** Tools of one lane are made one after another: a Go build takes every core it gets. */
  lane?: "build" | "download";
}

/** Every tool that a caller can ask for; what it is for stands in the prerequisites and installations. */
const tools = {
  // First, since its build is the longest.
  pulumi: () =>
    installedPulumi() ? uses() : { toMake: [go(goVersionOf("pulumi"))], toUse: [], installation: goInstallation(pulumi), lane: "build" },
  "oauth2-proxy": () => ({
    toMake: [go(goVersionOf("oauth2-proxy"))],
    toUse: [],
    installation: goInstallation(oauth2Proxy),
    lane: "build",
  }),
  prefect: () => ({
    toMake: [python],
    toUse: [],
    installation: venvInstallation("prefect", `Prefect ${versions.prefect}: installing (about a minute)`),
    lane: "download",
  }),
  nginx: () => ({ toMake: [python], toUse: [], installation: nginxInstallation, lane: "download" }),
  postgres: () => ({ toMake: [], toUse: [], installation: postgresInstallation, lane: "download" }),
  namespaces: () => uses(...namespaces),
  chromium: () => uses(chromium),
} satisfies Record<string, () => Tool>;

function uses(...toUse: Prerequisite[]): Tool {
  return { toMake: [], toUse };
}

export type ToolName = keyof typeof tools;

export const toolNames = Object.keys(tools) as ToolName[];

/** What `npm start` needs: everything but the tests' browser. */
export const stackTools = toolNames.filter((name) => name !== "chromium");

const programsFile = join(paths.toolchain, "programs.json");

/**
 * Finds or installs the tools and writes `.local/toolchain/programs.json`. When all is there it costs a few file reads.
 * @param onProgress one line at a time, for a person
 * @throws PrerequisitesMissing before anything is installed, with every program that the machine lacks
 * @throws CommandFailed with the last lines of the build or download that failed twice
 */
export async function ensureToolchain(wanted: readonly ToolName[], onProgress: (line: string) => void): Promise<Toolchain> {
  const chosen = wanted.map((name): Tool => tools[name]());
  const unmade = chosen.filter(({ installation }) => installation && !isInstalled(installation));
  const prerequisites = [...chosen.flatMap(({ toUse }) => toUse), ...unmade.flatMap(({ toMake }) => toMake)];
  const distinct = new Map(prerequisites.map((prerequisite) => [prerequisite.name + prerequisite.get, prerequisite]));
  await requirePrerequisites([...distinct.values()], onProgress);

  const lanes = Map.groupBy(unmade, ({ lane }) => lane);
  const outcomes = await Promise.allSettled(
    [...lanes.values()].map(async (lane) => {
      for (const { installation } of lane) if (installation) await install(installation, onProgress);
    }),
  );
  const failures = outcomes.filter((outcome) => outcome.status === "rejected").map(({ reason }) => reason as Error);
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures, failures.map(({ message }) => message).join("\n"));
  return writePrograms(wanted);
}

/** Keeps what earlier calls found: a caller asks only for the tools that it uses. */
function writePrograms(wanted: readonly ToolName[]): Toolchain {
  const before = existsSync(programsFile) ? readFileSync(programsFile, "utf8") : "";
  const browser = which("chromium");
  const programs: Toolchain = {
    pulumi: installedPulumi() ?? goBinary("pulumi"),
    node: join(root, "node_modules", ".bin", "node"),
    oauth2Proxy: goBinary("oauth2-proxy"),
    nginx: wanted.includes("nginx") ? nginxBinary() : "",
    nginxRoot,
    prefectVenv: venvDirectory("prefect"),
    postgresBin,
    ...(browser && { chromium: browser }),
  };
  const text = `${JSON.stringify(programs, null, 2)}\n`;
  if (text !== before) {
    mkdirSync(paths.toolchain, { recursive: true });
    writeFileSync(`${programsFile}.${process.pid}`, text);
    renameSync(`${programsFile}.${process.pid}`, programsFile);
  }
  return programs;
}
