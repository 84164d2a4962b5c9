/**
 * One network that an agent steers: actions to weights, what is seen, what is
 * rewarded. Single and vector environments are built on it.
 *
 * @module
 */
import { type Box, box } from "../../core/spaces.ts";
import { exp, log } from "../../core/fdlibm.ts";
import type { State } from "../../core/state.ts";
import {
  copySavedFloats,
  savedBoolean,
  savedNumber,
  savedTree,
} from "../_saved.ts";
import type { SDNSettings } from "./env_options.ts";
import { BlockingController } from "./blocking_controller.ts";
import { FluidEmulator } from "./fluid_emulator.ts";
import { observationNames, observer } from "./observation.ts";
import {
  makeNetworkStats,
  type NetworkStats,
  type RoutingController,
} from "./routing_controller.ts";

function largestOf(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > largest) largest = values[i];
  }
  return largest;
}

/** Reward of what happened in a step. */
function rewardOf(
  { reward, delayCapMs, throughputCapMbps }: SDNSettings,
  stats: NetworkStats,
): number {
  const delay = Math.min(stats.averageDelayMs / delayCapMs, 1);
  switch (reward) {
    case "seed":
      return Math.min(stats.throughputMbps / throughputCapMbps, 1) - delay -
        largestOf(stats.linkUtilisations);
    case "delay":
      return -delay;
    case "largest-utilisation":
      return -(stats.largestUtilisation ?? largestOf(stats.linkUtilisations));
    case "delivered-share":
      if (stats.demandMbps === undefined) {
        throw new Error(
          "Cannot reward the delivered share: the controller does not tell how much is sent",
        );
      }
      return stats.demandMbps > 0 ? stats.throughputMbps / stats.demandMbps : 1;
  }
}

/** The network that the options name: emulated here, or asked over HTTP. */
export function controllerOf(settings: SDNSettings): RoutingController {
  const { ryuBase, emulator, client } = settings;
  if (ryuBase === "embedded") return new FluidEmulator(emulator);
  return new BlockingController(ryuBase, {
    ...client,
    linkCount: emulator.topology.linkCount,
    stepSeconds: emulator.stepSeconds,
  });
}

/** A network and its episode. */
export class Steering {
  /** Where observations lie. */
  readonly observationSpace: Box;
  /** What the controller told last. */
  readonly stats: NetworkStats;
  /** The weights. Shape [links]. */
  readonly weights: Float64Array;
  readonly #settings: SDNSettings;
  readonly #controller: RoutingController;
  readonly #emulator: FluidEmulator | undefined;
  readonly #write: ReturnType<typeof observer>;
  readonly #deltas: Float64Array;
  /** Logarithms of the weights, from the lowest (0) to the highest (1). */
  readonly #levels: Float64Array;
  #running = false;
  #steps = 0;

  constructor(settings: SDNSettings, controller: RoutingController) {
    const { topology } = settings.emulator;
    const { linkCount } = topology;
    this.#settings = settings;
    this.#controller = controller;
    this.#emulator = controller instanceof FluidEmulator
      ? controller
      : undefined;
    this.observationSpace = box(0, 1, {
      shape: [observationNames(settings).length],
    });
    this.#write = observer(settings.observation, topology, settings);
    this.stats = makeNetworkStats(linkCount);
    this.weights = new Float64Array(linkCount);
    this.#deltas = new Float64Array(linkCount);
    this.#levels = new Float64Array(linkCount);
  }

  /** Whether there is an episode to step. */
  get running(): boolean {
    return this.#running;
  }

  /** Whether the episode has come to its end. */
  get over(): boolean {
    return this.#steps >= this.#settings.episodeSteps;
  }

  /** Begins an episode. */
  begin(seed: number | undefined): void {
    this.#running = false;
    this.#controller.restoreBaseline(seed);
    this.weights.set(this.#controller.baseline);
    this.#controller.readStats(this.stats);
    this.#steps = 0;
    this.#running = true;
  }

  /** Takes an action of the action space and returns the reward. */
  step(action: Float32Array): number {
    const { low, high } = this.#controller.weightRange;
    const { weights } = this;
    const deltas = this.#deltas;
    for (let l = 0; l < weights.length; l++) {
      deltas[l] = this.#target(l, action[l], low, high) - weights[l];
    }
    this.#controller.changeWeights(deltas);
    for (let l = 0; l < weights.length; l++) {
      // The controller's own sum, so that both have the same bits.
      const weight = weights[l] + deltas[l];
      weights[l] = weight < low ? low : weight > high ? high : weight;
    }
    this.#controller.readStats(this.stats);
    this.#steps++;
    this.#running = !this.over;
    return rewardOf(this.#settings, this.stats);
  }

  /** The weight that an action asks for. */
  #target(link: number, action: number, low: number, high: number): number {
    const { isReference, actionScale, actionMode } = this.#settings;
    const from = actionMode === "delta"
      ? this.weights[link]
      : this.#controller.baseline[link];
    const weight = isReference
      ? from + action
      : action === 0
      ? from
      : from * exp(actionScale * action);
    return weight < low ? low : weight > high ? high : weight;
  }

  /** Writes what is seen now. */
  observe(target: Float32Array, offset: number): void {
    const { low, high } = this.#controller.weightRange;
    const levels = this.#levels;
    if (this.#settings.observation.includes("weights")) {
      const [bottom, width] = [log(low), log(high / low)];
      for (let l = 0; l < levels.length; l++) {
        const level = (log(this.weights[l]) - bottom) / width;
        levels[l] = level < 0 ? 0 : level > 1 ? 1 : level;
      }
    }
    this.#write(
      { stats: this.stats, weights: levels, emulator: this.#emulator },
      target,
      offset,
    );
  }

  /** All that is needed to go on from here. */
  saveState(): State {
    return {
      running: this.#running,
      steps: this.#steps,
      weights: this.weights.slice(),
      controller: this.#controller.saveState(),
    };
  }

  /** Goes on from a saved state. Throws `TypeError` when it does not fit. */
  loadState(state: State): void {
    const running = savedBoolean(state, "running");
    const steps = savedNumber(state, "steps");
    copySavedFloats(state, "weights", this.weights);
    this.#controller.loadState(savedTree(state, "controller"));
    this.#running = running;
    this.#steps = steps;
  }
}
