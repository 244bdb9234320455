import { declare } from "../support/stack";
import { cannotTell, type Cases } from "./case";

/** Prefect in resources of kinds that the pack does not read. */

export const unreadResourceCases: Cases = {
  "a container of another cloud": {
    stack: [
      declare("gcp:cloudrunv2/service:Service", "run", {
        template: {
          containers: [
            { image: "prefecthq/prefect:3-latest", args: ["prefect", "server", "start", "--host", "0.0.0.0"] },
          ],
        },
      }),
    ],
    ...cannotTell(
      'gcp.cloudrunv2.Service "run": is of a kind that this policy does not read',
      "what it starts is a Prefect API server on port 4200 and lets everybody in: PREFECT_SERVER_API_AUTH_STRING is not set",
    ),
  },
  "a template of CloudFormation": {
    stack: [
      declare("aws:cloudformation/stack:Stack", "inner", {
        templateBody: JSON.stringify({
          Resources: { Task: { Properties: { Command: ["prefect", "server", "start"] } } },
        }),
      }),
    ],
    ...cannotTell('aws.cloudformation.Stack "inner"'),
  },
  "an image that is built to start Prefect": {
    stack: [declare("docker-build:index:Image", "image", { dockerfile: { inline: "CMD prefect server start" } })],
  },
  "a command that deploys flows": {
    stack: [declare("command:local:Command", "deploy", { create: "prefect deploy --all" })],
  },
};
