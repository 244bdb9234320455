import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { settingsPage } from "./page";

/** `npm run docs`: test/settings/docs.test.ts compares. */
writeFileSync(join(__dirname, "..", "docs", "settings.md"), settingsPage());
