import type { ResourceValue } from "../model";

/** An operation of an OpenAPI document with Amazon API Gateway's extensions. */
export interface Operation {
  /** `POST /api/{proxy+}` */
  readonly name: string;
  /** x-amazon-apigateway-integration. */
  readonly integration: ResourceValue;
  readonly isOpen: boolean;
}

const methods = ["get", "put", "post", "delete", "patch", "head", "options", "x-amazon-apigateway-any-method"];
const extension = "x-amazon-apigateway-integration";

/** The operations of an API's body; undefined where it is not JSON that is known (YAML is taken by AWS too). */
export function operationsOf(body: ResourceValue): Operation[] | undefined {
  const document = body.json();
  if (document === undefined) return undefined;
  const schemes = [document.get("components").get("securitySchemes"), document.get("securityDefinitions")];
  const authenticates = (name: string): boolean => schemes.some((all) => isLogin(all.get(name)));
  const paths = document.get("paths");
  return paths.keys().flatMap((path) =>
    methods.flatMap((method) => {
      const operation = paths.get(path).get(method);
      if (operation.isOmitted) return [];
      const asked = operation.get("security").isOmitted ? document.get("security") : operation.get("security");
      // Alternatives: each has to ask for a login of its own.
      const alternatives = asked.list();
      const isOpen =
        alternatives.length === 0 || alternatives.some((alternative) => !alternative.keys().some(authenticates));
      const shown = method.startsWith("x-") ? "ANY" : method.toUpperCase();
      return [{ name: `${shown} ${path}`, integration: operation.get(extension), isOpen }];
    }),
  );
}

/** An API key alone is no login; a Lambda or Cognito authorizer is written as one, and says so beside it. */
function isLogin(scheme: ResourceValue): boolean {
  return (
    !scheme.get("x-amazon-apigateway-authorizer").isOmitted || !scheme.get("x-amazon-apigateway-authtype").isOmitted
  );
}
