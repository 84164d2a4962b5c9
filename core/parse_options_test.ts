import { assertEquals, assertThrows } from "@std/assert";
import {
  booleanOption,
  choiceOption,
  integerListOption,
  integerOption,
  numberOption,
  parsedOption,
  pathOption,
  stringOption,
} from "./options.ts";
import { optionKey, parseOptions } from "./parse_options.ts";
import { userPath } from "./paths.ts";
import { UsageError } from "./usage_error.ts";

const description = "";
const DEFINITIONS = {
  timesteps: integerOption({ description, default: 100, minimum: 1 }),
  "load-pattern": choiceOption(["SINE_CURVE", "STEADY", "SPIKE"], {
    description,
    default: "STEADY",
  }),
  low: numberOption({ description }),
  name: stringOption({ description }),
  hidden: integerListOption({ description, default: [64, 64] }),
  eval: booleanOption({ description }),
  render: booleanOption({ description, default: true }),
};
const DEFAULTS = {
  timesteps: 100,
  loadPattern: "STEADY" as const,
  low: undefined,
  name: undefined,
  hidden: [64, 64],
  eval: false,
  render: true,
};

function messageOf(
  args: string[],
  settings: Parameters<typeof parseOptions>[2] = {},
): string {
  return assertThrows(
    () => parseOptions(args, DEFINITIONS, settings),
    UsageError,
  ).message;
}

Deno.test("parseOptions() gives declared types under camel-case keys", () => {
  const values = parseOptions([], DEFINITIONS);
  // Compiles only while the types are inferred.
  const timesteps: number = values.timesteps;
  const pattern: "SINE_CURVE" | "STEADY" | "SPIKE" = values.loadPattern;
  const name: string | undefined = values.name;
  // @ts-expect-error: low may be undefined
  const low: number = values.low;
  // @ts-expect-error: no such option
  values.load_pattern;
  assertEquals([timesteps, pattern, name, low], [
    100,
    "STEADY",
    undefined,
    undefined,
  ]);
  assertEquals(values, DEFAULTS);
});

Deno.test("parseOptions() accepts every way to write an option", () => {
  const cases: [string[], Record<string, unknown>][] = [
    [["--timesteps", "5"], { timesteps: 5 }],
    [["--timesteps=5"], { timesteps: 5 }],
    [["--load_pattern", "spike"], { loadPattern: "SPIKE" }],
    [["--load-pattern=sine-curve"], { loadPattern: "SINE_CURVE" }],
    [["--low", "-3"], { low: -3 }],
    [["--low", "-.5"], { low: -0.5 }],
    [["--low=-3e-2"], { low: -0.03 }],
    [["--name=--odd"], { name: "--odd" }],
    [["--name=a=b"], { name: "a=b" }],
    [["--name", "-"], { name: "-" }],
    [["--hidden", "256,256"], { hidden: [256, 256] }],
    [["--eval"], { eval: true }],
    [["--eval", "--low", "1"], { eval: true, low: 1 }],
    [["--eval", "False"], { eval: false }],
    [["--eval", "1", "--name", "x"], { eval: true, name: "x" }],
    [["--eval=no"], { eval: false }],
    [["--no-render"], { render: false }],
    [["--no_render"], { render: false }],
    [["--no-eval"], { eval: false }],
    [["--render", "no"], { render: false }],
    [["--eval", "--"], { eval: true }],
  ];
  for (const [args, expected] of cases) {
    assertEquals<unknown>(
      parseOptions(args, DEFINITIONS),
      { ...DEFAULTS, ...expected },
      args.join(" "),
    );
  }
});

Deno.test("parseOptions() says what is wrong and what is nearest", () => {
  const cases: [string[], string][] = [
    [
      ["--timestep", "5"],
      'Cannot understand "--timestep": expected a known option, perhaps --timesteps',
    ],
    [
      ["--load-patern=SPIKE"],
      'Cannot understand "--load-patern=SPIKE": expected a known option, perhaps --load-pattern',
    ],
    [
      ["--no-rendr"],
      'Cannot understand "--no-rendr": expected a known option, perhaps --no-render',
    ],
    [
      ["-timesteps"],
      'Cannot understand "-timesteps": expected a known option, perhaps --timesteps',
    ],
    [
      ["--colour"],
      'Cannot understand "--colour": expected a known option',
    ],
    [
      ["--no-timesteps"],
      'Cannot understand "--no-timesteps": expected a known option, perhaps --timesteps',
    ],
    [["--=5"], 'Cannot understand "--=5": expected a known option'],
    [
      ["--constructor"],
      'Cannot understand "--constructor": expected a known option',
    ],
    [
      ["--__proto__", "1"],
      'Cannot understand "--__proto__": expected a known option',
    ],
    [
      ["--timesteps", "12abc"],
      'Cannot read --timesteps "12abc": expected a whole number from 1',
    ],
    [
      ["--timesteps", "0"],
      'Cannot read --timesteps "0": expected a whole number from 1',
    ],
    [
      ["--timesteps="],
      'Cannot read --timesteps "": expected a whole number from 1',
    ],
    [
      ["--load-pattern", "SPKE"],
      'Cannot read --load-pattern "SPKE": expected one of SINE_CURVE, STEADY, SPIKE, perhaps SPIKE',
    ],
    [
      ["--name"],
      "Cannot read --name without a value: expected some text",
    ],
    [
      ["--name", "--eval"],
      "Cannot read --name without a value: expected some text",
    ],
    [
      ["--name", "--"],
      "Cannot read --name without a value: expected some text",
    ],
    [["--name", ""], 'Cannot read --name "": expected some text'],
    [
      ["--eval=maybe"],
      'Cannot read --eval "maybe": expected true or false',
    ],
    [
      ["--eval", "maybe"],
      'Cannot use the argument "maybe": expected true or false after --eval',
    ],
    [
      ["--no-eval=false"],
      'Cannot read "--no-eval=false": --no-eval takes no value, expected --no-eval or --eval true',
    ],
    [
      ["--low", "1", "--low=2"],
      "Cannot read --low twice: expected it once",
    ],
    [
      ["--eval", "--no-eval"],
      "Cannot read --eval twice: expected it once",
    ],
    [
      ["timesteps", "5"],
      'Cannot use the argument "timesteps": expected options only, perhaps --timesteps',
    ],
    [["-5"], 'Cannot use the argument "-5": expected options only'],
    [
      ["--", "--eval"],
      'Cannot use the argument "--eval": expected options only, perhaps --eval',
    ],
    [
      ["--eval", "--low", "1", "maybe"],
      'Cannot use the argument "maybe": expected options only',
    ],
    [
      ["--low", "5", "6"],
      'Cannot use the argument "6": expected options only',
    ],
  ];
  for (const [args, message] of cases) assertEquals(messageOf(args), message);
});

Deno.test("parseOptions() takes positionals in their order", () => {
  const positionals = {
    model: pathOption({ description, required: true }),
    "run-count": integerOption({ description, default: 3 }),
  };
  const parse = (args: string[]) =>
    parseOptions(args, DEFINITIONS, { positionals });
  const values = parse(["a.zip", "--eval", "--low", "1", "7"]);
  const model: string = values.model;
  assertEquals([model, values.runCount, values.eval, values.low], [
    userPath("a.zip"),
    7,
    true,
    1,
  ]);
  assertEquals(parse(["a.zip"]).runCount, 3);
  assertEquals(parse(["--", "--eval"]).model, userPath("--eval"));
  assertEquals(parse(["a.zip", "-2"]).runCount, -2);
  assertEquals(
    messageOf([], { positionals }),
    "Cannot do without MODEL: expected a path",
  );
  assertEquals(
    messageOf(["a.zip", "x"], { positionals }),
    'Cannot read RUN_COUNT "x": expected a whole number',
  );
  assertEquals(
    messageOf(["--eval", "a.zip", "1", "2"], { positionals }),
    'Cannot use the argument "2": expected no more than 2 arguments',
  );
});

Deno.test("parseOptions() asks for required options", () => {
  const definitions = { data: pathOption({ description, required: true }) };
  assertThrows(
    () => parseOptions([], definitions),
    UsageError,
    "Cannot do without --data: expected a path",
  );
  const data: string = parseOptions(["--data", "x"], definitions).data;
  assertEquals(data, userPath("x"));
});

Deno.test("parseOptions() passes on what an option's own reader says", () => {
  const definitions = {
    pairs: parsedOption(() => {
      throw new RangeError('Cannot use host "h9", expected h1 to h4');
    }, { description, expected: "pairs of hosts" }),
  };
  assertThrows(
    () => parseOptions(["--pairs", "h9:h1"], definitions),
    UsageError,
    'Cannot read --pairs "h9:h1": Cannot use host "h9", expected h1 to h4',
  );
});

Deno.test("parseOptions() accepts definitions with underscores", () => {
  const values = parseOptions(["--sim-time", "2"], {
    sim_time: integerOption({ description, default: 1 }),
  });
  assertEquals(values.simTime, 2);
});

Deno.test("optionKey() is the camel-case key", () => {
  const cases = [["seed", "seed"], ["load-pattern", "loadPattern"], [
    "max_steps_per_episode",
    "maxStepsPerEpisode",
  ]];
  for (const [name, key] of cases) assertEquals(optionKey(name), key);
});
