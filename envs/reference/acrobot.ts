/**
 * Swinging up a double pendulum that is driven at the elbow.
 *
 * @module
 */
import { box, discrete } from "../../core/spaces.ts";
import type { Environment, VectorEnvironment } from "../environment.ts";
import { type Dynamics, environmentOf } from "./_dynamics.ts";
import { vectorEnvironmentOf } from "./_vector_dynamics.ts";

// Both links: length 1 m, mass 1 kg, centre of mass at 0.5 m, inertia 1 kg m^2.
const CENTRE = 0.5;
const GRAVITY = 9.8; // m/s^2
const TIME_STEP = 0.2; // s
const MAXIMUM_SPEED_1 = 4 * Math.PI; // rad/s
const MAXIMUM_SPEED_2 = 9 * Math.PI; // rad/s

/** Options of {@linkcode acrobot}. */
export interface AcrobotOptions {
  /** Steps after which an episode is cut; Infinity for no limit. Default 500. */
  maximumSteps?: number;
}

/** Time derivative of (angle 1, angle 2, speed 1, speed 2), into `slope`. */
function derivative(
  state: Float64Array,
  torque: number,
  slope: Float64Array,
): void {
  const theta1 = state[0];
  const theta2 = state[1];
  const speed1 = state[2];
  const speed2 = state[3];
  const sine2 = Math.sin(theta2);
  const cosine2 = Math.cos(theta2);
  const d1 = CENTRE ** 2 + (1 + CENTRE ** 2 + 2 * CENTRE * cosine2) + 1 + 1;
  const d2 = (CENTRE ** 2 + CENTRE * cosine2) + 1;
  const phi2 = CENTRE * GRAVITY * Math.cos(theta1 + theta2 - Math.PI / 2);
  const phi1 = -CENTRE * (speed2 * speed2) * sine2 -
    2 * CENTRE * speed2 * speed1 * sine2 +
    (CENTRE + 1) * GRAVITY * Math.cos(theta1 - Math.PI / 2) + phi2;
  const acceleration2 =
    (torque + d2 / d1 * phi1 - CENTRE * (speed1 * speed1) * sine2 - phi2) /
    (CENTRE ** 2 + 1 - d2 * d2 / d1);
  slope[0] = speed1;
  slope[1] = speed2;
  slope[2] = -(d2 * acceleration2 + phi1) / d1;
  slope[3] = acceleration2;
}

const slopes = Array.from({ length: 4 }, () => new Float64Array(4));
const probe = new Float64Array(4);

/** One Runge-Kutta step of fourth order. */
function integrate(state: Float64Array, torque: number): void {
  const [k1, k2, k3, k4] = slopes;
  const half = TIME_STEP / 2;
  derivative(state, torque, k1);
  for (let i = 0; i < 4; i++) probe[i] = state[i] + half * k1[i];
  derivative(probe, torque, k2);
  for (let i = 0; i < 4; i++) probe[i] = state[i] + half * k2[i];
  derivative(probe, torque, k3);
  for (let i = 0; i < 4; i++) probe[i] = state[i] + TIME_STEP * k3[i];
  derivative(probe, torque, k4);
  for (let i = 0; i < 4; i++) {
    state[i] += TIME_STEP / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
}

/** The same angle from -pi to pi. */
function wrap(angle: number): number {
  while (angle > Math.PI) angle -= 2 * Math.PI;
  while (angle < -Math.PI) angle += 2 * Math.PI;
  return angle;
}

function clamp(value: number, limit: number): number {
  return Math.min(Math.max(value, -limit), limit);
}

function hasEnded(state: Float64Array): boolean {
  return -Math.cos(state[0]) - Math.cos(state[1] + state[0]) > 1;
}

function observe(
  state: Float64Array,
  row: Float32Array,
  offset: number,
): void {
  row[offset] = Math.cos(state[0]);
  row[offset + 1] = Math.sin(state[0]);
  row[offset + 2] = Math.cos(state[1]);
  row[offset + 3] = Math.sin(state[1]);
  row[offset + 4] = state[2];
  row[offset + 5] = state[3];
}

function dynamics(): Dynamics<number> {
  const high = [1, 1, 1, 1, MAXIMUM_SPEED_1, MAXIMUM_SPEED_2];
  return {
    id: "Acrobot-v1",
    observationSpace: box(high.map((bound) => -bound), high),
    actionSpace: discrete(3),
    observationNames: [
      "cosine of the first angle",
      "sine of the first angle",
      "cosine of the elbow's angle",
      "sine of the elbow's angle",
      "speed of the first angle (rad/s)",
      "speed of the elbow's angle (rad/s)",
    ],
    stateSize: 4,
    begin(state, random) {
      for (let i = 0; i < 4; i++) {
        state[i] = Math.fround(random.uniform(-0.1, 0.1));
      }
    },
    advance(state, action) {
      integrate(state, action - 1);
      state[0] = wrap(state[0]);
      state[1] = wrap(state[1]);
      state[2] = clamp(state[2], MAXIMUM_SPEED_1);
      state[3] = clamp(state[3], MAXIMUM_SPEED_2);
      return hasEnded(state) ? 0 : -1;
    },
    hasEnded,
    observe,
  };
}

/**
 * `Acrobot-v1`: two links hang from a hinge; torque of -1, 0 or 1 N m at the
 * elbow (actions 0, 1, 2), every 0.2 s, must swing the free end one link's
 * length above the hinge.
 *
 * Observed are cosine and sine of the first angle and of the elbow's, and both
 * speeds (rad/s, at most 4 and 9 pi). All four state variables begin uniform
 * within 0.1 of zero (hanging), rounded to 32 bits. Each step costs 1 but the
 * one that succeeds. Solved, by convention, at a mean return of -100; random
 * actions give about -500.
 *
 * Dynamics of Sutton and Barto's book (first edition, section 11.3), by a Runge-Kutta step as in Gymnasium 1.4, which it reproduces
 * given state and actions; starting states come from a stream of our own.
 *
 * @param options Time limit.
 */
export function acrobot(
  options: AcrobotOptions = {},
): Environment<Float32Array, number> {
  const { maximumSteps = 500 } = options;
  return environmentOf(dynamics(), maximumSteps);
}

/**
 * Copies of {@linkcode acrobot}, stepped together without allocating: the same
 * numbers as `vectorize` over it, sooner.
 *
 * @param count Number of copies, at least 1. Throws `RangeError` otherwise.
 * @param options As for one.
 */
export function acrobotVector(
  count: number,
  options: AcrobotOptions = {},
): VectorEnvironment {
  const { maximumSteps = 500 } = options;
  return vectorEnvironmentOf(dynamics(), { count, maximumSteps });
}
