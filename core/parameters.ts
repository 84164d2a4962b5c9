/**
 * Parameters by name, as simulations are described with them: names in the
 * spelling of the literature (`lr_td`) or in camelCase (`lrTd`), checked one by
 * one, with messages that name the parameter.
 *
 * @module
 */
import { describeRange, isInRange, type Range } from "./_numbers.ts";
import { nearestName } from "./nearest_name.ts";

export type { Range } from "./_numbers.ts";

/** A name in camelCase: `lr_td` becomes `lrTd`. */
export type CamelCase<Name extends string> = Name extends
  `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** Parameters whose names may also be written in camelCase. */
export type EitherCase<Parameters> =
  & { readonly [Name in keyof Parameters]?: Parameters[Name] }
  & {
    readonly [
      Name in keyof Parameters as CamelCase<Name & string>
    ]?: Parameters[Name];
  };

/** One parameter. */
export interface Parameter<Value> {
  /** What is wanted, for messages: `a number above 0`. */
  readonly wanted: string;
  /** The checked value; undefined where it is of another type or range. */
  readonly read: (value: unknown) => Value | undefined;
  /** Whether a value is of the right type, though it may be out of range. */
  readonly fits: (value: unknown) => boolean;
  /** What is taken where nothing is given; undefined where it must be given. */
  readonly fallback?: Value;
}

/** Parameters by name. */
export type ParameterTable = Readonly<Record<string, Parameter<unknown>>>;

/** The table of parameters that an interface declares. */
export type ParameterTableOf<Parameters> = {
  readonly [Name in keyof Parameters]-?: Parameter<Parameters[Name]>;
};

/** The values of a table, under names in camelCase. */
export type ParameterValues<Table extends ParameterTable> = {
  -readonly [
    Name in keyof Table as CamelCase<Name & string>
  ]: Table[Name] extends Parameter<infer Value> ? Value : never;
};

/** What the makers of parameters take besides their own bounds. */
export interface ParameterSettings<Value> {
  /** What is taken where nothing is given. Default: it must be given. */
  fallback?: Value;
}

function withBounds(wanted: string, range: Range): string {
  const bounds = describeRange(range);
  return bounds === "" ? wanted : `${wanted} ${bounds}`;
}

/**
 * A finite number.
 *
 * @param settings Bounds and fallback.
 */
export function numberParameter(
  settings: Range & ParameterSettings<number> = {},
): Parameter<number> {
  const { fallback, ...range } = settings;
  const fits = (value: unknown) =>
    typeof value === "number" && Number.isFinite(value);
  return {
    wanted: withBounds("a number", range),
    fits,
    read: (value) =>
      fits(value) && isInRange(value as number, range)
        ? value as number
        : undefined,
    fallback,
  };
}

/**
 * A whole number.
 *
 * @param settings Bounds and fallback.
 */
export function integerParameter(
  settings: Range & ParameterSettings<number> = {},
): Parameter<number> {
  const { fallback, ...range } = settings;
  return {
    wanted: withBounds("a whole number", range),
    fits: (value) => typeof value === "number",
    read: (value) =>
      Number.isSafeInteger(value) && isInRange(value as number, range)
        ? value as number
        : undefined,
    fallback,
  };
}

/**
 * True or false.
 *
 * @param settings Fallback.
 */
export function booleanParameter(
  settings: ParameterSettings<boolean> = {},
): Parameter<boolean> {
  const fits = (value: unknown) => typeof value === "boolean";
  return {
    wanted: "true or false",
    fits,
    read: (value) => fits(value) ? value as boolean : undefined,
    fallback: settings.fallback,
  };
}

/**
 * One of some words.
 *
 * @param choices The words.
 * @param settings Fallback.
 */
export function choiceParameter<const Choice extends string>(
  choices: readonly Choice[],
  settings: ParameterSettings<NoInfer<Choice>> = {},
): Parameter<Choice> {
  return {
    wanted: `one of ${choices.join(", ")}`,
    fits: (value) => typeof value === "string",
    read: (value) =>
      (choices as readonly unknown[]).includes(value)
        ? value as Choice
        : undefined,
    fallback: settings.fallback,
  };
}

/**
 * A text.
 *
 * @param settings Fallback.
 */
export function textParameter(
  settings: ParameterSettings<string> = {},
): Parameter<string> {
  const fits = (value: unknown) => typeof value === "string";
  return {
    wanted: "a text",
    fits,
    read: (value) => fits(value) ? value as string : undefined,
    fallback: settings.fallback,
  };
}

/**
 * A list of finite numbers, such as limits or a place.
 *
 * @param settings How many there are, their bounds, whether they rise, and
 * fallback.
 */
export function numbersParameter(
  settings:
    & Range
    & ParameterSettings<readonly number[]>
    & { length?: number; rising?: boolean } = {},
): Parameter<readonly number[]> {
  const { fallback, length, rising = false, ...range } = settings;
  const fits = (value: unknown) =>
    Array.isArray(value) &&
    value.every((entry) => typeof entry === "number" && Number.isFinite(entry));
  const read = (value: unknown) => {
    if (!fits(value)) return undefined;
    const list = value as number[];
    const isRising = list.every((entry, i) => i === 0 || entry > list[i - 1]);
    return (length === undefined || list.length === length) &&
        (!rising || isRising) && list.every((entry) => isInRange(entry, range))
      ? [...list]
      : undefined;
  };
  const count = length === undefined ? "numbers" : `${length} numbers`;
  return {
    wanted: `${withBounds(`a list of ${count}`, range)}${
      rising ? ", the smaller first" : ""
    }`,
    fits,
    read,
    fallback,
  };
}

/**
 * A parameter that may also be null or be left out.
 *
 * @param parameter What it is otherwise.
 */
export function optionalParameter<Value>(
  parameter: Parameter<Value>,
): Parameter<Value | null> {
  return {
    wanted: `${parameter.wanted}, or null`,
    fits: (value) => value === null || parameter.fits(value),
    read: (value) => value === null ? null : parameter.read(value),
    fallback: null,
  };
}

/**
 * A name in camelCase.
 *
 * @param name Parts joined by underscores.
 */
export function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** A value as messages quote it. */
function quoted(value: unknown): string {
  if (typeof value === "number" || value === undefined) return String(value);
  const text = typeof value === "function"
    ? `a function`
    : JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function refuseUnknown(
  what: string,
  name: string,
  names: readonly string[],
): never {
  const nearest = nearestName(name, names);
  throw new TypeError(
    `Cannot make ${what} with the parameter "${name}": expected one of ${
      names.join(", ")
    }${nearest === undefined ? "" : ` (did you mean ${nearest}?)`}`,
  );
}

/**
 * The values of parameters, under names in camelCase, with fallbacks filled
 * in.
 *
 * @param what What is made with them, such as `Simple2D`, for messages.
 * @param options `table` of what may be given, and what is `given`. Throws
 * `TypeError` for a name that is not in the table or is given in both
 * spellings, for a value of another type and for one that is missing, and
 * `RangeError` for a value out of its range; each message names the parameter.
 *
 * @example A learning rate of the wrong type
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { numberParameter, readParameters } from "./parameters.ts";
 *
 * const table = { lr_td: numberParameter({ exclusiveMinimum: 0 }) };
 * assertThrows(
 *   () => readParameters("an agent", { table, given: { lr_td: "weird" } }),
 *   TypeError,
 *   'lr_td "weird"',
 * );
 * ```
 */
export function readParameters<Table extends ParameterTable>(
  what: string,
  options: { table: Table; given: Readonly<Record<string, unknown>> },
): ParameterValues<Table> {
  const { table, given } = options;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new TypeError(
      `Cannot make ${what} with ${quoted(given)}: expected parameters by name`,
    );
  }
  const names = Object.keys(table);
  const nameOf = new Map(names.flatMap((name) => [
    [name, name],
    [camelCase(name), name],
  ]));
  const found = new Map<string, unknown>();
  for (const [written, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const name = nameOf.get(written) ?? refuseUnknown(what, written, names);
    if (found.has(name)) {
      throw new TypeError(
        `Cannot make ${what} with both ${name} and ${
          camelCase(name)
        }: expected one of the two`,
      );
    }
    found.set(name, value);
  }
  const values = names.map((name) => [
    camelCase(name),
    readOne(what, { name, parameter: table[name], found }),
  ]);
  return Object.fromEntries(values) as ParameterValues<Table>;
}

function readOne(
  what: string,
  options: {
    name: string;
    parameter: Parameter<unknown>;
    found: ReadonlyMap<string, unknown>;
  },
): unknown {
  const { name, parameter, found } = options;
  const { wanted, fallback } = parameter;
  if (!found.has(name)) {
    if (fallback !== undefined) return fallback;
    throw new TypeError(
      `Cannot make ${what} without ${name}: expected ${wanted}`,
    );
  }
  const given = found.get(name);
  const value = parameter.read(given);
  if (value !== undefined) return value;
  const Kind = parameter.fits(given) ? RangeError : TypeError;
  throw new Kind(
    `Cannot make ${what} with ${name} ${quoted(given)}: expected ${wanted}`,
  );
}

/**
 * The values of a table under the names of the table, as files keep them.
 *
 * @param table The parameters.
 * @param values What {@linkcode readParameters} returned.
 */
export function namedParameters<Table extends ParameterTable>(
  table: Table,
  values: ParameterValues<Table>,
): Record<string, unknown> {
  const byName = values as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(table).map((name) => [name, byName[camelCase(name)]]),
  );
}
