/**
 * Elimination of states without subtraction.
 *
 * States are taken out one by one, the last first; what went through them goes
 * from their predecessors to their successors instead (Grassmann, Taksar and
 * Heyman, "Regenerative analysis and steady state distributions for Markov
 * chains", 1985). As nothing is ever subtracted, every number keeps its digits,
 * also where mean times differ by ten orders of magnitude (O'Cinneide 1993).
 * Fill stays within the band.
 *
 * @module
 */
import type { MarkovChain } from "./markov_chain.ts";

/** An eliminated chain. */
export interface Elimination {
  /** Number of states, N. */
  readonly states: number;
  /** Bandwidth, b. */
  readonly bandwidth: number;
  /**
   * Rates between states when the later of the two was taken out: from i to j
   * at `i (2 b + 1) + j - i + b`.
   */
  readonly band: Float64Array;
  /** Rate at which each state was left when it was taken out. */
  readonly left: Float64Array;
}

/** Bytes of the band at most. */
const LARGEST_BAND = 2 ** 30;

/** The band of a chain, without states that are not kept. */
function bandOf(chain: MarkovChain, isKept: (state: number) => boolean) {
  const { states, bandwidth: b, rowStart, targets, rates } = chain;
  const width = 2 * b + 1;
  if (states * width * 8 > LARGEST_BAND) {
    throw new RangeError(
      `Cannot solve a chain of ${states} states and bandwidth ${b}: expected fewer, or a numbering that keeps neighbours together`,
    );
  }
  const band = new Float64Array(states * width);
  for (let from = 0; from < states; from++) {
    if (!isKept(from)) continue;
    for (let i = rowStart[from]; i < rowStart[from + 1]; i++) {
      const to = targets[i];
      if (isKept(to)) band[from * width + to - from + b] = rates[i];
    }
  }
  return band;
}

/**
 * Takes all states out.
 *
 * @param chain The chain.
 * @param ending Rate at which each state ends the process; changed. Without
 * it nothing ends, and state 0 is what is left.
 * @param isKept Which states there are; a way to another one is an end, for
 * the caller to have counted.
 */
export function eliminate(
  chain: MarkovChain,
  ending: Float64Array,
  isKept: (state: number) => boolean = () => true,
): Elimination {
  const { states, bandwidth: b } = chain;
  const width = 2 * b + 1;
  const band = bandOf(chain, isKept);
  const left = new Float64Array(states);
  for (let n = states - 1; n >= 0; n--) {
    const first = Math.max(0, n - b);
    const row = n * width + b - n; // entry j of row n is at row + j
    let sum = ending[n];
    for (let j = first; j < n; j++) sum += band[row + j];
    left[n] = sum;
    if (sum === 0) continue;
    for (let i = first; i < n; i++) {
      const into = i * width + b - i;
      const rate = band[into + n];
      if (rate === 0) continue;
      const share = rate / sum;
      for (let j = first; j < n; j++) band[into + j] += share * band[row + j];
      ending[i] += share * ending[n];
    }
  }
  return { states, bandwidth: b, band, left };
}

/**
 * Solves for u with u(n) left(n) = f(n) + sum over j of rate(n, j) u(j): the
 * mean of what a path from n collects at rates f until it ends.
 *
 * @param elimination Of a chain that ends.
 * @param collected f, shape [N], not negative; not changed.
 */
export function collect(
  elimination: Elimination,
  collected: Float64Array,
): Float64Array {
  const { states, bandwidth: b, band, left } = elimination;
  const width = 2 * b + 1;
  const u = collected.slice();
  for (let n = states - 1; n > 0; n--) {
    if (left[n] === 0 || u[n] === 0) continue;
    const share = u[n] / left[n];
    for (let i = Math.max(0, n - b); i < n; i++) {
      u[i] += share * band[i * width + n - i + b];
    }
  }
  for (let n = 0; n < states; n++) {
    if (left[n] === 0) continue;
    const row = n * width + b - n;
    let sum = u[n];
    for (let j = Math.max(0, n - b); j < n; j++) sum += band[row + j] * u[j];
    u[n] = sum / left[n];
  }
  return u;
}
