/**
 * Acting with memory: what an agent of the soft actor-critic sees and does.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { MemoryStepper } from "./memory_networks.ts";
import type { Policy } from "../policy.ts";
import type { ActionHeads } from "./_sac_heads.ts";

/** What is remembered between steps by an actor, and by critics if need be. */
export interface SacMemory {
  /** Rows. */
  readonly rows: number;
  /** What networks take in next: observation, then the last action. */
  readonly inputs: Float32Array;
  /** The last actions, zeros where an episode begins. Shape [rows, action]. */
  readonly previousActions: Float32Array;
  /** 0 where an episode begins, else 1. Shape [rows]. */
  readonly continues: Float32Array;
  /** State of each network's memory. Shape [rows, units] each. */
  readonly states: readonly Float32Array[];
  /** Takes in what is seen now. */
  see(observations: Float32Array): void;
  /** Takes in what was done, shape [rows, action]. */
  did(actions: Float32Array): void;
  /** Forgets a row, or all. */
  reset(row?: number): void;
  /** The parts to be saved; views. */
  readonly parts: Readonly<Record<string, Float32Array>>;
}

/**
 * A memory of nothing yet.
 *
 * @param rows How many act side by side.
 * @param sizes Of observations, actions, and each network's state.
 */
export function createSacMemory(
  rows: number,
  { observationSize, heads, units }: {
    observationSize: number;
    heads: ActionHeads;
    units: readonly number[];
  },
): SacMemory {
  const { actionSize, featureSize } = heads;
  const width = observationSize + featureSize;
  const inputs = new Float32Array(rows * width);
  const features = new Float32Array(featureSize);
  const previousActions = new Float32Array(rows * actionSize);
  const continues = new Float32Array(rows);
  const states = units.map((n) => new Float32Array(rows * n));
  const parts: Record<string, Float32Array> = {
    inputs,
    previousActions,
    continues,
  };
  states.forEach((state, i) => parts[`state${i}`] = state);

  function resetRow(row: number): void {
    inputs.fill(0, row * width, (row + 1) * width);
    previousActions.fill(0, row * actionSize, (row + 1) * actionSize);
    continues[row] = 0;
    states.forEach((state, i) =>
      state.fill(0, row * units[i], (row + 1) * units[i])
    );
  }

  return {
    rows,
    inputs,
    previousActions,
    continues,
    states,
    parts,
    see(observations) {
      for (let row = 0; row < rows; row++) {
        for (let i = 0; i < observationSize; i++) {
          inputs[row * width + i] = observations[row * observationSize + i];
        }
      }
    },
    did(actions) {
      previousActions.set(actions);
      continues.fill(1);
      for (let row = 0; row < rows; row++) {
        heads.writeFeatures(actions, row, features);
        for (let i = 0; i < featureSize; i++) {
          inputs[row * width + observationSize + i] = features[i];
        }
      }
    },
    reset(row) {
      if (row !== undefined) return resetRow(row);
      for (let i = 0; i < rows; i++) resetRow(i);
    },
  };
}

/** How a {@linkcode createSacPolicy} acts. */
export interface SacPolicyOptions {
  /** Of the actions. */
  heads: ActionHeads;
  /** Floats of an observation. */
  observationSize: number;
  /** Draws actions in place of the likeliest, from this stream. */
  random?: Random;
}

/**
 * A policy that remembers what it saw and did. The number of rows may change
 * where episodes begin; it forgets everything then.
 *
 * @param actor Its network.
 * @param options How it acts.
 */
export function createSacPolicy(
  actor: MemoryStepper,
  { heads, observationSize, random }: SacPolicyOptions,
): Policy {
  const sizes = { observationSize, heads, units: [actor.sizes.units] };
  let memory = createSacMemory(1, sizes);
  let outputs = new Float32Array(0);
  let chosen = new Float32Array(0);
  let allowed = new Uint8Array(0);

  function makeRoom(rows: number): void {
    if (memory.rows !== rows) memory = createSacMemory(rows, sizes);
    outputs = new Float32Array(rows * heads.policyOutputs);
    chosen = new Float32Array(rows * heads.actionSize);
    allowed = new Uint8Array(rows * heads.maskSize);
  }

  return {
    observationSize,
    actionSize: heads.actionSize,
    act(observations, masks, actions) {
      const rows = observations.length / observationSize;
      if (chosen.length !== rows * heads.actionSize) makeRoom(rows);
      memory.see(observations);
      actor.step(memory.inputs, memory.states[0], {
        beside: observations,
        outputs,
      });
      heads.readMasks(masks, allowed);
      const from = { outputs, masks: allowed };
      if (random) heads.draw({ ...from, random }, chosen);
      else heads.best(from, chosen);
      memory.did(chosen);
      heads.toSpace(chosen, actions);
    },
    reset: (row) => memory.reset(row),
  };
}
