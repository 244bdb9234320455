import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { UserPool } from "./user-pool";

/** Whose tokens let programs in, and what they must say. */
export type TokenRules =
  | { type: "github"; repository: string; ref: string; audience?: string }
  | { type: "cognito" }
  | {
      type: "jwt";
      issuer: string;
      jwksUrl: string;
      audience: string;
      audienceFormat: ClaimFormat;
      claims: { name: string; format: ClaimFormat | "space-separated-values"; values: string[] }[];
    };
type ClaimFormat = "single-string" | "string-array";
type Action = aws.types.input.lb.ListenerRuleAction;

export interface MachineTokensArgs {
  rules: TokenRules;
  domain: string;
  /** `https://prefect.example.com/api` */
  apiUrl: string;
  /** With rules of type cognito. */
  pool?: UserPool;
  region: pulumi.Input<string>;
}

const github = "https://token.actions.githubusercontent.com";
const scopeName = "api";

/** Programs from outside with a token of an issuer: the load balancer checks it, and nobody stores a secret of Prefect's. */
export class MachineTokens extends pulumi.ComponentResource {
  /** Before a forward: lets requests through whose token is right, and answers 401 to all others. */
  readonly action: Action;
  /** Secret. What a program needs to get a token and where to go with it. */
  readonly access: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: MachineTokensArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:identity:MachineTokens", name, {}, opts);
    const { rules, domain, apiUrl } = args;
    if (rules.type === "github") {
      const { repository, ref, audience = `https://${domain}` } = rules;
      this.action = validation(github, `${github}/.well-known/jwks`, [
        { name: "aud", format: "single-string", values: [audience] },
        { name: "repository", format: "single-string", values: [repository] },
        { name: "ref", format: "single-string", values: [ref] },
      ]);
      this.access = access({ apiUrl, issuer: github, audience });
    } else if (rules.type === "jwt") {
      const { issuer, jwksUrl, audience, audienceFormat, claims } = rules;
      this.action = validation(issuer, jwksUrl, [
        { name: "aud", format: audienceFormat, values: [audience] },
        ...claims,
      ]);
      this.access = access({ apiUrl, issuer, audience });
    } else {
      const client = this.cognito(name, args);
      this.action = client.action;
      this.access = client.access;
    }
    this.registerOutputs();
  }

  /** A client of the pool for programs. Cognito's access tokens have no audience: the client's id says for whom they are. */
  private cognito(name: string, { pool, domain, apiUrl, region }: MachineTokensArgs) {
    if (!pool) throw new pulumi.ResourceError("machineTokens of type cognito need a pool made here", this, true);
    const parent = { parent: this };
    const { userPoolId } = pool;
    const server = new aws.cognito.ResourceServer(
      `${name}-api`,
      {
        userPoolId,
        identifier: `https://${domain}`,
        name: "Prefect",
        scopes: [{ scopeName, scopeDescription: "Call Prefect's API" }],
      },
      parent,
    );
    const scope = pulumi.interpolate`${server.identifier}/${scopeName}`;
    const client = new aws.cognito.UserPoolClient(
      `${name}-client`,
      {
        userPoolId,
        generateSecret: true,
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["client_credentials"],
        allowedOauthScopes: [scope],
        // Left out, people could sign in here as well (CreateUserPoolClient, ExplicitAuthFlows).
        explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
        accessTokenValidity: 1,
        tokenValidityUnits: { accessToken: "hours" },
        enableTokenRevocation: true,
      },
      parent,
    );
    return {
      action: validation(pool.issuer, pulumi.interpolate`${pool.issuer}/.well-known/jwks.json`, [
        { name: "client_id", format: "single-string", values: [client.id] },
        { name: "token_use", format: "single-string", values: ["access"] },
        { name: "scope", format: "space-separated-values", values: [scope] },
      ]),
      access: access({
        apiUrl,
        issuer: pool.issuer,
        tokenUrl: pulumi.interpolate`https://${pool.domain}.auth.${region}.amazoncognito.com/oauth2/token`,
        clientId: client.id,
        clientSecret: client.clientSecret,
        scope,
      }),
    };
  }
}

function access(values: Record<string, pulumi.Input<string>>): pulumi.Output<Record<string, string>> {
  return pulumi.secret(values);
}

/** Signature, issuer and lifetime are checked in any case (Elastic Load Balancing, "Verify JWTs"). */
function validation(
  issuer: pulumi.Input<string>,
  jwksEndpoint: pulumi.Input<string>,
  additionalClaims: aws.types.input.lb.ListenerRuleActionJwtValidationAdditionalClaim[],
): Action {
  return { type: "jwt-validation", jwtValidation: { issuer, jwksEndpoint, additionalClaims } };
}
