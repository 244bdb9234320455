import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { paths, root } from "../paths";

/** The engine's own folder: its plugins and which stack is selected. Nothing that cannot be made again. */
export const pulumiHome = join(paths.cache, "pulumi");

/** The environment in which the engine stays on this machine and finds what belongs to this checkout. */
export function engineEnvironment(): Record<string, string> {
  const inherited = { ...(process.env as Record<string, string>) };
  delete inherited.PULUMI_ACCESS_TOKEN;
  return {
    // State in files, unless the caller says where.
    PULUMI_BACKEND_URL: process.env.PULUMI_BACKEND_URL ?? stateFolder(),
    ...passphrase(),
    ...inherited,
    PATH: [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
    PULUMI_HOME: pulumiHome,
    // Node keeps what it compiled of the SDK's thousand files: programs, packs and plugins load them every time.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(paths.cache, "node"),
    // Plugins only from where linkPlugins puts them. A plugin on PATH works too, but the engine warns of each.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    // A program may ask for an older provider than ours: any that is not newer will do.
    PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    // No credentials here to protect, and no key ring to ask for.
    PULUMI_CREDENTIAL_STORE: "plaintext",
  };
}

function stateFolder(): string {
  const folder = join(paths.state, "pulumi");
  mkdirSync(paths.state, { recursive: true });
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  return pathToFileURL(folder).href;
}

/** The passphrase of the stacks' secrets, made once for this machine. */
function passphrase(): Record<string, string> {
  if (process.env.PULUMI_CONFIG_PASSPHRASE !== undefined || process.env.PULUMI_CONFIG_PASSPHRASE_FILE) return {};
  const file = join(paths.state, "passphrase");
  if (!existsSync(file)) {
    mkdirSync(paths.state, { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, randomBytes(24).toString("base64url"), { mode: 0o600 });
    renameSync(unfinished, file);
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}
