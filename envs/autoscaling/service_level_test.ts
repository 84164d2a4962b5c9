import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { autoscalingSettings } from "./options.ts";
import { createFleet, createFleetRules } from "./fleet.ts";
import {
  countServiceLevel,
  createServiceLevel,
  createStepWaits,
  resetServiceLevel,
} from "./service_level.ts";

const SETTINGS = autoscalingSettings(); // 87 items, 300 s, limit 10 s

Deno.test("createStepWaits() gives Erlang's waits where nothing waits before", () => {
  const waitsOf = createStepWaits(SETTINGS);
  // Offered loads of 40, 45 and 49 at 50 instances, with C(50, a) to 5 digits.
  const anchors = [[40, 0.08695], [45, 0.36386], [49, 0.83826]];
  for (const [offered, probability] of anchors) {
    const { meanSeconds, shareOverLimit } = waitsOf(87 * offered, 4350, 0);
    const spare = 87 * (50 - offered) / 300; // items a second
    assertAlmostEquals(meanSeconds, probability / spare, 2e-5 / spare);
    const share = probability * Math.exp(-spare * 10);
    assertAlmostEquals(shareOverLimit, share, 1e-5);
  }
});

Deno.test("createStepWaits() drains a backlog as a fluid", () => {
  const waitsOf = createStepWaits(SETTINGS);
  // 870 wait, 435 arrive, 1740 are served: gone after two thirds of a step.
  // Waits fall from half a step to zero: the mean is 1/2 x 1/2 x 2/3 steps.
  const drained = waitsOf(435, 1740, 870);
  assertAlmostEquals(drained.meanSeconds, 300 / 6, 1e-9);
  // Longer than 10 s until that is left of the first 150 s.
  assertAlmostEquals(drained.shareOverLimit, 2 / 3 * (140 / 150), 1e-12);
});

Deno.test("createStepWaits() lets the waits grow when more comes than is served", () => {
  const waitsOf = createStepWaits(SETTINGS);
  // Twice the capacity: waits grow from 0 to a step.
  const { meanSeconds, shareOverLimit } = waitsOf(1740, 870, 0);
  assertAlmostEquals(meanSeconds, 150, 1e-9);
  assertAlmostEquals(shareOverLimit, 1 - 10 / 300, 1e-12);
  assertEquals(waitsOf(1740, 870, 870).shareOverLimit, 1);
});

Deno.test("createStepWaits() takes a load of exactly the capacity for a fluid", () => {
  const waitsOf = createStepWaits(SETTINGS);
  assertEquals({ ...waitsOf(870, 870, 0) }, {
    meanSeconds: 0,
    shareOverLimit: 0,
  });
  const queued = waitsOf(870, 870, 87);
  assertAlmostEquals(queued.meanSeconds, 30, 1e-9);
  assertEquals(queued.shareOverLimit, 1);
});

Deno.test("createStepWaits() stays finite without arrivals or capacity", () => {
  const waitsOf = createStepWaits(SETTINGS);
  assertEquals({ ...waitsOf(0, 870, 0) }, {
    meanSeconds: 0,
    shareOverLimit: 0,
  });
  for (const backlog of [0, 100]) {
    const { meanSeconds, shareOverLimit } = waitsOf(500, 0, backlog);
    assert(Number.isFinite(meanSeconds) && meanSeconds > 0);
    assert(shareOverLimit > 0.9 && shareOverLimit <= 1);
  }
});

Deno.test("countServiceLevel() counts requests, not steps", () => {
  const waitsOf = createStepWaits(SETTINGS);
  const fleet = createFleet(createFleetRules(SETTINGS));
  const level = createServiceLevel();
  fleet.influx = 1740;
  fleet.capacity = 870;
  countServiceLevel(level, fleet, waitsOf);
  fleet.influx = 0;
  fleet.previousQueue = 870;
  countServiceLevel(level, fleet, waitsOf);
  assertEquals(level.requests, 1740);
  // The second step's waits concern nobody.
  assertAlmostEquals(level.waitSeconds, 1740 * 150, 1e-6);
  assertAlmostEquals(level.violations, 1740 * (1 - 10 / 300), 1e-9);
  assertEquals(level.stepViolations, 0);
  assertAlmostEquals(level.stepWaitSeconds, 150, 1e-9);
  resetServiceLevel(level);
  assertEquals(level, createServiceLevel());
});
