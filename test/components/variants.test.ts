import assert from "node:assert/strict";
import { System, type SystemArgs } from "../../components/system";
import { variants } from "../support/variants";
import { build, type World } from "../support/world";

interface Action {
  type: string;
  targetGroupArn?: string;
  fixedResponse?: { messageBody: string; contentType: string };
  authenticateCognito?: { onUnauthenticatedRequest: string };
  authenticateOidc?: { onUnauthenticatedRequest: string };
}
type Condition = Record<string, { values: string[]; httpHeaderName?: string }>;
interface Rule {
  name: string;
  priority?: number;
  conditions: Condition[];
  actions: Action[];
}

/** The rules of the public HTTPS listener and its default, and of the port that only redirects. */
function publicRules(world: World): Rule[] {
  const listeners = world.all("aws:lb/listener:Listener").filter(({ name }) => name.startsWith("prefect-lb-"));
  assert.equal(listeners.length, 2);
  const rules = world
    .all("aws:lb/listenerRule:ListenerRule")
    .filter(({ inputs }) => listeners.some(({ name }) => inputs.listenerArn.endsWith(`:${name}`)))
    .map(({ name, inputs }) => ({ name, ...(inputs as Omit<Rule, "name">) }));
  const defaults = listeners.map(({ name, inputs }) => ({ name, conditions: [], actions: inputs.defaultActions }));
  return [...rules, ...defaults];
}

function targetPort(world: World, { targetGroupArn = "" }: Action): number {
  const name = targetGroupArn.split(":").at(-1);
  return world.only("aws:lb/targetGroup:TargetGroup", name).inputs.port as number;
}

/** Whether an action asks who it is, and lets nobody past whom it does not know. */
function asks({ type, authenticateCognito, authenticateOidc }: Action): boolean {
  if (type === "jwt-validation") return true;
  const settings = authenticateCognito ?? authenticateOidc;
  return settings !== undefined && ["authenticate", "deny"].includes(settings.onUnauthenticatedRequest);
}

function hasCondition(rule: Rule, name: string, value: string): boolean {
  return rule.conditions.some(
    ({ httpHeader }) => httpHeader?.httpHeaderName === name && httpHeader.values[0] === value,
  );
}

interface Statement {
  Action: string | string[];
  Resource: string | string[];
}

function statementsOf(world: World, task: string): Statement[] {
  return JSON.parse(world.only("aws:iam/rolePolicy:RolePolicy", `${task}-start`).inputs.policy).Statement;
}

/** Secrets that a task's execution role may read, without the characters that it leaves open. */
function readable(world: World, task: string): string[] {
  const reading = statementsOf(world, task).filter(({ Action }) => Action === "secretsmanager:GetSecretValue");
  return reading.flatMap(({ Resource }) => Resource).map((arn) => arn.slice(0, -"-??????".length));
}

/** Secrets that a task's containers name. */
function named(world: World, task: string): string[] {
  const containers = Object.values<{ secrets?: { valueFrom: string }[] }>(world.containers(`${task}-task`));
  const all = containers.flatMap(({ secrets = [] }) => secrets.map(({ valueFrom }) => valueFrom));
  return [...new Set(all.map((from) => from.replace(/:[^:]*::$/, "")))];
}

/** The longest prefix that the settings take. */
const longest = `/${"p".repeat(63)}`;

for (const { name, args } of variants) {
  describe(name, function () {
    // The AWS SDK is loaded on first use.
    this.timeout(20_000);
    let world: World;
    let preview: World;
    before(async () => {
      world = await build(() => new System("prefect", args));
      preview = await build(() => new System("prefect", args), { preview: true });
    });

    it("registers the same in a preview, where nothing that AWS computes is known", () => {
      const all = ({ resources }: World) => resources.map((one) => `${one.type} ${one.name} ${one.parent}`).sort();
      assert.deepEqual(all(preview), all(world));
    });

    it("has task definitions that are wholly known in a preview, and the same afterwards", () => {
      for (const task of ["prefect-server-task", "prefect-worker-task"]) {
        assert.deepEqual(preview.containers(task), world.containers(task));
      }
    });

    it("forwards to Prefect only after it has asked, and to nginx only what that asks itself", () => {
      const forwards = publicRules(world).flatMap((rule) =>
        rule.actions.map((action, index) => ({ rule, action, before: rule.actions.slice(0, index) })),
      );
      const toPrefect = forwards.filter(
        ({ action }) => action.type === "forward" && targetPort(world, action) === 4200,
      );
      const toNginx = forwards.filter(({ action }) => action.type === "forward" && targetPort(world, action) === 8080);
      // Pages, API; machines' tokens; own pages beside the machine credential.
      const albs = 2 + (args.machineTokens ? 1 : 0) + (args.workersEndpoint === "public" ? 1 : 0);
      assert.equal(toPrefect.length, args.access === "gateway" ? 0 : albs);
      for (const { rule, before } of toPrefect) assert.ok(before.some(asks), rule.name);
      assert.ok(toNginx.length > 0);
      for (const { rule, before } of args.access === "alb" ? toNginx : []) {
        const askedByGate = args.workersEndpoint === "public" && hasCondition(rule, "Authorization", "Basic *");
        assert.ok(before.some(asks) || askedByGate, rule.name);
      }
      const others = forwards.filter(({ action }) => action.type === "forward").length;
      assert.equal(others, toPrefect.length + toNginx.length);
    });

    it("takes requests for the domain alone, in rules of distinct priorities and of as many values as AWS takes", () => {
      const rules = publicRules(world).filter(({ priority }) => priority !== undefined);
      for (const rule of rules) {
        assert.deepEqual(rule.conditions[0]?.hostHeader?.values, [args.domain], rule.name);
        const values = rule.conditions.flatMap((condition) => Object.values(condition).flatMap((one) => one.values));
        // Elastic Load Balancing, "Quotas for your Application Load Balancers": values and wildcards of a rule.
        assert.ok(values.length <= 5, `${rule.name}: ${values.length} values`);
        assert.ok(values.join("").replace(/[^*?]/g, "").length <= 5, rule.name);
      }
      assert.equal(new Set(rules.map(({ priority }) => priority)).size, rules.length);
    });

    it("lets each task read exactly the secrets that its containers name, and starts anew when one changes", () => {
      for (const task of ["prefect-server", "prefect-worker"]) {
        // IAM refuses a statement without resources.
        for (const { Resource } of statementsOf(world, task)) assert.notEqual(Resource.length, 0);
        const secrets = readable(world, task);
        assert.deepEqual([...secrets].sort(), named(world, task).sort(), task);
        const versions = world.only("aws:ecs/service:Service", `${task}-service`).inputs.triggers.secrets as string;
        assert.deepEqual(
          versions.split(",").filter((version) => version !== ""),
          secrets.map((arn) => arn.split(":").at(-1)?.replace("-secret-0a1b2c3", "-version-1")),
        );
      }
    });

    it("leads to containers and ports that the task opens", () => {
      const containers = world.containers("prefect-server-task");
      const { loadBalancers } = world.only("aws:ecs/service:Service", "prefect-server-service").inputs;
      assert.equal(loadBalancers.length, world.all("aws:lb/targetGroup:TargetGroup").length);
      for (const { targetGroupArn, containerName, containerPort } of loadBalancers) {
        assert.deepEqual(containers[containerName].portMappings, [{ containerPort, protocol: "tcp" }]);
        assert.equal(targetPort(world, { type: "forward", targetGroupArn }), containerPort);
      }
    });

    it("parents every resource and begins its name with its parent's", () => {
      for (const { type, name, parent } of world.resources.filter((one) => one.name !== "prefect")) {
        assert.ok(parent, `${type} ${name} has no parent`);
        assert.ok(name === parent || name.startsWith(`${parent}-`), `${type} ${name} under ${parent}`);
      }
    });

    it("keeps names within what AWS takes with Pulumi's eight characters behind them", () => {
      for (const { type, name } of world.resources) {
        if (/^aws:lb\/(loadBalancer|targetGroup):/.test(type)) assert.ok(name.length <= 24, name);
        if (type === "aws:iam/role:Role") assert.ok(name.length <= 56, name);
      }
    });
  });
}

describe("The load balancer's rules", function () {
  this.timeout(20_000);
  const everyRule = variants.find(({ args }) => args.access === "alb" && args.workersEndpoint === "public")?.args;
  const gateway = variants.find(({ args }) => args.access === "gateway")?.args;
  before(() => {
    assert.ok(everyRule?.machineTokens && gateway, "no variant has every rule");
  });
  const built = (args: SystemArgs | undefined) => build(() => new System("prefect", args as SystemArgs));

  it("have other priorities with one access than with the other, so that one can follow on the other", async () => {
    const priorities = async (args: SystemArgs | undefined) =>
      publicRules(await built(args)).flatMap(({ priority = [] }) => priority);
    assert.deepEqual(await priorities(gateway), [100]);
    assert.deepEqual(
      (await priorities(everyRule)).sort((a, b) => a - b),
      [10, 15, 20, 30, 40, 50, 51, 52, 60, 70],
    );
  });

  it("answer by themselves with no more than AWS takes, below the longest prefix too", async () => {
    const world = await built({ ...(everyRule as SystemArgs), path: longest });
    const fixed = publicRules(world).flatMap(({ actions }) =>
      actions.flatMap(({ fixedResponse = [] }) => fixedResponse),
    );
    assert.equal(fixed.length, 5);
    assert.ok(fixed.some(({ messageBody }) => messageBody.includes(`href="${longest}/"`)));
    for (const { messageBody, contentType } of fixed) {
      // Elastic Load Balancing API Reference, FixedResponseActionConfig.
      assert.ok(Buffer.byteLength(messageBody) <= 1024, `${Buffer.byteLength(messageBody)} bytes: ${messageBody}`);
      assert.match(contentType, /^(text\/(plain|css|html)|application\/(javascript|json))$/);
    }
  });
});
