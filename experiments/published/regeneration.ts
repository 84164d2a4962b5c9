/**
 * Running again what is published, and looking whether it moved.
 *
 * @module
 */
import { join } from "@std/path";
import { isFile } from "../../core/is_file.ts";
import { readJsonFile, writeJsonFile } from "../../core/json_file.ts";
import { InterruptedError } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import { type PublishedRun, readPublishedRun } from "./documents.ts";
import {
  type ComparedNumber,
  compareNumbers,
  hasMoved,
  type Standing,
} from "./numbers.ts";
import type { PublishedPart } from "./parts.ts";

export type { ComparedNumber, PublishedPart, PublishedRun, Table };

/** How a task is run. */
export interface RegenerationOptions {
  /** The repository's root. */
  readonly root: string;
  /** Where new results are kept, a file a part. */
  readonly folder: string;
  /** What all random numbers come from; published is 0. */
  readonly seed: number;
  /** Whether results that are in the folder are taken from there. */
  readonly resume: boolean;
  /** Stops the task. */
  readonly signal?: AbortSignal;
}

/** A part's numbers, published and new. */
export interface ComparedPart {
  /** Its name. */
  readonly name: string;
  /** Day of what is published. */
  readonly published: string;
  /** Day of the new run. */
  readonly now: string;
  /** Its numbers. */
  readonly numbers: readonly ComparedNumber[];
}

/**
 * The file of a part's results.
 *
 * @param folder Such as docs/results.
 * @param part The part.
 */
export function resultPath(
  folder: string,
  part: Pick<PublishedPart, "name">,
): string {
  return join(folder, `${part.name}.json`);
}

/**
 * Runs a task of deno.json with its own permissions.
 *
 * @param task Its name.
 * @param args More arguments.
 * @param options Where, and what stops it.
 * @returns What it wrote on standard output. Throws where it failed.
 */
export async function runTask(
  task: string,
  args: readonly string[],
  { root, signal }: Pick<RegenerationOptions, "root" | "signal">,
): Promise<string> {
  signal?.throwIfAborted();
  const config = await readJsonFile(join(root, "deno.json")) as {
    tasks: Record<string, { command: string }>;
  };
  const [program, ...words] = config.tasks[task].command.split(" ");
  const child = new Deno.Command(program, {
    args: [...words, ...args],
    cwd: root,
    // Paths among the arguments count from here, wherever this was started.
    env: { INIT_CWD: root },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const stop = () => child.kill("SIGTERM");
  signal?.addEventListener("abort", stop, { once: true });
  const { success, code, stdout } = await child.output();
  signal?.removeEventListener("abort", stop);
  if (signal?.aborted) {
    throw new InterruptedError(
      `Interrupted in ${task}; what is finished is kept: go on with --resume`,
    );
  }
  if (!success) {
    const command = ["deno task", task, ...args].join(" ");
    throw new Error(`Cannot reproduce with "${command}": exit code ${code}`);
  }
  return new TextDecoder().decode(stdout);
}

/**
 * Runs a part, or takes its results from the folder, and keeps them there.
 *
 * @param part What to run.
 * @param options Where, and whether results in the folder do.
 */
export async function regenerate(
  part: PublishedPart,
  options: RegenerationOptions,
): Promise<PublishedRun> {
  const path = resultPath(options.folder, part);
  const { seed } = options;
  const isSeeded = seed === 0 || part.args.includes("--seed");
  const seeded = isSeeded ? [] : ["--seed", String(seed)];
  const args = [...part.args, ...seeded, "--json"];
  const command = `deno task ${part.task} ${args.join(" ")}`;
  if (options.resume && await isFile(path)) {
    const run = await readPublishedRun(path);
    if (run.command === command) return run;
  }
  const printed = await runTask(part.task, args, options);
  const date = new Date().toISOString().slice(0, 10);
  const document: unknown = JSON.parse(printed);
  const { kept = (all) => all } = part;
  const run = { date, command, document: kept(document) };
  await writeJsonFile(path, run);
  return run;
}

/**
 * Holds a part's new results against the published ones.
 *
 * @param part The part. Its published results are read from docs/results.
 * @param now The new ones.
 * @param root The repository's root.
 */
export async function comparePart(
  part: PublishedPart,
  now: PublishedRun,
  root: string,
): Promise<ComparedPart> {
  const path = resultPath(join(root, "docs", "results"), part);
  const published = await isFile(path)
    ? await readPublishedRun(path)
    : undefined;
  return {
    name: part.name,
    published: published?.date ?? "never",
    now: now.date,
    numbers: compareNumbers(
      published === undefined ? [] : part.numbers(published.document),
      part.numbers(now.document),
    ),
  };
}

function countOf(part: ComparedPart, wanted: Standing): number {
  return part.numbers.filter(({ standing }) => standing === wanted).length;
}

/**
 * Counts of each part, and the numbers that moved.
 *
 * @param parts From {@linkcode comparePart}.
 */
export function regenerationTables(parts: readonly ComparedPart[]): Table[] {
  const moved = parts.flatMap(({ name, numbers }) =>
    numbers.filter(hasMoved).map((number) => [
      name,
      number.name,
      number.published?.estimate,
      number.published?.low,
      number.published?.high,
      number.now,
      number.standing,
    ])
  );
  const counts: Table = {
    title: "Published numbers that were computed again",
    columns: [
      { header: "part" },
      { header: "published" },
      { header: "numbers" },
      { header: "the same" },
      { header: "inside" },
      { header: "outside" },
      { header: "missing" },
    ],
    rows: parts.map((part) => [
      part.name,
      part.published,
      part.numbers.length,
      ...(["same", "inside", "outside", "missing"] as const).map((standing) =>
        countOf(part, standing)
      ),
    ]),
  };
  if (moved.length === 0) return [counts];
  return [counts, {
    title: "Moved out of their intervals",
    columns: [
      { header: "part" },
      { header: "number" },
      { header: "published" },
      { header: "from" },
      { header: "to" },
      { header: "now" },
      { header: "standing" },
    ],
    rows: moved,
  }];
}
