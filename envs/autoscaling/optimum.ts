/**
 * The best that can be done in an autoscaling environment, where it can be
 * computed.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { State } from "../../core/state.ts";
import { type Program, programSize, solveProgram } from "./_dynamic_program.ts";
import { AutoscalingEnv } from "./autoscaling_env.ts";
import type { AutoscalingSettings } from "./options.ts";

export type { AutoscalingSettings, State };

/** Options of {@linkcode autoscalingOptimum}. */
export interface OptimumOptions {
  /** Steps to plan for. Default 200, or what is left of the episode. */
  steps?: number;
  /**
   * Where to begin, as `saveState` of an environment with these settings gives
   * it. Default: where episodes begin; needed where that is random.
   */
  state?: State;
  /**
   * Longest queue that is looked at item by item at first; it is enlarged
   * where that does not suffice. Default 400.
   */
  queueCap?: number;
}

/** The best plan from one start. */
export interface Optimum {
  /** Its return: what an environment pays for its actions. */
  readonly value: number;
  /** No plan returns more. */
  readonly bound: number;
  /** Whether `value` is `bound`, but for rounding. */
  readonly certified: boolean;
  /** Places in `actionDeltas`. Shape [steps], fewer where the service fails. */
  readonly actions: Int32Array;
  /** Longest queue that was looked at item by item. */
  readonly queueCap: number;
}

/** Says that there is no exact optimum. */
export interface NoOptimum {
  /** Why, as the end of a sentence. */
  readonly none: string;
}

/** Values kept at most: a byte each, and some 5 ns. */
const LARGEST_PROGRAM = 2 ** 27;
const QUEUE_CAP_GROWTH = 4;
const ROUNDING = 1e-9;
/** Deterministic patterns are handed a stream, but do not draw. */
const NO_RANDOM = new Random(0);

/**
 * Why settings have no optimum that can be computed; undefined where they have
 * one.
 *
 * @param settings The environment's.
 */
export function whyNoOptimum(
  settings: AutoscalingSettings,
): string | undefined {
  const { pattern, bootDelay, service, actionDeltas } = settings;
  if (!pattern.deterministic) {
    return `the load ${pattern.name} is drawn at random`;
  }
  if (bootDelay !== undefined) {
    return `instances boot one by one, with ${
      bootDelay.distribution === "constant" ? "a" : "a random"
    } delay of their own`;
  }
  if (!Number.isInteger(service.capacityPerInstance)) {
    return `instances serve ${service.capacityPerInstance} items a step, no whole number`;
  }
  if (actionDeltas.length > 256) {
    return `there are ${actionDeltas.length} actions, more than 256`;
  }
  return undefined;
}

/**
 * The optimum by dynamic programming over step, instances, pending change,
 * queue and cooldown (Bellman, "Dynamic Programming", 1957): exact for loads
 * that are known and instances that boot for one step.
 *
 * Queues above a cap are gathered in intervals, each as good as its best
 * member, which makes the result an upper bound. Its plan is then played in
 * the environment: where it returns the bound, it is optimal, else the cap is
 * enlarged, as far as memory lasts.
 *
 * @param settings The environment's.
 * @param options Steps and start. Throws `RangeError` unless `steps` is a whole
 * number from 1 and `queueCap` one from 0.
 *
 * @example The reference service under its sine curve
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { autoscalingOptimum } from "./optimum.ts";
 * import { autoscalingSettings } from "./options.ts";
 *
 * const optimum = autoscalingOptimum(autoscalingSettings(), { steps: 200 });
 * if ("none" in optimum) throw new Error(optimum.none);
 * assertAlmostEquals(optimum.value, -3.0948, 5e-5);
 * ```
 */
export function autoscalingOptimum(
  settings: AutoscalingSettings,
  options: OptimumOptions = {},
): Optimum | NoOptimum {
  checkOptions(options);
  const reason = whyNoOptimum(settings);
  if (reason !== undefined) return { none: reason };
  if (settings.randomStart && options.state === undefined) {
    return { none: "episodes begin at random, and no start was given" };
  }
  const state = options.state ?? firstState(settings);
  const program = createProgram(settings, state, options.steps);
  const { influx, start } = program;
  if (influx.length === 0) return { none: "the episode is over" };
  if (!influx.every(Number.isInteger) || !Number.isInteger(start.queue)) {
    return { none: `the load ${settings.pattern.name} has parts of items` };
  }
  const largestCap = Math.floor(settings.service.queueLimit);
  let queueCap = Math.max(options.queueCap ?? 400, start.queue);
  if (programSize(program, queueCap) > LARGEST_PROGRAM) {
    return { none: `${influx.length} steps are too many to plan for` };
  }
  for (;;) {
    const { bound, actions } = solveProgram(program, queueCap);
    const { value, steps } = play(settings, state, actions);
    const optimum = {
      value,
      bound,
      certified: value >= bound - ROUNDING * (1 + Math.abs(bound)),
      actions: actions.subarray(0, steps),
      queueCap,
    };
    const larger = Math.min(largestCap, QUEUE_CAP_GROWTH * (queueCap + 100));
    if (
      optimum.certified || larger <= queueCap ||
      programSize(program, larger) > LARGEST_PROGRAM
    ) return optimum;
    queueCap = larger;
  }
}

function checkOptions({ steps = 1, queueCap = 0 }: OptimumOptions): void {
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new RangeError(
      `Cannot plan for ${steps} steps: expected a whole number from 1`,
    );
  }
  if (!Number.isSafeInteger(queueCap) || queueCap < 0) {
    throw new RangeError(
      `Cannot cap the queue at ${queueCap} items: expected a whole number from 0`,
    );
  }
}

function firstState(settings: AutoscalingSettings): State {
  const environment = new AutoscalingEnv(settings);
  environment.reset({ seed: 0 });
  return environment.saveState();
}

function createProgram(
  settings: AutoscalingSettings,
  state: State,
  steps: number | undefined,
): Program {
  const environment = new AutoscalingEnv(settings);
  environment.loadState(state);
  const { fleet } = environment;
  const { pattern, episodeSteps } = settings;
  const left = episodeSteps - fleet.step;
  const length = Math.min(steps ?? (left === Infinity ? 200 : left), left);
  const from = fleet.phase + fleet.step + 1;
  return {
    settings,
    influx: Float64Array.from(
      { length: fleet.failed === 1 ? 0 : length },
      (_, i) => pattern.influx(from + i, NO_RANDOM),
    ),
    start: {
      instances: fleet.instances,
      pending: fleet.pending,
      queue: fleet.queue,
      cooldown: fleet.cooldown,
    },
  };
}

/** What the environment pays for a plan, and the steps that it lasts. */
function play(
  settings: AutoscalingSettings,
  state: State,
  actions: Int32Array,
): { value: number; steps: number } {
  const environment = new AutoscalingEnv(settings);
  environment.loadState(state);
  let value = 0;
  for (let i = 0; i < actions.length; i++) {
    const { reward, terminated, truncated } = environment.step(actions[i]);
    value += reward;
    if (terminated || truncated) return { value, steps: i + 1 };
  }
  return { value, steps: actions.length };
}
