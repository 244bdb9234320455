import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Which folders a folder must not import: the directions in README, "Where things are". */
const directions = {
  "render/**": ["components", "policies", "local", "test", "bench", "settings", "@pulumi"],
  "components/**": ["policies", "local", "test", "bench", "settings"],
  "settings.ts": ["components", "policies", "local", "test", "bench"],
  "settings/**": ["components", "policies", "local", "test", "bench"],
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
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      // An interface may ask for a promise that one of its implementations has at once.
      "@typescript-eslint/require-await": "off",
      eqeqeq: "error",
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    // Tests read JSON that they have just been answered: the assertion on it is the check.
    files: ["test/**"],
    rules: Object.fromEntries(
      ["argument", "assignment", "call", "member-access", "return"].map((kind) => [
        `@typescript-eslint/no-unsafe-${kind}`,
        "off",
      ]),
    ),
  },
  {
    // A resource's properties are whatever the program gave; what must be a string is made one.
    files: ["local/**"],
    rules: { "@typescript-eslint/no-base-to-string": "off" },
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
              : // A file at the root says "./render/x"; below it, "./settings" is a neighbour.
                (folder.includes("**") ? ["../**/"] : ["./"]).flatMap((up) => [`${up}${name}`, `${up}${name}/**`]),
          })),
        },
      ],
    },
  })),
);
