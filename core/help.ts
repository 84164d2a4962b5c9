/**
 * The help text of a script.
 *
 * @module
 */
import { commandOf } from "./command_names.ts";
import type { Option, OptionDefinitions } from "./options.ts";
import { positionalName } from "./parse_options.ts";

export type { Option, OptionDefinitions } from "./options.ts";

/** What {@linkcode formatHelp} writes about. */
export interface HelpDefinition {
  /** The script's name, such as `train_dqn`. */
  name: string;
  /** The task that runs it, such as `train-dqn`. */
  task?: string;
  /** What it does. */
  description: string;
  /** Its own options by name. */
  options: OptionDefinitions;
  /** Arguments without a name, in their order. */
  positionals?: OptionDefinitions;
  /** Options that every script has. */
  commonOptions?: OptionDefinitions;
  /** Arguments of typical calls, such as `--episodes 500 --eval`. */
  examples?: readonly string[];
}

const WIDTH = 80;
const INDENT = "  ";
const WIDEST_LABEL = 26;
/** What the placeholder says already. */
const SELF_EVIDENT = ["a whole number", "a number", "some text", "a path"];

interface Entry {
  label: string;
  text: string;
}

/**
 * Writes a script's help: usage, arguments, options with unit, default and
 * range, and examples. No line is longer than 80 characters, apart from single
 * words and examples that are.
 *
 * @param definition The script.
 * @returns Text without a line break at the end.
 */
export function formatHelp(definition: HelpDefinition): string {
  const { task, name, positionals = {}, options, commonOptions = {} } =
    definition;
  const command = task === undefined ? name : commandOf(task);
  const places = Object.entries(positionals).map(([name, option]) => {
    const place = `${positionalName(name)}${option.isRest ? "..." : ""}`;
    return option.required ? place : `[${place}]`;
  });
  const groups: [string, Entry[]][] = [
    ["Arguments:", Object.entries(positionals).map(positionalEntry)],
    ["Options:", Object.entries(options).map(optionEntry)],
    [
      "Options of every script:",
      Object.entries(commonOptions).map(optionEntry),
    ],
  ];
  const labelWidth = Math.min(
    WIDEST_LABEL,
    Math.max(
      ...groups.flatMap(([, entries]) =>
        entries.map((entry) => entry.label.length)
      ),
    ),
  );
  const examples = (definition.examples ?? [])
    .map((args) => `${INDENT}${command} ${args}`.trimEnd());
  return [
    wrap(definition.description, WIDTH).join("\n"),
    `Usage: ${[command, "[options]", ...places].join(" ")}`,
    ...groups.filter(([, entries]) => entries.length > 0).map((
      [title, entries],
    ) =>
      [title, ...entries.flatMap((entry) => entryLines(entry, labelWidth))]
        .join("\n")
    ),
    ...(examples.length === 0 ? [] : [["Examples:", ...examples].join("\n")]),
  ].join("\n\n");
}

function optionEntry([name, option]: [string, Option<unknown>]): Entry {
  const long = name.replaceAll("_", "-");
  if (!option.isSwitch) {
    return { label: `--${long} ${option.placeholder}`, text: about(option) };
  }
  const label = option.defaultText === "true" ? `--[no-]${long}` : `--${long}`;
  return { label, text: about(option) };
}

function positionalEntry([name, option]: [string, Option<unknown>]): Entry {
  return { label: positionalName(name), text: about(option) };
}

/** The description, and in brackets what else there is to know. */
function about(option: Option<unknown>): string {
  const notes: string[] = [];
  if (option.unit !== undefined) notes.push(`in ${option.unit}`);
  if (!option.isSwitch && !SELF_EVIDENT.includes(option.expected)) {
    notes.push(option.expected);
  }
  if (option.required) notes.push("required");
  if (option.defaultText !== undefined && !isOff(option)) {
    notes.push(`default: ${option.isSwitch ? "on" : option.defaultText}`);
  }
  return notes.length === 0
    ? option.description
    : `${option.description} (${notes.join("; ")})`;
}

function isOff(option: Option<unknown>): boolean {
  return option.isSwitch && option.defaultText === "false";
}

function entryLines(entry: Entry, labelWidth: number): string[] {
  const margin = " ".repeat(INDENT.length + labelWidth + INDENT.length);
  const lines = wrap(entry.text, WIDTH - margin.length);
  const label = INDENT + entry.label;
  if (entry.label.length > labelWidth) {
    return [label, ...lines.map((line) => margin + line)];
  }
  return lines.map((line, index) =>
    (index === 0 ? label.padEnd(margin.length) : margin) + line
  );
}

/** Breaks text between words; line breaks in it are kept. */
function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(/\s+/)) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    return [...lines, line];
  });
}
