import assert from "node:assert/strict";
import fc from "fast-check";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { judge } from "../../policies/graph/judge";
import { types } from "../../policies/graph/types";
import { analyze, analyzeRegistered } from "./support/analyze";
import { seed, stacks } from "./support/amount";
import { behindGateway, gated, hidden } from "./support/pieces";
import { asResources, type Registered, unknown } from "./support/stack";

const source = join(__dirname, "../../policies");
const code = globSync("**/*.ts", { cwd: source, exclude: (name) => name === "node_modules" }).map((file) =>
  readFileSync(join(source, file), "utf8"),
);
/** Every property that the pack reads by name. */
const properties = [
  ...new Set(
    code.flatMap((text) =>
      [...text.matchAll(/(?:\.get|property|computed)\((?:\w+, )?"([\w.:/-]+)"\)/g)].map(([, name]) => name ?? ""),
    ),
  ),
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__getSpecialProxyTarget", "length"],
];
const kinds = [
  ...Object.values(types).flat(),
  ...["apps/v1:Deployment", "core/v1:Service", "core/v1:Pod", "networking.k8s.io/v1:Ingress", "helm.sh/v3:Release"].map(
    (kind) => `kubernetes:${kind}`,
  ),
  ...["gateway.networking.k8s.io/v1:HTTPRoute", "elbv2.k8s.aws/v1beta1:TargetGroupBinding"].map(
    (kind) => `kubernetes:${kind}`,
  ),
  ...[
    "aws:s3/bucket:Bucket",
    "gcp:cloudrunv2/service:Service",
    "awsx:ecs:FargateService",
    "a",
    "",
    ":::",
    "kubernetes:",
  ],
];

const long = fc
  .constantFrom("x", " ", "a.", "/", "env ", "helm ", "\n", "prefec ", "=", "(", "\\", "{", "$(", "--a ")
  .map((part) => part.repeat(100_000 / part.length));
/** The same inside what the pack reads as documents: a container's script, its nginx, its variables. */
const document = fc.tuple(long, long, long).map(([image, script, conf]) =>
  JSON.stringify([
    { name: "a", image, entryPoint: ["sh", "-c"], command: [script], environment: [{ name: "CONF", value: conf }] },
    { name: "b", image: "nginx", command: ["sh", "-c", `cat > /etc/nginx/nginx.conf <<E\n${conf}\nE\nnginx`] },
    { name: "c", image: "oauth2-proxy", command: [script, conf] },
  ]),
);
const leaf: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 1, arbitrary: fc.oneof({ weight: 1, arbitrary: document }, { weight: 9, arbitrary: fc.constant("[]") }) },
  {
    weight: 8,
    arbitrary: fc.constantFrom<unknown>(
      unknown,
      null,
      "",
      0,
      -1,
      65_536,
      1e300,
      true,
      false,
      "true",
      "443",
      "*",
      "0.0.0.0/0",
    ),
  },
  { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "arn:r0",
      "id:r1",
      "r2",
      "forward",
      "TCP",
      "network",
      "NONE",
      "{}",
      "[null, [], {}, 1]",
      '{"paths": {"/": {"get": 1}}}',
    ),
  },
  { weight: 1, arbitrary: long },
);
/** Objects and lists of what the pack looks for, filled with anything. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.array(tie("value"), { maxLength: 3 }) },
    {
      weight: 4,
      arbitrary: fc
        .uniqueArray(fc.tuple(fc.constantFrom(...properties), tie("value")), {
          maxLength: 5,
          selector: ([name]) => name,
        })
        .map((entries) => Object.fromEntries(entries)),
    },
  ),
}));

/** Resources that depend on one another and themselves in circles, and are one another's parents. */
const stack: fc.Arbitrary<Registered[]> = fc
  .array(
    fc.record({
      type: fc.constantFrom(...kinds),
      inputs: fc.dictionary(fc.constantFrom(...properties), value, { maxKeys: 8 }),
      outputs: fc.dictionary(fc.constantFrom(...properties, "id", "arn"), value, { maxKeys: 4 }),
      parent: fc.option(fc.nat(9), { nil: undefined, freq: 2 }),
      on: fc.array(fc.nat(9), { maxLength: 3 }),
      joins: fc.boolean(),
    }),
    { maxLength: 10 },
  )
  .map((all) => {
    const urn = (index: number): string => `urn:pulumi:dev::p::${all[index]?.type ?? "none"}::r${index}`;
    return all.map(({ type, inputs, outputs, parent, on, joins }, index) => ({
      type,
      name: `r${index}`,
      urn: urn(index),
      parent: parent === undefined ? undefined : urn(parent),
      inputs,
      outputs: { id: `id:r${index}`, arn: `arn:r${index}`, ...(joins ? inputs : {}), ...outputs },
      propertyDependencies: Object.fromEntries(Object.keys(inputs).map((name) => [name, on.map(urn)])),
    }));
  });

describe("stacks without Prefect, whatever is in them", function () {
  this.timeout(120_000);

  it(`are accepted without a word (${stacks / 10}, seed ${seed})`, () => {
    assert.ok(properties.length > 200, `${properties.length} properties are read`);
    fc.assert(
      fc.property(stack, (resources) => {
        const started = performance.now();
        assert.deepEqual(judge(asResources(resources)), { verdict: "accept", findings: [] });
        assert.ok(performance.now() - started < 5_000, "took longer than five seconds");
      }),
      { numRuns: stacks / 10, seed },
    );
  });

  it("are accepted by the policy server's own way as well", async () => {
    await fc.assert(
      fc.asyncProperty(stack, async (resources) => assert.deepEqual(await analyzeRegistered(resources), [])),
      { numRuns: stacks / 100, seed },
    );
  });
});

describe("a stack with Prefect", () => {
  it("is judged whatever is put in the place of any value", async () => {
    const judged = behindGateway(gated, { prefect: hidden() });
    const places = judged.flatMap((resource, index) =>
      Object.keys(resource.inputs).map((name) => [index, name] as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), value, async ([index, name], junk) => {
        const mutated = judged.map((each, at) =>
          at === index ? { ...each, inputs: { ...each.inputs, [name]: junk } } : each,
        );
        for (const { message, level } of await analyze(mutated, "preview")) {
          assert.equal(level, "mandatory");
          assert.doesNotMatch(message, /could not judge/);
        }
      }),
      { numRuns: stacks / 50, seed },
    );
  }).timeout(60_000);
});
