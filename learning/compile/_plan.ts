/**
 * From a recording to what the native library runs.
 *
 * @module
 */
import { encode, planWords } from "./_encode.ts";
import { isWhole } from "./_graph.ts";
import type { Instruction } from "./_loop_words.ts";
import { type Layout, layOut } from "./_memory.ts";
import type { Recording } from "./_recorder.ts";
import { schedule } from "./_schedule.ts";

/** A step's plan, before the library has seen it. */
export interface Plan {
  /** What the library takes. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** The same, for the eye. */
  readonly instructions: readonly Instruction[];
  /** Words of the arena. */
  readonly arenaWords: number;
  /** First word of each input. */
  readonly inputs: Readonly<Record<string, number>>;
  /** First word of each variable. */
  readonly variables: readonly number[];
  /** Indices of the variables that the step changes. */
  readonly updated: ReadonlySet<number>;
  /** First word of each output. */
  readonly outputs: readonly number[];
  /** Constants and their first words. */
  readonly constants: Layout["constants"];
}

/**
 * Turns what was recorded into a plan.
 *
 * @param recording From `record`.
 */
export function createPlan(recording: Recording): Plan {
  const scheduled = schedule(recording);
  const layout = layOut(recording, scheduled);
  const instructions = encode(scheduled, layout);
  return {
    words: planWords(instructions, layout.words),
    instructions,
    arenaWords: layout.words,
    inputs: layout.inputs,
    variables: layout.variables,
    updated: new Set(scheduled.updated),
    outputs: scheduled.outputs.map((view) =>
      layout.addressOf(view.base) + (isWhole(view) ? 0 : view.offset)
    ),
    constants: layout.constants,
  };
}

function counted(value: number): string {
  const units = ["", "k", "M", "G"];
  let unit = 0;
  let rest = value;
  while (rest >= 10_000 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${Math.round(rest)}${units[unit]}`;
}

/**
 * What a plan runs, line by line, with bytes moved and operations done.
 *
 * @param plan From {@linkcode createPlan}.
 */
export function explainPlan(plan: Plan): string {
  const { instructions } = plan;
  const header = ["#", "operations", "bytes", "what"];
  const rows = instructions.map(({ text, reads, writes, operations }, i) => [
    `${i}`,
    counted(operations),
    counted(4 * (reads + writes)),
    text,
  ]);
  const total = (of: (each: Instruction) => number) =>
    instructions.reduce((sum, each) => sum + of(each), 0);
  rows.push([
    "",
    counted(total(({ operations }) => operations)),
    counted(4 * total(({ reads, writes }) => reads + writes)),
    `${instructions.length} instructions, arena of ${
      counted(4 * plan.arenaWords)
    } bytes`,
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length))
  );
  return [header, ...rows].map((row) =>
    row.map((cell, column) =>
      column === 3 ? cell : cell.padStart(widths[column])
    ).join("  ")
  ).join("\n");
}
