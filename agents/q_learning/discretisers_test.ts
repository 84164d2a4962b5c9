import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { AutoscalingEnv } from "../../envs/autoscaling/autoscaling_env.ts";
import {
  discretiser,
  DISCRETISER_NAMES,
  identityDiscretiser,
} from "./discretisers.ts";

Deno.test('discretiser() makes the original\'s 400 states of "original"', () => {
  const { stateOf, states, name, unseenAction } = discretiser("original");
  assertEquals([name, states, unseenAction], ["original", 400, 1]);
  // Tenths of instances, tenths of load, size of the queue.
  const cases: [number, number, number, number][] = [
    [0, 0, 0, 0],
    [0, 0, 1, 1],
    [0, 0, 99, 1],
    [0, 0, 100, 2],
    [0, 0, 499, 2],
    [0, 0, 500, 3],
    [0.3, 0.25, 0, (3 * 10 + 2) * 4],
    // 32-bit 0.7 lies below seven tenths.
    [0.7, 0.3, 0, (7 * 10 + 3) * 4],
    [1, 1, 1e6, 399],
    [1, 25, 0, 99 * 4],
  ];
  for (const [instances, load, queue, state] of cases) {
    const observation = Float32Array.of(instances, load, 0, 0, queue);
    assertEquals(stateOf(observation), state, `${instances} ${load} ${queue}`);
  }
  for (let k = 0; k < 10; k++) {
    const observation = Float32Array.of(k / 10, k / 10, 0, 0, 0);
    assertEquals(stateOf(observation), 44 * k);
  }
});

Deno.test('discretiser() orders demand, growth and pending in "demand-ratio"', () => {
  const { stateOf, states } = discretiser("demand-ratio");
  assertEquals(states, 135);
  const state = (pending: number, demand: number, growth: number) =>
    stateOf(Float32Array.of(0, 0, 0, 0, pending, 0, demand, growth, 0));
  assertEquals(state(-1, -5, -5), 0);
  assertEquals(state(0, -5, -5), 45);
  assertEquals(state(1, 5, 5), 134);
  assertEquals(state(0, 0, 0) - state(0, -0.1, 0), 3);
  assertEquals(state(0, 0, 0.3) - state(0, 0, 0), 1);
  const met = new Set<number>();
  for (const pending of [-1, 0, 1]) {
    for (let demand = -5; demand <= 5; demand += 0.05) {
      for (const growth of [-1, 0, 1]) met.add(state(pending, demand, growth));
    }
  }
  assertEquals(met.size, states);
});

Deno.test("discretiser() numbers what the autoscaling environment shows", () => {
  for (const name of DISCRETISER_NAMES) {
    const mode = name === "original" ? "reference" : undefined;
    const env = new AutoscalingEnv(mode ? { mode } : {});
    const { stateOf, states } = discretiser(name);
    let { observation } = env.reset({ seed: 1 });
    const met = new Set<number>();
    for (let step = 0; step < 150; step++) {
      const state = stateOf(observation);
      assert(Number.isInteger(state) && state >= 0 && state < states);
      met.add(state);
      const result = env.step(step % 3);
      if (result.terminated || result.truncated) break;
      observation = result.observation;
    }
    assert(met.size > 3, name);
  }
});

Deno.test("discretiser() throws for an unknown name and offers the nearest", () => {
  assertThrows(
    () => discretiser("orignal"),
    RangeError,
    'Cannot make states of "orignal": expected one of original, demand-ratio (did you mean original?)',
  );
});

Deno.test("identityDiscretiser() takes the observation for the state", () => {
  const { stateOf, states } = identityDiscretiser(16);
  assertEquals([states, stateOf(Float32Array.of(11))], [16, 11]);
});

Deno.test("discretiser() describes its states by digits", () => {
  const random = new Random(11);
  for (const name of DISCRETISER_NAMES) {
    const { states, digits = [], stateOf } = discretiser(name);
    assertEquals(
      digits.reduce((n, { bounds }) => n * (bounds.length + 1), 1),
      states,
    );
    const byDigits = (observation: Float32Array) =>
      digits.reduce((state, { index, bounds }) => {
        const digit = bounds.filter((bound) => observation[index] >= bound);
        return state * (bounds.length + 1) + digit.length;
      }, 0);
    for (let i = 0; i < 20_000; i++) {
      // On a tenth as often as not, where rounding decides.
      const observation = Float32Array.from(
        { length: 9 },
        () =>
          random.uniform() < 0.5
            ? random.integer(0, 50) / 10
            : random.uniform(0, 1.2),
      );
      if (name !== "original") observation[7] -= 0.6;
      if (random.uniform() < 0.3) observation[4] = 0;
      if (name === "original") observation[4] *= 200;
      assertEquals(byDigits(observation), stateOf(observation));
    }
  }
});
