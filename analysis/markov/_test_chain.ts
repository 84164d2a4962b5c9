/**
 * Chains whose answers are known.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { SquareMatrix } from "./transition_matrix.ts";

/** Two sluggish pairs of states: eigenvalues 1, 0.98, and two below 0.4. */
export const METASTABLE: SquareMatrix = {
  size: 4,
  values: Float64Array.of(
    0.66,
    0.33,
    0.01,
    0,
    0.33,
    0.66,
    0,
    0.01,
    0.01,
    0,
    0.66,
    0.33,
    0,
    0.01,
    0.33,
    0.66,
  ),
};

/** States that a chain visits. */
export function visit(
  { size, values }: SquareMatrix,
  options: { steps: number; random: Random; start?: number },
): Int32Array {
  const { steps, random, start = 0 } = options;
  const visited = new Int32Array(steps);
  let state = start;
  for (let t = 0; t < steps; t++) {
    visited[t] = state;
    let left = random.uniform();
    let next = 0;
    while (next < size - 1 && (left -= values[state * size + next]) >= 0) {
      next++;
    }
    state = next;
  }
  return visited;
}
