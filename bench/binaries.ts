/**
 * Sizes of single-file programs, and how long they take to start.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import configuration from "../deno.json" with { type: "json" };
import { makeBinaries } from "../tools/binaries/make.ts";
import {
  type Configuration,
  EVERYTHING,
  readPrograms,
} from "../tools/binaries/programs.ts";
import type { Target } from "../tools/binaries/targets.ts";
import type { Measurement } from "./measure.ts";

export type { Measurement } from "./measure.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const STARTS = 20;
/** Longest start of a binary that has run before. */
const START_MS = 300;

/** Milliseconds that a command takes, by a shell. Throws where it fails. */
async function timeOf(line: string): Promise<number> {
  const begun = performance.now();
  const { success, stderr } = await new Deno.Command("sh", {
    args: ["-c", line],
    cwd: ROOT,
    stdout: "null",
  }).output();
  const taken = performance.now() - begun;
  if (success) return taken;
  throw new Error(
    `Cannot measure "${line}": ${new TextDecoder().decode(stderr).trim()}`,
  );
}

/** The median and the longest of several runs of a command. */
async function startsOf(line: string): Promise<[number, number]> {
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) times.push(await timeOf(line));
  times.sort((a, b) => a - b);
  return [times[STARTS / 2], times[STARTS - 1]];
}

/** Milliseconds of processor time that a run of a command takes. */
async function processorTimeOf(line: string): Promise<number> {
  const repeated = Array(STARTS).fill(`(${line}) >/dev/null`).join("; ");
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `${repeated}; times`],
    cwd: ROOT,
    stderr: "null",
  }).output();
  // The last line is of the shell's children: user and system time.
  const [children] = new TextDecoder().decode(stdout).trim().split("\n").slice(
    -1,
  );
  const times = Array.from(
    children.matchAll(/(\d+)m([\d.]+)s/g),
    ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds),
  );
  return 1000 * (times[0] + times[1]) / STARTS;
}

/**
 * Sizes and starts of a program and of the binary that holds all of them, made
 * of the Deno that runs here. What is started shows its help, which takes all
 * of its modules.
 */
export async function measureBinaries(): Promise<Measurement[]> {
  const folder = await Deno.makeTempDir();
  try {
    const made = await makeBinaries(
      ["train-dqn", EVERYTHING],
      readPrograms(configuration as unknown as Configuration),
      {
        root: ROOT,
        folder,
        target: Deno.build.target as Target,
        form: "self-extracting",
        note: () => {},
      },
    );
    const measurements: Measurement[] = [];
    for (const { name, path, bytes } of made) {
      const cache = `XDG_CACHE_HOME='${join(folder, `${name} cache`)}'`;
      const program = name === EVERYTHING ? "train-dqn" : "";
      const line = `exec env ${cache} '${path}' ${program} --help`;
      const first = await timeOf(line);
      await timeOf(line); // Writes the rest of the code cache.
      const [median, longest] = await startsOf(line);
      const row = (what: string, value: number, unit: string) => ({
        name: `${name}: ${what}`,
        value,
        unit,
        moreIsBetter: false,
      });
      measurements.push(
        row("size of the file", bytes / 1e6, "MB"),
        row("first start, which unpacks", first, "ms"),
        { ...row("later starts, median", median, "ms"), target: START_MS },
        { ...row("later starts, longest", longest, "ms"), target: START_MS },
        row("later starts, processor time", await processorTimeOf(line), "ms"),
      );
    }
    const [median] = await startsOf(
      "exec deno run -q -P=train scripts/train_dqn.ts --help",
    );
    return [...measurements, {
      name: "the same script by deno run, median",
      value: median,
      unit: "ms",
      moreIsBetter: false,
    }];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
