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
  end_session_endpoint: httpsUrl.optional(),
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
      `identity.issuer ${issuer}: ${what}\n  asked for ${url}\n  either correct identity.issuer, or give identity.endpoints (authorization, token, userInfo), and nothing is asked for`,
    );
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: "error" }).catch(
    (error: Error) => {
      throw fail(`its discovery document cannot be fetched: ${reason(error)}`);
    },
  );
  if (!answer.ok) throw fail(`its discovery document cannot be fetched: status ${answer.status}`);
  const parsed = documentSchema.safeParse(await answer.json().catch(() => undefined));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "document"}: ${message}`);
    throw fail(`its discovery document is not one: ${problems.join("; ")}`);
  }
  const document = parsed.data;
  // Section 4.3: otherwise somebody else could stand in for the issuer.
  if (document.issuer !== issuer) throw fail(`its discovery document names another issuer, ${document.issuer}`);
  return {
    authorization: document.authorization_endpoint,
    token: document.token_endpoint,
    userInfo: document.userinfo_endpoint,
    endSession: document.end_session_endpoint,
  };
}

/** What fetch failed of: its own message says only that it did. */
function reason(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
