import { declare, type Declared, ref, unknown } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, soundAlb, soundGateway } from "../support/sound";

/** Where no stranger comes: then prefect-api-requires-auth has nothing to say. */
const internal = (stack: Declared[]): Declared[] => changed(stack, "alb", { internal: true });
const proxy = (settings: Record<string, string>): Declared[] => internal(soundGateway({ proxy: settings }));

/** A second service of the same task that nothing outside reaches. */
const inner = declare("aws:ecs/service:Service", "inner", {
  taskDefinition: ref("task"),
  desiredCount: 1,
  networkConfiguration: { subnets: ["subnet-1"], securityGroups: [ref("taskGroup", "id")] },
});

export const oauth2ProxyCases = {
  "oauth2-proxy-asks-everybody": {
    bad: {
      "a route that is skipped, in a variable": {
        stack: proxy({ OAUTH2_PROXY_SKIP_AUTH_ROUTES: "GET=^/api/flows" }),
        says: [`Container "oauth2-proxy": oauth2-proxy's skip-auth-route lets requests in, or hides what does.`],
        of: "task",
      },
      "two settings at once": {
        stack: proxy({ OAUTH2_PROXY_SKIP_AUTH_ROUTES: "^/", OAUTH2_PROXY_SSL_INSECURE_SKIP_VERIFY: "true" }),
        says: [
          "hides what does; oauth2-proxy's ssl-insecure-skip-verify believes whoever answers in the issuer's place.",
        ],
      },
      "an environment file": {
        stack: internal(
          soundGateway({ proxyPiece: { environmentFiles: [{ type: "s3", value: "arn:aws:s3:::b/proxy.env" }] } }),
        ),
        says: ["environment files cannot be seen"],
      },
      "a variable in lower case": { stack: proxy({ OAUTH2_PROXY_skip_auth_routes: "^/" }), says: ["skip-auth-route"] },
      "a route that is skipped, as a flag": {
        stack: internal(soundGateway({ proxyPiece: { command: ["oauth2-proxy", "--skip-auth-route", "GET=^/"] } })),
        says: ["skip-auth-route"],
      },
      "a bare switch before a word that looks like its value": {
        stack: internal(soundGateway({ proxyPiece: { command: ["oauth2-proxy", "--skip-auth-preflight", "false"] } })),
        says: ["skip-auth-preflight"],
      },
      "a switch in Go's spelling of true": {
        stack: proxy({ OAUTH2_PROXY_SKIP_AUTH_PREFLIGHT: "T" }),
        says: ["skip-auth-preflight"],
      },
      "a switch that a start script exports": {
        stack: internal(
          soundGateway({
            proxyPiece: {
              entryPoint: ["/bin/sh", "-ec"],
              command: ["export OAUTH2_PROXY_GCP_HEALTHCHECKS=true\nexec oauth2-proxy"],
            },
          }),
        ),
        says: ["gcp-healthcheck"],
      },
      "a configuration file": {
        stack: proxy({ OAUTH2_PROXY_CONFIG: "/etc/proxy.cfg" }),
        says: ["config lets requests in, or hides what does"],
      },
      "an alpha configuration as a flag": {
        stack: internal(soundGateway({ proxyPiece: { command: ["oauth2-proxy", "--alpha-config=/etc/a.yaml"] } })),
        says: ["alpha-config"],
      },
      "trusted addresses": { stack: proxy({ OAUTH2_PROXY_TRUSTED_IPS: "10.0.0.0/8" }), says: ["trusted-ip"] },
      "Google's accounts, all of them": {
        stack: proxy({ OAUTH2_PROXY_PROVIDER: "google" }),
        says: ["every account of a public identity provider"],
      },
      "an issuer whose certificate nobody checks": {
        stack: proxy({ OAUTH2_PROXY_SSL_INSECURE_SKIP_VERIFY: "true" }),
        says: ["ssl-insecure-skip-verify"],
      },
      "tokens that GitHub Actions gives to everybody": {
        stack: proxy({
          OAUTH2_PROXY_SKIP_JWT_BEARER_TOKENS: "true",
          OAUTH2_PROXY_EXTRA_JWT_ISSUERS:
            "https://login.example.com=prefect,https://token.actions.githubusercontent.com=prefect",
        }),
        says: ["extra-jwt-issuer takes tokens of an issuer from which anyone gets one"],
      },
      "mail domains of unverified addresses": {
        stack: proxy({
          OAUTH2_PROXY_EMAIL_DOMAINS: "example.com",
          OAUTH2_PROXY_INSECURE_OIDC_ALLOW_UNVERIFIED_EMAIL: "true",
        }),
        says: ["insecure-oidc-allow-unverified-email believes an address of the named mail domains without a proof"],
      },
      "a task that runs in two services, of which one faces the internet": {
        stack: [
          ...soundGateway({ proxy: { OAUTH2_PROXY_SKIP_AUTH_ROUTES: "GET=^/api/flows" }, prefect: { secrets: [] } }),
          inner,
        ],
        says: ["skip-auth-route"],
        besides: ["prefect-api-requires-auth"],
      },
      "an image of one's own that its variables tell": {
        stack: internal(
          soundGateway({
            proxy: { OAUTH2_PROXY_TRUSTED_IPS: "10.0.0.0/8" },
            proxyPiece: { image: "acme/login:1.2.3" },
          }),
        ),
        says: ["trusted-ip"],
      },
      "a proxy in a task of its own whose upstream is Prefect": {
        stack: [
          ...internal(soundAlb()),
          declare("aws:ecs/taskDefinition:TaskDefinition", "proxy", {
            family: "proxy",
            networkMode: "awsvpc",
            containerDefinitions: JSON.stringify([
              {
                name: "proxy",
                image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3",
                command: [
                  "--upstream=http://docs.internal/docs/",
                  "--upstream=http://prefect.internal:4200",
                  "--trusted-ip=10.0.0.0/8",
                  "--provider=oidc",
                  "--insecure-oidc-skip-nonce=false",
                  "--code-challenge-method=S256",
                  "--redirect-url=https://p/oauth2/callback",
                  "--cookie-samesite=lax",
                  "--cookie-expire=8h",
                  "--cookie-refresh=5m",
                  "--allowed-group=data",
                ],
              },
            ]),
          }),
        ],
        says: ["trusted-ip"],
      },
    },
    good: { "a proxy without such settings": internal(soundGateway()) },
    lookAlikes: {
      "further issuers where no token counts": proxy({
        OAUTH2_PROXY_EXTRA_JWT_ISSUERS: "https://accounts.google.com=prefect",
      }),
      "an issuer of one's own whose tokens count": proxy({
        OAUTH2_PROXY_SKIP_JWT_BEARER_TOKENS: "true",
        OAUTH2_PROXY_EXTRA_JWT_ISSUERS: "https://login.example.com=prefect",
      }),
      "mail domains of verified addresses": proxy({ OAUTH2_PROXY_EMAIL_DOMAINS: "example.com, example.org" }),
      "unverified addresses of any domain, which nothing hangs on": proxy({
        OAUTH2_PROXY_EMAIL_DOMAINS: "example.com, *",
        OAUTH2_PROXY_INSECURE_OIDC_ALLOW_UNVERIFIED_EMAIL: "true",
      }),
      "switches that are off": proxy({ OAUTH2_PROXY_SKIP_AUTH_PREFLIGHT: "false", OAUTH2_PROXY_GCP_HEALTHCHECKS: "0" }),
      "settings with similar names": proxy({
        OAUTH2_PROXY_SKIP_PROVIDER_BUTTON: "true",
        OAUTH2_PROXY_API_ROUTES: "^/api",
      }),
      "an oauth2-proxy before something else": [
        ...soundAlb(),
        declare("aws:ecs/taskDefinition:TaskDefinition", "wiki", {
          family: "wiki",
          containerDefinitions: JSON.stringify([
            {
              name: "proxy",
              image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3",
              command: ["--upstream=http://wiki", "--trusted-ip=10.0.0.0/8"],
            },
          ]),
        }),
      ],
    },
    unknown: {
      "a whole task definition": {
        stack: changed(internal(soundGateway()), "task", { containerDefinitions: unknown }),
      },
    },
    refused: {
      "a route that is skipped where the internet comes in": soundGateway({
        proxy: { OAUTH2_PROXY_SKIP_AUTH_ROUTES: "GET=^/api/flows" },
        prefect: { secrets: [] },
      }),
    },
  },
} satisfies Readonly<Record<string, Cases>>;
