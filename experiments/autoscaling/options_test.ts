import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { parseOptions } from "../../core/parse_options.ts";
import { UsageError } from "../../core/usage_error.ts";
import { makeEnvironment } from "../../envs/registry.ts";
import { withFolder } from "../_test_folder.ts";
import { traceText } from "./_traces.ts";
import { autoscalingExperiment, autoscalingScriptOptions } from "./options.ts";

function experimentOf(...args: string[]) {
  return autoscalingExperiment(parseOptions(args, autoscalingScriptOptions));
}

Deno.test("autoscalingExperiment() learns anywhere in a pattern and tests its beginning", async () => {
  const { loadName, training, tests, notes } = await experimentOf(
    "--pattern",
    "spike",
  );
  const service = {
    actionDeltas: [-1, 0, 1],
    cooldownSteps: 0,
    maskActions: false,
    reward: "reference",
  };
  assertEquals(loadName, "SPIKE");
  assertEquals(training, {
    id: "Autoscaling-v1",
    options: { ...service, pattern: "SPIKE", randomStart: true },
  });
  assertEquals(tests, [{
    name: "SPIKE",
    spec: { id: "Autoscaling-v1", options: { ...service, pattern: "SPIKE" } },
  }]);
  assertEquals(notes, []);
});

Deno.test("autoscalingExperiment() makes the service of the options", async () => {
  const { training, tests } = await experimentOf(
    "--actions=-5,-1,0,1,5",
    "--boot-delay=lognormal",
    "--cooldown=3",
    "--mask-actions",
    "--reward=cost",
  );
  for (const { options } of [training, tests[0].spec]) {
    assertEquals(options.actionDeltas, [-5, -1, 0, 1, 5]);
    assertEquals(options.bootDelay, {
      distribution: "lognormal",
      meanSeconds: 97,
    });
    assertEquals(options.cooldownSteps, 3);
    assertEquals(options.maskActions, true);
    assertEquals(options.reward, "cost");
  }
  const { training: slow } = await experimentOf(
    "--boot-delay=constant",
    "--boot-seconds=450",
  );
  assertEquals(slow.options.bootDelay, {
    distribution: "constant",
    meanSeconds: 450,
  });
  assertEquals(makeEnvironment(training).actionSpace.kind, "discrete");
});

Deno.test("autoscalingExperiment() holds the last days of a trace out", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "load.csv");
    await Deno.writeTextFile(path, traceText({ days: 4.5 }));
    const requests = traceText({ days: 4.5 }).trim().split("\n").slice(1)
      .map((line) => Number(line.split(",")[1]));
    const steps = Array.from(
      { length: requests.length / 5 },
      (_, step) =>
        requests.slice(step * 5, step * 5 + 5).reduce((sum, x) => sum + x),
    );
    for (const [args, held] of [[[], 1], [["--test-days=3"], 3]] as const) {
      const { loadName, training, tests, notes } = await experimentOf(
        `--trace=${path}`,
        ...args,
      );
      assertEquals(loadName, "load");
      const learned = training.options.pattern as { requests: number[] };
      const cut = (4 - held) * 288;
      assertEquals(learned.requests.length, cut);
      assertEquals(training.options.episodeSteps, 288);
      assertEquals(training.options.randomStart, true);
      assertEquals(
        tests.map(({ name }) => name),
        [
          "held-out day 1",
          "held-out day 2",
          "held-out day 3",
        ].slice(0, held),
      );
      // The same factor for both parts, from the part that is learned on.
      const factor = learned.requests[100] / steps[100];
      tests.forEach(({ spec }, day) => {
        const { requests } = spec.options.pattern as { requests: number[] };
        assertEquals(requests.length, 288);
        requests.forEach((count, step) => {
          const expected = steps[cut + day * 288 + step] * factor;
          assert(Math.abs(count - expected) <= 1 + expected * 0.002);
        });
        assertEquals(spec.options.randomStart, undefined);
        makeEnvironment(spec);
      });
      assertEquals(notes.length, 1);
      assert(
        notes[0].startsWith(`load: ${cut} steps to learn on`),
        notes[0],
      );
      assert(notes[0].includes(`(${held} days)`), notes[0]);
    }
  });
});

Deno.test("autoscalingExperiment() refuses options that do not fit", async () => {
  const cases: [string[], string][] = [
    [["--test-days=2"], "Cannot hold out --test-days without --trace"],
    [
      ["--boot-seconds=3"],
      "Cannot set --boot-seconds without --boot-delay: instances boot in one step",
    ],
    [["--actions=1,2"], "Cannot use the actions [1,2]"],
    [["--actions=0"], "Cannot use the actions [0]"],
    [["--actions=0,1,1"], "Cannot use the actions [0,1,1]"],
  ];
  for (const [args, message] of cases) {
    await assertRejects(() => experimentOf(...args), UsageError, message);
  }
});

Deno.test("autoscalingExperiment() refuses traces that cannot be used", async () => {
  await withFolder(async (folder) => {
    let count = 0;
    const traced = async (text: string, ...args: string[]) => {
      const path = join(folder, `${count++}.csv`);
      await Deno.writeTextFile(path, text);
      return await assertRejects(
        () => experimentOf(`--trace=${path}`, ...args),
        Error,
      );
    };
    const at = (line: string) =>
      traceText({ days: 3, replace: { minute: 2000, line } });
    const cases: [string, string[], string][] = [
      [at(""), [], "line 2002: expected minute 2000, got 2001: a hole"],
      [at("2000,many"), [], 'expected a number from 0 as requests, got "many"'],
      [at("2000,-5"), [], "expected a number from 0 as requests"],
      ["", [], "got an empty file"],
      [traceText({ days: 1.9 }), [], "expected two whole days or more"],
      [traceText({ days: 0.5 }), [], "expected two whole days or more"],
      [traceText({ days: 0.001 }), [], "expected"],
      [traceText({ days: 3 }), ["--test-days=3"], "with 3 test days: expected"],
    ];
    for (const [text, args, message] of cases) {
      const error = await traced(text, ...args);
      assert(error.message.includes(message), error.message);
      assert(error.message.startsWith("Cannot "), error.message);
      assert(!error.message.includes("\n"));
      assertEquals(error instanceof UsageError, args.length > 0, error.message);
    }
    await assertRejects(
      () => experimentOf(`--trace=${join(folder, "none.csv")}`),
      Deno.errors.NotFound,
      "expected a file, found none",
    );
  });
});
