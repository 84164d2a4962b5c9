import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { createRollout, estimateAdvantages, type Rollout } from "./rollout.ts";

const STEPS = 12;
const COPIES = 3;
const SIZES = {
  steps: STEPS,
  copies: COPIES,
  observationSize: 4,
  actionSize: 2,
  actionCount: 5,
};

function randomRollout(endShare: number): Rollout {
  const random = new Random(1);
  const rollout = createRollout(SIZES);
  for (let i = 0; i < STEPS * COPIES; i++) {
    rollout.rewards[i] = random.normal();
    rollout.values[i] = random.normal();
    rollout.ends[i] = random.uniform() < endShare ? 1 : 0;
  }
  return rollout;
}

/**
 * Equations 11 to 16 of the paper as they stand: (1 - lambda) times the sum of
 * lambda^(k-1) times the k-step advantages, the longest of which, up to an end
 * or the rollout's, takes the weight that is left.
 */
function directAdvantage(
  { rewards, values, ends }: Rollout,
  lastValues: number[],
  at: { step: number; copy: number; gamma: number; lambda: number },
): number {
  const { step, copy, gamma, lambda } = at;
  const place = (k: number) => (step + k) * COPIES + copy;
  let sum = 0;
  let discounted = 0;
  for (let k = 1;; k++) {
    const last = place(k - 1);
    discounted += gamma ** (k - 1) * rewards[last];
    const over = ends[last] === 1;
    const atEnd = step + k === STEPS;
    const following = over ? 0 : atEnd ? lastValues[copy] : values[place(k)];
    const advantage = discounted + gamma ** k * following - values[place(0)];
    if (over || atEnd) return sum + lambda ** (k - 1) * advantage;
    sum += (1 - lambda) * lambda ** (k - 1) * advantage;
  }
}

Deno.test("createRollout() has room for every step of every copy", () => {
  const rollout = createRollout(SIZES);
  assertEquals(rollout.observations.length, 12 * 3 * 4);
  assertEquals(rollout.actions.length, 12 * 3 * 2);
  assertEquals(rollout.masks.length, 12 * 3 * 5);
  for (const name of ["rewards", "values", "ends", "advantages"] as const) {
    assertEquals(rollout[name].length, 36);
  }
});

Deno.test("estimateAdvantages() is the lambda-weighted sum of all horizons", () => {
  const lastValues = [0.5, -1, 2];
  for (const endShare of [0, 0.2, 1]) {
    for (const [gamma, lambda] of [[0.9, 0.8], [1, 1], [0.99, 0], [0, 0.5]]) {
      const rollout = randomRollout(endShare);
      estimateAdvantages(rollout, lastValues, { gamma, gaeLambda: lambda });
      for (let step = 0; step < STEPS; step++) {
        for (let copy = 0; copy < COPIES; copy++) {
          const row = step * COPIES + copy;
          const at = { step, copy, gamma, lambda };
          const expected = directAdvantage(rollout, lastValues, at);
          assertAlmostEquals(rollout.advantages[row], expected, 1e-5);
          assertAlmostEquals(
            rollout.returns[row],
            expected + rollout.values[row],
            1e-5,
          );
        }
      }
    }
  }
});

Deno.test("estimateAdvantages() takes nothing from beyond an end", () => {
  const rollout = randomRollout(0);
  const end = 5 * COPIES + 1;
  rollout.ends[end] = 1;
  const options = { gamma: 0.9, gaeLambda: 0.9 };
  estimateAdvantages(rollout, [0, 0, 0], options);
  const before = rollout.advantages.slice();
  for (let step = 6; step < STEPS; step++) {
    rollout.rewards[step * COPIES + 1] += 100;
    rollout.values[step * COPIES + 1] += 100;
  }
  estimateAdvantages(rollout, [0, 100, 0], options);
  for (let row = 0; row <= end; row++) {
    assertEquals(rollout.advantages[row], before[row]);
  }
});
