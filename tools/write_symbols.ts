/**
 * Writes the TypeScript side of the native library from its Rust source:
 * `deno run -R -W tools/write_symbols.ts`.
 *
 * It reads what stands in `export!` and `shared_constants!` and the faults of
 * `ffi/src/abi.rs`; nothing is built for it. Tests hold that what it wrote is
 * up to date.
 *
 * @module
 */
import { join } from "@std/path";

/** An argument of a native function. */
export interface NativeArgument {
  /** Its name in Rust. */
  name: string;
  /** `u32`, `i32`, `u64` or `f64`, or the element of a slice. */
  type: string;
  /** Whether it is a slice, and whether that is written. */
  slice?: "read" | "written";
}

/** A function that `export!` makes. */
export interface NativeFunction {
  /** Its symbol. */
  symbol: string;
  /** Its doc comment. */
  doc: string;
  /** What it takes. */
  arguments: NativeArgument[];
}

/** All that crosses the boundary. */
export interface NativeInterface {
  /** Exported functions, by symbol. */
  functions: NativeFunction[];
  /** Constants for both sides. */
  constants: { name: string; doc: string; value: number }[];
  /** Negative results. */
  faults: { name: string; code: number; kind: string; message: string }[];
}

const PREFIX = "loadstar_";
const NUMBERS: Readonly<Record<string, string>> = {
  u32: "number",
  i32: "number",
  f64: "number",
  u64: "bigint",
};
const ARRAYS: Readonly<Record<string, string>> = {
  u8: "Uint8Array",
  i32: "Int32Array",
  u32: "Uint32Array",
  f32: "Float32Array",
  f64: "Float64Array",
};

/** Bytes of an element, as a power of two. */
const SHIFTS: Readonly<Record<string, number>> = {
  u8: 0,
  i32: 2,
  u32: 2,
  f32: 2,
  f64: 3,
};
const DOC = String.raw`((?:[ \t]*///[^\n]*\n)*)`;

function docText(lines: string): string {
  return lines.split("\n").map((line) => line.trim().replace(/^\/\/\/ ?/, ""))
    .join("\n").trim();
}

function readArgument(text: string, symbol: string): NativeArgument {
  const match = /^(\w+): (?:&(mut )?\[(\w+)\]|(\w+))$/.exec(text);
  const known = match !== null &&
    (match[4] === undefined ? match[3] in ARRAYS : match[4] in NUMBERS);
  if (!known) {
    throw new SyntaxError(
      `Cannot carry the argument "${text}" of ${symbol} to TypeScript, expected one of ${
        Object.keys(NUMBERS).join(", ")
      } or a slice of ${Object.keys(ARRAYS).join(", ")}`,
    );
  }
  const [, name, mutable, element, number] = match;
  return element === undefined
    ? { name, type: number }
    : { name, type: element, slice: mutable ? "written" : "read" };
}

/**
 * What crosses the boundary, read from Rust.
 *
 * @param sources Texts of the crate's files; tests at their end are left out.
 * Throws `SyntaxError` for a signature that cannot be carried over.
 */
export function readInterface(sources: readonly string[]): NativeInterface {
  const text = sources.map((source) => source.split("#[cfg(test)]\nmod ")[0])
    .join("\n");
  const functions = [...text.matchAll(
    new RegExp(
      String.raw`^export! \{\n${DOC}\s*fn (\w+)\(([^)]*)\) \{`,
      "gm",
    ),
  )].map(([, doc, symbol, list]) => ({
    symbol,
    doc: docText(doc),
    arguments: list.split(",").map((part) => part.trim())
      .filter((part) => part !== "")
      .map((part) => readArgument(part, symbol)),
  }));
  const blocks = [...text.matchAll(/^shared_constants! \{\n([^}]*)^\}/gm)];
  const constants = blocks.flatMap(([, body]) =>
    [...body.matchAll(
      new RegExp(
        String.raw`${DOC}\s*([A-Z]\w*): \w+ = (-?[\w.]+);`,
        "g",
      ),
    )].map(([, doc, name, value]) => ({
      name,
      doc: docText(doc),
      value: Number(value.replaceAll("_", "")),
    }))
  );
  const faults = [...text.matchAll(
    new RegExp(
      String.raw`${DOC}\s*pub const (\w+): Fault = Fault\((-\d+)\);`,
      "g",
    ),
  )].map(([, doc, name, code]) => {
    const [, kind, message] =
      /^(\w*Error): ([^]*)\.$/.exec(docText(doc).replaceAll("\n", " ")) ?? [];
    if (kind === undefined) {
      throw new SyntaxError(
        `Cannot read the doc comment of the fault ${name}, expected "KindOfError: What is wrong."`,
      );
    }
    return { name, code: Number(code), kind, message };
  });
  functions.sort((a, b) => a.symbol < b.symbol ? -1 : 1);
  checkComplete(text, { functions, constants, faults });
  return { functions, constants, faults };
}

/** A form that the patterns above miss must not go unnoticed. */
function checkComplete(text: string, found: NativeInterface) {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const doubled = found.functions.find(({ symbol }, i) =>
    symbol === found.functions[i + 1]?.symbol
  );
  if (
    count(/^\s*export! \{/gm) !== found.functions.length ||
    count(/: Fault = Fault\(/g) !== found.faults.length ||
    found.constants.some(({ value }) => Number.isNaN(value))
  ) {
    throw new SyntaxError(
      "Cannot read all that Rust exports, expected the form that ffi/src/abi.rs shows",
    );
  }
  if (doubled !== undefined) {
    throw new SyntaxError(
      `Cannot export ${doubled.symbol} twice, expected one function a name`,
    );
  }
}

/**
 * The number by which both sides know each other: FNV-1a over all names,
 * types, codes and values.
 *
 * @param native What crosses the boundary.
 */
export function abiVersion(native: NativeInterface): number {
  const text = JSON.stringify([
    native.functions.map((each) => [each.symbol, each.arguments]),
    native.constants.map(({ name, value }) => [name, value]),
    native.faults.map(({ name, code }) => [name, code]),
  ]);
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function nameOf({ symbol }: NativeFunction): string {
  return camelCase(symbol.replace(PREFIX, ""));
}

function comment(doc: string, indent: string): string {
  const lines = doc.split("\n").map((line) => ` * ${line}`.trimEnd());
  return ["/**", ...lines, " */"].map((line) => indent + line + "\n").join("");
}

function definition(each: NativeFunction): string {
  const types = each.arguments.flatMap(({ type, slice }) =>
    slice === undefined ? [type] : ["buffer", "u32"]
  );
  const parameters = types.length === 0
    ? "[]"
    : `[\n${types.map((type) => `      "${type}",\n`).join("")}    ]`;
  return `  ${nameOf(each)}: {
    name: "${each.symbol}",
    parameters: ${parameters},
    result: "i32",
  },
`;
}

function declaration(each: NativeFunction): string {
  const parameters = each.arguments.map(({ name, type, slice }) =>
    `    ${camelCase(name)}: ${
      slice === undefined ? NUMBERS[type] : `${ARRAYS[type]}<ArrayBuffer>`
    },\n`
  ).join("");
  const list = parameters === "" ? "()" : `(\n${parameters}  )`;
  return `${comment(each.doc, "  ")}  ${nameOf(each)}${list}: number;\n`;
}

function binding(each: NativeFunction): string {
  const names = each.arguments.map(({ name }) => camelCase(name));
  const list = (items: string[], indent: string) =>
    items.length === 0
      ? "()"
      : `(\n${items.map((item) => `${indent}  ${item},\n`).join("")}${indent})`;
  // Not its own length: what is no array of this type must not be read beyond
  // its end.
  const passed = each.arguments.flatMap(({ type, slice }, i) =>
    slice === undefined
      ? [names[i]]
      : [names[i], `${names[i]}.byteLength >>> ${SHIFTS[type]}`]
  );
  const name = nameOf(each);
  return `    ${name}: ${list(names, "    ")} =>
      symbols.${name}${list(passed, "      ")},
`;
}

/**
 * The text of `ffi/_symbols.ts`.
 *
 * @param native What crosses the boundary.
 */
export function symbolsModule(native: NativeInterface): string {
  const { functions, constants, faults } = native;
  const constantLines = constants.map(({ name, doc, value }) =>
    `${comment(doc, "")}export const ${name} = ${value};\n`
  );
  const faultLines = faults.map(({ code, kind, message }) =>
    `  [${code}, {\n    kind: "${kind}",\n    message:\n      ${
      JSON.stringify(message)
    },\n  }],\n`
  );
  return `// Written by tools/write_symbols.ts from the Rust source: not to be edited.
// deno-fmt-ignore-file
/**
 * What the native library exports.
 *
 * @module
 */

/** The number that a library of this interface returns. */
export const ABI_VERSION = 0x${abiVersion(native).toString(16)};

${constantLines.join("\n")}
/** Negative results: the error that each becomes, and what it says. */
export const FAULTS: ReadonlyMap<number, { kind: string; message: string }> =
  new Map([
${faultLines.join("")}]);

/** What \`Deno.dlopen\` is given. */
export const SYMBOLS = {
${functions.map(definition).join("")}} as const;

/** The library's functions: results below 0 are faults. */
export interface NativeFunctions {
${functions.map(declaration).join("\n")}}

/**
 * The functions of an opened library, with typed arrays for buffers.
 *
 * @param symbols What \`Deno.dlopen\` found.
 */
export function bindSymbols(
  symbols: Deno.StaticForeignLibraryInterface<typeof SYMBOLS>,
): NativeFunctions {
  return {
${functions.map(binding).join("")}  };
}
`;
}

/**
 * The text of `ffi/src/abi_version.rs`.
 *
 * @param native What crosses the boundary.
 */
export function abiVersionModule(native: NativeInterface): string {
  return `//! Written by \`tools/write_symbols.ts\`: not to be edited.

/// A digest of all that crosses the boundary.
pub const ABI_VERSION: u32 = 0x${abiVersion(native).toString(16)};
`;
}

/** Texts of the Rust files below a folder, in the order of their paths. */
export async function readRustSources(folder: string): Promise<string[]> {
  const sources: string[] = [];
  const entries = await Array.fromAsync(Deno.readDir(folder));
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    const path = join(folder, name);
    if (isDirectory) sources.push(...await readRustSources(path));
    else if (name.endsWith(".rs")) sources.push(await Deno.readTextFile(path));
  }
  return sources;
}

/**
 * The files that the Rust source below a repository's root asks for: paths
 * from the root, and texts.
 *
 * @param root The repository's root.
 */
export async function writtenFiles(root: string): Promise<Map<string, string>> {
  const native = readInterface(await readRustSources(join(root, "ffi/src")));
  return new Map([
    ["ffi/_symbols.ts", symbolsModule(native)],
    ["ffi/src/abi_version.rs", abiVersionModule(native)],
  ]);
}

if (import.meta.main) {
  const root = join(import.meta.dirname!, "..");
  for (const [path, text] of await writtenFiles(root)) {
    await Deno.writeTextFile(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
