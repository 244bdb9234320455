import { PolicyPack } from "@pulumi/policy";
import { collectInputs } from "./collector";
import { prefectApiRequiresAuth } from "./rules/prefect-api-requires-auth";

new PolicyPack("prefect-access", {
  policies: [collectInputs, prefectApiRequiresAuth],
});
