import { gzipSync } from "node:zlib";
import { type ContainerPiece, containers, prefect } from "../../support/pieces";
import { built, declare, type Declared, ref } from "../../support/stack";
import type { Cases } from "../support/cases";
import { changed, secretValue, soundAlb } from "../support/sound";

const settings = { PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75" };
const secrets = ["PREFECT_SERVER_DATABASE_HOST"];
const beside = (piece: Partial<ContainerPiece>): Declared[] =>
  soundAlb({ beside: [{ name: "beside", image: "acme/beside:1.2.3", ...piece }] });
const basic = Buffer.from(`admin:${secretValue}`).toString("base64");

const instance = (script: string, property = "userData"): Declared[] => [
  ...soundAlb(),
  declare("aws:ec2/instance:Instance", "worker", { ami: "ami-1", [property]: script }),
];
const runs = "docker run -e PREFECT_API_URL=https://p/api prefecthq/prefect:3.8.8 prefect worker start";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A task of its own with these containers. */
const other = (definitions: string): Declared =>
  declare("aws:ecs/taskDefinition:TaskDefinition", "other", { family: "other", containerDefinitions: definitions });
const express = (container: Record<string, unknown>): Declared =>
  declare("aws:ecs/expressGatewayService:ExpressGatewayService", "express", {
    primaryContainer: {
      image: "acme/prefect:1.2.3",
      commands: ["prefect", "worker", "start", "--pool", "flows"],
      containerPort: 8080,
      ...container,
    },
    networkConfigurations: [{ securityGroups: [ref("taskGroup", "id")] }],
  });

const parameter = (type: string): Declared =>
  declare("aws:ssm/parameter:Parameter", "parameter", { type, value: "Parameter-1x-long" });

export const stackSecretCases = {
  "stack-leaks-no-secret": {
    bad: {
      "user data": {
        stack: instance(`${runs} -e PREFECT_API_AUTH_STRING=admin:s3cret-x`),
        says: ["Its user data holds the value of PREFECT_API_AUTH_STRING. Every process on the instance reads it."],
        of: "worker",
      },
      "user data in base64": {
        stack: instance(base64(`${runs}\nexport PREFECT_API_KEY=s3cret-x`), "userDataBase64"),
        says: ["PREFECT_API_KEY"],
      },
      "user data that is packed": {
        stack: instance(gzipSync(`${runs} -e DB=postgresql://u:s3cret-x@db/p`).toString("base64"), "userDataBase64"),
        says: ["a password in an address"],
      },
      "a compose file in a launch template": {
        stack: [
          ...soundAlb(),
          declare("aws:ec2/launchTemplate:LaunchTemplate", "workers", {
            userData: base64(
              "services:\n  worker:\n    image: prefecthq/prefect:3.8.8\n    environment:\n      PREFECT_API_KEY: s3cret-x\n",
            ),
          }),
        ],
        says: ["PREFECT_API_KEY"],
      },
      "an Express service": {
        stack: [...soundAlb(), express({ environments: [{ name: "PREFECT_API_KEY", value: "s3cret-x" }] })],
        says: ["PREFECT_API_KEY holds a credential, in plain text."],
        of: "express",
      },
      "oauth2-proxy in a task of its own": {
        stack: [
          ...soundAlb(),
          other(
            containers({
              name: "proxy",
              image: "acme/proxy:1.2.3",
              environment: { OAUTH2_PROXY_COOKIE_SECRET: "s3cret-x" },
            }),
          ),
        ],
        says: ["OAUTH2_PROXY_COOKIE_SECRET"],
        of: "other",
      },
      "two copies of a generated password": {
        stack: soundAlb({ prefect: { environment: { ...settings, ZED: secretValue, YAK: secretValue }, secrets } }),
        says: [
          'environment.ZED holds the secret value of random.RandomPassword "password"; container "prefect", environment.YAK',
        ],
        of: "task",
      },
      "a generated password under a name that says nothing": {
        stack: soundAlb({ prefect: { environment: { ...settings, ZED: secretValue }, secrets } }),
        says: ['environment.ZED holds the secret value of random.RandomPassword "password"'],
      },
      "a generated password in a command of another container": {
        stack: beside({ command: ["tool", `--db=${secretValue}`] }),
        says: ["command holds the secret value of"],
      },
      "a secure parameter's value": {
        stack: [
          ...soundAlb({ prefect: { environment: { ...settings, ZED: "Parameter-1x-long" }, secrets } }),
          parameter("SecureString"),
        ],
        says: ['aws.ssm.Parameter "parameter"'],
      },
      "user data alone, in a stack without a task": {
        stack: instance(`${runs} -e PREFECT_API_KEY=s3cret-x`).filter(({ name }) => name === "worker"),
        says: ["PREFECT_API_KEY"],
      },
      "user data beside an instance without Prefect": {
        stack: [
          ...instance(`${runs} -e PREFECT_API_KEY=s3cret-x`).filter(({ name }) => name === "worker"),
          declare("aws:ec2/instance:Instance", "shop", { ami: "ami-1", userData: "docker run acme/shop:1" }),
        ],
        says: ["PREFECT_API_KEY"],
      },
      "a value as short as a password may be": {
        stack: instance(`${runs} -e PREFECT_API_KEY=s3cret`),
        says: ["PREFECT_API_KEY"],
      },
      "a copy in base64 that decodes to it": {
        stack: soundAlb({ prefect: { environment: { ...settings, ZED: basic }, secrets } }),
        says: ["environment.ZED holds the secret value of"],
      },
    },
    good: {
      "a sound stack": soundAlb(),
      "user data that reads a secret": instance(
        `${runs}\nexport PREFECT_API_KEY=$(aws secretsmanager get-secret-value --secret-id x)`,
      ),
    },
    lookAlikes: {
      "a password that is a part of a longer word": [
        ...soundAlb({ prefect: { environment: { ...settings, ZED: "Parameter-1x-longer" }, secrets } }),
        parameter("SecureString"),
      ],
      "a plain parameter's value": [
        ...soundAlb({ prefect: { environment: { ...settings, ZED: "Parameter-1x-long" }, secrets } }),
        parameter("String"),
      ],
      "user data that is no text": instance(
        Buffer.from([0x1f, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07]).toString("base64"),
      ),
      "user data that switches something off": instance(`${runs} -e REFRESH_TOKEN=disabled -e HIDE_SECRET=false`),
      "user data of something else": instance("export SHOP_PASSWORD=s3cret-x"),
      "a value of a JSON secret that is none": soundAlb({
        prefect: { environment: { ...settings, HOST: "database.example.com" }, secrets },
      }),
      "a task built from a secret's name": changed(soundAlb(), "task", {
        containerDefinitions: built(["secret"], "[]"),
      }),
    },
    unknown: {
      "a task built from a generated password": {
        stack: changed(soundAlb(), "task", {
          containerDefinitions: built(
            ["password"],
            containers(prefect({ environment: { ...settings, ZED: secretValue }, secrets })),
          ),
        }),
        preview: [
          'Its containerDefinitions is built from random.RandomPassword "password", whose value then stands in it in plain text.',
        ],
        finished: ["environment.ZED"],
      },
    },
  },
} satisfies Readonly<Record<string, Cases>>;
