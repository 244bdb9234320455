import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { documentedDefault, documentsReplacement } from "./documentation";
import type { PropertySchema, ResourceSchema, TypeSchema } from "./schema";
import { parseToken } from "./token";

/**
 * Reads a resource type's schema out of the package's `.d.ts` and `.js` files. Nothing is type-checked: only the file of
 * the resource and the namespaces of types/input.d.ts and types/output.d.ts that it refers to are parsed.
 *
 * @throws Error naming the type when the package has no such resource.
 */
export function readDeclarations(packageDir: string, token: string): ResourceSchema {
  const { module, name } = parseToken(token);
  const file = join(packageDir, `${module}.d.ts`);
  let source: ts.SourceFile;
  try {
    source = parse(file, readFileSync(file, "utf8"));
  } catch {
    throw new Error(`unrecognized resource type (Check): ${token}`);
  }
  const reader = new Reader(packageDir);
  const outputs = members(source, name, ts.isClassDeclaration);
  const inputs = members(source, `${name}Args`, ts.isInterfaceDeclaration);
  const properties = reader.merge(inputs, outputs);
  return { properties, types: reader.types(), secrets: secretOutputs(join(packageDir, `${module}.js`)) };
}

/** `{ additionalSecretOutputs: ["password", "passwordWo"] }` of the generated constructor. */
function secretOutputs(file: string): string[] {
  const found = /additionalSecretOutputs: (\[[^\]]*\])/.exec(readFileSync(file, "utf8"));
  return found?.[1] ? (JSON.parse(found[1]) as string[]) : [];
}

interface Member {
  type: ts.TypeNode;
  optional: boolean;
  documentation: string;
}

class Reader {
  private readonly namespaces = new Map<string, ts.SourceFile>();
  private readonly texts = new Map<string, string>();
  private readonly found: ResourceSchema["types"] = {};
  private readonly packageDir: string;

  constructor(packageDir: string) {
    this.packageDir = packageDir;
  }

  types(): ResourceSchema["types"] {
    return this.found;
  }

  merge(inputs: Map<string, Member>, outputs: Map<string, Member>): Record<string, PropertySchema> {
    const names = [...new Set([...inputs.keys(), ...outputs.keys()])];
    return Object.fromEntries(
      names.map((name) => {
        const input = inputs.get(name);
        const output = outputs.get(name);
        const type = this.type((input ?? output)?.type);
        const documentation = (input ?? output)?.documentation ?? "";
        const property: PropertySchema = {
          type,
          input: input !== undefined,
          required: input !== undefined && !input.optional,
          alwaysSet: output !== undefined && !output.optional && !includesUndefined(output.type),
        };
        const value = property.input && !property.alwaysSet ? documentedDefault(documentation, type) : undefined;
        if (value !== undefined) property.default = value;
        if (documentsReplacement(documentation)) property.replaces = true;
        return [name, property];
      }),
    );
  }

  private type(node: ts.TypeNode | undefined): TypeSchema {
    if (!node) return "any";
    if (ts.isParenthesizedTypeNode(node)) return this.type(node.type);
    if (ts.isArrayTypeNode(node)) return { list: this.type(node.elementType) };
    if (ts.isTypeLiteralNode(node)) {
      const index = node.members.find(ts.isIndexSignatureDeclaration);
      return index ? { map: this.type(index.type) } : "any";
    }
    if (ts.isUnionTypeNode(node)) return this.union(node);
    if (ts.isTypeReferenceNode(node)) return this.reference(node);
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
      case ts.SyntaxKind.LiteralType:
        return "string";
      case ts.SyntaxKind.NumberKeyword:
        return "number";
      case ts.SyntaxKind.BooleanKeyword:
        return "boolean";
      default:
        return "any";
    }
  }

  /** `string | Role` takes a resource and sends its id; `string | PolicyDocument` takes an object and sends its JSON. */
  private union(node: ts.UnionTypeNode): TypeSchema {
    const kinds = node.types.filter((type) => type.kind !== ts.SyntaxKind.UndefinedKeyword);
    if (kinds.length === 1) return this.type(kinds[0]);
    const texts = kinds.map((kind) => kind.getText());
    if (texts.some((text) => /(Policy|Lifecycle)\w*Document$/.test(text))) return "json";
    return texts.includes("string") ? "string" : "any";
  }

  private reference(node: ts.TypeReferenceNode): TypeSchema {
    const name = node.typeName.getText();
    if (/^(pulumi\.)?(Input|Output|Promise)$/.test(name)) return this.type(node.typeArguments?.[0]);
    const [root, ...path] = name.split(".");
    if (root === "enums" || name === "ARN") return "string";
    if (root !== "inputs" && root !== "outputs") return "any";
    const key = path.join(".");
    if (!(key in this.found)) {
      this.found[key] = {};
      this.found[key] = this.merge(this.object("input", path), this.object("output", path));
    }
    return { object: key };
  }

  private object(kind: "input" | "output", path: string[]): Map<string, Member> {
    const name = path.at(-1) ?? "";
    return members(this.namespace(kind, path.slice(0, -1)), name, ts.isInterfaceDeclaration);
  }

  /** One namespace of a file of several megabytes, cut out as text: parsing all of it takes a second. */
  private namespace(kind: "input" | "output", path: string[]): ts.SourceFile {
    const key = [kind, ...path].join(".");
    let parsed = this.namespaces.get(key);
    if (!parsed) {
      parsed = parse(`${key}.d.ts`, cut(this.text(kind), path));
      this.namespaces.set(key, parsed);
    }
    return parsed;
  }

  private text(kind: "input" | "output"): string {
    let text = this.texts.get(kind);
    if (text === undefined) {
      try {
        text = readFileSync(join(this.packageDir, "types", `${kind}.d.ts`), "utf8");
      } catch {
        text = "";
      }
      this.texts.set(kind, text);
    }
    return text;
  }
}

/** The body of `export declare namespace lb { ... }`, or all interfaces beside the namespaces. */
function cut(text: string, path: string[]): string {
  const [name, ...nested] = path;
  if (name === undefined) return text.replace(/^export declare namespace [\s\S]*?^}$/gm, "");
  const start = text.indexOf(`export declare namespace ${name} {\n`);
  if (start < 0) return "";
  const body = text.slice(start, text.indexOf("\n}\n", start) + 2);
  const inner = nested[0];
  if (inner === undefined) return body;
  const from = body.indexOf(`    namespace ${inner} {\n`);
  return from < 0 ? "" : body.slice(from, body.indexOf("\n    }\n", from) + 6);
}

function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

type Declaration = ts.ClassDeclaration | ts.InterfaceDeclaration;

function members(source: ts.Node, name: string, is: (node: ts.Node) => node is Declaration): Map<string, Member> {
  const found = new Map<string, Member>();
  const visit = (node: ts.Node): void => {
    if (is(node) && node.name?.text === name) {
      for (const member of node.members) {
        if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
        if (!member.type || isStatic(member)) continue;
        found.set(member.name.getText(), {
          type: member.type,
          optional: member.questionToken !== undefined || includesUndefined(member.type),
          documentation: documentation(member),
        });
      }
      return;
    }
    if (ts.isSourceFile(node) || ts.isModuleDeclaration(node) || ts.isModuleBlock(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isStatic(member: ts.PropertySignature | ts.PropertyDeclaration): boolean {
  return member.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword) ?? false;
}

/** True for `Output<T | undefined>`, and not for `Output<{[key: string]: string | undefined}>`. */
function includesUndefined(node: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(node)) return node.types.some((type) => type.kind === ts.SyntaxKind.UndefinedKeyword);
  const wrapper = ts.isTypeReferenceNode(node) && /(Input|Output)$/.test(node.typeName.getText());
  return wrapper && node.typeArguments?.[0] !== undefined && includesUndefined(node.typeArguments[0]);
}

function documentation(node: ts.Node): string {
  const text = node.getSourceFile().text;
  const ranges = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  return ranges.map(({ pos, end }) => text.slice(pos, end).replace(/^\s*\/?\*+\/? ?/gm, "")).join("\n");
}
