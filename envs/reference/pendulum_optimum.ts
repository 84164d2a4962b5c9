/**
 * The best that can be done with `Pendulum-v1`.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import { descend } from "./_pendulum_descent.ts";
import {
  advancePendulum,
  freeSpeed,
  MAXIMUM_SPEED,
  MAXIMUM_TORQUE,
  pendulum,
  PENDULUM_STEPS,
  PENDULUM_TIME_STEP,
} from "./pendulum.ts";

/** Angle from upright (rad) and speed (rad/s). */
export type PendulumStart = readonly [angle: number, speed: number];

/** Options of {@linkcode pendulumOptimum}. */
export interface PendulumOptimumOptions {
  /**
   * Number of angles of each grid, even, and one less than its number of
   * speeds: the first is what the second is compared with. Default [100, 150].
   */
  grids?: readonly [number, number];
}

/** What {@linkcode pendulumOptimum} returns. */
export interface PendulumOptimum {
  /** The better of both grids' returns. Shape [starts]. */
  returns: Float64Array;
  /** The torques that earn it. Shape [starts, steps]. */
  torques: Float32Array;
  /** By how much the grids' returns differ, on average over the starts. */
  gridError: number;
}

// Torques tried at each point of the grid, and at each step of an episode.
const GRID_TORQUES = 21;
const STEP_TORQUES = 81;

/** Costs to go on a grid of angles (periodic) and speeds. */
interface CostGrid {
  angles: number;
  /** Shape [steps + 1, angles, speeds], speeds being angles + 1. */
  costs: Float32Array[];
}

function torqueOf(index: number, count: number): number {
  return MAXIMUM_TORQUE * (2 * index / (count - 1) - 1);
}

/**
 * Between four points of the grid: `x` angles on from -pi, which may be a turn
 * off, and `y` speeds up from the lowest.
 */
function interpolate(
  costs: Float32Array,
  angles: number,
  { x, y }: { x: number; y: number },
): number {
  const onGrid = x < 0 ? x + angles : x >= angles ? x - angles : x;
  const row = Math.min(onGrid | 0, angles - 1);
  const column = Math.min(y | 0, angles - 1);
  const across = onGrid - row;
  const up = y - column;
  const here = row * (angles + 1) + column;
  const there = row + 1 === angles ? column : here + angles + 1;
  return (1 - across) * ((1 - up) * costs[here] + up * costs[here + 1]) +
    across * ((1 - up) * costs[there] + up * costs[there + 1]);
}

/** The cost to go of any state. */
function costToGo(
  costs: Float32Array,
  angles: number,
  state: Float64Array,
): number {
  const turns = state[0] / (2 * Math.PI) + 0.5;
  return interpolate(costs, angles, {
    x: (turns - Math.floor(turns)) * angles,
    y: (state[1] / MAXIMUM_SPEED + 1) / 2 * angles,
  });
}

const probe = new Float64Array(2);

/** The best torque in a state, by its cost and what is left after it. */
function bestTorque(
  next: Float32Array,
  angles: number,
  state: Float64Array,
): number {
  let torque = 0;
  let least = Infinity;
  for (let i = 0; i < STEP_TORQUES; i++) {
    const tried = torqueOf(i, STEP_TORQUES);
    probe[0] = state[0];
    probe[1] = state[1];
    const cost = -advancePendulum(probe, tried) + costToGo(next, angles, probe);
    if (cost < least) {
      least = cost;
      torque = tried;
    }
  }
  return torque;
}

/**
 * One step of backward induction; the other half follows by reflection. The
 * dynamics are those of `advancePendulum`, written out for speed: each torque
 * moves the speed by what it adds to it at rest.
 */
function backUp(next: Float32Array, now: Float32Array, angles: number): void {
  const gains = Float64Array.from({ length: GRID_TORQUES }, (_, i) => {
    const rest = new Float64Array(2);
    advancePendulum(rest, torqueOf(i, GRID_TORQUES));
    return rest[1];
  });
  const efforts = gains.map((_, i) =>
    -advancePendulum(new Float64Array(2), torqueOf(i, GRID_TORQUES))
  );
  const speedUnit = 2 * MAXIMUM_SPEED / angles;
  const angleUnit = 2 * Math.PI / angles;
  const at = { x: 0, y: 0 };
  for (let row = 0; row <= angles / 2; row++) {
    const mirrored = (angles - row) % angles;
    for (let column = 0; column <= angles; column++) {
      probe[0] = row * angleUnit - Math.PI;
      probe[1] = column * speedUnit - MAXIMUM_SPEED;
      const drift = freeSpeed(probe[0], probe[1]);
      const cost = -advancePendulum(probe, 0);
      let least = Infinity;
      for (let i = 0; i < GRID_TORQUES; i++) {
        const speed = Math.min(
          Math.max(drift + gains[i], -MAXIMUM_SPEED),
          MAXIMUM_SPEED,
        );
        at.x = row + speed * PENDULUM_TIME_STEP / angleUnit;
        at.y = (speed + MAXIMUM_SPEED) / speedUnit;
        const tried = efforts[i] + interpolate(next, angles, at);
        if (tried < least) least = tried;
      }
      now[row * (angles + 1) + column] = cost + least;
      now[mirrored * (angles + 1) + angles - column] = cost + least;
    }
  }
}

function solve(angles: number): CostGrid {
  const costs = Array.from(
    { length: PENDULUM_STEPS + 1 },
    () => new Float32Array(angles * (angles + 1)),
  );
  for (let step = PENDULUM_STEPS - 1; step >= 0; step--) {
    backUp(costs[step + 1], costs[step], angles);
  }
  return { angles, costs };
}

/** The best torque after the best torque. */
function rollOut(
  { angles, costs }: CostGrid,
  start: PendulumStart,
): Float32Array {
  const state = Float64Array.from(start);
  return new Float32Array(PENDULUM_STEPS).map((_, step) => {
    const torque = bestTorque(costs[step + 1], angles, state);
    advancePendulum(state, torque);
    return torque;
  });
}

function checkStarts(starts: readonly PendulumStart[]): void {
  for (const [angle, speed] of starts) {
    if (!Number.isFinite(angle) || !(Math.abs(speed) <= MAXIMUM_SPEED)) {
      throw new RangeError(
        `Cannot start a pendulum at angle ${angle} with speed ${speed}, expected a finite angle and a speed of at most ${MAXIMUM_SPEED}`,
      );
    }
  }
}

function checkGrid(angles: number): void {
  if (!Number.isSafeInteger(angles) || angles < 4 || angles % 2 !== 0) {
    throw new RangeError(
      `Cannot lay a grid of ${angles} angles, expected an even number from 4`,
    );
  }
}

/**
 * The states in which `pendulum` begins when it is reset with these seeds.
 *
 * @param seeds One seed for each start.
 */
export function pendulumStarts(seeds: Iterable<number>): PendulumStart[] {
  const environment = pendulum({ maximumSteps: Infinity });
  return Array.from(seeds, (seed) => {
    environment.reset({ seed });
    const { state } = environment.saveState() as State & {
      state: Float64Array;
    };
    return [state[0], state[1]];
  });
}

/**
 * Close to the best returns of `Pendulum-v1`, to report a learner's regret by.
 *
 * The costs to go of all 200 steps are found by backward induction on a grid
 * of angles and speeds, with 21 torques and linear interpolation. Then the
 * pendulum itself is steered, each step by the best of 81 torques for its cost
 * and the interpolated rest, which decides which way to swing; and the torques
 * are improved by differential dynamic programming until no small change pays.
 * Every return is earned by the torques that are handed out, so that the true
 * optimum is at least as good.
 *
 * The mean over the starts of seeds 0 to 99 is -138.57, with a grid error of
 * 0.08 (-138.51 and 0.07 with grids [200, 300]); over seeds 0 to 999 it is
 * -134.03. A hundred starts take some 4 s, of which a quarter is spent on the
 * grids, and 20 MB.
 *
 * @param starts Where episodes begin. Throws `RangeError` for a speed above 8
 * rad/s.
 * @param options The grids.
 */
export function pendulumOptimum(
  starts: readonly PendulumStart[],
  options: PendulumOptimumOptions = {},
): PendulumOptimum {
  const { grids = [100, 150] } = options;
  checkStarts(starts);
  grids.forEach(checkGrid);
  const returns = new Float64Array(starts.length).fill(-Infinity);
  const torques = new Float32Array(starts.length * PENDULUM_STEPS);
  const found = grids.map((angles) => {
    const grid = solve(angles);
    return starts.map((start, i) => {
      const plan = descend(start, rollOut(grid, start));
      const { earned } = plan;
      if (earned > returns[i]) {
        returns[i] = earned;
        torques.set(plan.torques, i * PENDULUM_STEPS);
      }
      return earned;
    });
  });
  const [first, second] = found;
  const difference = first.reduce(
    (sum, earned, i) => sum + Math.abs(earned - second[i]),
    0,
  );
  return {
    returns,
    torques,
    gridError: difference / Math.max(starts.length, 1),
  };
}
