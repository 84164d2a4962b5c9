/**
 * Compares the stand-ins for `jsr:` packages in `links/` with the npm package
 * that they are over, whose exports have no types of their own.
 *
 * @module
 */

/** A declared function or value. */
export interface Declared {
  /** Its name. */
  name: string;
  /**
   * Most arguments that it takes, Infinity for a rest argument; `undefined`
   * where the declaration does not spell them out.
   */
  parameters: number | undefined;
}

/** Parameters as `deno doc --json` writes them. */
export interface DocSignature {
  /** One for each. */
  params?: { kind: string }[];
}

/** A declaration as `deno doc --json` writes it. */
export interface DocDeclaration {
  /** `export`, `private` or `declare`. */
  declarationKind: string;
  /** `function`, `variable`, `interface` and so on. */
  kind: string;
  /** A function's signature, or a variable's type. */
  def?: DocSignature & { tsType?: { kind: string; value: DocSignature } };
}

/** The part of `deno doc --json` that is read here. */
export interface DocOutput {
  /** Modules by file URL. */
  nodes: Record<
    string,
    { symbols: { name: string; declarations: DocDeclaration[] }[] }
  >;
}

function toDeclared(name: string, declaration: DocDeclaration): Declared {
  const { def } = declaration;
  const params = def?.params ??
    (def?.tsType?.kind === "fnOrConstructor"
      ? def.tsType.value.params
      : undefined);
  return { name, parameters: params && countParameters(params) };
}

function countParameters(params: readonly { kind: string }[]): number {
  return params.at(-1)?.kind === "rest" ? Infinity : params.length;
}

/**
 * The functions and values that modules declare to export, overloads apart.
 *
 * @param doc What `deno doc --json` wrote.
 * @returns Declarations by the module's file URL.
 */
export function declaredExports(doc: DocOutput): Map<string, Declared[]> {
  return new Map(
    Object.entries(doc.nodes).map(([url, { symbols }]) => [
      url,
      symbols.flatMap(({ name, declarations }) =>
        declarations.filter(({ declarationKind, kind }) =>
          declarationKind === "export" &&
          ["function", "variable", "class", "enum"].includes(kind)
        ).map((declaration) => toDeclared(name, declaration))
      ),
    ]),
  );
}

/**
 * Most arguments that a function takes, from its source text; Infinity where
 * the last gathers the rest.
 *
 * @param fn Any function that is not native.
 */
// deno-lint-ignore ban-types
export function realParameters(fn: Function): number {
  const source = fn.toString().replace(/\/\/[^\n]*|\/\*[^]*?\*\//g, "");
  const start = source.indexOf("(");
  const parts: string[] = [""];
  let depth = 0;
  for (const character of source.slice(start + 1)) {
    if (character === ")" && depth === 0) break;
    if ("([{".includes(character)) depth++;
    if (")]}".includes(character)) depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  const names = parts.map((part) => part.trim()).filter((part) => part !== "");
  const hasRest = names.at(-1)?.startsWith("...") ?? false;
  return hasRest ? Infinity : names.length;
}

/**
 * What is wrong with declarations.
 *
 * @param declared What a stand-in declares.
 * @param real The exports of the package's module.
 * @returns A line for each fault.
 */
export function compareExports(
  declared: readonly Declared[],
  real: Readonly<Record<string, unknown>>,
): string[] {
  return declared.flatMap(({ name, parameters }) => {
    const value = Object.hasOwn(real, name) ? real[name] : undefined;
    if (value === undefined) return [`${name} is not exported`];
    if (parameters === undefined) return [];
    if (typeof value !== "function") {
      return [`${name} is a ${typeof value}, declared as a function`];
    }
    const taken = realParameters(value);
    return parameters > taken
      ? [`${name} takes ${taken} arguments, declared to take ${parameters}`]
      : [];
  });
}

/**
 * Whether a version lies in a range such as `^1.0.13`: the same first number
 * that is not zero, and not lower.
 *
 * @param version Three numbers with dots.
 * @param range A caret and three numbers, or one version. Throws
 * `SyntaxError` for any other form.
 */
export function satisfies(version: string, range: string): boolean {
  const match = /^(\^?)(\d+)\.(\d+)\.(\d+)$/.exec(range);
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  if (match === null || parts === undefined) {
    throw new SyntaxError(
      `Cannot compare version "${version}" with range "${range}", expected forms like 1.0.13 and ^1.0.13`,
    );
  }
  const lowest = match.slice(2).map(Number);
  if (match[1] === "") return parts.every((part, i) => part === lowest[i]);
  const fixed = Math.max(1, 1 + lowest.findIndex((part) => part > 0));
  if (parts.slice(0, fixed).some((part, i) => part !== lowest[i])) return false;
  const differs = parts.findIndex((part, i) => part !== lowest[i]);
  return differs < 0 || parts[differs] > lowest[differs];
}
