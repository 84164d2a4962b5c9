/**
 * Copies of an autoscaled service, as the environments step them.
 *
 * @module
 */
import { Random, type RandomState } from "../../core/random.ts";
import { type Box, type Discrete, discrete } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import { loadColumns, saveColumns } from "./_columns.ts";
import {
  createFleet,
  createFleetRules,
  type Fleet,
  type FleetRules,
  resetFleet,
  stepFleet,
} from "./fleet.ts";
import { observationSpace, writeObservation } from "./observation.ts";
import {
  type AutoscalingOptions,
  type AutoscalingSettings,
  autoscalingSettings,
} from "./options.ts";
import {
  countServiceLevel,
  createServiceLevel,
  createStepWaits,
  resetServiceLevel,
  type ServiceLevel,
  type StepWaitsFunction,
} from "./service_level.ts";

/** Whether a copy's episode is over, and why. */
export const enum End {
  No,
  Terminated,
  Truncated,
}

/** One episode that runs, and where its chance comes from. */
export interface Copy {
  readonly fleet: Fleet;
  readonly level: ServiceLevel;
  readonly random: Random;
}

/** What the single and the vector environment share: one or more copies. */
export class Copies {
  readonly settings: AutoscalingSettings;
  readonly rules: FleetRules;
  readonly all: readonly Copy[];
  readonly observationSpace: Box;
  readonly actionSpace: Discrete;
  readonly #waitsOf: StepWaitsFunction;

  constructor(options: AutoscalingOptions, count: number) {
    this.settings = autoscalingSettings(options);
    this.rules = createFleetRules(this.settings);
    this.#waitsOf = createStepWaits(this.settings);
    this.observationSpace = observationSpace(this.settings);
    this.actionSpace = discrete(this.settings.actionDeltas.length);
    this.all = Array.from({ length: count }, () => ({
      fleet: createFleet(this.rules),
      level: createServiceLevel(),
      random: new Random(0),
    }));
    this.seed(0);
  }

  /** A stream for each copy, split off one root. */
  seed(seed: number): void {
    const root = new Random(seed);
    for (const { random } of this.all) {
      random.loadState(root.split().saveState());
    }
  }

  reset({ fleet, level, random }: Copy): void {
    resetFleet(fleet, this.rules, random);
    resetServiceLevel(level);
  }

  step({ fleet, level, random }: Copy, action: number): End {
    const { settings } = this;
    const delta = settings.actionDeltas[action];
    if (delta === undefined) {
      throw new RangeError(
        `Cannot take action ${action}: expected a whole number from 0 to ${
          settings.actionDeltas.length - 1
        }`,
      );
    }
    stepFleet(fleet, this.rules, delta, random);
    if (settings.metrics) countServiceLevel(level, fleet, this.#waitsOf);
    if (settings.reward === "cost") {
      fleet.reward = -lastStepDollars(fleet, level, settings);
    }
    if (fleet.failed === 1) {
      fleet.reward -= settings.failurePenalty;
      return End.Terminated;
    }
    return fleet.step >= settings.episodeSteps ? End.Truncated : End.No;
  }

  observe(copy: Copy, into: Float32Array, offset: number): void {
    writeObservation(copy.fleet, this.settings, into, offset);
  }

  /** What is saved of each copy. */
  #records(): object[] {
    return this.all.map(({ fleet, level }) => ({ fleet, level }));
  }

  save(): State {
    return {
      ...saveColumns(this.#records()),
      streams: this.all.map(({ random }) => random.saveState()),
    };
  }

  load(state: State): void {
    const { streams } = state;
    if (!Array.isArray(streams) || streams.length !== this.all.length) {
      throw new TypeError(
        `Cannot restore an autoscaling state: expected ${this.all.length} random streams`,
      );
    }
    // A stream refuses what is none, so the words are read before all else.
    const read = streams.map((words) => Random.fromState(words as RandomState));
    loadColumns(this.#records(), state);
    this.all.forEach(({ random }, i) => random.loadState(read[i].saveState()));
  }
}

/** Dollars of the last step: instances, and requests over the limit. */
function lastStepDollars(
  fleet: Fleet,
  level: ServiceLevel,
  settings: AutoscalingSettings,
): number {
  const { service, violationPrice } = settings;
  const instances = fleet.instances + fleet.booting;
  return instances * service.pricePerHour * service.stepSeconds / 3600 +
    level.stepViolations * violationPrice;
}
