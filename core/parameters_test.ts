import { assertEquals, assertThrows } from "@std/assert";
import {
  booleanParameter,
  choiceParameter,
  integerParameter,
  namedParameters,
  numberParameter,
  numbersParameter,
  optionalParameter,
  readParameters,
  textParameter,
} from "./parameters.ts";

const TABLE = {
  lr_td: numberParameter({ exclusiveMinimum: 0, maximum: 1 }),
  arena_x_limits: numbersParameter({ length: 2, rising: true }),
  n_episode: integerParameter({ minimum: 1, fallback: 10 }),
  twoD: booleanParameter({ fallback: true }),
  mode: choiceParameter(["default", "reference"], { fallback: "default" }),
  env_name: textParameter({ fallback: "" }),
  agent_step_size: optionalParameter(numberParameter({ minimum: 0 })),
};

const GIVEN = { lr_td: 0.01, arena_x_limits: [-6, 6] };

function read(given: Record<string, unknown>) {
  return readParameters("Thing", { table: TABLE, given });
}

Deno.test("readParameters() takes both spellings and fills in fallbacks", () => {
  const values = read(GIVEN);
  assertEquals(values, {
    lrTd: 0.01,
    arenaXLimits: [-6, 6],
    nEpisode: 10,
    twoD: true,
    mode: "default",
    envName: "",
    agentStepSize: null,
  });
  assertEquals(read({ lrTd: 0.01, arenaXLimits: [-6, 6] }), values);
  assertEquals(read({ ...GIVEN, n_episode: undefined }), values);
  const limits = [-6, 6];
  const kept = read({ ...GIVEN, arena_x_limits: limits });
  limits[0] = 7;
  assertEquals(kept, values);
});

Deno.test("namedParameters() gives back what can be read again", () => {
  const named = namedParameters(TABLE, read({ ...GIVEN, nEpisode: 3 }));
  assertEquals(Object.keys(named), Object.keys(TABLE));
  assertEquals(named.n_episode, 3);
  assertEquals(read(named).nEpisode, 3);
});

Deno.test("readParameters() names the parameter that is wrong", () => {
  const wrong: [Record<string, unknown>, typeof TypeError, string][] = [
    [
      { ...GIVEN, lr_td: "weird_learning_rate" },
      TypeError,
      'Cannot make Thing with lr_td "weird_learning_rate": expected a number above 0 and at most 1',
    ],
    [{ ...GIVEN, lr_td: 0 }, RangeError, "lr_td 0"],
    [{ ...GIVEN, lr_td: NaN }, TypeError, "lr_td NaN"],
    [{ ...GIVEN, lr_td: null }, TypeError, "lr_td null"],
    [{ ...GIVEN, lrTd: 0.1 }, TypeError, "both lr_td and lrTd"],
    [{ ...GIVEN, lr_tdd: 1 }, TypeError, "did you mean lr_td?"],
    [{ lr_td: 0.1 }, TypeError, "without arena_x_limits"],
    [{ ...GIVEN, arena_x_limits: [6, -6] }, RangeError, "the smaller first"],
    [{ ...GIVEN, arena_x_limits: [1, 2, 3] }, RangeError, "2 numbers"],
    [{ ...GIVEN, arena_x_limits: ["a", 1] }, TypeError, "arena_x_limits"],
    [{ ...GIVEN, n_episode: 1.5 }, RangeError, "n_episode 1.5"],
    [{ ...GIVEN, n_episode: "3" }, TypeError, 'n_episode "3"'],
    [{ ...GIVEN, twoD: 1 }, TypeError, "twoD 1"],
    [{ ...GIVEN, mode: "fast" }, RangeError, "one of default, reference"],
    [{ ...GIVEN, env_name: 3 }, TypeError, "a text"],
    [{ ...GIVEN, agent_step_size: -1 }, RangeError, "or null"],
    [{ ...GIVEN, __proto__x: 1 }, TypeError, "__proto__x"],
  ];
  for (const [given, Kind, message] of wrong) {
    assertThrows(() => read(given), Kind, message);
  }
  assertThrows(
    () => readParameters("Thing", { table: TABLE, given: [] as never }),
    TypeError,
    "parameters by name",
  );
});
