/**
 * Runs checks, several at a time, and adds up what they come to.
 *
 * @module
 */
import type { Skip } from "./junit.ts";

/** What a check came to. */
export interface CheckResult {
  /** Tests that passed; 1 for a check that is one test. */
  passed: number;
  /** Tests that failed. */
  failed: number;
  /** Tests that were not run. Default none. */
  skipped?: readonly Skip[];
  /** What a person needs to see when something failed. */
  output: string;
}

/** One named check. */
export interface Check {
  /** Its name, as `--only` takes it. */
  name: string;
  /** What it does, in a few words. */
  description: string;
  /** Whether others need its result, so that it runs alone and first. */
  prepares?: boolean;
  /** Does it. A throw counts as one failure. */
  run(): Promise<CheckResult>;
}

/** Options of {@linkcode runChecks}. */
export interface RunOptions {
  /** Checks that run at the same time. Default 2. */
  jobs?: number;
  /** Takes each line of the report. Default `console.log`. */
  write?: (line: string) => void;
  /** Told the names of the checks under way whenever they change. */
  onChange?: (names: readonly string[]) => void;
}

/** What all checks came to. */
export interface Totals {
  /** Tests that passed. */
  passed: number;
  /** Tests that failed. */
  failed: number;
  /** Tests that were not run. */
  skipped: Skip[];
}

/**
 * Runs checks: those that prepare in their order and alone, then the others,
 * `jobs` at a time. A line with counts and seconds is written as each ends,
 * and its output where something failed.
 *
 * @param checks The checks.
 * @param options How many at a time, and where the report goes.
 */
export async function runChecks(
  checks: readonly Check[],
  options: RunOptions = {},
): Promise<Totals> {
  const { jobs = 2, write = console.log, onChange = () => {} } = options;
  const totals: Totals = { passed: 0, failed: 0, skipped: [] };
  const underWay = new Set<string>();
  const runOne = async (check: Check) => {
    underWay.add(check.name);
    onChange([...underWay]);
    const start = performance.now();
    const result = await runSafely(check);
    underWay.delete(check.name);
    onChange([...underWay]);
    totals.passed += result.passed;
    totals.failed += result.failed;
    totals.skipped.push(...result.skipped ?? []);
    write(reportLine(check.name, result, (performance.now() - start) / 1000));
    if (result.failed > 0) write(excerpt(result.output));
  };
  for (const check of checks.filter((check) => check.prepares)) {
    await runOne(check);
  }
  const waiting = checks.filter((check) => !check.prepares);
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      await runOne(check);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return totals;
}

async function runSafely(check: Check): Promise<CheckResult> {
  try {
    return await check.run();
  } catch (error) {
    const output = error instanceof Error ? error.stack : String(error);
    return { passed: 0, failed: 1, output: output ?? "" };
  }
}

function reportLine(name: string, result: CheckResult, seconds: number) {
  const { passed, failed, skipped = [] } = result;
  const state = failed > 0 ? "FAILED" : passed > 0 ? "ok" : "skipped";
  const counts = [
    passed + failed > 1 ? `${passed} passed` : "",
    passed + failed > 1 && failed > 0 ? `${failed} failed` : "",
    skipped.length > 0 ? `${skipped.length} skipped` : "",
  ].filter((count) => count !== "").join(", ");
  return `${state.padEnd(8)}${name.padEnd(16)}${
    `${seconds.toFixed(1)} s`.padStart(8)
  }  ${counts}`.trimEnd();
}

const MOST_LINES = 300;
const LONGEST_LINE = 300;

/** The text indented, its end where it is long, long lines cut. */
function excerpt(text: string): string {
  const lines = text.trimEnd().split("\n");
  const cut = Math.max(0, lines.length - MOST_LINES);
  return [
    ...(cut > 0 ? [`... ${cut} lines, seen with --verbose`] : []),
    ...lines.slice(cut),
  ].map((line) =>
    line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} ...` : line
  ).map((line) => line === "" ? "" : `    ${line}`).join("\n");
}

/**
 * How many tests were skipped for each reason, most first.
 *
 * @param skipped The tests.
 */
export function countReasons(skipped: readonly Skip[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** Options of {@linkcode closingLines}. */
export interface ClosingOptions {
  /** Whether a skip counts as a failure unless a GPU is missing. */
  strict: boolean;
  /** A reason that is accepted all the same. Default none. */
  maySkip?: string;
}

/**
 * The lines a run ends with: skips by reason, then `N passed, N failed`.
 *
 * @param totals What the checks came to.
 * @param options Whether skips are allowed.
 * @returns The lines, and whether all is well.
 */
export function closingLines(
  totals: Totals,
  options: ClosingOptions,
): { lines: string[]; ok: boolean } {
  const refused = options.strict
    ? totals.skipped.filter(({ reason }) =>
      !/\bGPU\b/i.test(reason) && reason !== options.maySkip
    )
    : [];
  const failed = totals.failed + refused.length;
  return {
    lines: [
      ...refused.map(({ name }) => `not allowed to be skipped here: ${name}`),
      ...countReasons(totals.skipped).map(([reason, count]) =>
        `${count} skipped: ${reason}`
      ),
      `${totals.passed} passed, ${failed} failed`,
    ],
    ok: failed === 0,
  };
}
