import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { box, multiDiscrete } from "../../core/spaces.ts";
import {
  epsilonAt,
  learningRateAt,
  mixerShape,
  QMIX_DEFAULTS,
  type QmixSettings,
  qmixSettings,
  utilityShape,
} from "./qmix_settings.ts";
import { teamOf } from "../team.ts";

Deno.test("qmixSettings() fills in the defaults", () => {
  assertEquals(qmixSettings(), QMIX_DEFAULTS);
  assertEquals(qmixSettings({ gamma: 0.5 }), { ...QMIX_DEFAULTS, gamma: 0.5 });
});

Deno.test("qmixSettings() throws for values that mean nothing", () => {
  const cases: [Partial<Record<keyof QmixSettings, unknown>>, string][] = [
    [{ gamma: 1.1 }, "gamma 1.1: expected a number from 0 to 1"],
    [{ tdLambda: -0.1 }, "tdLambda -0.1"],
    [{ tau: NaN }, "tau NaN"],
    [{ batchSize: 1.5 }, "batchSize 1.5: expected a whole number from 1"],
    [{ hiddenSize: 0 }, "hiddenSize 0"],
    [{ epsilonStart: 2 }, "epsilonStart 2"],
    [{ mixer: "sum" }, 'mixer "sum": expected one of qmix, vdn, none'],
    [{ optimizer: "sgd" }, 'optimizer "sgd": expected one of adam, rmsprop'],
    [{ bufferSize: 8 }, "batches of 32 episodes from a memory of 8"],
  ];
  for (const [given, message] of cases) {
    assertThrows(
      () => qmixSettings(given as Partial<QmixSettings>),
      RangeError,
      message,
    );
  }
});

Deno.test("epsilonAt() falls linearly and stays", () => {
  const settings = qmixSettings({
    epsilonStart: 0.9,
    epsilonFinish: 0.1,
    epsilonAnnealTime: 100,
  });
  const found = [0, 50, 100, 1000].map((steps) => epsilonAt(settings, steps));
  [0.9, 0.5, 0.1, 0.1].forEach((epsilon, i) =>
    assertAlmostEquals(found[i], epsilon, 1e-12)
  );
  const atOnce = epsilonAt({ ...settings, epsilonAnnealTime: 0 }, 0);
  assertAlmostEquals(atOnce, 0.1, 1e-12);
});

Deno.test("learningRateAt() follows the schedule", () => {
  const settings = qmixSettings({ learningRateSchedule: "linear" });
  assertAlmostEquals(learningRateAt(settings, 0.25), 7.5e-4, 1e-12);
  assertEquals(learningRateAt(qmixSettings(), 0.25), 1e-3);
});

Deno.test("utilityShape() and mixerShape() fit a team", () => {
  const team = teamOf({
    id: "Test",
    observationSpaces: [0, 1].map(() => box(0, 1, { shape: [6] })),
    actionSpaces: [0, 1].map(() => multiDiscrete([3, 3])),
    stateSpace: box(0, 1, { shape: [9] }),
  });
  const { inputs, outputs } = utilityShape(team, QMIX_DEFAULTS);
  // Observation, two last choices of three, and one of two agents.
  assertEquals([inputs, outputs], [6 + 6 + 2, 6]);
  const { utilities, stateSize } = mixerShape(team, QMIX_DEFAULTS);
  assertEquals([utilities, stateSize], [4, 9]);
});
