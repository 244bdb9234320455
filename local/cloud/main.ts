/**
 * The local cloud's daemon. front-process.ts starts it in network, mount and process namespaces of its own, with an
 * empty network; it ends in order when its stdin closes, and the kernel ends everything it started with it.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setDefaultCACertificates } from "node:tls";
import { paths } from "../paths";
import { CertificateAuthority } from "./certificates";
import type { CloudContext, CloudPart } from "./context";
import type { CloudResource } from "./contract";
import { ControlApi } from "./control-api";
import { DnsRecords } from "./dns-records";
import { Edge } from "./edge/edge";
import { Ecs } from "./ecs/ecs";
import { IamPolicies } from "./iam-policies";
import { Identity } from "./identity/identity";
import { LoadBalancing } from "./load-balancer/load-balancing";
import { HostsFile } from "./network/names";
import { Vpc } from "./network/vpc";
import { readPrograms } from "./programs";
import { Rds } from "./rds/rds";
import { Registry } from "./registry";
import { run } from "./tools";

async function main(): Promise<void> {
  process.umask(0o022);
  const stateDir = join(paths.state, "cloud");
  const [tasksDir, trustDirectory] = [join(paths.run, "tasks"), join(paths.run, "trust")];
  for (const directory of [stateDir, paths.run, paths.logs]) {
    mkdirSync(directory, { recursive: true, mode: 0o711 });
    chmodSync(directory, 0o711);
  }
  rmSync(tasksDir, { recursive: true, force: true });

  const registry = new Registry(join(stateDir, "resources.json"));
  const vpc = new Vpc(registry, stateDir);
  const names = new HostsFile(join(paths.run, "hosts"), (address) => vpc.isPublic(address));
  await run("mount", ["--bind", names.path, "/etc/hosts"]);
  await vpc.start();
  const [certificates, databaseAuthority] = await Promise.all([
    CertificateAuthority.open(join(stateDir, "certificates"), "Local cloud certificate authority"),
    CertificateAuthority.open(join(stateDir, "database-certificates"), "Local cloud RDS certificate authority"),
  ]);
  writeFileSync(paths.ca, certificates.ca);
  await makeTrustDirectory(trustDirectory);
  setDefaultCACertificates([certificates.ca]);

  const context: CloudContext = {
    world: registry,
    names,
    certificates,
    stateDir,
    addAddress: (owner, subnetIds) => vpc.addAddress(owner, subnetIds),
    releaseAddress: (owner) => vpc.releaseAddress(owner),
    guard: (address, groupIds, subnetIds) => vpc.guard(address, groupIds, subnetIds),
    log,
  };
  const programs = () => readPrograms(paths.toolchain);
  const places = { tasksDir, logsDir: paths.logs, hostsFile: names.path, trustDirectory };

  const targetGroups = new LoadBalancing(context);
  const identity = new Identity(context);
  const rds = new Rds({ ...places, context, authority: databaseAuthority, programs });
  const ecs = new Ecs({ ...places, world: registry, vpc, targetGroups, programs, log }, stateDir);
  const edge = new Edge(context, { port: Number(process.env.LOCAL_CLOUD_PORT ?? 8443) });
  const { securityGroups } = vpc;
  const parts: CloudPart[] = [
    ...[new IamPolicies(), securityGroups, new DnsRecords(registry, names, log)],
    ...[targetGroups, identity, rds, ecs],
  ];
  const api = new ControlApi({
    registry,
    parts,
    status: () => ({
      services: ecs.services(),
      loadBalancers: loadBalancers(registry, names),
      publicHosts: names.outside(),
    }),
    createUser: (user) => identity.createUser(user),
    createIssuer: (issuer) => identity.createIssuer(issuer),
    log,
  });

  process.stdin.once("end", () => void stop());
  process.stdin.once("error", () => void stop());
  process.stdin.resume();
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    log("stopping");
    // Tasks first: they may still have something to say to the database.
    for (const part of [ecs, targetGroups, identity, rds])
      await part.close().catch((error: Error) => log(String(error.stack)));
    await Promise.all([api.close(), edge.close()]);
    process.exit(0);
  };

  await rds.start();
  await identity.start();
  await edge.listen(paths.edgeSocket);
  await restore(registry, parts, ecs);
  await api.listen(paths.cloudSocket);
  log("ready");
}

/**
 * What was declared before comes up again, in the order in which it was first declared; what refers to something that was
 * declared after it, by a later update, when that is there.
 */
async function restore(registry: Registry, parts: readonly CloudPart[], ecs: CloudPart): Promise<void> {
  let waiting = registry.everything();
  for (;;) {
    const refused = new Map<CloudResource, string>();
    for (const resource of waiting) {
      const { type, id } = resource;
      const part = parts.find((each) => each.handles(type));
      const put = part?.put(resource).catch(({ message }: Error) => {
        if (part === ecs) log(`${type} ${id}: ${message}`);
        else refused.set(resource, message);
      });
      // A service may wait until it is steady; what it waits for comes later.
      if (part !== ecs) await put;
    }
    if (refused.size === waiting.length || refused.size === 0) {
      for (const [{ type, id }, message] of refused) log(`${type} ${id}: ${message}`);
      return;
    }
    waiting = [...refused.keys()];
  }
}

function loadBalancers(registry: Registry, names: HostsFile): { name: string; hosts: string[] }[] {
  const declared = [
    ...registry.all("aws:lb/loadBalancer:LoadBalancer"),
    ...registry.all("aws:alb/loadBalancer:LoadBalancer"),
  ];
  return declared.map(({ properties }) => {
    const [address] = names.lookup(String(properties.dnsName));
    return {
      name: String(properties.name),
      hosts: names.all().filter((name) => address && names.lookup(name).includes(address)),
    };
  });
}

/** What containers have as /etc/ssl/certs: whatever is public in here is signed by the local authority, and nothing else. */
async function makeTrustDirectory(directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const hash = (await run("openssl", ["x509", "-in", paths.ca, "-noout", "-subject_hash"])).trim();
  for (const name of ["ca-certificates.crt", `${hash}.0`]) writeFileSync(join(directory, name), readFileSync(paths.ca));
}

function log(line: string): void {
  console.log(`${new Date().toISOString()} ${line}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error);
  process.exit(1);
});
