import type { Graph, ResourceValue } from "../model";
import { tokenProblem } from "../tokens";

/** An operation of an OpenAPI document with Amazon API Gateway's extensions. */
export interface Operation {
  /** `POST /api/{proxy+}` */
  readonly name: string;
  /** x-amazon-apigateway-integration. */
  readonly integration: ResourceValue;
  readonly isOpen: boolean;
}

const methods: ReadonlyMap<string, string> = new Map([
  ...["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"].map((name) => [name.toLowerCase(), name] as const),
  ["x-amazon-apigateway-any-method", "ANY"],
]);
const extension = "x-amazon-apigateway-integration";

/**
 * The operations of an API's body; undefined where it is not JSON that is known (YAML is taken by AWS too).
 *
 * @param everyAccount a signature of some AWS account is no login: the API's policy lets every one in
 */
export function operationsOf(graph: Graph, body: ResourceValue, everyAccount: boolean): Operation[] | undefined {
  const document = body.json();
  if (document === undefined) return undefined;
  const schemes = [document.get("components").get("securitySchemes"), document.get("securityDefinitions")];
  const authenticates = (name: string): boolean => schemes.some((all) => isLogin(graph, all.get(name), everyAccount));
  const paths = document.get("paths");
  return paths.keys().flatMap((path) =>
    paths
      .get(path)
      .keys()
      .flatMap((method) => {
        const shown = methods.get(method);
        if (shown === undefined) return [];
        const operation = paths.get(path).get(method);
        const asked = operation.get("security").isOmitted ? document.get("security") : operation.get("security");
        // Alternatives: each has to ask for a login of its own.
        const alternatives = asked.list();
        const isOpen =
          alternatives.length === 0 || alternatives.some((alternative) => !alternative.keys().some(authenticates));
        return [{ name: `${shown} ${path}`, integration: operation.get(extension), isOpen }];
      }),
  );
}

/** An API key alone is no login; a Lambda or Cognito authorizer is written as one, and says so beside it. */
function isLogin(graph: Graph, scheme: ResourceValue, everyAccount: boolean): boolean {
  const authorizer = scheme.get("x-amazon-apigateway-authorizer");
  const kind = scheme.get("x-amazon-apigateway-authtype");
  if (authorizer.isOmitted) return kind.word() === "awssigv4" ? !everyAccount : !kind.isOmitted;
  const issuer = authorizer.get("jwtConfiguration").get("issuer");
  // Its audience alone is checked: claims beside it are not.
  return issuer.isOmitted || tokenProblem(graph, issuer, []) === undefined;
}
