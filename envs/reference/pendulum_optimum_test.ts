import { assert, assertEquals, assertThrows } from "@std/assert";
import { place } from "./_trajectories.ts";
import { descend } from "./_pendulum_descent.ts";
import { advancePendulum, pendulum } from "./pendulum.ts";
import {
  pendulumOptimum,
  type PendulumStart,
  pendulumStarts,
} from "./pendulum_optimum.ts";

const RANDOM = 40;
const STARTS: PendulumStart[] = [
  ...pendulumStarts(Array.from({ length: RANDOM }, (_, seed) => seed)),
  [0, 0],
  [0.5, -0.25],
  [-0.5, 0.25],
  [0.5 + 4 * Math.PI, -0.25],
];
const OPTIMUM = pendulumOptimum(STARTS, { grids: [80, 120] });

function torquesOf(start: number): Float32Array {
  return OPTIMUM.torques.slice(start * 200, (start + 1) * 200);
}

function earned(start: PendulumStart, torques: ArrayLike<number>): number {
  const state = Float64Array.from(start);
  let total = 0;
  for (let step = 0; step < 200; step++) {
    total += advancePendulum(state, torques[step]);
  }
  return total;
}

/** Pumps energy in, then holds the top; a good policy made by hand. */
function byHand(start: PendulumStart): Float32Array {
  const state = Float64Array.from(start);
  return new Float32Array(200).map(() => {
    const [angle, speed] = state;
    const fromTop = Math.atan2(Math.sin(angle), Math.cos(angle));
    const lacking = 5 * (1 - Math.cos(angle)) - speed * speed / 6;
    const wanted = Math.abs(fromTop) < 0.4
      ? -12 * fromTop - 3 * speed
      : 4 * lacking * (Math.sign(speed) || 1);
    const torque = Math.min(Math.max(wanted, -2), 2);
    advancePendulum(state, torque);
    return torque;
  });
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) /
    values.length;
}

Deno.test("pendulumStarts() gives the states that seeds begin in", () => {
  const environment = pendulum();
  for (const [seed, [angle, speed]] of STARTS.slice(0, 3).entries()) {
    assertEquals(
      environment.reset({ seed }).observation,
      Float32Array.of(Math.cos(angle), Math.sin(angle), speed),
    );
  }
});

Deno.test("pendulumOptimum() hands out torques that earn its returns", () => {
  const environment = pendulum();
  for (const i of [0, 1, RANDOM + 1]) {
    place(environment, [...STARTS[i]]);
    let total = 0;
    for (const torque of torquesOf(i)) {
      total += environment.step(Float32Array.of(torque)).reward;
    }
    assertEquals(total, OPTIMUM.returns[i]);
  }
});

Deno.test("pendulumOptimum() finds what is known", () => {
  const { returns, gridError } = OPTIMUM;
  assert(returns[RANDOM] > -1e-9, `upright at rest ${returns[RANDOM]}`);
  // A start, its mirror image, and the same two turns on.
  const [one, mirrored, turned] = returns.slice(RANDOM + 1);
  assert(Math.abs(one - mirrored) < 0.05, `${one}, ${mirrored}`);
  assert(Math.abs(one - turned) < 0.05, `${one}, ${turned}`);
  assert(gridError > 0 && gridError < 2.5, `${gridError}`);
});

Deno.test("pendulumOptimum() beats a good policy, even one improved", () => {
  const { returns } = OPTIMUM;
  const hand = STARTS.map((start) => earned(start, byHand(start)));
  assert(mean(hand) < mean(returns) - 10, `${mean(hand)}`);
  // Improved torques often swing the same way, and then earn the same.
  const gains = STARTS.slice(0, 12).map((start, i) =>
    descend(start, byHand(start)).earned - returns[i]
  );
  assert(Math.max(...gains) < 0.5, `${gains}`);
  assert(gains.filter((gain) => gain > -0.5).length >= 3, `${gains}`);
});

Deno.test("pendulumOptimum() has smaller errors on finer grids", () => {
  const starts = STARTS.slice(0, 12);
  const coarse = pendulumOptimum(starts, { grids: [12, 16] });
  assert(coarse.gridError > OPTIMUM.gridError, `${coarse.gridError}`);
  assert(mean(coarse.returns) < mean(OPTIMUM.returns.slice(0, 12)));
});

Deno.test("pendulumOptimum() refuses impossible starts and grids", () => {
  for (const start of [[NaN, 0], [0, 8.1], [0, NaN], [Infinity, 0]] as const) {
    assertThrows(() => pendulumOptimum([start]), RangeError, `${start[0]}`);
  }
  for (const angles of [3, 2, 0, 101, 10.5, NaN]) {
    assertThrows(
      () => pendulumOptimum([[0, 0]], { grids: [angles, 100] }),
      RangeError,
      `grid of ${angles}`,
    );
  }
});
