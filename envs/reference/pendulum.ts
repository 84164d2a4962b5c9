/**
 * Swinging up a pendulum with a weak motor.
 *
 * @module
 */
import { box } from "../../core/spaces.ts";
import type { Environment, VectorEnvironment } from "../environment.ts";
import { type Dynamics, environmentOf } from "./_dynamics.ts";
import { vectorEnvironmentOf } from "./_vector_dynamics.ts";

/** Largest torque, N m. */
export const MAXIMUM_TORQUE = 2;
/** Largest speed, rad/s. */
export const MAXIMUM_SPEED = 8;
/** Steps after which an episode is cut. */
export const PENDULUM_STEPS = 200;

/** Time between steps, s. */
export const PENDULUM_TIME_STEP = 0.05;

const GRAVITY = 10; // m/s^2
const TORQUE_COST = Math.fround(0.001);

/** Options of {@linkcode pendulum}. */
export interface PendulumOptions {
  /** Steps after which an episode is cut; Infinity for no limit. Default 200. */
  maximumSteps?: number;
  /**
   * Whether the speed is observed. Without it the task is `PendulumPosition-v1`,
   * which asks for memory: no policy of the angle alone can hold the rod up.
   * Default true.
   */
  observeSpeed?: boolean;
}

/**
 * The same angle from -pi to pi.
 *
 * @param angle Any angle, rad.
 */
export function normalizedAngle(angle: number): number {
  const remainder = (angle + Math.PI) % (2 * Math.PI);
  return (remainder < 0 ? remainder + 2 * Math.PI : remainder) - Math.PI;
}

/**
 * The speed one step later without torque and without the bound on speed,
 * rad/s.
 *
 * @param angle From upright, rad.
 * @param speed rad/s.
 */
export function freeSpeed(angle: number, speed: number): number {
  return speed + 3 * GRAVITY / 2 * Math.sin(angle) * PENDULUM_TIME_STEP;
}

/**
 * Moves a pendulum on by one step of 0.05 s.
 *
 * @param state Angle from upright (rad, any turn) and speed (rad/s);
 * overwritten.
 * @param torque N m, from -2 to 2. Rounded to 32 bits, and products with it
 * are, as NumPy 2 does with the `float32` actions of Gymnasium.
 * @returns The reward: -(angle^2 + 0.1 speed^2 + 0.001 torque^2) before the
 * step.
 */
export function advancePendulum(state: Float64Array, torque: number): number {
  const angle = state[0];
  const speed = state[1];
  const u = Math.fround(torque);
  const normalized = normalizedAngle(angle);
  const cost = normalized * normalized + 0.1 * (speed * speed) +
    Math.fround(TORQUE_COST * Math.fround(u * u));
  const acceleration = 3 * GRAVITY / 2 * Math.sin(angle) + Math.fround(3 * u);
  const newSpeed = Math.min(
    Math.max(speed + acceleration * PENDULUM_TIME_STEP, -MAXIMUM_SPEED),
    MAXIMUM_SPEED,
  );
  state[0] = angle + newSpeed * PENDULUM_TIME_STEP;
  state[1] = newSpeed;
  return -cost;
}

function observePosition(
  state: Float64Array,
  row: Float32Array,
  offset: number,
): void {
  row[offset] = Math.cos(state[0]);
  row[offset + 1] = Math.sin(state[0]);
}

function observe(
  state: Float64Array,
  row: Float32Array,
  offset: number,
): void {
  observePosition(state, row, offset);
  row[offset + 2] = state[1];
}

const POSITION_NAMES = ["cosine of the angle", "sine of the angle"];

function dynamics(observeSpeed: boolean): Dynamics<Float32Array> {
  return {
    id: observeSpeed ? "Pendulum-v1" : "PendulumPosition-v1",
    observationSpace: observeSpeed
      ? box([-1, -1, -MAXIMUM_SPEED], [1, 1, MAXIMUM_SPEED])
      : box(-1, 1, { shape: [2] }),
    actionSpace: box([-MAXIMUM_TORQUE], [MAXIMUM_TORQUE]),
    observationNames: observeSpeed
      ? [...POSITION_NAMES, "speed (rad/s)"]
      : POSITION_NAMES,
    stateSize: 2,
    begin(state, random) {
      state[0] = random.uniform(-Math.PI, Math.PI);
      state[1] = random.uniform(-1, 1);
    },
    advance: (state, action) => advancePendulum(state, action[0]),
    hasEnded: () => false,
    observe: observeSpeed ? observe : observePosition,
  };
}

/**
 * `Pendulum-v1`: a rod of 1 m and 1 kg is swung up and held by a torque of -2
 * to 2 N m, too weak to lift it at once, applied every 0.05 s.
 *
 * Actions are a `Float32Array` of one torque. Observed are cosine and sine of
 * the angle from upright and the speed (rad/s, at most 8). The angle begins
 * uniform from -pi to pi, the speed from -1 to 1. A step costs angle^2 + 0.1
 * speed^2 + 0.001 torque^2; the task never ends, episodes are cut after 200
 * steps. Random actions give about -1200; `pendulumOptimum` computes the best.
 *
 * As in Gymnasium 1.4, which it reproduces given state and actions; starting
 * states come from a stream of our own. Torque outside the bounds is refused,
 * where Gymnasium clips.
 *
 * @param options Time limit, and what is observed.
 */
export function pendulum(
  options: PendulumOptions = {},
): Environment<Float32Array, Float32Array> {
  const { maximumSteps = PENDULUM_STEPS, observeSpeed = true } = options;
  return environmentOf(dynamics(observeSpeed), maximumSteps);
}

/**
 * Copies of {@linkcode pendulum}, stepped together without allocating: the same
 * numbers as `vectorize` over it, sooner.
 *
 * @param count Number of copies, at least 1. Throws `RangeError` otherwise.
 * @param options As for one.
 */
export function pendulumVector(
  count: number,
  options: PendulumOptions = {},
): VectorEnvironment {
  const { maximumSteps = PENDULUM_STEPS, observeSpeed = true } = options;
  return vectorEnvironmentOf(dynamics(observeSpeed), { count, maximumSteps });
}
