/**
 * An environment in which a service with retries is brought back after a
 * trigger.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import {
  type Box,
  box,
  contains,
  describeSpace,
  type Discrete,
  discrete,
  type SpaceValue,
} from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import {
  copySavedFloats,
  savedBoolean,
  savedNumber,
  savedTree,
  savedWords,
} from "../_saved.ts";
import type {
  Environment,
  Info,
  ResetOptions,
  ResetResult,
  StepResult,
} from "../environment.ts";
import {
  QUEUEING_CONTROL_FEATURES,
  QUEUEING_CONTROL_MEANINGS,
  type QueueingControlInfo,
} from "./control_info.ts";
import {
  type QueueingControlOptions,
  type QueueingControlSettings,
  queueingControlSettings,
} from "./control_options.ts";
import {
  createQueueingSimulator,
  type QueueingSimulator,
  type QueueingStatistics,
} from "./simulator.ts";

export type {
  Box,
  Discrete,
  Environment,
  Info,
  QueueingControlInfo,
  QueueingControlOptions,
  QueueingControlSettings,
  ResetOptions,
  ResetResult,
  SpaceValue,
  State,
  StepResult,
};

/** Places of what is kept between steps. */
const KEPT = [
  "step",
  "triggerEnd",
  "admission",
  "budget",
  "extraThreads",
  "healthyInRow",
  "healthyFrom",
  "recoveryTime",
  "totalArrivals",
  "totalOnTime",
  "totalRefused",
  "totalThreadTime",
] as const;

type Kept = Record<typeof KEPT[number], number>;

function nothingKept(settings: QueueingControlSettings): Kept {
  return {
    step: 0,
    triggerEnd: 0,
    admission: 1,
    budget: settings.maxRetries,
    extraThreads: 0,
    healthyInRow: 0,
    healthyFrom: 0,
    recoveryTime: NaN,
    totalArrivals: 0,
    totalOnTime: 0,
    totalRefused: 0,
    totalThreadTime: 0,
  };
}

/** More of anything than this is shown as this. */
const LARGEST_FEATURE = 5;

/**
 * A server with open clients that time out and retry, from the moment at which
 * a trigger ends: a burst of arrivals that left the queue full and the clients
 * retrying. At the default load of 0.9 the service is healthy without the
 * trigger, and stays stuck after it unless something is done.
 *
 * **Dynamics**: the simulator's, with the retry model `attempt`.
 *
 * **Actions**: the probability with which attempts are admitted, the retries
 * that a request earns (a retry budget with a burst of 10; no limit from `maxRetries` on), and extra
 * threads.
 * `discrete` numbers all combinations of the levels, admission slowest:
 * `action = (admission * budgets + budget) * threads + thread`, so that 0 does
 * nothing with the default levels. `continuous` is a vector of the three: from
 * 0 to 1, 0 to `maxRetries`, and 0 to the largest level, rounded.
 *
 * **Observation**: `QUEUEING_CONTROL_FEATURES`: jobs waiting over
 * the waiting room, busy threads over threads, requests being retried over the
 * waiting room; of the last step, over the requests to be expected: arrivals,
 * answers in time, time-outs, losses; mean latency of its answers over the
 * time-out, 0 without any; the three settings of the last step, the second
 * over `maxRetries`. Nothing is above 5.
 *
 * **Reward** of a step: answers in time, less `rejectionCost` for each attempt
 * that was not admitted, over the requests to be expected; less `threadCost`
 * for each extra thread.
 *
 * **End**: truncated after `episodeSteps`; never terminated.
 *
 * @example Doing nothing after a trigger
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { QueueingControlEnv } from "./control_env.ts";
 *
 * const env = new QueueingControlEnv();
 * env.reset({ seed: 1 });
 * let recoveryTime = 0;
 * for (let over = false; !over;) {
 *   const { truncated, info } = env.step(0);
 *   recoveryTime = info.recoveryTime;
 *   over = truncated;
 * }
 * assertEquals(recoveryTime, NaN); // stuck
 * ```
 */
export class QueueingControlEnv implements Environment<Float32Array> {
  /** Name and version; models record it. */
  readonly id = "QueueingControl-v1";
  /** Where observations lie. */
  readonly observationSpace: Box = box(0, LARGEST_FEATURE, {
    shape: [QUEUEING_CONTROL_FEATURES.length],
  });
  /** Where actions lie. */
  readonly actionSpace: Box | Discrete;
  /** What each number of an observation is, in the order of their names. */
  readonly observationNames: readonly string[] = QUEUEING_CONTROL_FEATURES.map(
    (name) => `${name}: ${QUEUEING_CONTROL_MEANINGS[name]}`,
  );
  /** The options with every default filled in. */
  readonly settings: QueueingControlSettings;
  #random = new Random(0);
  #simulator: QueueingSimulator | undefined;
  #kept: Kept;
  #duration = 0;
  #seed = 0;
  #running = false;

  /**
   * An environment that has yet to be reset.
   *
   * @param options Throws `RangeError` for values that make no sense.
   */
  constructor(options: QueueingControlOptions = {}) {
    this.settings = queueingControlSettings(options);
    const { actionType, admissionLevels, budgetLevels, threadLevels } =
      this.settings;
    this.#kept = nothingKept(this.settings);
    this.actionSpace = actionType === "continuous"
      ? box(
        Float32Array.of(0, 0, 0),
        Float32Array.of(
          1,
          Math.max(1, this.settings.maxRetries),
          Math.max(1, ...threadLevels),
        ),
      )
      : discrete(
        admissionLevels.length * budgetLevels.length * threadLevels.length,
      );
  }

  /** The system with a trigger of some duration. */
  #create(): QueueingSimulator {
    const { settings } = this;
    return createQueueingSimulator({
      clients: [{
        arrivalRate: settings.arrivalRate,
        timeout: settings.timeout,
        maxRetries: settings.maxRetries,
        retryBudget: { ratio: Infinity },
      }],
      servers: [{
        service: { law: "exponential", mean: settings.meanServiceTime },
        threads: settings.threads,
        queueCapacity: settings.queueCapacity,
      }],
      faults: [{
        target: "arrivalRate",
        start: settings.warmUp,
        duration: this.#duration,
        factor: settings.triggerFactor,
      }],
      seed: this.#seed,
    });
  }

  /** Begins an episode: lets a trigger happen, and ends with it. */
  reset(
    options: ResetOptions = {},
  ): ResetResult<Float32Array> & { info: QueueingControlInfo } {
    const { triggerDuration: [shortest, longest], warmUp } = this.settings;
    if (options.seed !== undefined) this.#random = new Random(options.seed);
    this.#duration = this.#random.uniform(shortest, longest);
    this.#seed = this.#random.integer(0, Number.MAX_SAFE_INTEGER);
    const simulator = this.#create();
    const triggerEnd = warmUp + this.#duration;
    simulator.advanceTo(triggerEnd);
    simulator.resetStatistics();
    this.#simulator = simulator;
    this.#kept = { ...nothingKept(this.settings), triggerEnd };
    this.#running = true;
    const statistics = simulator.statistics();
    return {
      observation: this.#observation(statistics),
      info: this.#info(statistics),
    };
  }

  /** Takes one action and lets a step's time pass. */
  step(
    action: SpaceValue,
  ): StepResult<Float32Array> & { info: QueueingControlInfo } {
    const simulator = this.#simulator;
    if (simulator === undefined || !this.#running) {
      throw new Error("Cannot step an episode that is over: call reset first");
    }
    if (!contains(this.actionSpace, action)) {
      throw new RangeError(
        `Cannot take action ${action}, expected ${
          describeSpace(this.actionSpace)
        }`,
      );
    }
    const kept = this.#kept;
    const { stepTime, episodeSteps } = this.settings;
    this.#apply(simulator, action);
    simulator.resetStatistics();
    kept.step++;
    simulator.advanceTo(kept.triggerEnd + kept.step * stepTime);
    const statistics = simulator.statistics();
    this.#account(statistics);
    this.#running = kept.step < episodeSteps;
    return {
      observation: this.#observation(statistics),
      reward: this.#reward(statistics),
      terminated: false,
      truncated: !this.#running,
      info: this.#info(statistics),
    };
  }

  #apply(simulator: QueueingSimulator, action: SpaceValue): void {
    const kept = this.#kept;
    const { admissionLevels, budgetLevels, threadLevels } = this.settings;
    if (typeof action === "number") {
      const pair = Math.floor(action / threadLevels.length);
      kept.admission = admissionLevels[Math.floor(pair / budgetLevels.length)];
      kept.budget = budgetLevels[pair % budgetLevels.length];
      kept.extraThreads = threadLevels[action % threadLevels.length];
    } else {
      [kept.admission, kept.budget] = action;
      kept.extraThreads = Math.round(action[2]);
    }
    simulator.control({
      admissionProbability: kept.admission,
      retryBudgetRatio: kept.budget >= this.settings.maxRetries
        ? Infinity
        : kept.budget,
      extraThreads: kept.extraThreads,
    });
  }

  /** Requests to be expected in a step. */
  get #expected(): number {
    return this.settings.arrivalRate * this.settings.stepTime;
  }

  #account(statistics: QueueingStatistics): void {
    const kept = this.#kept;
    const { stepTime, healthyShare, healthySteps } = this.settings;
    kept.totalArrivals += statistics.arrivals;
    kept.totalOnTime += statistics.onTime;
    kept.totalRefused += statistics.droppedAdmission;
    kept.totalThreadTime += kept.extraThreads * stepTime;
    if (statistics.onTime < healthyShare * this.#expected) {
      kept.healthyInRow = 0;
      return;
    }
    if (kept.healthyInRow++ === 0) {
      kept.healthyFrom = (kept.step - 1) * stepTime;
    }
    if (kept.healthyInRow >= healthySteps && Number.isNaN(kept.recoveryTime)) {
      kept.recoveryTime = kept.healthyFrom;
    }
  }

  #reward({ onTime, droppedAdmission }: QueueingStatistics): number {
    const { rejectionCost, threadCost } = this.settings;
    return (onTime - rejectionCost * droppedAdmission) / this.#expected -
      threadCost * this.#kept.extraThreads;
  }

  #observation(statistics: QueueingStatistics): Float32Array {
    const { queueCapacity, threads, timeout, maxRetries } = this.settings;
    const simulator = this.#simulator!;
    const expected = this.#expected;
    const { admission, budget, extraThreads } = this.#kept;
    const { meanLatency, answered } = statistics;
    return Float32Array.of(
      simulator.waiting() / queueCapacity,
      simulator.busy() / threads,
      simulator.retries / queueCapacity,
      statistics.arrivals / expected,
      statistics.onTime / expected,
      statistics.timeouts / expected,
      statistics.dropped / expected,
      answered > 0 ? meanLatency / timeout : 0,
      admission,
      maxRetries > 0 ? budget / maxRetries : 0,
      extraThreads,
    ).map((value) => Math.min(value, LARGEST_FEATURE));
  }

  #info(statistics: QueueingStatistics): QueueingControlInfo {
    const kept = this.#kept;
    return {
      step: kept.step,
      time: kept.step * this.settings.stepTime,
      waiting: this.#simulator!.waiting(),
      retrying: this.#simulator!.retries,
      arrivals: statistics.arrivals,
      onTime: statistics.onTime,
      refused: statistics.droppedAdmission,
      lost: statistics.dropped - statistics.droppedAdmission,
      admission: kept.admission,
      budget: kept.budget,
      extraThreads: kept.extraThreads,
      totalArrivals: kept.totalArrivals,
      totalOnTime: kept.totalOnTime,
      totalRefused: kept.totalRefused,
      totalThreadTime: kept.totalThreadTime,
      recoveryTime: kept.recoveryTime,
    };
  }

  /** All that is needed to go on from here. */
  saveState(): State {
    return {
      random: this.#random.saveState(),
      duration: this.#duration,
      seed: this.#seed,
      running: this.#running,
      kept: Float64Array.from(KEPT, (name) => this.#kept[name]),
      ...(this.#simulator && { simulator: this.#simulator.saveState() }),
    };
  }

  /** Goes on from a saved state. Throws `TypeError` when it does not fit. */
  loadState(state: State): void {
    this.#random = Random.fromState(savedWords(state, "random"));
    this.#duration = savedNumber(state, "duration");
    this.#seed = savedNumber(state, "seed");
    this.#running = savedBoolean(state, "running");
    const kept = new Float64Array(KEPT.length);
    copySavedFloats(state, "kept", kept);
    KEPT.forEach((name, i) => this.#kept[name] = kept[i]);
    this.#simulator = undefined;
    if ("simulator" in state) {
      this.#simulator = this.#create();
      this.#simulator.loadState(savedTree(state, "simulator"));
    }
  }
}
