import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Which folders a folder must not import: the directions in README, "Where things are". */
const directions = {
  "render/**": ["components", "policies", "local", "test", "bench", "settings", "@pulumi"],
  "components/**": ["policies", "local", "test", "bench", "settings"],
  "settings.ts": ["components", "policies", "local", "test", "bench"],
  "index.ts": ["render", "policies", "local", "test", "bench"],
  "policies/**": ["components", "render", "local", "test", "bench", "settings", "@pulumi/aws", "@pulumi/awsx"],
  "local/**": ["components", "render", "policies", "test", "bench", "settings"],
};

export default defineConfig(
  { ignores: ["node_modules/", ".local/", "**/*.mjs", "**/*.cjs"] },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // mocha's describe and it return nothing to await
      "@typescript-eslint/no-floating-promises": "error",
      eqeqeq: "error",
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
    },
  },
  ...Object.entries(directions).map(([folder, banned]) => ({
    files: [folder],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: banned.map((name) => ({
            group: name.startsWith("@")
              ? [name, `${name}/**`]
              : [`**/../${name}`, `**/../${name}/**`, `./${name}`, `./${name}/**`],
          })),
        },
      ],
    },
  })),
);
