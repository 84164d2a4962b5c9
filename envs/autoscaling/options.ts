/**
 * What an autoscaling environment can be told.
 *
 * @module
 */
import { type LoadPattern, loadPattern } from "./patterns.ts";
import { type Service, service } from "./service.ts";

export type { LoadPattern, Service };

const DEFAULT_STEPS = 200;

/** How long a new instance takes until it serves. */
export interface BootDelay {
  /** Shape of the delay's distribution. */
  readonly distribution: "constant" | "exponential" | "lognormal";
  /** Mean delay, seconds. */
  readonly meanSeconds: number;
  /**
   * Standard deviation over mean, for the lognormal distribution. Default
   * 0.5.
   */
  readonly variation?: number;
}

/** Options of the autoscaling environments. */
export interface AutoscalingOptions {
  /**
   * `reference` shows the original's five raw numbers and has no time limit;
   * `default` shows scaled features and cuts episodes. Dynamics and reward
   * are the same. Default `default`.
   */
  mode?: "default" | "reference";
  /** Name of a built-in pattern, or one of your own. Default `SINE_CURVE`. */
  pattern?: string | LoadPattern;
  /** Constants that differ from the reference service's. */
  service?: Partial<Service>;
  /** Steps after which an episode is cut. Default 200; none in reference mode. */
  episodeSteps?: number;
  /** Change in instances of each action. Default -1, 0, 1. */
  actionDeltas?: readonly number[];
  /**
   * Whether episodes begin at a random phase of the pattern, with a random
   * size from 0.9 to 1.5 of what the load there needs. Default false: at step
   * 0 with `initialInstances`.
   */
  randomStart?: boolean;
  /**
   * How long new instances boot. Default: exactly one step, in which the
   * original also delays removals. With a distribution each instance boots on
   * its own, serves for the rest of the step in which it is ready, and
   * removals happen at once, booting instances first.
   */
  bootDelay?: BootDelay;
  /** Steps after a change in which another is refused. Default 0. */
  cooldownSteps?: number;
  /** Whether `info` carries masks of the allowed actions. Default false. */
  maskActions?: boolean;
  /**
   * `reference`: idle capacity, queue and refused actions (facts of the
   * original). `cost`: minus dollars for instances, for each request that
   * waited longer than the limit, and for failing. Default `reference`.
   */
  reward?: "reference" | "cost";
  /** Longest wait that the objective allows, seconds. Default 10. */
  waitLimitSeconds?: number;
  /**
   * Price of a request over the limit, dollars. Default 0.001, five times what
   * serving one costs on the reference service: below that cost it would pay
   * to serve nobody.
   */
  violationPrice?: number;
  /**
   * What a service that fails loses beside the step's reward. Its end is the
   * end of all costs, so that without a penalty failing early can pay. Default:
   * 0 with the reference reward, as in the original; with `cost` an episode
   * (200 steps where they have no limit) of violations at the largest load.
   */
  failurePenalty?: number;
  /**
   * Whether waits and violations are counted; bills always are. Default true,
   * in reference mode with the reference reward false.
   */
  metrics?: boolean;
}

const OPTIONS: Readonly<Record<keyof AutoscalingOptions, true>> = {
  mode: true,
  pattern: true,
  service: true,
  episodeSteps: true,
  actionDeltas: true,
  randomStart: true,
  bootDelay: true,
  cooldownSteps: true,
  maskActions: true,
  reward: true,
  waitLimitSeconds: true,
  violationPrice: true,
  failurePenalty: true,
  metrics: true,
};

/** The names of {@linkcode AutoscalingOptions}. */
export const AUTOSCALING_OPTION_NAMES: readonly string[] = Object.keys(OPTIONS);

/** {@linkcode AutoscalingOptions} with every default filled in. */
export interface AutoscalingSettings {
  /** See the options of the same names. */
  readonly mode: "default" | "reference";
  /** The load. */
  readonly pattern: LoadPattern;
  /** The service. */
  readonly service: Service;
  /** Infinity where there is no limit. */
  readonly episodeSteps: number;
  /** Change in instances of each action. */
  readonly actionDeltas: readonly number[];
  /** Largest of them, whatever its sign. */
  readonly largestChange: number;
  /** Whether episodes begin anywhere. */
  readonly randomStart: boolean;
  /** Undefined for the constant delay of one step. */
  readonly bootDelay: BootDelay | undefined;
  /** Steps between changes. */
  readonly cooldownSteps: number;
  /** Whether masks are given. */
  readonly maskActions: boolean;
  /** The reward. */
  readonly reward: "reference" | "cost";
  /** Seconds. */
  readonly waitLimitSeconds: number;
  /** Dollars. */
  readonly violationPrice: number;
  /** In units of the reward. */
  readonly failurePenalty: number;
  /** Whether waits and violations are counted. */
  readonly metrics: boolean;
}

/**
 * Fills in defaults. Throws `RangeError` for values that make no sense.
 *
 * @param options What was asked for.
 */
export function autoscalingSettings(
  options: AutoscalingOptions = {},
): AutoscalingSettings {
  const mode = options.mode ?? "default";
  if (mode !== "default" && mode !== "reference") {
    throw new RangeError(
      `Cannot use mode "${mode}": expected default or reference`,
    );
  }
  const reward = options.reward ?? "reference";
  if (reward !== "reference" && reward !== "cost") {
    throw new RangeError(
      `Cannot use reward "${reward}": expected reference or cost`,
    );
  }
  const made = service(options.service);
  const pattern = options.pattern ?? "SINE_CURVE";
  const actionDeltas = options.actionDeltas ?? [-1, 0, 1];
  const episodeSteps = options.episodeSteps ??
    (mode === "default" ? DEFAULT_STEPS : Infinity);
  const pricedSteps = episodeSteps === Infinity ? DEFAULT_STEPS : episodeSteps;
  const violationPrice = options.violationPrice ?? 1e-3;
  const settings: AutoscalingSettings = {
    mode,
    service: made,
    pattern: typeof pattern === "string" ? loadPattern(pattern, made) : pattern,
    episodeSteps,
    actionDeltas,
    largestChange: Math.max(...actionDeltas.map(Math.abs)),
    randomStart: options.randomStart ?? false,
    bootDelay: options.bootDelay,
    cooldownSteps: options.cooldownSteps ?? 0,
    maskActions: options.maskActions ?? false,
    reward,
    waitLimitSeconds: options.waitLimitSeconds ?? 10,
    violationPrice,
    failurePenalty: options.failurePenalty ??
      (reward === "cost"
        ? made.maximumInflux * pricedSteps * violationPrice
        : 0),
    metrics: options.metrics ?? (mode === "default" || reward === "cost"),
  };
  checkSettings(settings);
  return settings;
}

function checkSettings(settings: AutoscalingSettings): void {
  const { episodeSteps, actionDeltas, cooldownSteps, bootDelay } = settings;
  if (
    !(episodeSteps === Infinity ||
      (Number.isInteger(episodeSteps) && episodeSteps > 0))
  ) {
    throw new RangeError(
      `Cannot run episodes of ${episodeSteps} steps: expected a whole number from 1`,
    );
  }
  if (
    actionDeltas.length < 2 || !actionDeltas.every(Number.isInteger) ||
    new Set(actionDeltas).size !== actionDeltas.length ||
    !actionDeltas.includes(0)
  ) {
    throw new RangeError(
      `Cannot use the actions [${actionDeltas}]: expected different whole numbers, one of them 0`,
    );
  }
  if (!(Number.isInteger(cooldownSteps) && cooldownSteps >= 0)) {
    throw new RangeError(
      `Cannot cool down for ${cooldownSteps} steps: expected a whole number from 0`,
    );
  }
  if (
    bootDelay &&
    !(bootDelay.meanSeconds >= 0 && bootDelay.meanSeconds < Infinity &&
      (bootDelay.variation ?? 0.5) > 0 &&
      ["constant", "exponential", "lognormal"].includes(bootDelay.distribution))
  ) {
    throw new RangeError(
      `Cannot boot with ${
        JSON.stringify(bootDelay)
      }: expected a constant, exponential or lognormal distribution, a mean from 0 seconds and a variation above 0`,
    );
  }
  if (settings.reward === "cost" && !settings.metrics) {
    throw new RangeError(
      "Cannot price violations without metrics: expected metrics true with the reward cost",
    );
  }
  const { waitLimitSeconds, violationPrice, failurePenalty } = settings;
  if (
    !(waitLimitSeconds >= 0 && violationPrice >= 0 && failurePenalty >= 0)
  ) {
    throw new RangeError(
      `Cannot price waits over ${waitLimitSeconds} s at ${violationPrice} dollars and take ${failurePenalty} for a failure: expected numbers from 0`,
    );
  }
}
