/**
 * The native library: where it lies, whether it fits, what its results mean.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { standardError } from "../core/console_stream.ts";
import {
  ABI_VERSION,
  bindSymbols,
  FAULTS,
  type NativeFunctions,
  SYMBOLS,
} from "./_symbols.ts";

/** The environment variable that names another library, or `none`. */
export const LIBRARY_VARIABLE = "LOADSTAR_LIBRARY";

const BUILD = 'run "deno task build:native"';

const FILE_NAMES: Partial<Record<typeof Deno.build.os, string>> = {
  darwin: "libloadstar_ffi.dylib",
  windows: "loadstar_ffi.dll",
};

/** Where `deno task build:native` puts the library. */
export function builtLibraryPath(): string {
  const name = FILE_NAMES[Deno.build.os] ?? "libloadstar_ffi.so";
  return fromFileUrl(new URL(`./target/release/${name}`, import.meta.url));
}

/** What is known before the library is opened. */
export type LibraryChoice =
  | { path: string; named: boolean }
  | { path: undefined };

/**
 * The library that is to be used: the one that `LOADSTAR_LIBRARY` names, where
 * that may be read, else the one that is built here. The name `none` asks for
 * TypeScript alone.
 *
 * @param variable The variable's value, `undefined` where it is not set.
 */
export function chooseLibrary(
  variable: string | undefined = readVariable(),
): LibraryChoice {
  if (variable === undefined || variable === "") {
    return { path: builtLibraryPath(), named: false };
  }
  return variable === "none"
    ? { path: undefined }
    : { path: variable, named: true };
}

function readVariable(): string | undefined {
  const { state } = Deno.permissions.querySync({
    name: "env",
    variable: LIBRARY_VARIABLE,
  });
  return state === "granted" ? Deno.env.get(LIBRARY_VARIABLE) : undefined;
}

export type { NativeFunctions };

/** An opened library. */
export interface NativeLibrary extends NativeFunctions {
  /** The file it was read from. */
  readonly path: string;
}

function mayOpen(path: string): boolean {
  return Deno.permissions.querySync({ name: "ffi", path }).state === "granted";
}

function isMissing(error: unknown): boolean {
  // dlopen's own words on Linux, macOS and Windows; it has no error codes.
  return error instanceof Error &&
    /No such file|no such file|could not be found|not found/.test(
      error.message,
    );
}

/** Throws unless the file is a library of the interface that is expected. */
function checkVersion(path: string): void {
  const library = Deno.dlopen(path, {
    version: {
      name: "loadstar_abi_version",
      parameters: [],
      result: "u32",
      optional: true,
    },
  });
  try {
    const found = library.symbols.version?.();
    if (found === ABI_VERSION) return;
    throw new Error(
      found === undefined
        ? `Cannot use ${path}, expected a library of Loadstar: ${BUILD}`
        : `Cannot use the native library ${path} of interface ${
          found.toString(16)
        }, expected ${
          ABI_VERSION.toString(16)
        }: it is older or newer than the code, ${BUILD}`,
    );
  } finally {
    library.close();
  }
}

/**
 * Opens a library.
 *
 * @param path The file, from the folder that the process runs in.
 * @returns `undefined` where there is no such file. Throws `Error` for a file
 * that is no library, or one of another version of the code.
 */
export function openLibrary(path: string): NativeLibrary | undefined {
  try {
    checkVersion(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (
      error instanceof Error && /^Could not open library/.test(error.message)
    ) {
      throw new Error(
        `Cannot open the native library ${path}, expected one for this machine: ${BUILD}`,
        { cause: error },
      );
    }
    throw error;
  }
  const { symbols } = Deno.dlopen(path, SYMBOLS);
  return { path, ...bindSymbols(symbols) };
}

/** Why there is no library, in the words of the one line that says so. */
function findLibrary(): NativeLibrary | string {
  const choice = chooseLibrary();
  if (choice.path === undefined) return "";
  const { path, named } = choice;
  if (!mayOpen(path)) {
    return `Using TypeScript in place of the native library, which may not be opened: it needs --allow-ffi=${path}`;
  }
  const library = openLibrary(path);
  if (library !== undefined) return library;
  if (named) {
    throw new Error(
      `Cannot find the native library ${path} that ${LIBRARY_VARIABLE} names, expected a file, or "none"`,
    );
  }
  return `Using TypeScript in place of the native library, which is not built: ${BUILD}`;
}

let found: NativeLibrary | "none" | undefined;

/**
 * The native library, opened at the first call.
 *
 * @returns `undefined` where it is not built, may not be opened or is not
 * wanted; the first call then says so in one line on standard error. Throws
 * `Error` for a library that does not fit the code.
 */
export function nativeLibrary(): NativeLibrary | undefined {
  if (found === undefined) {
    const result = findLibrary();
    found = typeof result === "string" ? "none" : result;
    if (typeof result === "string" && result !== "") {
      standardError().write(`${result}\n`);
    }
  }
  return found === "none" ? undefined : found;
}

/**
 * Has {@linkcode nativeLibrary} look for none, and say nothing: for programs
 * that it would not make faster, and that are not permitted to open it.
 */
export function useNoLibrary(): void {
  found ??= "none";
}

/**
 * The native library, for what cannot do without.
 *
 * @param purpose What it is needed for, as in "share memory". Throws `Error`
 * where there is none, and says how to build it.
 */
export function requireLibrary(purpose: string): NativeLibrary {
  const library = nativeLibrary();
  if (library === undefined) {
    throw new Error(
      `Cannot ${purpose} without the native library, expected it at ${builtLibraryPath()}: ${BUILD} (it needs cargo, from https://rustup.rs)`,
    );
  }
  return library;
}

/** Results from here down carry the system's `errno`. */
const SYSTEM = -1000;

const KINDS: Readonly<Record<string, new (message: string) => Error>> = {
  Error,
  RangeError,
  TypeError,
};

/** Classes for the numbers that Linux and macOS share. */
const SYSTEM_ERRORS: Readonly<
  Record<number, [new (message: string) => Error, string]>
> = {
  1: [Deno.errors.PermissionDenied, "operation not permitted"],
  2: [Deno.errors.NotFound, "no such file"],
  12: [Error, "out of memory"],
  13: [Deno.errors.PermissionDenied, "permission denied"],
  17: [Deno.errors.AlreadyExists, "it exists already"],
  22: [Error, "invalid argument"],
  24: [Error, "too many open files"],
  28: [Error, "no space left"],
};

/**
 * The result of a native function, or the error that it stands for.
 *
 * @param result What the function returned; below 0 it is a fault.
 * @param action What was to be done, as in "merge reservoirs".
 * @returns The result. Throws the error otherwise: "Cannot ACTION: why".
 */
export function unwrap(result: number, action: string): number {
  if (result >= 0) return result;
  if (result <= SYSTEM) {
    const errno = SYSTEM - result;
    const [Kind, message] = SYSTEM_ERRORS[errno] ?? [Error, "system error"];
    throw new Kind(`Cannot ${action}: ${message} (errno ${errno})`);
  }
  const fault = FAULTS.get(result);
  const Kind = KINDS[fault?.kind ?? "Error"] ?? Error;
  throw new Kind(`Cannot ${action}: ${fault?.message ?? `fault ${result}`}`);
}
