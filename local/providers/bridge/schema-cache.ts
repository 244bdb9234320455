import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { paths } from "../../paths";
import type { ResourceSchema } from "./schema";
import { parseToken } from "./token";

/** Raise it when the schema's form or the reading of declarations changes. */
const FORMAT = 1;

/** A package's resource schemas: read from its declarations once, then from the cache directory. */
export class SchemaCache {
  readonly version: string;
  private readonly packageDir: string;
  private readonly directory: string;
  private readonly loaded = new Map<string, ResourceSchema>();

  constructor(packageName: string) {
    const manifest = require.resolve(`${packageName}/package.json`);
    this.packageDir = dirname(manifest);
    this.version = (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
    const key = `${packageName.replace(/[@/]/g, "_")}-${this.version}-${FORMAT}`;
    this.directory = join(paths.cache, "providers", key);
  }

  /** @throws Error naming the type when the package has no such resource. */
  get(token: string): ResourceSchema {
    let schema = this.loaded.get(token);
    if (!schema) {
      schema = this.fromCache(token) ?? this.fromDeclarations(token);
      this.loaded.set(token, schema);
    }
    return schema;
  }

  private file(token: string): string {
    return join(this.directory, `${parseToken(token).module}.json`);
  }

  private fromCache(token: string): ResourceSchema | undefined {
    try {
      return JSON.parse(readFileSync(this.file(token), "utf8")) as ResourceSchema;
    } catch {
      return undefined;
    }
  }

  private fromDeclarations(token: string): ResourceSchema {
    // Loaded here, since the TypeScript parser takes longer to load than the rest of a provider.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { readDeclarations } = require("./declarations") as typeof import("./declarations");
    const schema = readDeclarations(this.packageDir, token);
    const file = this.file(token);
    mkdirSync(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(schema));
    renameSync(temporary, file);
    return schema;
  }
}
