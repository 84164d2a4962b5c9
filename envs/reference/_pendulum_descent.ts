/**
 * Improving the torques of one pendulum episode: differential dynamic
 * programming (Jacobson and Mayne 1970) with bounded torque (Tassa, Mansard
 * and Todorov, "Control-limited differential dynamic programming", 2014).
 *
 * @module
 */
import {
  advancePendulum,
  freeSpeed,
  MAXIMUM_SPEED,
  MAXIMUM_TORQUE,
  normalizedAngle,
  PENDULUM_STEPS,
  PENDULUM_TIME_STEP,
} from "./pendulum.ts";

const MAXIMUM_ITERATIONS = 300;
const SMALLEST_STEP = 1e-4;
const SMALLEST_GAIN = 1e-6;
const LARGEST_DAMPING = 1e4;
// Speed that a torque of 1 N m adds in a step, and weights of the cost.
const TORQUE_GAIN = 3 * PENDULUM_TIME_STEP;
const SPEED_COST = 0.1;
const TORQUE_COST = 0.001;

/** An episode: its torques, the states before them, and what it costs. */
interface Episode {
  torques: Float32Array;
  /** Shape [steps, 2]. */
  states: Float64Array;
  cost: number;
}

/** By how much to change each torque, and to answer a changed state. */
interface Correction {
  changes: Float64Array;
  /** Shape [steps, 2]. */
  feedback: Float64Array;
}

function clamp(value: number, limit: number): number {
  return Math.min(Math.max(value, -limit), limit);
}

/** Follows torques from a start; `torqueAt` may look at the state. */
function follow(
  start: readonly [number, number],
  torqueAt: (step: number, state: Float64Array) => number,
): Episode {
  const torques = new Float32Array(PENDULUM_STEPS);
  const states = new Float64Array(PENDULUM_STEPS * 2);
  const state = Float64Array.from(start);
  let cost = 0;
  for (let step = 0; step < PENDULUM_STEPS; step++) {
    states[step * 2] = state[0];
    states[step * 2 + 1] = state[1];
    torques[step] = clamp(torqueAt(step, state), MAXIMUM_TORQUE);
    cost -= advancePendulum(state, torques[step]);
  }
  return { torques, states, cost };
}

/**
 * The backward pass: a quadratic model of the cost to go, in angle and speed,
 * is carried back along the episode. Undefined where it is not convex in the
 * torque; more damping helps.
 */
function correct(episode: Episode, damping: number): Correction | undefined {
  const { torques, states } = episode;
  const changes = new Float64Array(PENDULUM_STEPS);
  const feedback = new Float64Array(PENDULUM_STEPS * 2);
  // Slope and curvature of the cost to go.
  let slopeA = 0;
  let slopeS = 0;
  let curveAA = 0;
  let curveAS = 0;
  let curveSS = 0;
  for (let step = PENDULUM_STEPS - 1; step >= 0; step--) {
    const angle = states[step * 2];
    const speed = states[step * 2 + 1];
    const torque = torques[step];
    const next = freeSpeed(angle, speed) + TORQUE_GAIN * torque;
    const free = Math.abs(next) < MAXIMUM_SPEED ? 1 : 0;
    // Derivatives of the next speed; the next angle follows it.
    const swing = freeSpeed(Math.PI / 2, 0);
    const sA = free * swing * Math.cos(angle);
    const sU = free * TORQUE_GAIN;
    const aA = 1 + PENDULUM_TIME_STEP * sA;
    const aS = PENDULUM_TIME_STEP * free;
    const aU = PENDULUM_TIME_STEP * sU;
    const bend = -free * swing * Math.sin(angle) *
      (slopeS + PENDULUM_TIME_STEP * slopeA);
    const viaAA = aA * curveAA + sA * curveAS;
    const viaAS = aA * curveAS + sA * curveSS;
    const viaSA = aS * curveAA + free * curveAS;
    const viaSS = aS * curveAS + free * curveSS;
    const viaUA = aU * curveAA + sU * curveAS;
    const viaUS = aU * curveAS + sU * curveSS;
    const qU = 2 * TORQUE_COST * torque + aU * slopeA + sU * slopeS;
    const qUU = 2 * TORQUE_COST + aU * viaUA + sU * viaUS + damping;
    if (!(qUU > 1e-9)) return undefined;
    const qUA = aA * viaUA + sA * viaUS;
    const qUS = aS * viaUA + free * viaUS;
    const wanted = torque - qU / qUU;
    const bounded = Math.abs(wanted) >= MAXIMUM_TORQUE;
    const change = clamp(wanted, MAXIMUM_TORQUE) - torque;
    const kA = bounded ? 0 : -qUA / qUU;
    const kS = bounded ? 0 : -qUS / qUU;
    changes[step] = change;
    feedback[step * 2] = kA;
    feedback[step * 2 + 1] = kS;
    const push = qUU * change + qU;
    const qA = 2 * normalizedAngle(angle) + aA * slopeA + sA * slopeS;
    const qS = 2 * SPEED_COST * speed + aS * slopeA + free * slopeS;
    const qAA = 2 + aA * viaAA + sA * viaAS + bend;
    const qAS = aA * viaSA + sA * viaSS;
    const qSS = 2 * SPEED_COST + aS * viaSA + free * viaSS;
    slopeA = qA + kA * push + qUA * change;
    slopeS = qS + kS * push + qUS * change;
    curveAA = qAA + kA * (kA * qUU + 2 * qUA);
    curveAS = qAS + kA * kS * qUU + kA * qUS + kS * qUA;
    curveSS = qSS + kS * (kS * qUU + 2 * qUS);
  }
  return { changes, feedback };
}

/** The longest step along a correction that costs less, if there is one. */
function search(
  episode: Episode,
  { changes, feedback }: Correction,
): Episode | undefined {
  const { torques, states, cost } = episode;
  const start = [states[0], states[1]] as const;
  for (let length = 1; length > SMALLEST_STEP; length /= 2) {
    const tried = follow(
      start,
      (step, state) =>
        torques[step] + length * changes[step] +
        feedback[step * 2] * (state[0] - states[step * 2]) +
        feedback[step * 2 + 1] * (state[1] - states[step * 2 + 1]),
    );
    if (tried.cost < cost - SMALLEST_GAIN) return tried;
  }
  return undefined;
}

/**
 * Improves torques until no small change pays.
 *
 * @param start Angle from upright (rad) and speed (rad/s).
 * @param torques Where to begin. Shape [steps].
 * @returns Torques that earn at least as much, and what they earn.
 */
export function descend(
  start: readonly [number, number],
  torques: Float32Array,
): { torques: Float32Array; earned: number } {
  let episode = follow(start, (step) => torques[step]);
  let damping = 1e-6;
  for (
    let i = 0;
    i < MAXIMUM_ITERATIONS && damping < LARGEST_DAMPING;
    i++
  ) {
    const correction = correct(episode, damping);
    const better = correction && search(episode, correction);
    if (better) episode = better;
    damping = better
      ? Math.max(damping / 5, 1e-8)
      : Math.max(damping * 10, SMALLEST_STEP);
  }
  return { torques: episode.torques, earned: -episode.cost };
}
