import { assert, assertEquals } from "@std/assert";
import { descend } from "./_pendulum_descent.ts";
import { advancePendulum } from "./pendulum.ts";

/**
 * The least cost of 200 steps near the top, where sin x = x, by the Riccati
 * equation: entries of the matrix P of the cost x' P x.
 */
function riccati(): [number, number, number] {
  const [dt, gravity, gain] = [0.05, 15 * 0.05, 3 * 0.05];
  // Next speed and angle for the state (angle, speed) and the torque.
  const A = [[1 + dt * gravity, dt], [gravity, 1]];
  const B = [dt * gain, gain];
  let P = [[0, 0], [0, 0]];
  for (let step = 0; step < 200; step++) {
    const PA = P.map((row) =>
      [0, 1].map((j) => row[0] * A[0][j] + row[1] * A[1][j])
    );
    const PB = P.map((row) => row[0] * B[0] + row[1] * B[1]);
    const weight = 0.001 + B[0] * PB[0] + B[1] * PB[1];
    const BPA = [0, 1].map((j) => B[0] * PA[0][j] + B[1] * PA[1][j]);
    P = [0, 1].map((i) =>
      [0, 1].map((j) =>
        (i === j ? [1, 0.1][i] : 0) + A[0][i] * PA[0][j] + A[1][i] * PA[1][j] -
        BPA[i] * BPA[j] / weight
      )
    );
  }
  return [P[0][0], P[0][1], P[1][1]];
}

/** Torques that hold the pendulum up, far from the best ones. */
function holding(start: readonly [number, number]): Float32Array {
  const state = Float64Array.from(start);
  return new Float32Array(200).map(() => {
    const torque = -9 * state[0] - 3 * state[1];
    advancePendulum(state, torque);
    return torque;
  });
}

Deno.test("descend() finds the linear regulator near the top", () => {
  const [aa, as, ss] = riccati();
  for (const [angle, speed] of [[0.02, 0], [0, 0.05], [-0.02, 0.05]] as const) {
    const { earned } = descend([angle, speed], holding([angle, speed]));
    const cost = aa * angle ** 2 + 2 * as * angle * speed + ss * speed ** 2;
    // Off by sin x against x, and by the descent's own precision of 1e-6.
    const state = Float64Array.from([angle, speed]);
    let before = 0;
    for (const torque of holding([angle, speed])) {
      before += advancePendulum(state, torque);
    }
    assert(before < -1.1 * cost, `${before}, ${cost}`);
    assert(Math.abs(earned + cost) < 1e-3 * cost + 1e-5, `${earned}, ${cost}`);
  }
});

Deno.test("descend() never earns less and keeps to the bounds", () => {
  for (let trial = 0; trial < 5; trial++) {
    const start = [trial - 2, 1 - trial / 2] as const;
    const first = new Float32Array(200).map((_, i) => 3 * Math.sin(i + trial));
    const state = Float64Array.from(start);
    let before = 0;
    for (const torque of first) {
      before += advancePendulum(state, Math.min(Math.max(torque, -2), 2));
    }
    const { earned, torques } = descend(start, first);
    assert(earned >= before);
    assert(torques.every((torque) => Math.abs(torque) <= 2));
    state.set(start);
    let again = 0;
    for (const torque of torques) again += advancePendulum(state, torque);
    assertEquals(again, earned);
  }
});
