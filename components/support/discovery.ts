import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Endpoints } from "../../render/oidc-provider";

const httpsUrl = z.url({ protocol: /^https$/ });
/** OpenID Connect Discovery 1.0, section 3: what of it is needed here. */
const documentSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: httpsUrl,
  token_endpoint: httpsUrl,
  userinfo_endpoint: httpsUrl,
  // It stands in nginx's configuration: what that refuses is refused before anything is deployed.
  end_session_endpoint: z
    .string()
    .regex(/^https:\/\/[A-Za-z0-9._~:/?&=%+-]+$/)
    .optional(),
});

const timeoutMs = 10_000;

/**
 * Reads the issuer's discovery document, in a preview too: its endpoints are then known in the plan.
 *
 * @throws pulumi.RunError saying what was asked, what came back and what to do
 */
export async function discover(issuer: string): Promise<Endpoints> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const fail = (what: string) =>
    new pulumi.RunError(
      `identity.issuer ${issuer}: its discovery document ${what}\n  asked for ${url}\n  either correct identity.issuer, or give identity.endpoints (authorization, token, userInfo), and nothing is asked for`,
    );
  // A redirect could lead to another issuer's document.
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await fetch(url, { signal, redirect: "manual" }).catch((error: Error) => {
    throw fail(`cannot be fetched: ${reason(error)}`);
  });
  const location = answer.headers.get("location");
  if (!answer.ok) {
    throw fail(`cannot be fetched: status ${answer.status}${location ? `, which leads to ${location}` : ""}`);
  }
  const text = await answer.text().catch((error: Error) => {
    throw fail(`cannot be fetched: ${reason(error)}`);
  });
  const found = fromJson(text);
  if (!found) {
    throw fail(`is no JSON object: it is ${text.length} characters of ${answer.headers.get("content-type") ?? "text"}`);
  }
  const parsed = documentSchema.safeParse(found);
  if (!parsed.success) {
    throw fail(`cannot be used: ${parsed.error.issues.map(({ path }) => problem(String(path[0]), found)).join(", ")}`);
  }
  const document = parsed.data;
  // Section 4.3: otherwise somebody else could stand in for the issuer.
  if (document.issuer !== issuer) throw fail(`is of another issuer, ${document.issuer}`);
  return {
    authorization: document.authorization_endpoint,
    token: document.token_endpoint,
    userInfo: document.userinfo_endpoint,
    endSession: document.end_session_endpoint,
  };
}

function fromJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function problem(name: string, document: Record<string, unknown>): string {
  const value = document[name];
  if (value === undefined) return `${name} is missing`;
  const wanted = name === "issuer" ? "text" : "an https address of ordinary characters";
  return `${name} is not ${wanted} but ${JSON.stringify(value)}`;
}

/**
 * What fetch failed of: its own message says only that it did, and one of several addresses tried says nothing. Where a
 * proxy refuses, the reason is one further in.
 */
function reason(error: Error): string {
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1000} seconds`;
  const { cause } = error;
  if (cause instanceof AggregateError) return cause.errors.map(({ message }: Error) => message).join(", ");
  return cause instanceof Error ? reason(cause) : error.message;
}

type Identity = { type: "cognito" } | { type: "oidc"; issuer: string; endpoints?: Endpoints };

/** Settings with the endpoints of their issuer, before anything is registered. @throws as `discover` does */
export async function withEndpoints<Settings extends { identity: Identity }>(settings: Settings): Promise<Settings> {
  const { identity } = settings;
  if (identity.type === "cognito" || identity.endpoints) return settings;
  return { ...settings, identity: { ...identity, endpoints: await discover(identity.issuer) } };
}
