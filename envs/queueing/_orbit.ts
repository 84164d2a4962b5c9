/**
 * The orbit of the Markov chain: how many jobs are in it, and how fast they
 * leave.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import {
  createDraws,
  type Draws,
  fillExponential,
  fillUniform,
} from "./_draws.ts";
import type { QueueingOptions } from "./options.ts";
import {
  orbitRates,
  type TimeoutProbabilityName,
} from "./timeout_probability.ts";

/** The orbit while the simulation runs. */
export interface Orbit {
  /** Most jobs in it. */
  readonly capacity: number;
  /** Share of slow jobs that are counted twice. */
  readonly alpha: number;
  /** What happens at a full queue. */
  readonly whenFull: "lose" | "spawn" | "return";
  /** Time-out probability by jobs at the server, shape [K + 1]. */
  timeoutProbability: Float64Array;
  /** How that is computed. */
  readonly kind: TimeoutProbabilityName;
  /** Rate at which each job leaves. */
  readonly leaveRate: number;
  /** Of those that leave, the share that is given up. */
  readonly giveUpShare: number;
  /** Unit exponentials and uniforms. */
  readonly waits: Draws;
  /** Uniforms. */
  readonly choices: Draws;
  /**
   * Unit exponential that is left until the next leaves: with o jobs the time
   * left is that over o times the rate, whatever o was before.
   */
  readonly left: Float64Array;
}

/** The orbit of the only server and client, empty. */
export function createOrbit(options: QueueingOptions, random: Random): Orbit {
  const { timeout = 9, maxRetries = 3 } = options.clients[0];
  const {
    alpha = 0.25,
    capacity = 19,
    timeoutProbability = "erlang",
    whenFull = "lose",
  } = options.orbit ?? {};
  const rates = orbitRates(timeout, maxRetries);
  const waits = createDraws(random.split(), fillExponential);
  return {
    capacity,
    alpha,
    whenFull,
    timeoutProbability: new Float64Array(0),
    kind: timeoutProbability,
    leaveRate: rates.retry + rates.giveUp,
    giveUpShare: rates.giveUp / (rates.retry + rates.giveUp),
    waits,
    choices: createDraws(random.split(), fillUniform),
    left: new Float64Array(1),
  };
}
