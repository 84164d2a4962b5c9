/**
 * Options of a command line, declared once. `parseOptions` in
 * `parse_options.ts` reads them; its result has the types declared here.
 *
 * @module
 */
import {
  describeRange,
  isInRange,
  type Range,
  readDecimal,
  readWholeNumber,
} from "./_numbers.ts";
import { userPath } from "./paths.ts";

export type { Range } from "./_numbers.ts";

/** One option or positional argument; made by the constructors below. */
export interface Option<Value> {
  /** Whether it is on or off, and so needs no value. */
  readonly isSwitch: boolean;
  /** What it sets. */
  readonly description: string;
  /** What stands for its value in the help, such as `N`. */
  readonly placeholder: string;
  /** Which values are accepted, such as `a whole number from 1`. */
  readonly expected: string;
  /** The unit of its value. */
  readonly unit: string | undefined;
  /** Values to suggest from, where there is a list of them. */
  readonly choices: readonly string[];
  /** Whether it must be given. */
  readonly required: boolean;
  /** Whether it takes all arguments that are left. */
  readonly isRest?: boolean;
  /** The default as the user would write it. */
  readonly defaultText: string | undefined;
  /** The value where it is not given. */
  defaultValue(): Value;
  /** Reads a value. Throws `SyntaxError` or `RangeError`. */
  parse(text: string): Value;
}

/** Options by name, written with hyphens: `load-pattern`. */
export type OptionDefinitions = Readonly<Record<string, Option<unknown>>>;

/** The key under which an option's value is found: `loadPattern`. */
export type OptionKey<Name extends string> = Name extends
  `${infer First}-${infer Rest}` ? `${First}${Capitalize<OptionKey<Rest>>}`
  : Name extends `${infer First}_${infer Rest}`
    ? `${First}${Capitalize<OptionKey<Rest>>}`
  : Name;

/** The values that a set of options parses to. */
export type OptionValues<Definitions extends OptionDefinitions> = {
  [Name in keyof Definitions & string as OptionKey<Name>]:
    Definitions[Name] extends Option<infer Value> ? Value : never;
};

/** What every option can be told. */
export interface OptionSettings {
  /** What it sets, in one sentence. */
  description: string;
  /** The unit of its value, such as `seconds`. */
  unit?: string;
  /** What stands for its value in the help. */
  placeholder?: string;
}

/**
 * Added to the settings of an option that always has a value: by its default,
 * or because it must be given. Without either its value may be `undefined`.
 */
export type AlwaysPresent<Value> =
  | {
    /** The value where the option is not given. */
    default: Value;
  }
  | {
    /** Refuses a command line without the option. */
    required: true;
  };

/** Settings of a number; all bounds are optional. */
export interface NumberSettings extends OptionSettings, Range {}

type AnySettings<Value> = OptionSettings & {
  default?: Value;
  required?: boolean;
};

interface Kind<Value> {
  placeholder: string;
  expected: string;
  choices?: readonly string[];
  /** The value, or `undefined` where the text is not one. */
  read(text: string): Value | undefined;
  /** Applied to values and defaults when they are used. */
  resolve?(value: Value): Value;
}

function makeOption<Value>(
  settings: AnySettings<Value>,
  kind: Kind<Value>,
): Option<Value | undefined> {
  const { description, unit, required = false } = settings;
  const { expected, choices = [], resolve = (value) => value } = kind;
  const initial = settings.default;
  const read = (text: string): Value => {
    const value = kind.read(text);
    if (value === undefined) throw new SyntaxError(`expected ${expected}`);
    return value;
  };
  const defaultText = initial === undefined ? undefined : String(initial);
  // A default that the option itself would refuse is the script's mistake.
  if (defaultText !== undefined) read(defaultText);
  return {
    isSwitch: false,
    description,
    placeholder: settings.placeholder ?? kind.placeholder,
    expected,
    unit,
    choices,
    required,
    defaultText,
    defaultValue: () => initial === undefined ? undefined : resolve(initial),
    parse: (text) => resolve(read(text)),
  };
}

function wholeNumberReader(range: Range) {
  return (text: string): number | undefined => {
    const value = readWholeNumber(text);
    return value !== undefined && isInRange(value, range) ? value : undefined;
  };
}

function decimalReader(range: Range) {
  return (text: string): number | undefined => {
    const value = readDecimal(text);
    return value !== undefined && isInRange(value, range) ? value : undefined;
  };
}

function listReader(read: (text: string) => number | undefined) {
  return (text: string): readonly number[] | undefined => {
    const values: number[] = [];
    for (const part of text.split(",")) {
      const value = read(part.trim());
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };
}

function inWords(noun: string, range: Range): string {
  return `${noun} ${describeRange(range)}`.trimEnd();
}

/**
 * A whole number: `12`, `-3`, `1e5`.
 *
 * @param settings Bounds, default, description.
 */
export function integerOption(
  settings: NumberSettings & AlwaysPresent<number>,
): Option<number>;
/** A whole number that may be left out. */
export function integerOption(
  settings: NumberSettings,
): Option<number | undefined>;
export function integerOption(
  settings: NumberSettings & AnySettings<number>,
): Option<number | undefined> {
  return makeOption(settings, {
    placeholder: "N",
    expected: inWords("a whole number", settings),
    read: wholeNumberReader(settings),
  });
}

/**
 * A number: `0.5`, `-3`, `1e-4`. Neither infinite nor NaN.
 *
 * @param settings Bounds, default, description.
 */
export function numberOption(
  settings: NumberSettings & AlwaysPresent<number>,
): Option<number>;
/** A number that may be left out. */
export function numberOption(
  settings: NumberSettings,
): Option<number | undefined>;
export function numberOption(
  settings: NumberSettings & AnySettings<number>,
): Option<number | undefined> {
  return makeOption(settings, {
    placeholder: "X",
    expected: inWords("a number", settings),
    read: decimalReader(settings),
  });
}

/**
 * Whole numbers separated by commas: `256,256`. The bounds hold for each.
 *
 * @param settings Bounds, default, description.
 */
export function integerListOption(
  settings: NumberSettings & AlwaysPresent<readonly number[]>,
): Option<readonly number[]>;
/** Whole numbers separated by commas, which may be left out. */
export function integerListOption(
  settings: NumberSettings,
): Option<readonly number[] | undefined>;
export function integerListOption(
  settings: NumberSettings & AnySettings<readonly number[]>,
): Option<readonly number[] | undefined> {
  return makeOption(settings, {
    placeholder: "N,N,...",
    expected: `${inWords("whole numbers", settings)}, separated by commas`,
    read: listReader(wholeNumberReader(settings)),
  });
}

/**
 * Numbers separated by commas: `0.5,0.9`. The bounds hold for each.
 *
 * @param settings Bounds, default, description.
 */
export function numberListOption(
  settings: NumberSettings & AlwaysPresent<readonly number[]>,
): Option<readonly number[]>;
/** Numbers separated by commas, which may be left out. */
export function numberListOption(
  settings: NumberSettings,
): Option<readonly number[] | undefined>;
export function numberListOption(
  settings: NumberSettings & AnySettings<readonly number[]>,
): Option<readonly number[] | undefined> {
  return makeOption(settings, {
    placeholder: "X,X,...",
    expected: `${inWords("numbers", settings)}, separated by commas`,
    read: listReader(decimalReader(settings)),
  });
}

/**
 * Text, not blank.
 *
 * @param settings Default, description.
 */
export function stringOption(
  settings: OptionSettings & AlwaysPresent<string>,
): Option<string>;
/** Text that may be left out. */
export function stringOption(
  settings: OptionSettings,
): Option<string | undefined>;
export function stringOption(
  settings: AnySettings<string>,
): Option<string | undefined> {
  return makeOption(settings, {
    placeholder: "TEXT",
    expected: "some text",
    read: unlessBlank,
  });
}

/**
 * A path, resolved against the folder the command was typed in.
 *
 * @param settings Default (as a user would write it), description.
 */
export function pathOption(
  settings: OptionSettings & AlwaysPresent<string>,
): Option<string>;
/** A path that may be left out. */
export function pathOption(
  settings: OptionSettings,
): Option<string | undefined>;
export function pathOption(
  settings: AnySettings<string>,
): Option<string | undefined> {
  return makeOption(settings, {
    placeholder: "PATH",
    expected: "a path",
    read: unlessBlank,
    resolve: userPath,
  });
}

function unlessBlank(text: string): string | undefined {
  return text.trim() === "" ? undefined : text;
}

/**
 * One of several names. Upper and lower case are the same, and so are hyphen
 * and underscore; the value has the spelling of the list.
 *
 * @param values The names.
 * @param settings Default, description.
 */
export function choiceOption<const Choice extends string>(
  values: readonly Choice[],
  settings: OptionSettings & AlwaysPresent<NoInfer<Choice>>,
): Option<Choice>;
/** One of several names, which may be left out. */
export function choiceOption<const Choice extends string>(
  values: readonly Choice[],
  settings: OptionSettings,
): Option<Choice | undefined>;
export function choiceOption<const Choice extends string>(
  values: readonly Choice[],
  settings: AnySettings<Choice>,
): Option<Choice | undefined> {
  const canonical = (text: string) => text.toLowerCase().replaceAll("_", "-");
  return makeOption(settings, {
    placeholder: "NAME",
    expected: `one of ${values.join(", ")}`,
    choices: values,
    read: (text) =>
      values.find((value) => value === text) ??
        values.find((value) => canonical(value) === canonical(text)),
  });
}

const TRUE_WORDS = ["true", "1", "yes"];
const FALSE_WORDS = ["false", "0", "no"];

function readBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (TRUE_WORDS.includes(word)) return true;
  return FALSE_WORDS.includes(word) ? false : undefined;
}

/**
 * Something that is on or off: `--eval`, `--eval yes`, `--no-eval`.
 *
 * @param settings Default (off where none is given), description.
 */
export function booleanOption(
  settings: OptionSettings & {
    /** The value where the option is not given. Default `false`. */
    default?: boolean;
  },
): Option<boolean> {
  const { default: initial = false, ...rest } = settings;
  const option = makeOption<boolean>({ ...rest, default: initial }, {
    placeholder: "",
    expected: "true or false",
    read: readBoolean,
  });
  return { ...(option as Option<boolean>), isSwitch: true };
}

/** Settings of an option with a format of its own. */
export interface ParsedSettings extends OptionSettings {
  /** Which values are accepted, such as `pairs like h1:h2`. */
  expected: string;
}

/**
 * An option with a format of its own, such as `h1:h2,h2:h3`.
 *
 * @param read Reads a value. Throws `SyntaxError`, `RangeError` or
 * `TypeError`, whose message the user sees, or returns `undefined` where
 * `expected` says all there is to say.
 * @param settings Default (as a user would write it), description.
 */
export function parsedOption<Value>(
  read: (text: string) => Value | undefined,
  settings: ParsedSettings & AlwaysPresent<string>,
): Option<Value>;
/** An option with a format of its own that may be left out. */
export function parsedOption<Value>(
  read: (text: string) => Value | undefined,
  settings: ParsedSettings,
): Option<Value | undefined>;
export function parsedOption<Value>(
  read: (text: string) => Value | undefined,
  settings: ParsedSettings & AnySettings<string>,
): Option<Value | undefined> {
  const { default: defaultText, ...rest } = settings;
  const option = makeOption<Value>(rest, {
    placeholder: "TEXT",
    expected: settings.expected,
    read,
  });
  if (defaultText === undefined) return option;
  option.parse(defaultText);
  return {
    ...option,
    defaultText,
    defaultValue: () => option.parse(defaultText),
  };
}
