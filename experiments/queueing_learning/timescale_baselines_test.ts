import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { trajectoriesOf } from "../../analysis/koopman/trajectories.ts";
import { Random } from "../../core/random.ts";
import { timescaleBaselines } from "./timescale_baselines.ts";

Deno.test("baselines agree on an autoregression", () => {
  // 20 series of 2,000 samples, x' = 0.98 x + noise: a timescale of 49.5
  // steps, 800 of them in all: a standard error of some 5 %.
  const random = new Random(6);
  const series = Array.from({ length: 20 }, () => {
    let x = random.normal() * 5;
    return Array.from({ length: 2000 }, () => x = 0.98 * x + random.normal());
  });
  const data = trajectoriesOf({ x: series }, 2);
  const { timescales, largestDeviation } = timescaleBaselines(data, {
    seed: 0,
  });
  const truth = -2 / Math.log(0.98);
  for (const { method, lag, timescale } of timescales) {
    if (method.startsWith("Markov") && lag < 200) {
      // Clusters forget where in them a state is: too short at short lags.
      assert(timescale < truth * 1.1);
    } else assertAlmostEquals(timescale / truth, 1, 0.3);
  }
  assert(largestDeviation > 1);
});

Deno.test("DMD and EDMD have the timescale of a linear system, at every lag", () => {
  // x' = 0.99 x + 0.05 y, y' = 0.6 y: eigenvalues 0.99 and 0.6, no noise.
  const random = new Random(2);
  const xs: number[][] = [];
  const ys: number[][] = [];
  for (let run = 0; run < 6; run++) {
    let [x, y] = [random.uniform(-9, 9), random.uniform(-9, 9)];
    xs.push([]), ys.push([]);
    for (let t = 0; t < 80; t++) {
      xs[run].push(x), ys[run].push(y);
      [x, y] = [0.99 * x + 0.05 * y, 0.6 * y];
    }
  }
  const data = trajectoriesOf({ x: xs, y: ys }, 2);
  const { timescales } = timescaleBaselines(data, { seed: 0, lags: [1, 5] });
  const truth = -2 / Math.log(0.99);
  const exact = timescales.filter(({ method }) => method.includes("DMD"));
  assertEquals(exact.length, 4);
  for (const { method, lag, timescale } of exact) {
    // The ridge of 1e-9 shows more among ten dependent monomials.
    const error = method === "DMD" ? 1e-6 : 1e-4;
    const modulus = Math.exp(-lag / timescale);
    assertAlmostEquals(modulus, Math.exp(-lag / truth), error, method);
  }
});

Deno.test("the Markov model of a two-state chain has the rate of its counts", () => {
  // Leaves 0 with 0.03 and 1 with 0.07; eigenvalue 1 - 0.1. Of the states
  // visited it is 1 less the observed shares, exactly.
  const random = new Random(9);
  const leaving = [0, 0];
  const visits = [0, 0];
  const series = Array.from({ length: 5 }, () => {
    let state = 0;
    return Array.from({ length: 4000 }, (_, t) => {
      const before = state;
      if (t > 0) {
        if (random.uniform() < [0.03, 0.07][state]) state = 1 - state;
        visits[before]++;
        if (state !== before) leaving[before]++;
      }
      return 10 * state;
    });
  });
  const { timescales } = timescaleBaselines(
    trajectoriesOf({ x: series }, 0.5),
    {
      seed: 1,
      lags: [1],
      clusters: 2,
    },
  );
  const { timescale } = timescales.find(({ method }) =>
    method.startsWith("Markov")
  )!;
  const eigenvalue = 1 - leaving[0] / visits[0] - leaving[1] / visits[1];
  assertAlmostEquals(timescale, -0.5 / Math.log(eigenvalue), 1e-6);
  // Some 800 changes: a standard error of the rate of 4 %.
  assertAlmostEquals(timescale, -0.5 / Math.log(0.9), 1.2);
});
