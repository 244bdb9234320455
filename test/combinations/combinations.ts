/** The choices whose every combination is legal. */
export interface Combination {
  access: "gateway" | "alb";
  identity: "cognito" | "oidc";
  workersEndpoint: "private" | "public";
  path: "/" | "/prefect";
}

export const combinations: Combination[] = (["gateway", "alb"] as const).flatMap((access) =>
  (["cognito", "oidc"] as const).flatMap((identity) =>
    (["public", "private"] as const).flatMap((workersEndpoint) =>
      (["/", "/prefect"] as const).map((path) => ({ access, identity, workersEndpoint, path })),
    ),
  ),
);

/** With the stack of test/e2e (gateway, cognito, public, /): every pair of two choices is met once at least. */
export const covering: Combination[] = [
  { access: "alb", identity: "cognito", workersEndpoint: "private", path: "/prefect" },
  { access: "alb", identity: "oidc", workersEndpoint: "private", path: "/" },
  { access: "alb", identity: "oidc", workersEndpoint: "public", path: "/prefect" },
  { access: "gateway", identity: "oidc", workersEndpoint: "private", path: "/prefect" },
];

export function titleOf({ access, identity, workersEndpoint, path }: Combination): string {
  return `access ${access}, identity ${identity}, workersEndpoint ${workersEndpoint}, path ${path}`;
}
