import { commandsOf, scriptOf } from "./shell";
import type { Container } from "./tasks";

/** What start scripts run that listens nowhere. */
const quiet = new Set([
  ...["printf", "echo", "cat", "tee", "base64", "envsubst", "sed", "awk", "grep", "cut", "tr", "head"],
  ...["mkdir", "chmod", "chown", "cp", "mv", "rm", "ln", "touch", "test", "[", "sleep"],
  ...["set", "export", "unset", "cd", "umask", "trap", "exit", "true", ":", "for"],
]);

/** Whether a container's start script runs more than this program and what listens nowhere, or may. */
export function runsOthers(container: Container, program: string): boolean {
  const script = scriptOf(container);
  if (script === undefined) return false;
  const commands = commandsOf(script, container);
  if (commands === undefined) return true;
  const names = commands.map(({ words: [first = ":"] }) => first.replace(/^.*\//, ""));
  return names.some((name) => name !== program && !quiet.has(name));
}
