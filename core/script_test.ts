import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import type { ConsoleStream } from "./console_stream.ts";
import { booleanOption, integerOption, pathOption } from "./options.ts";
import { userPath } from "./paths.ts";
import {
  asUsageError,
  InterruptedError,
  runScript,
  type ScriptContext,
  type ScriptEnvironment,
  type ScriptResult,
  trainingOptions,
} from "./script.ts";

const DEFINITION = {
  name: "try_it",
  task: "try-it",
  description: "Tries it.",
  options: {
    steps: integerOption({ description: "How far.", default: 10, minimum: 1 }),
    ...trainingOptions,
  },
};

function memoryStream(isTerminal = false): ConsoleStream & { text: string } {
  return {
    text: "",
    isTerminal,
    color: false,
    columns: () => 80,
    write(text) {
      this.text += text;
      return true;
    },
  };
}

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function runWith(
  args: string[],
  run: (
    options: Record<string, unknown>,
    context: ScriptContext,
  ) => ScriptResult | Promise<ScriptResult>,
  more: ScriptEnvironment = {},
): Promise<Outcome> {
  const stdout = memoryStream();
  const stderr = memoryStream();
  const exits: number[] = [];
  const code = await runScript(DEFINITION, run, {
    args,
    stdout,
    stderr,
    exit: (code) => exits.push(code),
    onInterrupt: () => () => {},
    ...more,
  });
  assertEquals(exits.at(-1), code);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

const RESULT: ScriptResult = {
  tables: [{ columns: [{ header: "a" }], rows: [[1]] }],
  lines: ["one", "two"],
  json: { a: NaN, b: new Float64Array([1]) },
};

Deno.test("runScript() gives options their types and defaults", async () => {
  let seen: unknown;
  await runScript(DEFINITION, (options) => {
    // Compiles only while the types are inferred.
    const steps: number = options.steps;
    const out: string | undefined = options.out;
    const device: "auto" | "native" | "wasm" | "webgpu" | "cpu" =
      options.device;
    // @ts-expect-error: no such option
    options.step;
    assertEquals([steps, out, device], [10, undefined, "auto"]);
    seen = options;
    return { json: null };
  }, { args: [], exit: () => {}, onInterrupt: () => () => {} });
  assertEquals(seen, {
    steps: 10,
    seed: 0,
    out: undefined,
    quiet: false,
    json: false,
    debug: false,
    help: false,
    version: false,
    resume: undefined,
    device: "auto",
    seeds: 1,
  });
});

Deno.test("runScript() lets a script define its own seed and out", async () => {
  const outcomes: unknown[] = [];
  await runScript({
    ...DEFINITION,
    options: {
      seed: integerOption({ description: "", default: 42 }),
      out: pathOption({ description: "File.", default: "data.npz" }),
    },
  }, ({ seed, out }) => {
    const path: string = out;
    outcomes.push(seed, path);
    return { json: null };
  }, { args: [], exit: () => {}, onInterrupt: () => () => {} });
  assertEquals(outcomes, [42, userPath("data.npz")]);
});

Deno.test("runScript() does not let a script replace --json", async () => {
  await assertRejects(
    () =>
      runScript({
        ...DEFINITION,
        options: { json: booleanOption({ description: "" }) },
      }, () => ({ json: null })),
    TypeError,
    "Cannot replace --json",
  );
});

Deno.test("runScript() prints tables and lines on standard output", async () => {
  assertEquals(await runWith([], () => RESULT), {
    code: 0,
    stdout: "a\n-\n1\n\none\ntwo\n",
    stderr: "",
  });
  assertEquals((await runWith([], () => ({ json: 1 }))).stdout, "");
});

Deno.test("runScript() fits tables into the terminal", async () => {
  const columns = Array.from({ length: 9 }, (_, i) => ({
    header: `a column ${i}`,
  }));
  const wide = {
    tables: [{ columns, rows: [columns.map(() => 0)] }],
    json: null,
  };
  const stdout = memoryStream(true);
  await runWith([], () => wide, { stdout });
  assert(stdout.text.split("\n").every((line) => line.length <= 80));
  assertStringIncludes(stdout.text, "\n\na column 0  a column 6");
  const piped = await runWith([], () => wide);
  assertStringIncludes(piped.stdout, "a column 7  a column 8\n");
});

Deno.test("runScript() prints one JSON document with --json", async () => {
  const log = console.log;
  const { stdout, code } = await runWith(["--json"], () => {
    assert(console.log !== log, "a library may still print on stdout");
    return RESULT;
  });
  assertEquals(JSON.parse(stdout), { a: null, b: [1] });
  assertEquals(code, 0);
  assert(console.log === log);
});

Deno.test("runScript() turns outcomes into exit codes and one line", async () => {
  const fail = (error: unknown) => () => {
    throw error;
  };
  const cases: [string[], () => ScriptResult, number, string][] = [
    [[], () => ({ json: 0, exitCode: 3 }), 3, ""],
    [
      ["--stepz", "3"],
      () => RESULT,
      2,
      'Cannot understand "--stepz": expected a known option, perhaps --steps (see --help)\n',
    ],
    [
      ["--seed", "-1"],
      () => RESULT,
      2,
      'Cannot read --seed "-1": expected a whole number from 0 (see --help)\n',
    ],
    [[], fail(new RangeError("Cannot go")), 1, "Cannot go\n"],
    [[], fail(new Error("two\n  lines\n")), 1, "two lines\n"],
    [[], fail(new TypeError()), 1, "TypeError\n"],
    [[], fail("a text"), 1, "a text\n"],
    [[], fail(null), 1, "null\n"],
    [
      [],
      () => asUsageError(fail(new RangeError("Cannot use 9"))),
      2,
      "Cannot use 9 (see --help)\n",
    ],
    [
      [],
      fail(new InterruptedError("Saved a.zip, go on with --resume a.zip")),
      130,
      "Saved a.zip, go on with --resume a.zip\n",
    ],
    [["--quiet"], fail(new Error("Cannot go")), 1, "Cannot go\n"],
    [[], fail(new DOMException("stop", "AbortError")), 1, "stop\n"],
  ];
  for (const [args, run, code, stderr] of cases) {
    const outcome = await runWith(args, run);
    assertEquals([outcome.code, outcome.stderr], [code, stderr]);
    if (code !== 3) assertEquals(outcome.stdout, "");
  }
});

Deno.test("runScript() shows stacks and causes with --debug only", async () => {
  const cause = new Error("deeper");
  const run = () => {
    throw new Error("Cannot go", { cause });
  };
  const { stderr, code } = await runWith(["--debug"], run);
  assertStringIncludes(stderr, "Error: Cannot go");
  assertStringIncludes(stderr, "script_test.ts");
  assertStringIncludes(stderr, "deeper");
  assertEquals(code, 1);
});

Deno.test("runScript() shows help even when the rest is wrong", async () => {
  for (const args of [["--help"], ["-h"], ["--nonsense", "--help"]]) {
    const { code, stdout, stderr } = await runWith(args, () => {
      throw new Error("must not run");
    });
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^Tries it\.\n\nUsage: deno task try-it \[options\]\n/);
    assertStringIncludes(stdout, "--resume PATH");
    assertStringIncludes(stdout, "--out DIR");
  }
});

Deno.test("runScript() shows the version even when the rest is wrong", async () => {
  const { code, stdout, stderr } = await runWith(
    ["--nonsense", "--version"],
    () => {
      throw new Error("must not run");
    },
  );
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^Loadstar \d+\.\d+\.\d+ \(Deno \S+, \S+\)\n$/);
});

Deno.test("runScript() aborts at the first Ctrl-C and exits at the second", async () => {
  let press = () => {};
  const exits: number[] = [];
  const stderr = memoryStream();
  let stopped = false;
  const code = await runScript(DEFINITION, (_, { signal }) => {
    press();
    assert(signal.aborted);
    assertEquals(exits, []);
    press();
    assertEquals(exits, [130]);
    signal.throwIfAborted();
    return RESULT;
  }, {
    args: [],
    stderr,
    stdout: memoryStream(),
    exit: (code) => exits.push(code),
    onInterrupt(handler) {
      press = handler;
      return () => {
        stopped = true;
      };
    },
  });
  assertEquals(code, 130);
  assert(stopped);
  assertEquals(
    stderr.text,
    "Stopping; press Ctrl-C again to stop at once\nInterrupted before the end\n",
  );
});

Deno.test("runScript() exits with 130 when an interrupted script returns", async () => {
  const onInterrupt = (handler: () => void) => {
    handler();
    return () => {};
  };
  const cases: [ScriptResult, number][] = [
    [RESULT, 130],
    [{ ...RESULT, exitCode: 0 }, 0],
  ];
  for (const [result, code] of cases) {
    const outcome = await runWith([], () => result, { onInterrupt });
    assertEquals(outcome.code, code);
    assertStringIncludes(outcome.stdout, "one\ntwo\n");
  }
  const aborted = await runWith([], () => {
    throw new DOMException("The signal has been aborted", "AbortError");
  }, { onInterrupt });
  assertEquals(aborted.code, 130);
});

Deno.test("context.note() and progress write on standard error", async () => {
  const run = (_: unknown, { note, progress }: ScriptContext) => {
    note("before");
    const shown = progress({ total: 4, label: "Going" });
    shown.update(2);
    note("between");
    shown.update(4);
    return RESULT;
  };
  const { stderr, stdout } = await runWith([], run);
  assertMatch(
    stderr,
    /^before\nbetween\nGoing: 100% \(4 of 4 steps\), .*in 0:00\n$/,
  );
  assertEquals(stdout, "a\n-\n1\n\none\ntwo\n");
  assertEquals((await runWith(["--quiet"], run)).stderr, "");
});

Deno.test("context.progress() ends a bar before an error's line", async () => {
  const stderr = memoryStream(true);
  await runWith([], (_, { progress }) => {
    progress({ total: 4, label: "Going" }).update(1);
    throw new Error("Cannot go on");
  }, { stderr });
  assertMatch(stderr.text, /\r[^\n]*\nCannot go on\n$/);
});

Deno.test("context.breathe() lets timers run", async () => {
  await runWith([], async (_, { breathe }) => {
    let fired = false;
    setTimeout(() => fired = true, 0);
    const until = performance.now() + 5_000;
    while (!fired && performance.now() < until) await breathe();
    assert(fired);
    return RESULT;
  });
});

Deno.test("runScript() does nothing on a Deno that is too old, and still helps", async () => {
  const old = { denoVersion: "2.8.3" };
  const run = () => {
    throw new Error("was run");
  };
  const { code, stderr } = await runWith([], run, old);
  assertEquals(code, 1);
  assertMatch(stderr, /^Cannot run on Deno 2\.8\.3: expected [^\n]+\n$/);
  assertEquals((await runWith(["--help"], run, old)).code, 0);
});
