import { join } from "node:path";
import type { CloudPart } from "../context";
import type { CloudResource, ServiceStatus } from "../contract";
import { readJson, writeJson } from "../json-file";
import type { Runtime } from "./runtime";
import { Service } from "./service";
import { readService, type ServiceDefinition } from "./service-definition";
import { readTaskDefinition, type TaskDefinition } from "./task-definition";

const serviceType = "aws:ecs/service:Service";
const taskDefinitionType = "aws:ecs/taskDefinition:TaskDefinition";
/** What may lead to a target group. */
const leadingTypes = ["lb", "alb"].flatMap((module) => [
  `aws:${module}/listener:Listener`,
  `aws:${module}/listenerRule:ListenerRule`,
]);

/** How long tasks get when the whole cloud goes down: a person waits for it. On AWS their own stop timeouts rule. */
const shutDownGraceSec = 10;

/** ECS with the Fargate launch type. */
export class Ecs implements CloudPart {
  readonly #runtime: Runtime;
  readonly #services = new Map<string, { service: Service; properties: string }>();
  /** Every revision by ARN: a deregistered one stays usable by the services that have it. */
  readonly #revisions: Record<string, CloudResource>;
  readonly #revisionsFile: string;

  constructor(runtime: Runtime, stateDir: string) {
    this.#runtime = runtime;
    this.#revisionsFile = join(stateDir, "task-definitions.json");
    this.#revisions = readJson<Record<string, CloudResource>>(this.#revisionsFile) ?? {};
  }

  handles(type: string): boolean {
    return type === serviceType || type === taskDefinitionType;
  }

  async put(resource: CloudResource): Promise<Record<string, unknown>> {
    if (resource.type === taskDefinitionType) {
      const { arn } = readTaskDefinition(resource);
      this.#revisions[arn] = resource;
      this.#saveRevisions();
      return {};
    }
    const definition = readService(resource);
    const taskDefinition = this.#findTaskDefinition(definition.taskDefinitionArn);
    const properties = JSON.stringify(resource.properties);
    const known = this.#services.get(resource.id);
    this.#refuseUnused(definition, known?.service.definition);
    if (known) {
      known.service.update(
        definition,
        taskDefinition,
        definition.forceNewDeployment && known.properties !== properties,
      );
      known.properties = properties;
    } else {
      this.#services.set(resource.id, { service: new Service(this.#runtime, definition, taskDefinition), properties });
    }
    if (definition.waitForSteadyState) await this.#services.get(resource.id)?.service.untilSteady();
    return {};
  }

  async remove({ type, id }: CloudResource): Promise<void> {
    if (type !== serviceType) return;
    const known = this.#services.get(id);
    this.#services.delete(id);
    await known?.service.close();
    this.#saveRevisions();
  }

  services(): ServiceStatus[] {
    return [...this.#services.values()].map(({ service }) => service.status());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#services.values()].map(({ service }) => service.shutDown(shutDownGraceSec)));
  }

  /** A listener or a rule has to lead to a target group before a service gets it (aws/aws-cdk#1160). */
  #refuseUnused({ loadBalancers }: ServiceDefinition, before: ServiceDefinition | undefined): void {
    const leading = leadingTypes.flatMap((type) => this.#runtime.world.all(type));
    const used = JSON.stringify(leading.map(({ properties }) => properties));
    const had = before?.loadBalancers.map(({ targetGroupArn }) => targetGroupArn) ?? [];
    for (const { targetGroupArn } of loadBalancers) {
      if (used.includes(JSON.stringify(targetGroupArn)) || had.includes(targetGroupArn)) continue;
      throw new Error(
        `InvalidParameterException: The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
      );
    }
  }

  #findTaskDefinition(arn: string): TaskDefinition {
    const newestOfFamily = Object.values(this.#revisions).findLast(({ properties }) => properties.family === arn);
    const revision = this.#revisions[arn] ?? newestOfFamily;
    if (!revision) throw new Error(`ClientException: Unable to describe task definition: ${arn}`);
    return readTaskDefinition(revision);
  }

  /** Forgets revisions that are neither declared any more nor in use. */
  #saveRevisions(): void {
    const inUse = new Set([...this.#services.values()].map(({ service }) => service.definition.taskDefinitionArn));
    const declared = this.#runtime.world.all(taskDefinitionType).map(({ properties }) => String(properties.arn));
    const kept = new Set([...inUse, ...declared]);
    const newest = Object.keys(this.#revisions).at(-1);
    for (const arn of Object.keys(this.#revisions)) if (!kept.has(arn) && arn !== newest) delete this.#revisions[arn];
    writeJson(this.#revisionsFile, this.#revisions);
  }
}
