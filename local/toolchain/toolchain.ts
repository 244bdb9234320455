import { goInstallation, goVersionOf } from "./go-module";
import { type Installation, install, isInstalled } from "./install";
import { nginxInstallation } from "./nginx";
import { postgresInstallation } from "./postgres";
import { chromium, go, namespaces, type Prerequisite, python, requirePrerequisites } from "./prerequisites";
import { type Toolchain, writePrograms } from "./programs";
import { goForPulumi, pulumiInstallation } from "./pulumi";
import { venvInstallation } from "./python-venv";
import { versions } from "./versions";

interface Tool {
  /** Programs that must be on the machine to use it. */
  toUse?: Prerequisite[];
  /** Programs that must be on the machine to make it. */
  toMake?: Prerequisite[];
  installation?: Installation;
  /** Tools of one lane are made one after another: a Go build takes every core it gets. @default "download" */
  lane?: "build" | "download";
}

const oauth2Proxy = goInstallation({
  name: "oauth2-proxy",
  version: versions.oauth2Proxy,
  package: "github.com/oauth2-proxy/oauth2-proxy/v7",
  versionVariable: "github.com/oauth2-proxy/oauth2-proxy/v7/pkg/version.VERSION",
  title: `oauth2-proxy ${versions.oauth2Proxy}: building (about a minute)`,
});

const prefect = venvInstallation("prefect", `prefect ${versions.prefect}: installing (about a minute)`);
const botocore = venvInstallation("botocore", `botocore ${versions.botocore}: installing the models of AWS's services`);

const tools = {
  pulumi: { installation: pulumiInstallation, toMake: [goForPulumi], lane: "build" },
  "oauth2-proxy": { installation: oauth2Proxy, toMake: [go(goVersionOf("oauth2-proxy"))], lane: "build" },
  prefect: { installation: prefect, toMake: [python] },
  nginx: { installation: nginxInstallation, toMake: [python] },
  postgres: { installation: postgresInstallation },
  botocore: { installation: botocore, toMake: [python] },
  namespaces: { toUse: namespaces },
  chromium: { toUse: [chromium] },
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

/** What a command needs: `preview` the engine, `run` a stack on this machine, `all` the tests as well. */
export const purposes = {
  preview: ["pulumi"],
  run: ["pulumi", "oauth2-proxy", "prefect", "nginx", "postgres", "namespaces"],
  all: Object.keys(tools) as ToolName[],
} satisfies Record<string, ToolName[]>;

export type Purpose = keyof typeof purposes;

/** Builds or downloads failed; the message has the last lines of each. */
export class ToolchainFailed extends Error {}

/**
 * Finds or installs the tools and writes `.local/toolchain/programs.json`. When all is there it costs a few file reads.
 *
 * @param wanted a purpose, or tools by name
 * @param onProgress one line at a time, for a person; passing: what is being made now, until the next line
 * @throws PrerequisitesMissing before anything is installed, with every program that the machine lacks
 * @throws ToolchainFailed with the last lines of each build or download that failed twice
 */
export async function ensureToolchain(
  wanted: Purpose | readonly ToolName[],
  onProgress: (line: string, passing?: boolean) => void,
): Promise<Toolchain> {
  const names: readonly ToolName[] = typeof wanted === "string" ? purposes[wanted] : wanted;
  const chosen = names.map((name): Tool => tools[name]);
  const unmade = chosen.filter(({ installation }) => installation && !isInstalled(installation));
  const prerequisites = [...chosen.flatMap(({ toUse = [] }) => toUse), ...unmade.flatMap(({ toMake = [] }) => toMake)];
  await requirePrerequisites(prerequisites, onProgress);

  const lanes = ["build", "download"].map((name) => unmade.filter(({ lane = "download" }) => lane === name));
  const underWay = new Set<string>();
  const make = async (installation: Installation) => {
    underWay.add(installation.name);
    try {
      await install(installation, (line) => onProgress(line));
    } finally {
      underWay.delete(installation.name);
      if (underWay.size > 0) onProgress(`making ${[...underWay].join(", ")}`, true);
    }
  };
  const outcomes = await Promise.allSettled(
    lanes.map(async (lane) => {
      for (const { installation } of lane) if (installation) await make(installation);
    }),
  );
  const failures = outcomes.filter((outcome) => outcome.status === "rejected").map(({ reason }) => reason as Error);
  if (failures.length > 0) throw new ToolchainFailed(failures.map(({ message }) => message).join("\n"));
  return writePrograms();
}
