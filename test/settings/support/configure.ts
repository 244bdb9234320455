import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../../../settings";

export const project = "prefect-on-fargate";

/** Settings as the engine hands them over: strings as they are, everything else as JSON. */
export function configure(values: Record<string, unknown>, secrets: string[] = []): void {
  const config = Object.entries({ ...values }).map(([key, value]) => [
    `${project}:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(
    { ...Object.fromEntries(config), "aws:region": "eu-west-1", "other:domain": "ignored" },
    secrets.map((key) => `${project}:${key}`),
  );
}

/** The message of the one RunError that reading throws. */
export function refusal(values: Record<string, unknown>, secrets: string[] = []): string {
  configure(values, secrets);
  try {
    readSettings();
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error));
    return error.message;
  }
  throw new assert.AssertionError({ message: "the settings were taken" });
}
