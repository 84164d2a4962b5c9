/**
 * Options of the routing environment.
 *
 * @module
 */
import { type Box, box } from "../../core/spaces.ts";
import {
  type EmulatorOptions,
  type EmulatorSettings,
  emulatorSettings,
  type WeightRange,
} from "./emulator_options.ts";
import { controllerAddress, type RyuClientOptions } from "./ryu_client.ts";
import { OBSERVATION_BLOCKS, type ObservationBlock } from "./observation.ts";

export type {
  Box,
  EmulatorOptions,
  EmulatorSettings,
  ObservationBlock,
  RyuClientOptions,
  WeightRange,
};

/**
 * What a step is rewarded by.
 *
 * - `seed`: throughput minus delay, each in proportion to its cap and at most
 *   1, minus the largest link utilisation; from -2 to 1.
 * - `delay`: minus the mean delay in proportion to its cap.
 * - `largest-utilisation`: minus the largest utilisation, as if nothing were
 *   lost where the controller can tell that.
 * - `delivered-share`: the share of what is sent that arrives.
 */
export const REWARDS = [
  "seed",
  "delay",
  "largest-utilisation",
  "delivered-share",
] as const;

/** What a step is rewarded by. */
export type RewardName = typeof REWARDS[number];

/** Options of `SDNEnv`. */
export interface SDNOptions extends EmulatorOptions {
  /**
   * Who steers the network: `embedded` for an emulator in this process, or the
   * address of a controller such as `http://127.0.0.1:8080`, for which options
   * of the emulator (topology, traffic, ...) mean nothing. Default `embedded`.
   */
  readonly ryuBase?: string;
  /** Time-outs and retries where a controller is asked by HTTP. */
  readonly client?: RyuClientOptions;
  /**
   * `default`: actions from -1 to 1 move logarithms of weights. `reference`:
   * actions from -0.5 to 0.5 are added to weights, as in the original.
   */
  readonly mode?: "default" | "reference";
  /**
   * How far an action of 1 moves the logarithm of a weight, or the weight
   * itself in reference mode, where it is also the action's bound. Default
   * 0.5.
   */
  readonly actionScale?: number;
  /**
   * `delta`: weights move from where they are, and an action of zeros changes
   * nothing. `absolute`: from the baseline, whatever was done before. Default
   * `delta`.
   */
  readonly actionMode?: "delta" | "absolute";
  /**
   * Steps of an episode; Infinity for episodes that do not end. Default 50.
   */
  readonly episodeSteps?: number;
  /** What a step is rewarded by. Default `seed`. */
  readonly reward?: RewardName;
  /** A mean delay that counts as 1, in milliseconds. Default 1000. */
  readonly delayCapMs?: number;
  /** A throughput that counts as 1, in Mbit/s. Default 1000. */
  readonly throughputCapMbps?: number;
  /**
   * A demand that counts as 1, in Mbit/s. Default: the largest of the first
   * day.
   */
  readonly demandCapMbps?: number;
  /**
   * What is seen, in this order. Default: utilisations, delay, throughput, as
   * in the original.
   */
  readonly observation?: readonly ObservationBlock[];
}

/** Options with every default filled in. */
export interface SDNSettings {
  /** `embedded` or the controller's address. */
  readonly ryuBase: string;
  /** Time-outs and retries. */
  readonly client: RyuClientOptions;
  /** Whether actions move weights and not their logarithms. */
  readonly isReference: boolean;
  /** Scale of actions. */
  readonly actionScale: number;
  /** What actions start from. */
  readonly actionMode: "delta" | "absolute";
  /** Where actions lie. */
  readonly actionSpace: Box;
  /** Steps of an episode; may be Infinity. */
  readonly episodeSteps: number;
  /** What a step is rewarded by. */
  readonly reward: RewardName;
  /** A delay that counts as 1, in milliseconds. */
  readonly delayCapMs: number;
  /** A throughput that counts as 1, in Mbit/s. */
  readonly throughputCapMbps: number;
  /** A demand that counts as 1, in Mbit/s; undefined where none is seen. */
  readonly demandCapMbps: number | undefined;
  /** What is seen. */
  readonly observation: readonly ObservationBlock[];
  /** The emulated network, or one that only counts links. */
  readonly emulator: EmulatorSettings;
}

function checkPositive(what: string, value: number): void {
  if (!(value > 0 && value < Infinity)) {
    throw new RangeError(
      `Cannot use ${what} of ${value}, expected a number above 0`,
    );
  }
}

function checkChoice(
  what: string,
  value: string,
  choices: readonly string[],
): void {
  if (!choices.includes(value)) {
    throw new RangeError(
      `Cannot use ${what} "${value}", expected one of ${choices.join(", ")}`,
    );
  }
}

function checkSteps(steps: number): void {
  if (steps !== Infinity && (!Number.isSafeInteger(steps) || steps < 1)) {
    throw new RangeError(
      `Cannot play episodes of ${steps} steps, expected a whole number from 1 or Infinity`,
    );
  }
}

function checkBlocks(
  blocks: readonly ObservationBlock[],
  ryuBase: string,
): void {
  if (blocks.length === 0 || new Set(blocks).size < blocks.length) {
    throw new RangeError(
      `Cannot observe [${blocks}], expected one or more different blocks`,
    );
  }
  for (const block of blocks) {
    checkChoice("the observation", block, Object.keys(OBSERVATION_BLOCKS));
    if (ryuBase !== "embedded" && OBSERVATION_BLOCKS[block].onlyEmbedded) {
      throw new RangeError(
        `Cannot observe "${block}" through ${ryuBase}, which does not tell it: expected the embedded controller`,
      );
    }
  }
}

/** The largest demand of the first day. */
function largestDemand({ topology, traffic }: EmulatorSettings): number {
  const matrix = new Float64Array(topology.nodeCount ** 2);
  const count = Math.min(traffic.intervals, traffic.intervalsPerDay);
  let largest = 0;
  for (let interval = 0; interval < count; interval++) {
    traffic.matrixAt(interval, matrix);
    for (const demand of matrix) largest = Math.max(largest, demand);
  }
  return largest > 0 ? largest : 1;
}

/**
 * Options with every default filled in.
 *
 * @param options Throws `RangeError` or `TypeError` for values that make no
 * sense.
 */
export function sdnSettings(options: SDNOptions = {}): SDNSettings {
  const {
    ryuBase: given = "embedded",
    mode = "default",
    actionScale = 0.5,
    actionMode = "delta",
    episodeSteps = 50,
    reward = "seed",
    delayCapMs = 1000,
    throughputCapMbps = 1000,
    observation = ["utilisations", "delay", "throughput"],
  } = options;
  const ryuBase = given === "embedded" ? given : controllerAddress(given);
  checkChoice("the mode", mode, ["default", "reference"]);
  checkChoice("the action mode", actionMode, ["delta", "absolute"]);
  checkChoice("the reward", reward, REWARDS);
  checkPositive("an action scale", actionScale);
  checkPositive("a delay cap", delayCapMs);
  checkPositive("a throughput cap", throughputCapMbps);
  checkSteps(episodeSteps);
  checkBlocks(observation, ryuBase);
  const emulator = emulatorSettings(options);
  if (ryuBase === "embedded" && emulator.clock === "wall") {
    throw new RangeError(
      "Cannot step an embedded network by the clock on the wall, expected the virtual clock",
    );
  }
  const seesDemands = observation.some((block) =>
    OBSERVATION_BLOCKS[block].needsDemandCap
  );
  const demandCapMbps = seesDemands
    ? options.demandCapMbps ?? largestDemand(emulator)
    : undefined;
  if (demandCapMbps !== undefined) checkPositive("a demand cap", demandCapMbps);
  const bound = mode === "reference" ? actionScale : 1;
  return {
    ryuBase,
    client: options.client ?? {},
    isReference: mode === "reference",
    actionScale,
    actionMode,
    actionSpace: box(-bound, bound, { shape: [emulator.topology.linkCount] }),
    episodeSteps,
    reward,
    delayCapMs,
    throughputCapMbps,
    demandCapMbps,
    observation,
    emulator,
  };
}
