import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import type { State } from "../../core/state.ts";
import { AutoscalingEnv } from "./autoscaling_env.ts";
import {
  autoscalingOptimum,
  type Optimum,
  type OptimumOptions,
} from "./optimum.ts";
import { type AutoscalingOptions, autoscalingSettings } from "./options.ts";
import { recordedPattern } from "./patterns.ts";

function optimumOf(
  options: AutoscalingOptions,
  request: OptimumOptions = {},
): Optimum {
  const found = autoscalingOptimum(autoscalingSettings(options), request);
  assert(!("none" in found), JSON.stringify(found));
  return found;
}

function reasonOf(
  options: AutoscalingOptions,
  request: OptimumOptions = {},
): string | undefined {
  const found = autoscalingOptimum(autoscalingSettings(options), request);
  return "none" in found ? found.none : undefined;
}

/** The return of a plan, played in an environment of its own. */
function returnOf(
  options: AutoscalingOptions,
  actions: Int32Array,
  state?: State,
): number {
  const env = new AutoscalingEnv(options);
  env.reset({ seed: 0 });
  if (state) env.loadState(state);
  let sum = 0;
  for (const action of actions) sum += env.step(action).reward;
  return sum;
}

/** The largest return of all plans of some steps, one after the other. */
function tryEverything(env: AutoscalingEnv, steps: number): number {
  if (steps === 0) return 0;
  const state = env.saveState();
  let best = -Infinity;
  for (let action = 0; action < env.actionSpace.n; action++) {
    env.loadState(state);
    const { reward, terminated, truncated } = env.step(action);
    const later = terminated || truncated ? 0 : tryEverything(env, steps - 1);
    best = Math.max(best, reward + later);
  }
  return best;
}

Deno.test("autoscalingOptimum() gives the known optimum of the sine curve", () => {
  const { value, certified, actions, bound } = optimumOf({}, { steps: 200 });
  assertAlmostEquals(value, -3.0948, 5e-5);
  assertAlmostEquals(bound, value, 1e-9);
  assert(certified);
  assertEquals(actions.length, 200);
  assertEquals(returnOf({}, actions), value);
  assertEquals(returnOf({ mode: "reference" }, actions), value);
});

Deno.test("autoscalingOptimum() gives the same values from any cap of the queue", () => {
  const options: AutoscalingOptions = {
    pattern: "SPIKE",
    service: { maximumInstances: 60, initialInstances: 30 },
  };
  const steps = 60;
  const wanted = optimumOf(options, { steps }).value;
  for (const queueCap of [0, 20, 1000]) {
    const found = optimumOf(options, { steps, queueCap });
    assertAlmostEquals(found.value, wanted, 1e-9);
    assert(found.certified, `cap ${queueCap}`);
    assert(found.queueCap >= queueCap);
  }
});

/** Services so small that every plan can be tried. */
function tinyOptions(random: Random): AutoscalingOptions {
  const maximumInstances = random.integer(3, 5);
  const requests = Int32Array.from(
    { length: 12 },
    () => random.integer(0, 8 * maximumInstances),
  );
  return {
    pattern: recordedPattern("tiny", requests),
    service: {
      minimumInstances: 1,
      maximumInstances,
      initialInstances: random.integer(1, maximumInstances),
      capacityPerInstance: random.integer(3, 9),
      queueLimit: random.integer(5, 60),
      minimumInflux: 0,
      maximumInflux: 8 * maximumInstances,
      pricePerHour: random.uniform(0.1, 1),
    },
    actionDeltas: random.choice([[-1, 0, 1], [1, 0], [0, -2, 1, 2]]),
    cooldownSteps: random.choice([0, 0, 1, 2]),
    reward: random.choice(["reference", "cost"] as const),
    violationPrice: random.uniform(0, 0.1),
    failurePenalty: random.uniform(0, 3),
    episodeSteps: random.choice([4, 200]),
  };
}

Deno.test("autoscalingOptimum() is the best of all plans of tiny services", () => {
  const random = new Random(3);
  for (let i = 0; i < 60; i++) {
    const options = tinyOptions(random);
    const env = new AutoscalingEnv(options);
    env.reset({ seed: 0 });
    // Some begin in the middle, with a change pending or a queue.
    let over = false;
    for (let step = random.integer(0, 3); step > 0 && !over; step--) {
      const result = env.step(random.integer(0, env.actionSpace.n - 1));
      over = result.terminated || result.truncated;
    }
    if (over) continue;
    const state = env.saveState();
    const steps = random.integer(1, 5);
    const queueCap = random.choice([0, 3, 100]);
    const found = optimumOf(options, { steps, state, queueCap });
    const message = JSON.stringify({ ...options, steps, queueCap });
    assertAlmostEquals(found.value, tryEverything(env, steps), 1e-9, message);
    assert(found.certified, message);
    assertAlmostEquals(
      returnOf(options, found.actions, state),
      found.value,
      1e-12,
    );
  }
});

Deno.test("autoscalingOptimum() begins at the saved start of an episode", () => {
  const options: AutoscalingOptions = { randomStart: true, episodeSteps: 30 };
  const env = new AutoscalingEnv(options);
  const { info } = env.reset({ seed: 5 });
  const { value, actions } = optimumOf(options, { state: env.saveState() });
  assertEquals(actions.length, 30);
  let sum = 0;
  for (const action of actions) sum += env.step(action).reward;
  assertEquals(sum, value);
  assert(info.instances !== 50, "a start that differs from the default");
  const spread = [1, 2, 3].map((seed) => {
    env.reset({ seed });
    return optimumOf(options, { state: env.saveState() }).value;
  });
  assertEquals(new Set(spread).size, 3);
});

Deno.test("autoscalingOptimum() plans for what is left of the episode", () => {
  const env = new AutoscalingEnv({ episodeSteps: 20 });
  env.reset();
  for (let i = 0; i < 15; i++) env.step(1);
  const state = env.saveState();
  const options = { episodeSteps: 20 };
  assertEquals(optimumOf(options, { state }).actions.length, 5);
  assertEquals(optimumOf(options, { state, steps: 3 }).actions.length, 3);
  for (let i = 0; i < 5; i++) env.step(1);
  assertEquals(
    reasonOf(options, { state: env.saveState() }),
    "the episode is over",
  );
});

Deno.test("autoscalingOptimum() does not let a service fail where that is dear", () => {
  // At a price of 0 the cheapest plan is to serve nobody until it is over.
  const service = { queueLimit: 2000 };
  const dear: AutoscalingOptions = {
    reward: "cost",
    service,
    episodeSteps: 60,
  };
  assertEquals(optimumOf(dear).actions.length, 60);
  const cheap = optimumOf({ ...dear, violationPrice: 1e-6, failurePenalty: 0 });
  assert(cheap.actions.length < 60);
});

Deno.test("autoscalingOptimum() says why there is none", () => {
  const exponential = { distribution: "exponential", meanSeconds: 97 } as const;
  const constant = { distribution: "constant", meanSeconds: 97 } as const;
  const cases: [AutoscalingOptions, string][] = [
    [{ pattern: "POISSON" }, "the load POISSON is drawn at random"],
    [{ pattern: "RANDOM" }, "the load RANDOM is drawn at random"],
    [
      { bootDelay: exponential },
      "instances boot one by one, with a random delay of their own",
    ],
    [
      { bootDelay: constant },
      "instances boot one by one, with a delay of their own",
    ],
    [
      { service: { capacityPerInstance: 8.5 } },
      "instances serve 8.5 items a step, no whole number",
    ],
    [{ randomStart: true }, "episodes begin at random, and no start was given"],
    [
      {
        pattern: {
          name: "parts",
          deterministic: true,
          periodSteps: 1,
          daily: false,
          influx: () => 10.5,
        },
      },
      "the load parts has parts of items",
    ],
    [
      { episodeSteps: 100_000 },
      "100000 steps are too many to plan for",
    ],
  ];
  for (const [options, reason] of cases) {
    assertEquals(reasonOf(options), reason);
  }
});

Deno.test("autoscalingOptimum() refuses numbers that make no sense", () => {
  const settings = autoscalingSettings();
  for (const steps of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => autoscalingOptimum(settings, { steps }),
      RangeError,
      `Cannot plan for ${steps} steps: expected a whole number from 1`,
    );
  }
  assertThrows(
    () => autoscalingOptimum(settings, { queueCap: -1 }),
    RangeError,
    "Cannot cap the queue at -1 items",
  );
});
