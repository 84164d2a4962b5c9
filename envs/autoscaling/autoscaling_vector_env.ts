/**
 * Many autoscaled services, stepped together.
 *
 * @module
 */
import type { Box, Discrete } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import { checkCount } from "../_vector_copies.ts";
import type {
  ResetOptions,
  VectorBuffers,
  VectorEnvironment,
} from "../environment.ts";
import { Copies, End } from "./_copies.ts";
import { writeActionMask } from "./fleet.ts";
import type { AutoscalingOptions, AutoscalingSettings } from "./options.ts";

export type {
  AutoscalingOptions,
  AutoscalingSettings,
  Box,
  Discrete,
  ResetOptions,
  State,
  VectorBuffers,
  VectorEnvironment,
};

/**
 * Many {@linkcode AutoscalingEnv}s that share memory and are stepped together
 * without allocating; a copy draws from a stream of its own.
 */
export class AutoscalingVectorEnv implements VectorEnvironment {
  /** Name and version; models record it. */
  readonly id = "Autoscaling-v1";
  /** Number of copies. */
  readonly count: number;
  /** Where each copy's observations lie. */
  readonly observationSpace: Box;
  /** One value for each change in `actionDeltas`. */
  readonly actionSpace: Discrete;
  /** The options with every default filled in. */
  readonly settings: AutoscalingSettings;
  readonly #copies: Copies;
  #masks: Uint8Array[] | undefined;
  #maskedBuffer: Uint8Array | undefined;

  /**
   * Copies that have yet to be reset.
   *
   * @param options As of the single environment.
   * @param count Number of copies, at least 1. Throws `RangeError` otherwise.
   */
  constructor(options: AutoscalingOptions, count: number) {
    checkCount(count);
    this.count = count;
    this.#copies = new Copies(options, count);
    this.settings = this.#copies.settings;
    this.observationSpace = this.#copies.observationSpace;
    this.actionSpace = this.#copies.actionSpace;
  }

  /** Begins an episode in every copy. */
  reset(buffers: VectorBuffers, options: ResetOptions = {}): void {
    if (options.seed !== undefined) this.#copies.seed(options.seed);
    const size = this.observationSpace.low.length;
    this.#copies.all.forEach((copy, i) => {
      this.#copies.reset(copy);
      this.#copies.observe(copy, buffers.observations, i * size);
    });
    buffers.actionMasks.fill(1);
    buffers.finalActionMasks.fill(1);
    this.#writeMasks(buffers);
  }

  /** Steps every copy; actions are places in `actionDeltas`, shape [envs]. */
  step(actions: Int32Array | Float32Array, buffers: VectorBuffers): void {
    const copies = this.#copies;
    const { observations, rewards, terminated, truncated } = buffers;
    const size = this.observationSpace.low.length;
    for (let i = 0; i < this.count; i++) {
      const copy = copies.all[i];
      const end = copies.step(copy, actions[i]);
      rewards[i] = copy.fleet.reward;
      terminated[i] = end === End.Terminated ? 1 : 0;
      truncated[i] = end === End.Truncated ? 1 : 0;
      if (end !== End.No) {
        copies.observe(copy, buffers.finalObservations, i * size);
        this.#writeFinalMask(buffers, i);
        copies.reset(copy);
      }
      copies.observe(copy, observations, i * size);
    }
    this.#writeMasks(buffers);
  }

  /** The mask of an episode's last observation: before the next one begins. */
  #writeFinalMask({ finalActionMasks }: VectorBuffers, copy: number): void {
    if (!this.settings.maskActions) return;
    const { n } = this.actionSpace;
    const mask = finalActionMasks.subarray(copy * n, (copy + 1) * n);
    writeActionMask(this.#copies.all[copy].fleet, this.settings, mask);
  }

  #writeMasks(buffers: VectorBuffers): void {
    if (!this.settings.maskActions) return;
    if (this.#maskedBuffer !== buffers.actionMasks) {
      const { n } = this.actionSpace;
      this.#maskedBuffer = buffers.actionMasks;
      this.#masks = Array.from(
        { length: this.count },
        (_, copy) => buffers.actionMasks.subarray(copy * n, (copy + 1) * n),
      );
    }
    this.#masks!.forEach((mask, i) =>
      writeActionMask(this.#copies.all[i].fleet, this.settings, mask)
    );
  }

  /** All that is needed to go on from here. */
  saveState(): State {
    return this.#copies.save();
  }

  /** Goes on from a saved state. Throws `TypeError` when it does not fit. */
  loadState(state: State): void {
    this.#copies.load(state);
  }
}
