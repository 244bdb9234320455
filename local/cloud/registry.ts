import type { World, WorldChange } from "./context";
import type { CloudResource } from "./contract";
import { readJson, writeJson } from "./json-file";

/** What the stack declared, kept in a file of mode 0600: secrets are among the properties. */
export class Registry implements World {
  readonly #file: string;
  readonly #resources = new Map<string, CloudResource>();
  readonly #listeners = new Set<(change: WorldChange) => void>();

  constructor(file: string) {
    this.#file = file;
    for (const resource of readJson<CloudResource[]>(file) ?? []) this.#resources.set(key(resource), resource);
  }

  put(resource: CloudResource): void {
    this.#resources.set(key(resource), resource);
    this.#save({ kind: "put", resource });
  }

  remove(resource: CloudResource): void {
    if (this.#resources.delete(key(resource))) this.#save({ kind: "remove", resource });
  }

  everything(): CloudResource[] {
    return [...this.#resources.values()];
  }

  all(type: string): CloudResource[] {
    return this.everything().filter((resource) => resource.type === type);
  }

  get(type: string, id: string): CloudResource | undefined {
    return this.#resources.get(key({ type, id }));
  }

  byArn(arn: string): CloudResource | undefined {
    return this.everything().find(({ properties }) => properties.arn === arn);
  }

  where(type: string, property: string, value: unknown): CloudResource[] {
    return this.all(type).filter(({ properties }) => properties[property] === value);
  }

  onChange(listener: (change: WorldChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #save(change: WorldChange): void {
    writeJson(this.#file, this.everything());
    for (const listener of this.#listeners) listener(change);
  }
}

function key({ type, id }: { type: string; id: string }): string {
  return `${type} ${id}`;
}
