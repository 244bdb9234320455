import { ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";
import { balanced, chart } from "./charts";

/** The server of Prefect's Helm chart: its command, variables and image. */

const name = "PREFECT_SERVER_API_AUTH_STRING";
const fromSecret = { name, valueFrom: { secretKeyRef: { name: "prefect", key: "auth" } } };

export const chartServerCases: Cases = {
  "Prefect's chart with a command of its own, which listens as its variables say": {
    stack: chart({ ...balanced, server: { args: ["prefect", "server", "start"] } }),
    ...reject("the chart's server"),
  },
  "Prefect's chart with further arguments that keep it on loopback": {
    stack: chart({ ...balanced, server: { extraArgs: ["--host", "127.0.0.1"] } }),
  },
  "Prefect's chart with a command that drops variables": {
    stack: chart({
      ...balanced,
      server: { command: ["env", "-i"], basicAuth: { enabled: true, authString: "admin:correct-horse" } },
    }),
    ...cannotTell("its command may drop its environment"),
  },
  "Prefect's chart as a worker": { stack: chart({ ...balanced, server: { args: ["prefect", "worker", "start"] } }) },
  "Prefect's chart with arguments that are not known in preview": {
    stack: chart({ ...balanced, server: { args: ["prefect", "server", "start", ref("ingress", "option")] } }),
    ...reject("the chart's server"),
  },
  "Prefect's chart with variables for all": {
    stack: chart({ ...balanced, global: { prefect: { env: [fromSecret] } } }),
  },
  "Prefect's chart with variables for the server": { stack: chart({ ...balanced, server: { env: [fromSecret] } }) },
  "Prefect's chart with a variable that empties the password": {
    stack: chart({
      ...balanced,
      server: { basicAuth: { enabled: true, existingSecret: "prefect" }, env: [{ name, value: "" }] },
    }),
    ...reject(`${name} is empty`),
  },
  "Prefect's chart with a secret in place of its own password": {
    stack: chart({ ...balanced, server: { basicAuth: { enabled: true }, env: [fromSecret] } }),
  },
  "Prefect's chart with its own password by name": {
    stack: chart({
      ...balanced,
      server: { basicAuth: { enabled: true, existingSecret: "", authString: "admin:pass" } },
    }),
    ...reject(`${name} is empty`),
  },
  "Prefect's chart with a password that is switched off": {
    stack: chart({ ...balanced, server: { basicAuth: { enabled: false, authString: "admin:correct-horse" } } }),
    ...reject(`${name} is not set on it`),
  },
  "Prefect's chart with a password that is generated": {
    stack: chart({ ...balanced, server: { basicAuth: { enabled: true, authString: ref("password", "result") } } }),
  },
  ...Object.fromEntries(
    ["extraEnvVarsCM", "extraEnvVarsSecret"].map((from): [string, Cases[string]] => [
      `Prefect's chart with variables of ${from}`,
      {
        stack: chart({ ...balanced, server: { [from]: "more" } }),
        ...cannotTell("its environment files cannot be seen"),
      },
    ]),
  ),
  "Prefect's chart with variables of nothing": {
    stack: chart({ ...balanced, server: { extraEnvVarsCM: "", extraEnvVarsSecret: "" } }),
    ...reject(`${name} is not set on it`),
  },
  "Prefect's chart with a version that ignores the password": {
    stack: chart({
      ...balanced,
      global: { prefect: { image: { prefectTag: "3.1.7-python3.12" } } },
      server: { env: [fromSecret] },
    }),
    ...reject("ignores the auth string"),
  },
  "Prefect's chart with a version that is not known in preview": {
    stack: chart({
      ...balanced,
      global: { prefect: { image: { prefectTag: ref("build", "tag") } } },
      server: { env: [{ name, value: "admin:correct-horse" }] },
    }),
    ...cannotTell("the Prefect version of its image cannot be seen"),
  },
  "Prefect's chart with an image of another registry": {
    stack: chart({
      ...balanced,
      global: { prefect: { image: { repository: "mirror.example.com/flows", prefectTag: "1.0" } } },
    }),
    ...reject("the chart's server"),
  },
};
