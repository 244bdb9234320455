import { authString, type ContainerPiece, containers, gated, prefect } from "../../support/pieces";
import { built, declare, type Declared } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, secretValue, soundAlb, soundGateway } from "../support/sound";

const settings = { PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75" };
const secrets = ["PREFECT_SERVER_DATABASE_HOST"];
const withVariable = (name: string, value: string): Declared[] =>
  soundAlb({ prefect: { environment: { ...settings, [name]: value }, secrets } });
const withWords = (...command: string[]): Declared[] =>
  soundAlb({
    prefect: {
      command: ["prefect", "server", "start", "--host", "0.0.0.0", ...command],
      environment: settings,
      secrets,
    },
  });
const beside = (piece: Partial<ContainerPiece>): Declared[] =>
  soundAlb({ beside: [{ name: "beside", image: "acme/beside:1.2.3", ...piece }] });
const inTask = (where: string, what: string): string => `container "prefect", ${where} holds ${what}`;

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A task of its own with these containers. */
const other = (definitions: string): Declared =>
  declare("aws:ecs/taskDefinition:TaskDefinition", "other", { family: "other", containerDefinitions: definitions });

export const taskSecretCases = {
  "task-definition-holds-no-secret": {
    bad: {
      "Prefect's auth string": {
        stack: withVariable("PREFECT_SERVER_API_AUTH_STRING", `admin:${secretValue}`),
        says: [
          `${inTask("environment.PREFECT_SERVER_API_AUTH_STRING", "a credential")}. Everybody who may describe task definitions`,
        ],
        of: "task",
      },
      "Prefect's auth string in lower case, which Prefect reads as well": {
        stack: withVariable("prefect_server_api_auth_string", "admin:pass"),
        says: [inTask("environment.prefect_server_api_auth_string", "a credential")],
      },
      "a database's address with its password": {
        stack: withVariable(
          "PREFECT_API_DATABASE_CONNECTION_URL",
          "postgresql+asyncpg://prefect:s3cret-x@db:5432/prefect",
        ),
        says: [inTask("environment.PREFECT_API_DATABASE_CONNECTION_URL", "a password in an address")],
      },
      "an address with a password under a name that says nothing": {
        stack: withVariable("ZED", "redis://:s3cret-x@redis:6379/0"),
        says: [inTask("environment.ZED", "a password in an address")],
      },
      "a password under another application's name": {
        stack: beside({ environment: { BILLING_PASSWORD: "s3cret-x" } }),
        says: ['container "beside", environment.BILLING_PASSWORD holds a credential'],
      },
      "oauth2-proxy's cookie secret": {
        stack: soundGateway({ proxy: { OAUTH2_PROXY_COOKIE_SECRET: "0123456789abcdef" } }),
        says: ['container "oauth2-proxy", environment.OAUTH2_PROXY_COOKIE_SECRET holds a credential'],
      },
      "oauth2-proxy's client secret as a flag": {
        stack: soundGateway({
          proxyPiece: { command: ["oauth2-proxy", "--client-secret=s3cret-x", "--provider=oidc"] },
        }),
        says: ['container "oauth2-proxy", command holds the value of client-secret'],
      },
      "oauth2-proxy's client secret as a flag and a word": {
        stack: soundGateway({ proxyPiece: { command: ["oauth2-proxy", "--client-secret", "s3cret-x"] } }),
        says: ["the value of client-secret"],
      },
      "oauth2-proxy's client secret that a start script exports": {
        stack: soundGateway({
          proxyPiece: {
            entryPoint: ["/bin/sh", "-ec"],
            command: ["export OAUTH2_PROXY_CLIENT_SECRET='s3cret-x'\nexec oauth2-proxy"],
          },
        }),
        says: ["the value of OAUTH2_PROXY_CLIENT_SECRET"],
      },
      "a configuration file of oauth2-proxy in a heredoc": {
        stack: beside({
          entryPoint: ["sh", "-c"],
          command: ['cat > /tmp/p.cfg <<EOF\nclient_secret = "s3cret-x"\nEOF\nexec tool'],
        }),
        says: ["the value of client_secret"],
      },
      "a configuration in base64": {
        stack: beside({ environment: { CONFIG: base64('{"database": {"password": "s3cret-x"}}') } }),
        says: ["environment.CONFIG holds the value of password"],
      },
      "a header that nginx adds": {
        stack: soundGateway({
          conf: gated.replace(
            "location / {",
            `location / { proxy_set_header Authorization "Basic ${base64("admin:s3cret-x")}";`,
          ),
        }),
        says: ['container "nginx", environment.NGINX_CONF holds an Authorization header\'s credential'],
      },
      "a worker's headers": {
        stack: withVariable("PREFECT_CLIENT_CUSTOM_HEADERS", '{"CF-Access-Client-Secret": "abcdef"}'),
        says: ["PREFECT_CLIENT_CUSTOM_HEADERS holds a header's credential"],
      },
      "PostgreSQL's own variable": {
        stack: withVariable("PGPASSWORD", "s3cret-x"),
        says: ["environment.PGPASSWORD holds a credential"],
      },
      "a name in camel case": {
        stack: withVariable("dbPass", "s3cret-x"),
        says: ["environment.dbPass holds a credential"],
      },
      "a token in an address's query": {
        stack: withVariable("HOOK", "https://hooks.example.com/?token=s3cret-x"),
        says: ["environment.HOOK holds the value of token"],
      },
      "a configuration in lines of base64": {
        stack: beside({
          environment: { CONFIG: base64(`# ${"x".repeat(70)}\npassword: s3cret-x\n`).replace(/(.{76})/g, "$1\n") },
        }),
        says: ["environment.CONFIG holds the value of password"],
      },
      "a private key": { stack: withVariable("PEM", "-----BEGIN RSA PRIVATE KEY-----\nabc"), says: ["a private key"] },
      "a token of GitHub": { stack: withWords("--x", `ghp_${"a1".repeat(18)}`), says: ["command holds a token"] },
      "an option of logging": {
        stack: soundAlb({
          definitions: JSON.stringify([
            {
              ...(JSON.parse(containers(prefect({ environment: settings, secrets }))) as object[])[0],
              logConfiguration: { logDriver: "splunk", options: { "splunk-token": "0a1b2c3d-x" } },
            },
          ]),
        }),
        says: [inTask("logConfiguration.options.splunk-token", "a credential")],
      },
      "a label": {
        stack: soundAlb({
          definitions: JSON.stringify([
            {
              ...(JSON.parse(containers(prefect({ environment: settings, secrets }))) as object[])[0],
              dockerLabels: { api_key: "0a1b2c3d-x" },
            },
          ]),
        }),
        says: ["dockerLabels.api_key"],
      },
    },
    good: {
      "secrets by reference": soundAlb({
        prefect: {
          environment: settings,
          secrets: [...secrets, "PREFECT_SERVER_DATABASE_PASSWORD", ...authString.secrets],
        },
      }),
      "a gateway whose secrets come by reference": soundGateway(),
    },
    lookAlikes: {
      "names that end otherwise": soundAlb({
        prefect: {
          environment: {
            ...settings,
            DATABASE_PASSWORD_FILE: "/run/secrets/database",
            CLIENT_SECRET_ARN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x",
            TOKEN_URL: "https://login.example.com/token",
            PREFECT_API_TASK_CACHE_KEY_MAX_LENGTH: "2000",
          },
          secrets,
        },
      }),
      "an address without a password": withVariable(
        "PREFECT_API_DATABASE_CONNECTION_URL",
        "postgresql+asyncpg://iam_user@db:5432/prefect",
      ),
      "an address whose password a script fills in": beside({
        entryPoint: ["sh", "-c"],
        command: ['export URL="postgresql://prefect:$DB_PASSWORD@db/prefect" PASSWORD=${DB_PASSWORD}; exec tool'],
      }),
      "empty ones": withVariable("SOME_PASSWORD", ""),
      "a switch": withVariable("HIDE_SECRET", "true"),
      "a switch that is off": withVariable("HIDE_SECRET", "false"),
      "a switch in words": withVariable("REFRESH_TOKEN", "disabled"),
      "prose about Basic": withVariable("TEXT", "Basic authentication is on; Bearer tokens are not taken"),
      "a header from a secret": soundGateway({
        conf: gated.replace(
          "location / {",
          'location / { proxy_set_header Authorization "Basic $prefect_authorization";',
        ),
      }),
      "a definition that is no JSON beside it": [...soundAlb(), other("prefect PASSWORD=s3cret-x")],
      "a password in a task without Prefect": [
        ...soundAlb(),
        other(containers({ name: "shop", image: "acme/shop:1.2.3", environment: { SHOP_PASSWORD: "s3cret-x" } })),
      ],
    },
    unknown: {
      "a task definition that nothing calls Prefect": {
        stack: changed(soundAlb(), "task", { containerDefinitions: built(["database"], "[]") }),
      },
      "the task definition of a family that says Prefect": {
        stack: changed(soundAlb(), "task", {
          containerDefinitions: built(
            ["database"],
            containers(prefect({ environment: { ...settings, PREFECT_API_KEY: "s3cret-x" }, secrets })),
          ),
          family: "prefect",
        }),
        preview: ["is not known yet: it is judged when it is"],
        level: "advisory",
        finished: ["PREFECT_API_KEY holds a credential"],
      },
    },
  },
} satisfies Readonly<Record<string, Cases>>;
