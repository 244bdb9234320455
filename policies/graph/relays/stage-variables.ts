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
  const name = variable.exec(text)?.[1];
  if (name === undefined || depth >= mostVariables) return [value];
  const given = [
    ...graph
      .ofType([...types.restStage, ...types.restDeployment])
      .map((stage) => property(stage, "variables").get(name)),
    ...graph.ofType(types.httpStage).map((stage) => property(stage, "stageVariables").get(name)),
  ].filter((each) => !each.isOmitted);
  return given.flatMap((each) => {
    const part = each.text();
    // Of an address with a part that is not known, what that depends on is what it may name.
    return part === undefined ? [each] : inStages(graph, each.of(text.replace(variable, () => part)), depth + 1);
  });
}
