import { httpApi } from "../../support/inside";
import { forward, path, rule } from "../../support/pieces";
import { built, declare, type Declared, ref } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, soundAlb, soundGateway } from "../support/sound";

const oidc = (issuer: unknown): Record<string, unknown> => ({
  type: "authenticate-oidc",
  authenticateOidc: { issuer, clientId: "c", clientSecret: "s", sessionTimeout: 28_800 },
});
const pool = (inputs: Record<string, unknown>, stack = soundAlb()): Declared[] => changed(stack, "pool", inputs);
const open = { adminCreateUserConfig: { allowAdminCreateUserOnly: false } };
const provider = (providerType: string, more: Record<string, unknown> = {}): Declared =>
  declare("aws:cognito/identityProvider:IdentityProvider", "provider", {
    userPoolId: ref("pool", "id"),
    providerName: "Outside",
    providerType,
    ...more,
  });
const offered = { supportedIdentityProviders: ["COGNITO", "Outside"] };
const client = (name: string, pool: string, more: Record<string, unknown>): Declared =>
  declare("aws:cognito/userPoolClient:UserPoolClient", name, { userPoolId: ref(pool, "id"), ...more });
/** Behind oauth2-proxy, with a client that these addresses call back. */
const calledBack = (callbackUrls: unknown, proxy: Record<string, string> = {}): Declared[] =>
  changed(pool(open, soundGateway({ proxy })), "client", { callbackUrls });
const without = (name: string, stack: readonly Declared[]): Declared[] => stack.filter((each) => each.name !== name);
const issuerOf = (name: string): unknown => built([name], `https://cognito-idp.eu-west-1.amazonaws.com/id:${name}`);

/** A second task with an oauth2-proxy before Prefect, whose paths begin otherwise. */
const secondProxy = declare("aws:ecs/taskDefinition:TaskDefinition", "proxy", {
  family: "proxy",
  networkMode: "awsvpc",
  containerDefinitions: JSON.stringify([
    {
      name: "proxy",
      image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3",
      command: [
        ...["--upstream=http://prefect.internal:4200", "--provider=oidc", "--insecure-oidc-skip-nonce=false"],
        ...["--code-challenge-method=S256", "--redirect-url=https://p/login/callback", "--cookie-samesite=lax"],
        ...["--cookie-expire=8h", "--cookie-refresh=5m", "--proxy-prefix=/login"],
      ],
    },
  ]),
});

export const cognitoCases = {
  "cognito-pool-invites-people": {
    bad: {
      "a pool with AWS's defaults": {
        stack: pool({ adminCreateUserConfig: undefined }),
        says: ["everybody may register"],
      },
      "a pool that says that people may register": {
        stack: pool(open),
        says: ["In this pool everybody may register: allowAdminCreateUserOnly is not true."],
        of: "pool",
      },
      "a pool as an OIDC issuer of the load balancer": {
        stack: changed(pool(open), "https", {
          defaultActions: [oidc(issuerOf("pool")), forward],
        }),
        says: ["everybody may register"],
      },
      "a pool whose tokens the load balancer checks": {
        stack: changed(pool(open), "https", {
          defaultActions: [
            {
              type: "jwt-validation",
              jwtValidation: {
                issuer: issuerOf("pool"),
                jwksEndpoint: "https://cognito-idp.eu-west-1.amazonaws.com/k",
              },
            },
            forward,
          ],
        }),
        says: ["everybody may register"],
      },
      "a pool behind oauth2-proxy that names nobody": {
        stack: pool(open, soundGateway()),
        says: ["everybody may register"],
      },
      "a pool whose tokens an HTTP API before Prefect takes": {
        stack: [
          ...soundAlb(),
          declare("aws:cognito/userPool:UserPool", "other", {}),
          ...httpApi({ authorizationType: "JWT", authorizerId: ref("authorizer", "id") }),
          declare("aws:apigatewayv2/authorizer:Authorizer", "authorizer", {
            apiId: ref("api", "id"),
            authorizerType: "JWT",
            jwtConfiguration: { issuer: issuerOf("other") },
          }),
        ],
        says: ["everybody may register"],
      },
      "a pool whose tokens a REST API before Prefect takes": {
        stack: [
          ...soundAlb(),
          declare("aws:cognito/userPool:UserPool", "other", {}),
          declare("aws:apigateway/restApi:RestApi", "api", { name: "prefect" }),
          declare("aws:apigateway/authorizer:Authorizer", "authorizer", {
            restApi: ref("api", "id"),
            type: "COGNITO_USER_POOLS",
            providerArns: [ref("other")],
          }),
          declare("aws:apigateway/integration:Integration", "integration", {
            restApi: ref("api", "id"),
            connectionType: "VPC_LINK",
            connectionId: "link-1",
            integrationTarget: ref("alb"),
          }),
          declare("aws:apigateway/method:Method", "method", {
            restApi: ref("api", "id"),
            authorization: "COGNITO_USER_POOLS",
            authorizerId: ref("authorizer", "id"),
          }),
        ],
        says: ["everybody may register"],
      },
      "a pool federated with Google": {
        stack: [...changed(soundAlb(), "client", offered), provider("Google")],
        says: ['everybody with an account at the provider of aws.cognito.IdentityProvider "provider"'],
      },
      "a pool federated with Microsoft's common tenant": {
        stack: [
          ...changed(soundAlb(), "client", offered),
          provider("OIDC", { providerDetails: { oidc_issuer: "https://login.microsoftonline.com/common/v2.0" } }),
        ],
        says: ["everybody with an account"],
      },
      ...Object.fromEntries(
        ["Facebook", "LoginWithAmazon", "SignInWithApple"].map((type) => [
          `a pool federated by ${type}`,
          { stack: [...changed(soundAlb(), "client", offered), provider(type)], says: ["everybody with an account"] },
        ]),
      ),
      "an open pool federated with Google": {
        stack: [...changed(pool(open), "client", offered), provider("Google")],
        says: ["allowAdminCreateUserOnly is not true, and everybody with an account"],
      },
      "a pool federated with Google whose clients are elsewhere": {
        stack: [...without("client", soundAlb()), provider("Google")],
        says: ["everybody with an account"],
      },
      "a pool federated with Google for one of its clients": {
        stack: [
          ...changed(soundAlb(), "client", offered),
          client("second", "pool", { supportedIdentityProviders: ["COGNITO"] }),
          provider("Google"),
        ],
        says: ["everybody with an account"],
      },
      "a pool behind oauth2-proxy whose paths begin otherwise": {
        stack: changed(
          calledBack(["https://prefect.example.com/login/callback"], { OAUTH2_PROXY_PROXY_PREFIX: "/login" }),
          "alb",
          { internal: true },
        ),
        says: ["everybody may register"],
      },
      "a pool behind the second oauth2-proxy": {
        stack: [...calledBack(["https://prefect.example.com/login/callback"]), secondProxy],
        says: ["everybody may register"],
      },
      "a pool behind oauth2-proxy whose clients are elsewhere": {
        stack: without("client", pool(open, soundGateway())),
        says: ["everybody may register"],
      },
      "a pool behind oauth2-proxy among the addresses that its client calls back": {
        stack: calledBack(["http://localhost:8080/", "https://prefect.example.com/oauth2/callback"]),
        says: ["everybody may register"],
      },
      "a pool whose trigger may deny people": {
        stack: pool({ ...open, lambdaConfig: { preSignUp: "arn:f" } }),
        says: ["allowAdminCreateUserOnly is not true; its preSignUp trigger may deny them, which cannot be seen."],
        level: "advisory",
      },
      "a second listener's rule": {
        stack: [
          ...changed(soundAlb(), "https", { defaultActions: [{ type: "fixed-response" }] }),
          declare("aws:cognito/userPool:UserPool", "other", {}),
          rule(
            "api",
            10,
            [path("/api/*")],
            [
              {
                type: "authenticate-cognito",
                authenticateCognito: { userPoolArn: ref("other"), sessionTimeout: 3600 },
              },
              forward,
            ],
          ),
        ],
        says: ["everybody may register"],
      },
    },
    good: {
      "a pool that an administrator fills": soundAlb(),
      "an open pool behind oauth2-proxy that names groups": pool(
        open,
        soundGateway({ proxy: { OAUTH2_PROXY_ALLOWED_GROUPS: "data" } }),
      ),
      "an open pool behind oauth2-proxy that names a mail domain": pool(
        open,
        soundGateway({ proxy: { OAUTH2_PROXY_EMAIL_DOMAINS: "example.com" } }),
      ),
    },
    lookAlikes: {
      "another application's open pool beside the load balancer's": [
        ...soundAlb(),
        declare("aws:cognito/userPool:UserPool", "customers", {}),
      ],
      "another application's open pool beside oauth2-proxy's": [
        ...soundGateway(),
        declare("aws:cognito/userPool:UserPool", "customers", {}),
        declare("aws:cognito/userPoolClient:UserPoolClient", "shop", {
          userPoolId: ref("customers", "id"),
          callbackUrls: ["https://shop.example.com/callback"],
        }),
      ],
      "another application's open pool beside the load balancer's issuer": [
        ...changed(soundAlb(), "https", { defaultActions: [oidc(issuerOf("pool")), forward] }),
        declare("aws:cognito/userPool:UserPool", "customers", {}),
      ],
      "an open pool of an API before something else": [
        ...soundAlb(),
        declare("aws:cognito/userPool:UserPool", "customers", {}),
        declare("aws:apigatewayv2/api:Api", "api", { protocolType: "HTTP" }),
        declare("aws:apigatewayv2/integration:Integration", "integration", {
          apiId: ref("api", "id"),
          integrationUri: "https://shop.example.com",
        }),
        declare("aws:apigatewayv2/authorizer:Authorizer", "authorizer", {
          apiId: ref("api", "id"),
          authorizerType: "JWT",
          jwtConfiguration: {
            issuer: issuerOf("customers"),
          },
        }),
      ],
      "a provider that the client does not offer": [...soundAlb(), provider("Google")],
      "federation with an issuer of one's own": [
        ...changed(soundAlb(), "client", offered),
        provider("OIDC", { providerDetails: { oidc_issuer: "https://login.example.com" } }),
      ],
    },
    unknown: {
      "where its client calls back": {
        stack: calledBack([built(["alb"], "https://shop.example.com/login")]),
        preview: ["everybody may register"],
      },
      "whether people may register": {
        stack: pool({ adminCreateUserConfig: { allowAdminCreateUserOnly: built(["client"], "true") } }),
        preview: ["whether people may register is not known."],
      },
    },
  },
} satisfies Readonly<Record<string, Cases>>;
