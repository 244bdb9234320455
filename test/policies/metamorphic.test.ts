import assert from "node:assert/strict";
import { judge } from "../../policies/graph/judge";
import { corpus } from "./cases/corpus";
import { isTriedNow } from "./support/amount";
import { beside, renamed, withSeparateRules, withTwins, withUnknown, wrapped } from "./support/rewritten";
import { asResources, type Declared, type Form, type Registered, register } from "./support/stack";

const cases = Object.values(corpus).flatMap((group) => Object.entries(group));
const forms = ["preview", "finished"] satisfies Form[];

type Verdict = ReturnType<typeof judge>["verdict"];
const verdictOf = (registered: readonly Registered[], trusted: readonly string[] = []): Verdict =>
  judge(asResources(registered), trusted).verdict;

/** Trust by URN goes with the name; a range out of a component may be anybody's while it is not known. */
const excused: ReadonlySet<string> = new Set([
  ...["a resource that is not read and trusted", "a VPC origin for a distribution that is trusted"],
  ...["a range that is the VPC's", "a range that is the VPC's and not known in preview"],
]);

/** Where the verdict of a stack and of the same one rewritten differ. */
function differences(rewrite: (stack: readonly Declared[], form: Form) => readonly Registered[]): string[] {
  return cases.flatMap(([name, { stack, trusted }]) =>
    forms.flatMap((form) => {
      const [before, after] = [register(stack, form), rewrite(stack, form)].map((each) => verdictOf(each, trusted));
      return before === after || excused.has(name) ? [] : [`${name}, ${form}: ${before}, then ${after}`];
    }),
  );
}

describe(`the verdict on ${cases.length} stacks`, function () {
  this.timeout(60_000);

  const same: Readonly<Record<string, (stack: readonly Declared[], form: Form) => readonly Registered[]>> = {
    "with aws.alb for aws.lb": (stack, form) => register(withTwins(stack), form),
    "with rules of security groups as aws.ec2.SecurityGroupRule": (stack, form) =>
      register(withSeparateRules(stack, "rule"), form),
    "with rules of security groups as aws.vpc.SecurityGroupIngressRule": (stack, form) =>
      register(withSeparateRules(stack, "ingress"), form),
    "in the other order": (stack, form) => register(stack, form).reverse(),
    "with every resource in a component of its own": (stack, form) => wrapped(register(stack, form)),
    "under other names": (stack, form) => renamed(register(stack, form)),
    "beside an open stack of something else": (stack, form) => register([...stack, ...beside()], form),
  };
  for (const [how, rewrite] of Object.entries(same)) {
    it(`is the same ${how}`, () => assert.deepEqual(differences(rewrite), []));
  }

  it("never turns to accept when a value becomes unknown", () => {
    const turned = new Set<string>();
    let tried = 0;
    for (const [name, { stack, trusted }] of cases) {
      const finished = register(stack, "finished");
      // Of an address alone nothing but the port says what runs there.
      if (verdictOf(finished, trusted) === "accept" || name.startsWith("an address that is nothing")) continue;
      for (const { what, stack: hidden } of withUnknown(finished)) {
        if (saysWhatItIs.test(what) || linksByText.test(what) || !isTriedNow(tried++)) continue;
        if (verdictOf(hidden, trusted) === "accept") turned.add(`${what} (${name})`);
      }
    }
    assert.deepEqual([...turned], []);
    assert.ok(tried > 5_000, `${tried} values were hidden`);
  });
});

/**
 * What says that something is a Prefect server: where nothing else does, a stack in which it is unknown is accepted, or
 * every stack with an image of its own registry would be refused in preview.
 */
const saysWhatItIs =
  /containerDefinitions|Release (?:chart|values)|userData|sourceConfiguration|primaryContainer|LaunchSpecification|Version containers|templateBody|cloudrunv2|tags|kubernetes:(?:apps|core)\/v1:(?:Deployment|StatefulSet|DaemonSet|Pod) spec/;
/** What in these stacks links two resources by text alone, with no dependency that Pulumi would keep. */
const linksByText =
  /Integration integrationUri$|Record name$|Api body$|Function environment\b|servicediscovery\/service:Service name$|ecs\/service:Service serviceConnectConfiguration\b|DeploymentGroup loadBalancerInfo\b|ConfigMap data\b/;
