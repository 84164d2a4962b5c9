import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { cliffWalking, cliffWalkingModel } from "./cliff_walking.ts";
import { frozenLake, frozenLakeModel } from "./frozen_lake.ts";
import {
  evaluatePolicy,
  policyValues,
  valueIteration,
  valueWithin,
} from "./tabular.ts";
import { transitionModel } from "./transition_model.ts";

const SMALL = frozenLakeModel();
const LARGE = frozenLakeModel({ map: "8x8" });
const CLIFF = cliffWalkingModel();
const RIGHT = new Int32Array(16).fill(2);

Deno.test("valueWithin() finds the best of a frozen lake within its limit", () => {
  for (
    const [model, steps, expected] of [
      [SMALL, 100, 0.744190],
      [LARGE, 200, 0.913220],
    ] as const
  ) {
    const { expectedReturn, policy } = valueWithin(model, steps);
    assertAlmostEquals(expectedReturn, expected, 5e-7);
    const followed = evaluatePolicy(model, policy);
    assertAlmostEquals(followed.expectedReturn, expectedReturn, 1e-12);
  }
});

Deno.test("valueIteration() finds the known values of frozen lakes", () => {
  for (
    const [model, discount, steps, value, within] of [
      [SMALL, 0.99, 100, 0.542026, 0.740165],
      [SMALL, 0.9999, 100, undefined, 0.740165],
      [LARGE, 0.99, 200, 0.414640, 0.862955],
      [LARGE, 0.999, 200, undefined, 0.885654],
    ] as const
  ) {
    const { values, policy } = valueIteration(model, { discount });
    if (value !== undefined) assertAlmostEquals(values[0], value, 5e-7);
    const { expectedReturn } = evaluatePolicy(model, policy, {
      maximumSteps: steps,
    });
    assertAlmostEquals(expectedReturn, within, 5e-7);
    const followed = policyValues(model, policy, { discount });
    followed.forEach((v, i) => assertAlmostEquals(v, values[i], 1e-10));
  }
});

Deno.test("evaluatePolicy() reaches 14/17 where time does not matter", () => {
  const { policy, values } = valueIteration(SMALL);
  assertAlmostEquals(values[0], 14 / 17, 1e-12);
  const { expectedReturn, endProbability } = evaluatePolicy(SMALL, policy);
  assertAlmostEquals(expectedReturn, 14 / 17, 1e-12);
  assertAlmostEquals(endProbability, 1, 1e-12);
});

Deno.test("evaluatePolicy() values the way along the cliff at -13", () => {
  const { values, policy } = valueIteration(CLIFF);
  assertEquals(values[36], -13);
  assertEquals(evaluatePolicy(CLIFF, policy).expectedReturn, -13);
  assertEquals(valueWithin(CLIFF, 50).expectedReturn, -13);
  // The safe way, along the top row: three up, eleven right, three down.
  const safe = Int32Array.from(
    { length: 48 },
    (_, cell) => cell % 12 === 11 ? 2 : cell < 12 ? 1 : 0,
  );
  assertEquals(evaluatePolicy(CLIFF, safe).expectedReturn, -17);
});

Deno.test("evaluatePolicy() agrees with episodes of a policy with chances", () => {
  // The best action six times out of ten, else any. 20000 episodes: six
  // standard errors, 0.01 and 0.021, are exceeded with probability 2e-9. On a
  // lake without slipping both are off by more than 0.03.
  const { policy } = valueIteration(SMALL, { discount: 0.99 });
  const chances = new Float64Array(64).fill(0.1);
  policy.forEach((action, state) => chances[state * 4 + action] += 0.6);
  const random = new Random(6);
  const maximumSteps = 30;
  const environment = frozenLake({ maximumSteps });
  environment.reset({ seed: 6 });
  let wins = 0;
  let ends = 0;
  for (let episode = 0; episode < 20000; episode++) {
    let { observation } = environment.reset();
    for (let over = false; !over;) {
      const best = random.uniform() < 0.6;
      const action = best ? policy[observation] : random.integer(0, 3);
      const result = environment.step(action);
      observation = result.observation;
      wins += result.reward;
      ends += result.terminated ? 1 : 0;
      over = result.terminated || result.truncated;
    }
  }
  const exact = evaluatePolicy(SMALL, chances, { maximumSteps });
  const dry = evaluatePolicy(frozenLakeModel({ slippery: false }), chances, {
    maximumSteps,
  });
  for (
    const [count, p, wrong] of [
      [wins, exact.expectedReturn, dry.expectedReturn],
      [ends, exact.endProbability, dry.endProbability],
    ]
  ) {
    const limit = 6 * Math.sqrt(p * (1 - p) / 20000);
    assert(Math.abs(count / 20000 - p) < limit, `${count / 20000}, ${p}`);
    assert(Math.abs(wrong - p) > 0.03, `${wrong}, ${p}`);
  }
});

Deno.test("evaluatePolicy() agrees with episodes over a slippery cliff", () => {
  // 20000 episodes of 30 steps. Returns have a standard deviation of about
  // 270: six standard errors are 11.5, and unslippery transitions are off by
  // more than 100.
  const model = cliffWalkingModel({ slippery: true });
  const { policy } = valueIteration(cliffWalkingModel());
  const maximumSteps = 30;
  const { expectedReturn } = evaluatePolicy(model, policy, { maximumSteps });
  const environment = cliffWalking({ slippery: true, maximumSteps });
  environment.reset({ seed: 6 });
  let sum = 0;
  let squares = 0;
  for (let episode = 0; episode < 20000; episode++) {
    let { observation } = environment.reset();
    let total = 0;
    for (let over = false; !over;) {
      const result = environment.step(policy[observation]);
      observation = result.observation;
      total += result.reward;
      over = result.terminated || result.truncated;
    }
    sum += total;
    squares += total * total;
  }
  const mean = sum / 20000;
  const deviation = Math.sqrt(squares / 20000 - mean * mean);
  const limit = 6 * deviation / Math.sqrt(20000);
  assert(limit < 20, `${deviation}`);
  assert(Math.abs(mean - expectedReturn) < limit, `${mean}, ${expectedReturn}`);
  assert(expectedReturn < -100, `${expectedReturn}`);
});

Deno.test("policyValues() solves a chain with known values", () => {
  // From 0 on to 1 and on to the end, for 1 and 10; 2 goes on for ever for 1.
  const chain = transitionModel((state) => [{
    probability: 1,
    nextState: state === 2 ? 2 : 1,
    reward: [1, 10, 1][state],
    terminated: state === 1,
  }], { states: 3, actions: 1, startStates: [0, 2] });
  const policy = new Int32Array(3);
  const values = policyValues(chain, policy, { discount: 0.5 });
  [6, 10, 2].forEach((v, i) => assertAlmostEquals(values[i], v, 1e-12));
  assertEquals(evaluatePolicy(chain, policy, { maximumSteps: 4 }), {
    expectedReturn: (11 + 4) / 2,
    endProbability: 0.5,
  });
  assertThrows(
    () => policyValues(chain, policy),
    RangeError,
    "still change by 1",
  );
  assertThrows(
    () => evaluatePolicy(chain, policy),
    RangeError,
    "probability 0.5",
  );
});

Deno.test("tabular functions refuse wrong use", () => {
  for (const discount of [-0.1, 1.1, NaN]) {
    assertThrows(() => valueIteration(SMALL, { discount }), RangeError);
    assertThrows(() => policyValues(SMALL, RIGHT, { discount }), RangeError);
  }
  for (const steps of [0, 1.5, Infinity]) {
    assertThrows(() => valueWithin(SMALL, steps), RangeError, `${steps}`);
  }
  assertThrows(
    () => evaluatePolicy(SMALL, new Int32Array(15)),
    TypeError,
    "15",
  );
  assertThrows(() => evaluatePolicy(SMALL, new Int32Array(0)), TypeError, "0");
  assertThrows(
    () => evaluatePolicy(SMALL, new Float64Array(16)),
    TypeError,
    "16 x 4",
  );
  assertThrows(
    () => evaluatePolicy(SMALL, new Int32Array(16).fill(4)),
    RangeError,
    "action 4",
  );
  assertThrows(
    () => evaluatePolicy(SMALL, new Int32Array(32), { maximumSteps: 3 }),
    TypeError,
    "3 steps by a policy of 2",
  );
  assertThrows(
    () => policyValues(SMALL, new Int32Array(32)),
    TypeError,
    "of 2 steps",
  );
});
