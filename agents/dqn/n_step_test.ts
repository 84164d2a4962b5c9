import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { createNStep, type NStep, type SingleStep } from "./n_step.ts";
import type { Transition } from "../replay.ts";

const GAMMA = 0.8;

/** Steps of random rewards, some of which end or cut an episode. */
function randomSteps(count: number): SingleStep[] {
  const random = new Random(1);
  return Array.from({ length: count }, (_, i) => {
    const fate = random.uniform();
    return {
      observation: Float32Array.of(i),
      action: Float32Array.of(i % 3),
      reward: random.normal(),
      terminated: fate < 0.1,
      truncated: fate > 0.9,
      nextObservation: Float32Array.of(i + 1),
      nextMask: Uint8Array.of(i % 2, 1),
    };
  });
}

/** Each step's transition, summed directly; without those that still wait. */
function direct(steps: SingleStep[], n: number): Transition[] {
  return steps.flatMap((first, i) => {
    let reward = 0;
    for (let k = 0; k < n && i + k < steps.length; k++) {
      const last = steps[i + k];
      reward += GAMMA ** k * last.reward;
      if (last.terminated || last.truncated || k === n - 1) {
        return [{
          observation: first.observation,
          action: first.action,
          reward,
          discount: last.terminated ? 0 : GAMMA ** (k + 1),
          nextObservation: last.nextObservation,
          nextMask: last.nextMask,
        }];
      }
    }
    return [];
  });
}

function run(nStep: NStep, steps: SingleStep[], copy = 0): Transition[] {
  const emitted: Transition[] = [];
  for (const step of steps) {
    nStep.add(copy, step, (transition) => emitted.push(transition));
  }
  return emitted;
}

function assertSame(found: Transition[], expected: Transition[]): void {
  assertEquals(found.length, expected.length);
  found.forEach((transition, i) => {
    const { reward, discount, ...rest } = transition;
    const { reward: sum, discount: factor, ...others } = expected[i];
    assertEquals(rest, others);
    assertAlmostEquals(reward, sum, 1e-12);
    assertAlmostEquals(discount, factor, 1e-15);
  });
}

Deno.test("createNStep() sums rewards up to ends and cuts", () => {
  const steps = randomSteps(300);
  for (const n of [1, 2, 3, 5]) {
    const nStep = createNStep(1, n, { gamma: GAMMA });
    assertSame(run(nStep, steps), direct(steps, n));
  }
});

Deno.test("createNStep() keeps its copies apart", () => {
  const nStep = createNStep(2, 3, { gamma: GAMMA });
  const steps = randomSteps(100);
  const other = randomSteps(160).slice(60);
  const found: Transition[][] = [[], []];
  steps.forEach((step, i) => {
    nStep.add(0, step, (transition) => found[0].push(transition));
    nStep.add(1, other[i], (transition) => found[1].push(transition));
  });
  assertSame(found[0], direct(steps, 3));
  assertSame(found[1], direct(other, 3));
});

Deno.test("createNStep() copies the observations that wait", () => {
  const nStep = createNStep(1, 2, { gamma: GAMMA });
  const [first, second] = randomSteps(2);
  const buffer = Float32Array.of(42);
  nStep.add(0, { ...first, observation: buffer }, () => {});
  buffer.fill(0);
  assertEquals(run(nStep, [second])[0].observation, Float32Array.of(42));
});

Deno.test("createNStep() goes on from a saved state", () => {
  const steps = randomSteps(100);
  const whole = run(createNStep(1, 4, { gamma: GAMMA }), steps);
  const first = createNStep(1, 4, { gamma: GAMMA });
  const emitted = run(first, steps.slice(0, 50));
  const state = structuredClone(first.saveState());
  const second = createNStep(1, 4, { gamma: GAMMA });
  second.loadState(state);
  assertEquals([...emitted, ...run(second, steps.slice(50))], whole);
  assertEquals(state, first.saveState());
});

Deno.test("createNStep() throws for a number of steps below one", () => {
  for (const steps of [0, -1, 2.5, NaN]) {
    assertThrows(
      () => createNStep(1, steps, { gamma: GAMMA }),
      RangeError,
      `Cannot sum rewards over ${steps} steps, expected a whole number from 1`,
    );
  }
});
