import { daemonPid } from "./front";
import type { TaskStatus } from "./contract";
import { requireProgram } from "./tools";

/**
 * A command line that runs a program of this machine inside the VPC: with this machine's files, the local cloud's
 * /etc/hosts and the network of that task, so that security groups take it for the task. What a bastion host is for on
 * AWS, or ECS Exec.
 *
 * @param directory the program's working directory
 * @param daemon process id of the local cloud's daemon
 * @throws Error when no local cloud runs
 */
export function insideTask(
  { networkPid }: Pick<TaskStatus, "networkPid">,
  command: readonly string[],
  directory: string,
  daemon = daemonPid(),
): [string, ...string[]] {
  // An ordinary user's cloud is in a user namespace, in which that user is root already.
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--preserve-credentials"];
  // Two steps: the task's process has its id inside only.
  const cloud = [`--target=${daemon}`, ...asRoot, "--mount", "--pid", "--net", "--"];
  const task = [requireProgram("nsenter"), `--net=/proc/${networkPid}/ns/net`, "--"];
  const there = [requireProgram("sh"), "-c", 'cd "$0" && exec "$@"', directory];
  return [requireProgram("nsenter"), ...cloud, ...task, ...there, ...command];
}
