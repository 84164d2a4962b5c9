/**
 * The checks that `deno task test` runs.
 *
 * @module
 */
import { ownDocumentationErrors } from "./documentation_errors.ts";
import { parseJUnit, type Skip } from "./junit.ts";
import { writeNotebookModules } from "./notebooks/notebook_modules.ts";
import type { Check, CheckResult } from "./runner.ts";
import { readTree, type Tree } from "./source_tree.ts";

/** What the checks run on. */
export interface CheckContext {
  /** The repository's root. */
  root: string;
  /** Its files. */
  tree: Tree;
  /** Only tests whose name contains this. */
  filter?: string;
  /** Whether what commands write is also shown as it comes. */
  verbose: boolean;
}

/** What a command came to. */
export interface CommandResult {
  /** Whether it ended with 0. */
  success: boolean;
  /** What it wrote, standard error after standard output. */
  output: string;
}

/**
 * Reads the repository that checks run on.
 *
 * @param root Its root.
 * @param options A filter of tests, and whether output is shown.
 */
export async function readContext(
  root: string,
  options: { filter?: string; verbose?: boolean } = {},
): Promise<CheckContext> {
  return {
    root,
    tree: await readTree(root),
    filter: options.filter,
    verbose: options.verbose ?? false,
  };
}

/**
 * Runs a command in the repository's root.
 *
 * @param context Where, and whether to show what it writes.
 * @param command The program and its arguments.
 * @returns `undefined` where there is no such program.
 */
export async function runCommand(
  context: Pick<CheckContext, "root" | "verbose">,
  command: readonly string[],
): Promise<CommandResult | undefined> {
  const [program, ...args] = command;
  try {
    const child = new Deno.Command(program, {
      args,
      cwd: context.root,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const [out, err, { success }] = await Promise.all([
      collect(child.stdout, context.verbose),
      collect(child.stderr, context.verbose),
      child.status,
    ]);
    return { success, output: out + err };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  show: boolean,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    if (show) await Deno.stderr.write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function skipCheck(name: string, reason: string): CheckResult {
  const skipped: Skip[] = [{ name: `the check "${name}"`, reason }];
  return { passed: 0, failed: 0, skipped, output: "" };
}

/** A check that is one test: a command that must end with 0. */
function commandCheck(
  context: CheckContext,
  check: Pick<Check, "name" | "description" | "prepares">,
  command: readonly string[],
): Check {
  return {
    ...check,
    run: async () => {
      const result = await runCommand(context, command);
      if (result === undefined) {
        return skipCheck(check.name, `no ${command[0]}`);
      }
      const { success, output } = result!;
      return { passed: success ? 1 : 0, failed: success ? 0 : 1, output };
    },
  };
}

/** As `commandCheck`, with the code of all notebooks as further arguments. */
function notebookCheck(
  context: CheckContext,
  check: Pick<Check, "name" | "description">,
  command: readonly string[],
): Check {
  return {
    ...check,
    run: async () => {
      const notebooks = [...context.tree.keys()]
        .filter((path) => path.endsWith(".ipynb"));
      await using modules = await writeNotebookModules(context.root, notebooks);
      const whole = [...command, ...modules.paths];
      return await commandCheck(context, check, whole).run();
    },
  };
}

/**
 * The program, or the part of cargo, that a command could not be run without.
 *
 * @param command The program and its arguments.
 * @param result What it came to, `undefined` where there is no such program.
 */
export function lackingProgram(
  command: readonly string[],
  result: CommandResult | undefined,
): string | undefined {
  const [program, subcommand] = command;
  if (result === undefined) return program;
  const isLacking = program === "cargo" && !result.success &&
    /^error: (?:no such command|'cargo-\S+' is not installed)/m
      .test(result.output);
  return isLacking ? `cargo ${subcommand}` : undefined;
}

/** A check that counts as its tests do. */
function testCheck(
  context: CheckContext,
  check: Pick<Check, "name" | "description">,
  args: readonly string[],
): Check {
  return {
    ...check,
    run: async () => {
      const report = await Deno.makeTempFile({ suffix: ".xml" });
      try {
        const result = await runCommand(context, [
          "deno",
          "test",
          "--no-prompt",
          `--junit-path=${report}`,
          ...(context.filter === undefined
            ? []
            : [`--filter=${context.filter}`]),
          ...args,
        ]);
        return countTests(result!, await Deno.readTextFile(report));
      } finally {
        await Deno.remove(report);
      }
    },
  };
}

/**
 * Adds a report's counts to what the command said: a run that fails without a
 * failed test, as one that cannot start, is one failure.
 *
 * @param result What the command came to.
 * @param report The JUnit report, empty where it was not written.
 */
export function countTests(
  result: CommandResult,
  report: string,
): CheckResult {
  const output = failuresOf(result.output);
  if (report === "" && !result.success) return { passed: 0, failed: 1, output };
  const counts = parseJUnit(report);
  const failed = result.success ? counts.failed : Math.max(counts.failed, 1);
  return { ...counts, failed, output };
}

/** From the list of errors on, where a test run wrote one. */
function failuresOf(output: string): string {
  const start = output.lastIndexOf("\n ERRORS \n");
  return start < 0 ? output : output.slice(start);
}

/**
 * Adds up the result lines of `cargo test`.
 *
 * @param result What the command came to.
 */
export function countRustTests(result: CommandResult): CheckResult {
  const counts: Required<CheckResult> = {
    passed: 0,
    failed: 0,
    skipped: [],
    output: result.output,
  };
  for (
    const [, passed, failed] of result.output.matchAll(
      /^test result: \w+\. (\d+) passed; (\d+) failed;/gm,
    )
  ) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
  }
  counts.skipped = Array.from(
    result.output.matchAll(/^test (.+?) \.\.\. ignored(?:, (.+))?$/gm),
    ([, name, reason]) => ({ name, reason: reason ?? "no reason given" }),
  );
  if (!result.success) counts.failed = Math.max(counts.failed, 1);
  return counts;
}

function sourcesOf(tree: Tree): string[] {
  const config = JSON.parse(tree.get("deno.json") ?? "{}");
  // Without links the stand-ins are spare: nothing resolves their imports.
  const linked = (config.links?.length ?? 0) > 0;
  return [...tree.keys()].filter((path) =>
    path.endsWith(".ts") && (linked || !path.startsWith("links/"))
  );
}

/** Whether a module's comments, or a page, hold code that can be run. */
function hasExample(tree: Tree, path: string): boolean {
  const fence = path.endsWith(".md")
    ? /^```(?:ts|typescript|js)(?:$|[ ,])/m
    : /^ *\* ```(?:ts|typescript|js)(?:$|[ ,])/m;
  return fence.test(tree.get(path) ?? "");
}

function denoChecks(context: CheckContext): Check[] {
  const { tree } = context;
  const sources = sourcesOf(tree);
  const tests = sources.filter((path) => path.endsWith("_test.ts"));
  const modules = sources.filter((path) =>
    !path.endsWith("_test.ts") && !path.endsWith(".d.ts") &&
    !path.startsWith("links/")
  );
  const pages = [...tree.keys()].filter((path) => path.endsWith(".md"));
  const examples = [...modules, ...pages]
    .filter((path) => hasExample(tree, path));
  return [
    // The longest comes first, so that the others share the second core.
    testCheck(context, { name: "unit", description: "unit tests" }, [
      "--allow-all",
      // Types are a check of their own, and one error would stop all tests.
      "--no-check",
      ...tests,
    ]),
    commandCheck(
      context,
      { name: "format", description: "deno fmt --check" },
      ["deno", "fmt", "--check"],
    ),
    notebookCheck(
      context,
      { name: "lint", description: "deno lint" },
      ["deno", "lint", "."],
    ),
    notebookCheck(
      context,
      {
        name: "types",
        description: "deno check of every source file and notebook",
      },
      ["deno", "check", ...sources],
    ),
    {
      name: "documentation",
      description: "deno doc --lint of every public module",
      run: async () => {
        const isPublic = (path: string) => !/(?:^|\/)_[^/]+$/.test(path);
        const command = ["deno", "doc", "--lint", ...modules.filter(isPublic)];
        const result = await runCommand(context, command);
        return ownDocumentationErrors(result!, context.root);
      },
    },
    testCheck(context, {
      name: "examples",
      description: "examples in documentation comments and pages",
    }, ["--allow-all", "--doc", ...examples]),
  ];
}

function rustChecks(context: CheckContext): Check[] {
  if (!context.tree.has("ffi/Cargo.toml")) return [];
  const manifest = ["--manifest-path", "ffi/Cargo.toml"];
  const cargoCheck = (name: string, [subcommand, ...args]: string[]) =>
    commandCheck(context, { name, description: `cargo ${subcommand}` }, [
      "cargo",
      subcommand,
      ...manifest,
      ...args,
    ]);
  return [
    {
      name: "rust-tests",
      description: "cargo test",
      run: async () => {
        const filter = context.filter === undefined ? [] : [context.filter];
        const command = ["cargo", "test", "--locked", ...manifest, ...filter];
        const result = await runCommand(context, command);
        return result === undefined
          ? skipCheck("rust-tests", "no cargo")
          : countRustTests(result);
      },
    },
    cargoCheck("rust-lint", [
      "clippy",
      "--locked",
      "--all-targets",
      "--",
      "--deny",
      "warnings",
    ]),
    cargoCheck("rust-format", ["fmt", "--check"]),
  ];
}

function publishCheck(context: CheckContext): Check[] {
  const config = JSON.parse(context.tree.get("deno.json") ?? "{}");
  const task = "check-publish";
  if (config.tasks?.[task] === undefined) return [];
  return [
    commandCheck(
      context,
      { name: "publish", description: "deno publish --dry-run of the package" },
      ["deno", "task", "--quiet", task],
    ),
  ];
}

function nativeCheck(context: CheckContext): Check[] {
  const config = JSON.parse(context.tree.get("deno.json") ?? "{}");
  if (config.tasks?.["build:native"] === undefined) return [];
  return [
    commandCheck(
      context,
      { name: "native", description: "deno task build:native", prepares: true },
      ["deno", "task", "--quiet", "build:native"],
    ),
  ];
}

/**
 * Every check of the repository, in the order in which they begin.
 *
 * @param context The repository, and how to run.
 */
export function allChecks(context: CheckContext): Check[] {
  return [
    commandCheck(context, {
      name: "lockfile",
      description: "deno ci: the lockfile fits, dependencies are fetched",
      prepares: true,
    }, ["deno", "ci"]),
    ...nativeCheck(context),
    ...denoChecks(context),
    ...publishCheck(context),
    ...rustChecks(context),
  ];
}
