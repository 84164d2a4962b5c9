import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { assertEnv } from "../check_env.ts";
import { makeEnvironment, makeVectorEnvironment } from "../registry.ts";
import { QueueingControlEnv } from "./control_env.ts";
import { QUEUEING_CONTROL_FEATURES } from "./control_info.ts";
import type { QueueingControlOptions } from "./control_options.ts";

/** An episode under a constant action, and its last information. */
function episode(
  action: number,
  options: QueueingControlOptions = {},
  seed = 1,
) {
  const env = new QueueingControlEnv(options);
  env.reset({ seed });
  let total = 0;
  for (;;) {
    const { reward, truncated, info } = env.step(action);
    total += reward;
    if (truncated) return { total, info };
  }
}

Deno.test("QueueingControlEnv keeps to the contract", () => {
  for (const actionType of ["discrete", "continuous"] as const) {
    assertEnv(
      () =>
        new QueueingControlEnv({
          actionType,
          episodeSteps: 12,
          triggerDuration: [5, 10],
          warmUp: 5,
        }),
    );
  }
});

Deno.test("QueueingControlEnv is stuck without action and recovers with some", () => {
  for (const seed of [1, 2, 3, 4]) {
    const nothing = episode(0, {}, seed);
    assertEquals(nothing.info.recoveryTime, NaN);
    assertLess(nothing.total, 20);
    assertEquals(nothing.info.totalRefused, 0);
    // A budget of one retry in ten requests; and with another thread.
    const budget = episode(2, {}, seed);
    const both = episode(3, {}, seed);
    assertLess(budget.info.recoveryTime, 150);
    assertLess(both.info.recoveryTime, budget.info.recoveryTime);
    assertGreater(budget.total, 50);
    assertEquals(both.info.totalThreadTime, 400);
  }
});

Deno.test("QueueingControlEnv numbers combinations of levels", () => {
  const env = new QueueingControlEnv();
  env.reset({ seed: 1 });
  const seen = Array.from({ length: 18 }, (_, action) => {
    const { info } = env.step(action);
    return [info.admission, info.budget, info.extraThreads];
  });
  assertEquals(seen[0], [1, 3, 0]);
  assertEquals(seen[1], [1, 3, 1]);
  assertEquals(seen[2], [1, 0.1, 0]);
  assertEquals(seen[6], [0.6, 3, 0]);
  assertEquals(seen[17], [0.3, 0, 1]);
  assertThrows(() => env.step(18), RangeError, "Cannot take action 18");
});

Deno.test("QueueingControlEnv rewards answers in time less what they cost", () => {
  const env = new QueueingControlEnv({ rejectionCost: 0.5, threadCost: 0.25 });
  env.reset({ seed: 2 });
  let arrivals = 0;
  for (let i = 0; i < 30; i++) {
    const { reward, info } = env.step(9);
    assertAlmostEquals(
      reward,
      (info.onTime - 0.5 * info.refused) / 45 - 0.25,
      1e-12,
    );
    arrivals += info.arrivals;
    assertEquals(info.totalArrivals, arrivals);
  }
});

Deno.test("QueueingControlEnv shows what happened in the step", () => {
  const env = new QueueingControlEnv();
  env.reset({ seed: 3 });
  const { observation, info } = env.step(3);
  const feature = (name: typeof QUEUEING_CONTROL_FEATURES[number]) =>
    observation[QUEUEING_CONTROL_FEATURES.indexOf(name)];
  assertAlmostEquals(feature("waiting"), info.waiting / 100, 1e-6);
  assertAlmostEquals(
    feature("retrying"),
    Math.min(5, info.retrying / 100),
    1e-6,
  );
  assertAlmostEquals(feature("onTime"), info.onTime / 45, 1e-6);
  assertAlmostEquals(feature("budget"), 0.1 / 3, 1e-6);
  assertEquals(feature("extraThreads"), 1);
  assertEquals(feature("busy"), 2);
});

Deno.test("QueueingControlEnv counts recovery from the first healthy step", () => {
  const env = new QueueingControlEnv({ healthySteps: 3 });
  env.reset({ seed: 4 });
  const healthy: boolean[] = [];
  for (let step = 0; step < 80; step++) {
    const { info } = env.step(3);
    healthy.push(info.onTime >= 0.85 * 45);
    const first = healthy.findIndex((_, i) =>
      healthy[i] && healthy[i + 1] && healthy[i + 2]
    );
    assertEquals(info.recoveryTime, first < 0 ? NaN : first * 5);
  }
  assert(healthy.at(-1));
});

Deno.test("QueueingControlEnv is made by name, alone and as copies", () => {
  const spec = { id: "QueueingControl-v1", options: { arrivalRate: 8 } };
  const env = makeEnvironment(spec) as QueueingControlEnv;
  assertEquals(env.settings.arrivalRate, 8);
  assertEquals(makeVectorEnvironment(spec, 3).count, 3);
});

Deno.test("QueueingControlEnv refuses what makes no sense", () => {
  const cases: [object, string][] = [
    [{ arrivalRate: -1 }, "arrivalRate -1"],
    [{ arivalRate: 9 }, "did you mean arrivalRate?"],
    [{ episodeSteps: 1.5 }, "episodeSteps 1.5"],
    [{ admissionLevels: [1, 2] }, "admissionLevels [1,2]"],
    [{ threadLevels: [] }, "threadLevels []"],
    [{ triggerDuration: [5, 1] }, "triggerDuration [5,1]"],
    [{ actionType: "box" }, 'actionType "box"'],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => new QueueingControlEnv(options), RangeError, message);
  }
  const env = new QueueingControlEnv();
  assertThrows(() => env.step(0), Error, "call reset first");
});
