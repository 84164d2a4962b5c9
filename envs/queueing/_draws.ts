/**
 * Random numbers drawn in blocks: drawing one by one, each would be a number
 * on the heap.
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
  /** The law. */
  readonly draw: (random: Random) => number;
}

/** A stream of variates; the block is filled when the first is asked for. */
export function createDraws(
  random: Random,
  draw: (random: Random) => number,
): Draws {
  return {
    values: new Float64Array(BLOCK),
    position: BLOCK,
    before: random.saveState(),
    random,
    draw,
  };
}

function refill(draws: Draws): void {
  const { values, random, draw } = draws;
  draws.before = random.saveState();
  for (let i = 0; i < BLOCK; i++) values[i] = draw(random);
  draws.position = 0;
}

/** The next variate. */
export function nextDraw(draws: Draws): number {
  if (draws.position === BLOCK) refill(draws);
  return draws.values[draws.position++];
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
