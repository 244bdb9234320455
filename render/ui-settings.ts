import type { Paths } from "./paths";

/**
 * What Prefect's UI reads first. Prefect itself would say `"auth":"BASIC"` and the UI would ask for the password that
 * the gateway already sends, so the gateway answers in its place. The fields are those of Prefect 3.8.8
 * (`UISettings` in prefect/server/api/server.py): look there when Prefect's version changes.
 */
export function uiSettings({ base, api }: Paths): string {
  return JSON.stringify({
    api_url: api,
    csrf_enabled: true,
    auth: null,
    flags: [],
    default_ui: "v2",
    available_uis: ["v1", "v2"],
    v1_base_url: base || "/",
    v2_base_url: `${base}/v2`,
  });
}
