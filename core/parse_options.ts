/**
 * Reads a command line by its declared options.
 *
 * @module
 */
import { nearestName } from "./nearest_name.ts";
import type { Option, OptionDefinitions, OptionValues } from "./options.ts";
import { UsageError } from "./usage_error.ts";

export type {
  Option,
  OptionDefinitions,
  OptionKey,
  OptionValues,
} from "./options.ts";

/** Options of {@linkcode parseOptions}. */
export interface ParseSettings<Positionals extends OptionDefinitions> {
  /** Arguments without a name, in their order. Default none. */
  positionals?: Positionals;
}

/** A command line that was read. */
export interface CommandLine {
  /** All values, defaults among them, under camel-case keys. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Names of the options that were typed, such as `--seed`, by their keys. */
  readonly given: ReadonlyMap<string, string>;
}

interface Reader {
  options: ReadonlyMap<string, Option<unknown>>;
  positionals: readonly (readonly [string, Option<unknown>])[];
  values: Map<string, unknown>;
  /** The switch that was given just before, without a value. */
  lastSwitch: string | undefined;
}

interface Token {
  name: string;
  text: string | undefined;
}

/**
 * The key under which an option's value is found: `loadPattern`.
 *
 * @param name The option's name, written with hyphens or underscores.
 */
export function optionKey(name: string): string {
  return name.replace(/[-_](.)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The name of a positional argument as the help and messages show it: `MODEL`.
 *
 * @param name The positional's name.
 */
export function positionalName(name: string): string {
  return name.replaceAll("-", "_").toUpperCase();
}

function hyphenated(name: string): string {
  return name.replaceAll("_", "-");
}

/**
 * Reads a command line.
 *
 * `--name value` and `--name=value` are the same, and so are hyphen and
 * underscore in names. A switch takes nothing, or true, false, 1, 0, yes or
 * no in any case; `--no-name` turns it off. A value may begin with a hyphen
 * where it is a number (`--low -3`) or follows `=`. After `--` everything is
 * positional. Throws {@linkcode UsageError} for unknown and repeated options,
 * stray arguments, values of a wrong type or out of range, and for required
 * ones that are missing; the message names the nearest right one.
 *
 * @param args The command line, such as `Deno.args`.
 * @param definitions The options by name, written with hyphens.
 * @param settings Positional arguments.
 * @returns The values, under camel-case keys.
 *
 * @example A typed command line
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { choiceOption, integerOption } from "./options.ts";
 * import { parseOptions } from "./parse_options.ts";
 *
 * const values = parseOptions(["--load_pattern=spike"], {
 *   "load-pattern": choiceOption(["STEADY", "SPIKE"], {
 *     default: "STEADY",
 *     description: "Load pattern.",
 *   }),
 *   steps: integerOption({ default: 200, minimum: 1, description: "Steps." }),
 * });
 * assertEquals(values, { loadPattern: "SPIKE", steps: 200 });
 * ```
 */
export function parseOptions<
  Definitions extends OptionDefinitions,
  Positionals extends OptionDefinitions = Record<never, never>,
>(
  args: readonly string[],
  definitions: Definitions,
  settings: ParseSettings<Positionals> = {},
): OptionValues<Definitions> & OptionValues<Positionals> {
  const { values } = readCommandLine(args, definitions, settings);
  return values as OptionValues<Definitions> & OptionValues<Positionals>;
}

/**
 * Reads a command line as {@linkcode parseOptions} does, and tells what was
 * typed from what is a default.
 *
 * @param args The command line.
 * @param definitions The options by name, written with hyphens.
 * @param settings Positional arguments.
 */
export function readCommandLine(
  args: readonly string[],
  definitions: OptionDefinitions,
  settings: ParseSettings<OptionDefinitions> = {},
): CommandLine {
  const reader: Reader = {
    options: byName(definitions),
    positionals: Object.entries(settings.positionals ?? {}),
    values: new Map(),
    lastSwitch: undefined,
  };
  readArguments(args, reader);
  const given = [...reader.values.keys()]
    .filter((name) => reader.options.has(name))
    .map((name) => [optionKey(name), `--${name}`] as const);
  return { values: collect(reader), given: new Map(given) };
}

function byName(definitions: OptionDefinitions) {
  return new Map(
    Object.entries(definitions).map((
      [name, option],
    ) => [hyphenated(name), option]),
  );
}

function readArguments(args: readonly string[], reader: Reader): void {
  let given = 0;
  let ended = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (!ended && arg === "--") {
      ended = true;
    } else if (!ended && looksLikeOption(arg)) {
      i += readOption(arg, args[i + 1], reader);
    } else {
      readPositional(arg, given++, reader);
    }
  }
}

/** Negative numbers and a lone hyphen (standard input) are values. */
function looksLikeOption(arg: string): boolean {
  return arg.startsWith("-") && arg !== "-" && !/^-\.?\d/.test(arg);
}

/** Reads one option; returns how many further arguments it took. */
function readOption(
  arg: string,
  next: string | undefined,
  reader: Reader,
): number {
  const { name, text } = splitToken(arg);
  const option = reader.options.get(name);
  reader.lastSwitch = undefined;
  if (option === undefined) {
    readNegation(arg, { name, text }, reader);
    return 0;
  }
  if (text !== undefined) {
    store(name, parseValue(`--${name}`, text, option), reader);
    return 0;
  }
  if (option.isSwitch) {
    const value = next === undefined ? undefined : tryParse(option, next);
    store(name, value ?? true, reader);
    if (value === undefined) reader.lastSwitch = name;
    return value === undefined ? 0 : 1;
  }
  if (next === undefined || looksLikeOption(next)) {
    throw new UsageError(
      `Cannot read --${name} without a value: expected ${option.expected}`,
    );
  }
  store(name, parseValue(`--${name}`, next, option), reader);
  return 1;
}

function splitToken(arg: string): Token {
  if (arg === "-h") return { name: "help", text: undefined };
  const body = arg.startsWith("--") ? arg.slice(2) : arg;
  const equals = body.indexOf("=");
  return equals < 0
    ? { name: hyphenated(body), text: undefined }
    : { name: hyphenated(body.slice(0, equals)), text: body.slice(equals + 1) };
}

function readNegation(arg: string, token: Token, reader: Reader): void {
  const name = token.name.startsWith("no-") ? token.name.slice(3) : "";
  if (!reader.options.get(name)?.isSwitch) throw unknownOption(arg, reader);
  if (token.text !== undefined) {
    throw new UsageError(
      `Cannot read "${arg}": --no-${name} takes no value, expected --no-${name} or --${name} true`,
    );
  }
  store(name, false, reader);
}

function tryParse(option: Option<unknown>, text: string): unknown {
  try {
    return option.parse(text);
  } catch {
    return undefined;
  }
}

function parseValue(
  label: string,
  text: string,
  option: Option<unknown>,
): unknown {
  try {
    return option.parse(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const hint = perhaps(nearestName(text, option.choices));
    throw new UsageError(
      `Cannot read ${label} ${JSON.stringify(text)}: ${error.message}${hint}`,
      { cause: error },
    );
  }
}

function store(name: string, value: unknown, reader: Reader): void {
  if (reader.values.has(name)) {
    throw new UsageError(`Cannot read --${name} twice: expected it once`);
  }
  reader.values.set(name, value);
}

function perhaps(name: string | undefined): string {
  return name === undefined ? "" : `, perhaps ${name}`;
}

function nearestOption(given: string, reader: Reader): string | undefined {
  const names = [...reader.options].flatMap(([name, option]) =>
    option.isSwitch ? [name, `no-${name}`] : [name]
  );
  const nearest = nearestName(given, names);
  return nearest && `--${nearest}`;
}

function unknownOption(arg: string, reader: Reader): UsageError {
  const { name } = splitToken(arg);
  const hint = perhaps(nearestOption(name.replace(/^-+/, ""), reader));
  return new UsageError(
    `Cannot understand ${JSON.stringify(arg)}: expected a known option${hint}`,
  );
}

function readPositional(arg: string, index: number, reader: Reader): void {
  const { positionals, lastSwitch } = reader;
  const last = positionals.at(-1);
  if (last?.[1].isRest && index >= positionals.length - 1) {
    readRest(arg, last, reader);
    return;
  }
  if (index >= positionals.length) {
    throw new UsageError(
      `Cannot use the argument ${JSON.stringify(arg)}: expected ${
        lastSwitch === undefined
          ? `${countPositionals(positionals.length)}${
            perhaps(nearestOption(arg, reader))
          }`
          : `true or false after --${lastSwitch}`
      }`,
    );
  }
  const [name, option] = positionals[index];
  store(name, parseValue(positionalName(name), arg, option), reader);
  reader.lastSwitch = undefined;
}

/** Adds to the arguments that are left. */
function readRest(
  arg: string,
  [name, option]: readonly [string, Option<unknown>],
  reader: Reader,
): void {
  const values = reader.values.get(name) as unknown[] | undefined ?? [];
  const more = parseValue(positionalName(name), arg, option) as unknown[];
  reader.values.set(name, [...values, ...more]);
  reader.lastSwitch = undefined;
}

function countPositionals(count: number): string {
  if (count === 0) return "options only";
  return `no more than ${count} ${count === 1 ? "argument" : "arguments"}`;
}

function collect(reader: Reader): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const take = (name: string, label: string, option: Option<unknown>) => {
    if (option.required && !reader.values.has(name)) {
      throw new UsageError(
        `Cannot do without ${label}: expected ${option.expected}`,
      );
    }
    values[optionKey(name)] = reader.values.has(name)
      ? reader.values.get(name)
      : option.defaultValue();
  };
  for (const [name, option] of reader.options) take(name, `--${name}`, option);
  for (const [name, option] of reader.positionals) {
    take(name, positionalName(name), option);
  }
  return values;
}
