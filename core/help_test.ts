import { assert, assertEquals } from "@std/assert";
import { formatHelp } from "./help.ts";
import {
  booleanOption,
  choiceOption,
  integerOption,
  numberOption,
  pathOption,
  stringOption,
} from "./options.ts";

const DEFINITION = {
  name: "train_dqn",
  task: "train-dqn",
  description:
    "Trains a network to scale a simulated service and compares it with rules that need no training.",
  positionals: {
    model: pathOption({ description: "Model to begin with.", required: true }),
    "run-name": stringOption({ description: "Name." }),
  },
  options: {
    steps: integerOption({ description: "Steps.", default: 5, minimum: 1 }),
    delay: numberOption({
      description: "Pause.",
      default: 0.05,
      unit: "seconds",
    }),
    load_pattern: choiceOption(["SINE_CURVE", "STEADY", "SPIKE", "POISSON"], {
      description: "Load pattern.",
      default: "STEADY",
    }),
    data: pathOption({ description: "Data.", required: true }),
    render: booleanOption({ description: "Draws.", default: true }),
    eval: booleanOption({ description: "Evaluates." }),
    "a-name-that-is-longer-than-others": numberOption({ description: "Long." }),
  },
  commonOptions: { quiet: booleanOption({ description: "Says nothing." }) },
  examples: ["a.zip --steps 7", ""],
};

Deno.test("formatHelp() writes usage, options and examples", () => {
  assertEquals(
    formatHelp(DEFINITION),
    `Trains a network to scale a simulated service and compares it with rules that
need no training.

Usage: deno task train-dqn [options] MODEL [RUN_NAME]

Arguments:
  MODEL                       Model to begin with. (required)
  RUN_NAME                    Name.

Options:
  --steps N                   Steps. (a whole number from 1; default: 5)
  --delay X                   Pause. (in seconds; default: 0.05)
  --load-pattern NAME         Load pattern. (one of SINE_CURVE, STEADY, SPIKE,
                              POISSON; default: STEADY)
  --data PATH                 Data. (required)
  --[no-]render               Draws. (default: on)
  --eval                      Evaluates.
  --a-name-that-is-longer-than-others X
                              Long.

Options of every script:
  --quiet                     Says nothing.

Examples:
  deno task train-dqn a.zip --steps 7
  deno task train-dqn`,
  );
});

Deno.test("formatHelp() fits 80 columns", () => {
  const description = "Some words that go on and on. ".repeat(12).trim();
  const text = formatHelp({
    name: "long",
    description,
    options: { long: stringOption({ description }) },
  });
  for (const line of text.split("\n")) assert(line.length <= 80, line);
  // Wrapping loses no word: twice the description is there.
  const words = (of: string) => of.split(/\s+/).filter((word) => word === "go");
  assertEquals(words(text).length, 24);
});

Deno.test("formatHelp() leaves out what there is not", () => {
  assertEquals(
    formatHelp({ name: "bare", description: "Bare.", options: {} }),
    "Bare.\n\nUsage: bare [options]",
  );
});
