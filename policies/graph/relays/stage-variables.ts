import { type Graph, property, type ResourceValue } from "../model";
import { types } from "../types";

/** More in one setting than these are not filled in. */
const mostVariables = 4;
const variable = /\$\{stageVariables\.(\w+)\}/;

/**
 * What an API's setting is in each stage: an address or a VPC link may be a stage's variable
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html).
 */
export function inStages(graph: Graph, value: ResourceValue, depth = 0): ResourceValue[] {
  const text = value.text() ?? "";
  const [whole, name] = variable.exec(text) ?? [];
  if (whole === undefined || name === undefined || depth > mostVariables) return [value];
  const given = [
    ...graph
      .ofType([...types.restStage, ...types.restDeployment])
      .map((stage) => property(stage, "variables").get(name)),
    ...graph.ofType(types.httpStage).map((stage) => property(stage, "stageVariables").get(name)),
  ].filter((each) => !each.isOmitted);
  return given.flatMap((each) => {
    const part = each.text();
    // A part of an address that is not known: what it depends on is what it may name.
    return text === whole || part === undefined
      ? [each]
      : inStages(graph, each.of(text.replace(whole, () => part)), depth + 1);
  });
}
