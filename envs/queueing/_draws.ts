/**
 * Random numbers drawn in blocks. A number that a function returns is one on
 * the heap, so what is handed out is its place in the block.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { State } from "../../core/state.ts";
import { savedNumber, savedWords } from "../_saved.ts";

const BLOCK = 256;

/** A stream of variates of one law. */
export interface Draws {
  /** The block. */
  readonly values: Float64Array;
  /** Of the block, the next to be handed out. */
  position: number;
  /** The stream's state before the block was drawn. */
  before: Uint32Array;
  /** The stream. */
  readonly random: Random;
  /** Fills a block. */
  readonly fill: (values: Float64Array, random: Random) => void;
}

/** Uniform from 0 to 1. */
export function fillUniform(values: Float64Array, random: Random): void {
  for (let i = 0; i < values.length; i++) values[i] = random.uniform();
}

/** Exponential of mean 1. */
export function fillExponential(values: Float64Array, random: Random): void {
  random.fillExponential(values);
}

/** A stream of variates; the block is filled when the first is asked for. */
export function createDraws(
  random: Random,
  fill: (values: Float64Array, random: Random) => void,
): Draws {
  return {
    values: new Float64Array(BLOCK),
    position: BLOCK,
    before: random.saveState(),
    random,
    fill,
  };
}

function refill(draws: Draws): void {
  const { values, random, fill } = draws;
  draws.before = random.saveState();
  fill(values, random);
  draws.position = 0;
}

/** Place of the next variate in the block. */
export function nextDraw(draws: Draws): number {
  if (draws.position === BLOCK) refill(draws);
  return draws.position++;
}

/** All that is needed to go on from here. */
export function saveDraws(draws: Draws): State {
  const { before, position, random } = draws;
  return position === BLOCK
    ? { before: random.saveState(), position }
    : { before: before.slice(), position };
}

/** Goes on from a saved state. */
export function loadDraws(draws: Draws, state: State): void {
  draws.random.loadState(savedWords(state, "before"));
  const position = savedNumber(state, "position");
  if (position < BLOCK) refill(draws);
  draws.position = position;
}
