import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import {
  ENVIRONMENT_METRIC_NAMES,
  FAIRNESS_METRIC_NAMES,
  fairnessMetric,
  movingFairness,
  ORIGINAL_REWARD_NAMES,
} from "./fairness_metrics.ts";

const VALUES = Float64Array.of(1, 2, 3, 4);

Deno.test("fairnessMetric() gives the values computed by hand", () => {
  const wanted: Record<string, number> = {
    jain: 100 / 120,
    variance: -1.25,
    var: -1.25,
    std: -Math.sqrt(1.25),
    cv: -Math.sqrt(1.25) / 2.5,
    max: -4,
    min: -1,
    product: 24 / 256,
    range: -3,
    gini: -0.25,
    var_exp: Math.exp(-1.25),
    var_log: -Math.log(1.25),
    max_log: -Math.log(4),
    max_exp: Math.exp(-4),
    product_log: Math.log(24 / 256),
    min_max: 0.25,
    over_provision: -0.6,
  };
  for (const [name, value] of Object.entries(wanted)) {
    const metric = fairnessMetric(name, { exponentScale: 1 });
    assertAlmostEquals(metric(VALUES), value, 1e-14, name);
  }
  assert(fairnessMetric("entropy")(VALUES) < 1);
});

Deno.test("fairnessMetric() has the original's scale of exponentials", () => {
  const seconds = Float64Array.of(0.01, 0.02);
  assertAlmostEquals(fairnessMetric("var_exp")(seconds), Math.exp(-0.25), 1e-9);
  assertAlmostEquals(
    fairnessMetric("max_exp")(seconds),
    Math.exp(-200),
    1e-95,
  );
  // Nothing is left of either at a fifth of a second.
  assertEquals(fairnessMetric("var_exp")([0, 1]), 0);
});

Deno.test("fairnessMetric() is larger where costs are even", () => {
  const even = Float64Array.of(2, 2, 2, 2);
  const uneven = Float64Array.of(0, 1, 2, 5); // the same sum
  for (const name of FAIRNESS_METRIC_NAMES) {
    if (name === "min") continue;
    const metric = fairnessMetric(name, { exponentScale: 0.1 });
    assert(metric(even) > metric(uneven), name);
    assert(Number.isFinite(metric(even)), name);
    assert(Number.isFinite(metric(uneven)), name);
  }
});

Deno.test("fairnessMetric() is not larger where all costs are", () => {
  const slow = VALUES.map((value) => value * 10);
  for (const name of FAIRNESS_METRIC_NAMES) {
    const metric = fairnessMetric(name, { exponentScale: 0.1 });
    // Equal but for rounding where a metric does not look at size.
    assert(metric(slow) <= metric(VALUES) + 1e-12, name);
  }
});

Deno.test("fairnessMetric() is not smaller where all benefits are larger", () => {
  const fast = VALUES.map((value) => value * 10);
  for (const name of ["max", "min", "max_log", "max_exp"]) {
    const metric = fairnessMetric(name, {
      valuesAre: "benefit",
      exponentScale: 0.1,
    });
    assert(metric(fast) > metric(VALUES), name);
  }
  assertEquals(fairnessMetric("min", { valuesAre: "benefit" })(VALUES), 1);
  assertEquals(fairnessMetric("jain", { valuesAre: "benefit" })(VALUES), 5 / 6);
});

Deno.test("fairnessMetric() is finite and never -0 where there is no load", () => {
  const best: Record<string, number> = {
    jain: 1,
    product: 1,
    var_exp: 1,
    max_exp: 1,
    min_max: 1,
    entropy: 1,
    var_log: -Math.log(1e-12),
    max_log: -Math.log(1e-12),
  };
  for (const name of FAIRNESS_METRIC_NAMES) {
    for (const values of [[0], [0, 0, 0]]) {
      assert(Object.is(fairnessMetric(name)(values), best[name] ?? 0), name);
    }
    assertEquals(fairnessMetric(name)([1, NaN]), NaN, name);
    assertThrows(() => fairnessMetric(name)([]), RangeError, "0 servers");
  }
});

Deno.test("fairnessMetric() has the lists of both systems", () => {
  assertEquals(ENVIRONMENT_METRIC_NAMES.length, 9);
  assertEquals(ORIGINAL_REWARD_NAMES.length, 8);
  const names: readonly string[] = FAIRNESS_METRIC_NAMES;
  assert(ORIGINAL_REWARD_NAMES.every((name) => names.includes(name)));
  assertEquals(new Set(names).size, names.length);
});

Deno.test("fairnessMetric() refuses names and options that it does not know", () => {
  assertThrows(
    () => fairnessMetric("jian"),
    RangeError,
    'Cannot measure fairness by "jian", expected jain, variance',
  );
  assertThrows(() => fairnessMetric("varlog"), RangeError, "mean var_log?");
  assertThrows(() => fairnessMetric("constructor"), RangeError);
  for (const exponentScale of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => fairnessMetric("jain", { exponentScale }),
      RangeError,
      `by ${exponentScale}`,
    );
  }
  assertThrows(
    () => fairnessMetric("jain", { valuesAre: "costs" as "cost" }),
    RangeError,
    'fairness of "costs"',
  );
});

Deno.test("movingFairness() judges the moving average", () => {
  const moving = movingFairness(fairnessMetric("product"), { servers: 2 });
  assertEquals(moving.update([1, 2]), 0.5);
  // 0.1 (1, 2) + 0.9 (2, 2).
  assertAlmostEquals(moving.update([2, 2]), 1.9 / 2, 1e-15);
  assertAlmostEquals(moving.average[0], 1.9, 1e-15);
  moving.reset();
  assertEquals(moving.update([4, 2]), 0.5);
});

Deno.test("movingFairness() judges the step alone where its share is 1", () => {
  const moving = movingFairness(fairnessMetric("jain"), {
    servers: 2,
    latestShare: 1,
  });
  assertEquals(moving.update([NaN, 1]), NaN);
  assertEquals(moving.update([3, 3]), 1);
});

Deno.test("movingFairness() goes on from a saved state", () => {
  const make = () => movingFairness(fairnessMetric("product"), { servers: 3 });
  const [first, second] = [make(), make()];
  for (const steps of [0, 1, 2]) {
    for (let i = 0; i < steps; i++) first.update([1 + i, 2, 5]);
    second.update([9, 9, 1]);
    second.loadState(first.saveState());
    assertEquals(second.update([1, 1, 3]), first.update([1, 1, 3]));
  }
  const state = first.saveState();
  first.update([5, 5, 5]);
  assert(first.saveState() !== state);
  assertThrows(
    () => first.loadState({ ...state, average: new Float64Array(2) }),
    TypeError,
    "expected a Float64Array of 3",
  );
  assertThrows(() => first.loadState({}), TypeError, '"started"');
});

Deno.test("movingFairness() refuses what does not fit", () => {
  const metric = fairnessMetric("jain");
  for (const servers of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => movingFairness(metric, { servers }),
      RangeError,
      `fairness of ${servers} servers`,
    );
  }
  for (const latestShare of [0, -0.1, 1.1, NaN]) {
    assertThrows(
      () => movingFairness(metric, { servers: 2, latestShare }),
      RangeError,
      `share of ${latestShare}`,
    );
  }
  assertThrows(
    () => movingFairness(metric, { servers: 2 }).update([1, 2, 3]),
    TypeError,
    "values of 3 servers, expected 2",
  );
});
