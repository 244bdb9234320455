import { fromVpc, internalAlb } from "../support/inside";
import { declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases } from "./case";
import { lambda, toAlb } from "./functions";

/** Lambda functions that name one another: ways through them have no end. */

/** One that names these others, by their ARNs. */
const naming = (name: string, others: readonly string[], more: Record<string, unknown> = {}): Declared =>
  declare("aws:lambda/function:Function", name, {
    environment: { variables: { ...Object.fromEntries(others.map((other) => [other, `arn:${other}`])), ...more } },
    vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-lambda"] },
  });

const nine = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

/** The function with a URL names the first, that the second, which names the third and Prefect; the third names the second. */
const ring = (first: string, second: string, third: string): Declared[] =>
  internalAlb([
    ...lambda({ NEXT: `arn:${first}` }),
    naming(first, [second]),
    naming(second, [third], { UPSTREAM_URL: toAlb }),
    naming(third, [second]),
  ]);

export const functionRingCases: Cases = {
  "a function with two URLs": {
    stack: internalAlb(
      [
        ...lambda({ TARGET: "http://10.0.3.4:4200" }),
        declare("aws:lambda/functionUrl:FunctionUrl", "another", {
          ...{ functionName: ref("function", "arn"), authorizationType: "NONE", qualifier: "live" },
        }),
      ],
      { taskIngress: [fromVpc(4200)] },
    ),
    ...cannotTell('aws.lambda.FunctionUrl "url"', 'aws.lambda.FunctionUrl "another"'),
    count: 2,
  },
  "nine functions that all name one another, and Prefect": {
    stack: internalAlb([
      ...lambda({ NEXT: "arn:a" }),
      ...nine.map((name) => naming(name, nine, name === "i" ? { UPSTREAM_URL: toAlb } : {})),
    ]),
    ...cannotTell(
      'aws.lambda.Function "function": what its code passes on cannot be seen',
      'aws.lambda.Function "a": what its code passes on cannot be seen',
      'aws.lambda.Function "i": what its code passes on cannot be seen',
    ),
    preview: {},
  },
  "two functions that name one another behind a third of a later name": {
    stack: ring("z", "m", "a"),
    ...cannotTell('aws.lambda.Function "m": what its code passes on cannot be seen'),
    preview: {},
  },
  "two functions that name one another behind a third of an earlier name": {
    stack: ring("a", "m", "z"),
    ...cannotTell('aws.lambda.Function "m": what its code passes on cannot be seen'),
    preview: {},
  },
};
