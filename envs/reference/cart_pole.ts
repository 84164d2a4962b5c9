/**
 * Balancing a pole on a cart.
 *
 * @module
 */
import { box, discrete } from "../../core/spaces.ts";
import type { Environment, VectorEnvironment } from "../environment.ts";
import { type Dynamics, environmentOf } from "./_dynamics.ts";
import { vectorEnvironmentOf } from "./_vector_dynamics.ts";

const GRAVITY = 9.8; // m/s^2
const POLE_MASS = 0.1; // kg
const TOTAL_MASS = 1.1; // kg, cart and pole
const HALF_LENGTH = 0.5; // m, half the pole
const POLE_MASS_LENGTH = POLE_MASS * HALF_LENGTH;
const FORCE = 10; // N
const TIME_STEP = 0.02; // s
const ANGLE_LIMIT = 12 * 2 * Math.PI / 360; // rad
const POSITION_LIMIT = 2.4; // m

/** Options of {@linkcode cartPole}. */
export interface CartPoleOptions {
  /** Steps after which an episode is cut; Infinity for no limit. Default 500. */
  maximumSteps?: number;
  /**
   * Whether rewards are Sutton and Barto's, 0 a step and -1 for the fall,
   * instead of 1 a step. Default `false`.
   */
  suttonBartoReward?: boolean;
}

function advance(state: Float64Array, action: number): void {
  const x = state[0];
  const xDot = state[1];
  const theta = state[2];
  const thetaDot = state[3];
  const force = action === 1 ? FORCE : -FORCE;
  const cosine = Math.cos(theta);
  const sine = Math.sin(theta);
  const pushed = (force + POLE_MASS_LENGTH * (thetaDot * thetaDot) * sine) /
    TOTAL_MASS;
  const thetaAcceleration = (GRAVITY * sine - cosine * pushed) /
    (HALF_LENGTH * (4 / 3 - POLE_MASS * (cosine * cosine) / TOTAL_MASS));
  const xAcceleration = pushed -
    POLE_MASS_LENGTH * thetaAcceleration * cosine / TOTAL_MASS;
  state[0] = x + TIME_STEP * xDot;
  state[1] = xDot + TIME_STEP * xAcceleration;
  state[2] = theta + TIME_STEP * thetaDot;
  state[3] = thetaDot + TIME_STEP * thetaAcceleration;
}

function hasEnded(state: Float64Array): boolean {
  return Math.abs(state[0]) > POSITION_LIMIT ||
    Math.abs(state[2]) > ANGLE_LIMIT;
}

function observe(
  state: Float64Array,
  row: Float32Array,
  offset: number,
): void {
  for (let i = 0; i < 4; i++) row[offset + i] = state[i];
}

function dynamics(options: CartPoleOptions): Dynamics<number> {
  const { suttonBartoReward = false } = options;
  const high = [POSITION_LIMIT * 2, Infinity, ANGLE_LIMIT * 2, Infinity];
  return {
    id: "CartPole-v1",
    observationSpace: box(high.map((bound) => -bound), high),
    actionSpace: discrete(2),
    observationNames: [
      "position (m)",
      "velocity (m/s)",
      "angle (rad)",
      "angular velocity (rad/s)",
    ],
    stateSize: 4,
    begin(state, random) {
      for (let i = 0; i < 4; i++) state[i] = random.uniform(-0.05, 0.05);
    },
    advance(state, action) {
      advance(state, action);
      if (suttonBartoReward) return hasEnded(state) ? -1 : 0;
      return 1;
    },
    hasEnded,
    observe,
  };
}

/**
 * `CartPole-v1`: a cart is pushed left (0) or right (1) by 10 N every 20 ms so
 * that the pole on it stays upright.
 *
 * Observed are position (m), velocity (m/s), angle (rad) and angular velocity
 * (rad/s), computed in 64 bits and seen in 32. All begin uniform within 0.05
 * of zero. The task ends beyond 2.4 m or 12 degrees. Solved, by convention, at
 * a mean return of 475; random actions give about 22.
 *
 * Dynamics of Barto, Sutton and Anderson ("Neuronlike adaptive elements that
 * can solve difficult learning control problems", 1983) without friction, by
 * Euler steps as in Gymnasium 1.4, which it reproduces given state and actions;
 * starting states come from a stream of our own.
 *
 * @param options Time limit and reward.
 */
export function cartPole(
  options: CartPoleOptions = {},
): Environment<Float32Array, number> {
  const { maximumSteps = 500 } = options;
  return environmentOf(dynamics(options), maximumSteps);
}

/**
 * Copies of {@linkcode cartPole}, stepped together without allocating: the same
 * numbers as `vectorize` over it, sooner.
 *
 * @param count Number of copies, at least 1. Throws `RangeError` otherwise.
 * @param options As for one.
 */
export function cartPoleVector(
  count: number,
  options: CartPoleOptions = {},
): VectorEnvironment {
  const { maximumSteps = 500 } = options;
  return vectorEnvironmentOf(dynamics(options), { count, maximumSteps });
}
