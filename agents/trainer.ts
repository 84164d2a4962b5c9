/**
 * What every learning agent offers to the loop that trains it.
 *
 * @module
 */
import type { NdArray } from "../core/nd_array.ts";
import type { State } from "../core/state.ts";
import type { Policy } from "./policy.ts";

/** Everything a trainer needs to go on, as an archive takes it. */
export interface SavedTrainer {
  /** Arrays with names and shapes: `weights`, `optimizer`. */
  tensors: Record<string, Record<string, NdArray>>;
  /** Random streams, memories, environments, counters. */
  state: State;
}

/** An agent that learns while it acts. */
export interface Trainer {
  /** Environment steps taken, over all copies. */
  readonly timesteps: number;
  /** Environment steps that one call of {@linkcode step} takes. */
  readonly stepsPerCall: number;
  /**
   * Acts once in every copy of the environment, and learns when it is due.
   * Returns a promise only when it has learned.
   */
  step(): void | Promise<void>;
  /** Latest numbers of learning by name, such as `loss`; read on demand. */
  statistics(): Record<string, number>;
  /** Returns and lengths of the last hundred finished episodes. */
  readonly episodes: EpisodeRecord;
  /** Acts with the present weights; goes on changing as the agent learns. */
  readonly policy: Policy;
  /** Everything needed to go on; arrays are copies. */
  save(): Promise<SavedTrainer>;
  /** Goes on from what {@linkcode save} returned. */
  load(saved: SavedTrainer): Promise<void>;
  /** Frees the tensors. */
  dispose(): void;
}

/** Returns and lengths of episodes under way and of those last finished. */
export interface EpisodeRecord {
  /** Episodes finished since training began. */
  readonly finished: number;
  /** Mean return of the last hundred; NaN before the first. */
  readonly meanReturn: number;
  /** Mean length of the last hundred; NaN before the first. */
  readonly meanLength: number;
  /** Takes in one step of one copy. */
  add(copy: number, reward: number, over: boolean): void;
  /** All of it. */
  saveState(): State;
  /** Goes on from a saved state. */
  loadState(state: State): void;
}

const KEPT_EPISODES = 100;

/**
 * An empty record.
 *
 * @param copies Number of environments.
 */
export function createEpisodeRecord(copies: number): EpisodeRecord {
  const returns = new Float64Array(copies);
  const lengths = new Float64Array(copies);
  let kept: { returns: number[]; lengths: number[] } = {
    returns: [],
    lengths: [],
  };
  let finished = 0;
  const mean = (values: number[]) =>
    values.length === 0
      ? NaN
      : values.reduce((sum, value) => sum + value, 0) / values.length;
  const keep = (values: number[], value: number) => {
    values.push(value);
    if (values.length > KEPT_EPISODES) values.shift();
  };
  return {
    get finished() {
      return finished;
    },
    get meanReturn() {
      return mean(kept.returns);
    },
    get meanLength() {
      return mean(kept.lengths);
    },
    add(copy, reward, over) {
      returns[copy] += reward;
      lengths[copy]++;
      if (!over) return;
      keep(kept.returns, returns[copy]);
      keep(kept.lengths, lengths[copy]);
      returns[copy] = 0;
      lengths[copy] = 0;
      finished++;
    },
    saveState: () => ({
      returns: returns.slice(),
      lengths: lengths.slice(),
      kept: structuredClone(kept),
      finished,
    }),
    loadState(state) {
      returns.set(state.returns as Float64Array);
      lengths.set(state.lengths as Float64Array);
      kept = structuredClone(state.kept) as typeof kept;
      finished = state.finished as number;
    },
  };
}
