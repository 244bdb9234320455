import { built } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, soundGateway } from "../support/sound";

export const hardenedCases = {
  "oauth2-proxy-is-hardened": {
    bad: {
      "a version with known holes": {
        stack: soundGateway({ proxyPiece: { image: "quay.io/oauth2-proxy/oauth2-proxy:v7.12.0" } }),
        says: [
          'Container "oauth2-proxy": version 7.12.0 is below 7.15.3: before 7.15.2 there are known ways past its login.',
        ],
        of: "task",
      },
      "an old version without a registry": {
        stack: soundGateway({ proxyPiece: { image: "oauth2-proxy:v7.12.0" } }),
        says: ["version 7.12.0"],
      },
      "everything left open": {
        stack: soundGateway({
          proxyPiece: {
            environment: {
              OAUTH2_PROXY_PROVIDER: "oidc",
              OAUTH2_PROXY_UPSTREAMS: "static://202",
              OAUTH2_PROXY_EMAIL_DOMAINS: "*",
              OAUTH2_PROXY_REVERSE_PROXY: "true",
              OAUTH2_PROXY_COOKIE_HTTPONLY: "false",
              OAUTH2_PROXY_COOKIE_EXPIRE: "8h",
              OAUTH2_PROXY_COOKIE_REFRESH: "5m",
              OAUTH2_PROXY_SHOW_DEBUG_ON_ERROR: "true",
            },
          },
        }),
        says: [
          "insecure-oidc-skip-nonce is on by default: set it to false; code-challenge-method is not S256",
          "reverse-proxy without trusted-proxy-ip",
          "redirect-url is not set",
          "cookie-httponly is off",
          "cookie-samesite is neither lax nor strict",
          "show-debug-on-error shows",
        ],
      },
      "a code that whoever intercepts it can use": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_CODE_CHALLENGE_METHOD: "plain" } }),
        says: ["code-challenge-method is not S256"],
      },
      "a nonce that is not checked": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_INSECURE_OIDC_SKIP_NONCE: "true" } }),
        says: ["insecure-oidc-skip-nonce"],
      },
      "a nonce that nobody mentions": {
        stack: soundGateway({
          proxyPiece: {
            environment: {
              OAUTH2_PROXY_PROVIDER: "oidc",
              OAUTH2_PROXY_UPSTREAMS: "static://202",
              OAUTH2_PROXY_EMAIL_DOMAINS: "*",
            },
            command: [
              ...["oauth2-proxy", "--code-challenge-method=S256", "--redirect-url=https://p/oauth2/callback"],
              ...["--cookie-samesite=lax", "--cookie-expire=8h", "--cookie-refresh=5m"],
            ],
          },
        }),
        says: ["insecure-oidc-skip-nonce is on by default"],
      },
      "headers that are believed from everywhere": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_TRUSTED_PROXY_IPS: "" } }),
        says: ["trusted-proxy-ip"],
      },
      "an address that callers decide": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_REDIRECT_URL: "" } }),
        says: ["redirect-url"],
      },
      "a cookie for every host of the domain": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_COOKIE_DOMAINS: ".example.com" } }),
        says: ["cookie-domain"],
      },
      "a cookie without Secure, as a flag": {
        stack: soundGateway({ proxyPiece: { command: ["oauth2-proxy", "--cookie-secure=false"] } }),
        says: ["cookie-secure is off"],
      },
      "a cookie that other sites send along": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_COOKIE_SAMESITE: "" } }),
        says: ["cookie-samesite"],
      },
    },
    good: { "a hardened one": soundGateway() },
    lookAlikes: {
      "an image of one's own called alike": changed(
        soundGateway({ proxyPiece: { image: "acme/oauth2-proxy-plus:1.2.3" } }),
        "alb",
        { internal: true },
      ),
      "a digest": soundGateway({
        proxyPiece: { image: `quay.io/oauth2-proxy/oauth2-proxy@sha256:${"0".repeat(64)}` },
      }),
      "no reverse proxy before it": soundGateway({
        proxy: { OAUTH2_PROXY_REVERSE_PROXY: "", OAUTH2_PROXY_TRUSTED_PROXY_IPS: "" },
      }),
      "empty variables": soundGateway({
        proxy: {
          OAUTH2_PROXY_SHOW_DEBUG_ON_ERROR: "",
          OAUTH2_PROXY_COOKIE_SECURE: "",
          OAUTH2_PROXY_COOKIE_DOMAINS: "",
        },
      }),
      "Google, which knows neither a nonce nor a challenge": soundGateway({
        proxy: {
          OAUTH2_PROXY_PROVIDER: "",
          OAUTH2_PROXY_GOOGLE_GROUPS: "data@example.com",
          OAUTH2_PROXY_INSECURE_OIDC_SKIP_NONCE: "",
          OAUTH2_PROXY_CODE_CHALLENGE_METHOD: "",
        },
      }),
      "cookie-samesite in upper case": soundGateway({ proxy: { OAUTH2_PROXY_COOKIE_SAMESITE: "STRICT" } }),
      "settings from secrets": soundGateway({
        proxy: { OAUTH2_PROXY_REDIRECT_URL: "" },
        proxyPiece: { secrets: ["OAUTH2_PROXY_REDIRECT_URL", "OAUTH2_PROXY_OIDC_ISSUER_URL"] },
      }),
    },
    unknown: {
      "a whole task definition": {
        stack: changed(soundGateway({}), "task", { containerDefinitions: built(["database"], "[]") }),
      },
    },
  },
} satisfies Readonly<Record<string, Cases>>;
