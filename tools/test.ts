/**
 * Runs every check of the project: `deno task test`.
 *
 * @module
 */
import { join } from "@std/path";
import { standardError } from "../core/console_stream.ts";
import { formatHelp } from "../core/help.ts";
import {
  booleanOption,
  integerOption,
  parsedOption,
  stringOption,
} from "../core/options.ts";
import { parseOptions } from "../core/parse_options.ts";
import { UsageError } from "../core/usage_error.ts";
import { allChecks, readContext } from "./checks.ts";
import { type Check, closingLines, runChecks } from "./runner.ts";

const OPTIONS = {
  only: parsedOption((text) => text.split(",").map((name) => name.trim()), {
    description: "Runs these checks only. --list names them",
    expected: "names of checks, separated by commas",
  }),
  filter: stringOption({
    description: "Runs only tests whose name contains this",
  }),
  jobs: integerOption({
    default: 2,
    minimum: 1,
    description: "Checks that run at the same time",
  }),
  verbose: booleanOption({
    description: "Shows what the checks write, one check at a time",
  }),
  list: booleanOption({ description: "Names the checks and ends" }),
  help: booleanOption({ description: "Shows this text and ends" }),
};

const HELP = {
  name: "test",
  task: "test",
  description:
    "Runs every check: format, lint, types, documentation, Rust, unit tests, examples. Where CI is set, a skipped test counts as failed unless it needs a GPU.",
  options: OPTIONS,
  examples: ["", "--only unit,types", "--filter CartPole"],
};

/**
 * The checks that a command line asks for.
 *
 * @param checks All of them.
 * @param wanted Names, `undefined` for no choice. Throws `UsageError` for a
 * name that is none.
 * @param filter With a filter and no choice, only checks that have tests.
 */
export function chooseChecks(
  checks: readonly Check[],
  wanted: readonly string[] | undefined,
  filter?: string,
): Check[] {
  const names = wanted ??
    (filter === undefined
      ? checks.map(({ name }) => name)
      : ["native", "unit", "rust-tests"]);
  for (const name of wanted ?? []) {
    if (!checks.some((check) => check.name === name)) {
      throw new UsageError(
        `Cannot run the check ${JSON.stringify(name)}, expected one of ${
          checks.map((check) => check.name).join(", ")
        }`,
      );
    }
  }
  return checks.filter(({ name }) => names.includes(name));
}

function isStrict(): boolean {
  return ["CI", "LOADSTAR_CI"].some((name) => {
    const value = Deno.env.get(name) ?? "";
    return !["", "0", "false", "no"].includes(value.toLowerCase());
  });
}

/** Shows on a terminal what is under way, and since when. */
function showProgress() {
  const start = performance.now();
  let names: readonly string[] = [];
  const draw = (text: string) =>
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - start) / 1000);
    draw(`${seconds} s: ${names.join(", ")}`);
  }, 1000);
  return {
    change: (now: readonly string[]) => {
      names = now;
      draw("");
    },
    end: () => {
      clearInterval(timer);
      draw("");
    },
  };
}

async function main(args: readonly string[]): Promise<number> {
  const { only, filter, jobs, verbose, list, help } = parseOptions(
    args,
    OPTIONS,
  );
  if (help) {
    console.log(formatHelp(HELP));
    return 0;
  }
  const root = join(import.meta.dirname!, "..");
  const context = await readContext(root, { filter, verbose });
  const checks = chooseChecks(allChecks(context), only, filter);
  if (list) {
    for (const { name, description } of checks) {
      console.log(`${name.padEnd(16)}${description}`);
    }
    return 0;
  }
  const progress = standardError().isTerminal && !verbose
    ? showProgress()
    : undefined;
  const totals = await runChecks(checks, {
    jobs: verbose ? 1 : jobs,
    onChange: progress?.change,
  });
  progress?.end();
  const { lines, ok } = closingLines(totals, {
    strict: isStrict(),
    maySkip: Deno.env.get("LOADSTAR_MAY_SKIP"),
  });
  for (const line of lines) console.log(line);
  return ok ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exitCode = await main(Deno.args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    Deno.exitCode = 2;
  }
}
