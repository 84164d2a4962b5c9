import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../core/usage_error.ts";
import {
  checkResumedOptions,
  type CommandLine,
  recordedOptions,
  resumedLength,
  resumedOptions,
} from "./resumed_options.ts";

const RULES = { path: "x.zip", root: "/runs", length: "episodes" };
const RUN = {
  name: "model",
  seed: 4,
  device: "native",
  bestPath: "best/model.zip",
  options: { episodes: 10, gamma: 0.9, hidden: [8, 8], name: "other" },
};

function typed(values: Record<string, unknown>): CommandLine {
  const given = Object.keys(values).map((key) => [key, `--${key}`] as const);
  return {
    values: { quiet: false, gamma: 0.5, ...values },
    given: new Map(given),
  };
}

Deno.test("recordedOptions() are those that a run depends on, as JSON", () => {
  assertEquals(
    recordedOptions(
      typed({ out: "/a", resume: "x", hidden: [1], trace: undefined }),
    ),
    { gamma: 0.5, hidden: [1] },
  );
  assertEquals(recordedOptions(undefined), undefined);
});

Deno.test("checkResumedOptions() lets the run's own be said again, and refuses others", () => {
  for (
    const values of [
      {},
      { gamma: 0.9, hidden: [8, 8], seed: 4, name: "model", device: "auto" },
      { device: "native", savePath: "/runs/best/model.zip", episodes: 99 },
      { out: "/elsewhere", json: true, eval: true, name: "other" },
    ]
  ) {
    checkResumedOptions(typed(values), RUN, { ...RULES, report: ["eval"] });
  }
  checkResumedOptions(undefined, RUN, RULES);
  const refused: [Record<string, unknown>, string][] = [
    [
      { gamma: 0.8 },
      '--gamma 0.8 beside --resume "x.zip", which was begun with 0.9',
    ],
    [{ hidden: [8] }, "--hidden [8] beside"],
    [{ seed: 0 }, "which was begun with 4"],
    [{ name: "another" }, 'which was begun with "model"'],
    [{ device: "cpu" }, 'which was begun with "native"'],
    [{ savePath: "/runs/other.zip" }, "/runs/best/model.zip"],
    [
      { eval: true },
      "which was begun without it: expected only --episodes to change",
    ],
  ];
  for (const [values, message] of refused) {
    assertThrows(
      () => checkResumedOptions(typed(values), RUN, RULES),
      UsageError,
      message,
    );
  }
});

Deno.test("resumedLength() counts in steps what was typed in episodes", () => {
  const run = { total: 500, done: 120, options: RUN.options };
  assertEquals(resumedLength(undefined, run, RULES), 500);
  assertEquals(resumedLength(typed({}), run, RULES), 500);
  assertEquals(resumedLength(typed({ episodes: 30 }), run, RULES), 1500);
  assertEquals(resumedLength(typed({ episodes: 3 }), run, RULES), 150);
  assertThrows(
    () => resumedLength(typed({ episodes: 2 }), run, RULES),
    UsageError,
    'Cannot resume "x.zip" with --episodes 2: it has done 2.4, expected as many at least',
  );
  assertThrows(
    () =>
      resumedLength(typed({ episodes: 20 }), { ...run, options: {} }, RULES),
    UsageError,
    "which does not say how many there were",
  );
  const steps = { ...RULES, length: "timesteps" };
  assertEquals(
    resumedLength(typed({ timesteps: 700 }), { ...run, options: {} }, steps),
    700,
  );
});

Deno.test("resumedOptions() remember the new length", () => {
  assertEquals(resumedOptions(typed({ episodes: 30 }), RUN.options, RULES), {
    ...RUN.options,
    episodes: 30,
  });
  assertEquals(resumedOptions(typed({}), RUN.options, RULES), RUN.options);
});
