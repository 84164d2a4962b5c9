/**
 * One layer, one row, on plain arrays.
 *
 * @module
 */

/** Where a layer's weights and biases lie. */
export interface DenseLayer {
  /** Holds the weights, shape [inputs, outputs], and the biases after them. */
  readonly parameters: Float32Array;
  /** Where the weights begin. */
  readonly offset: number;
  /** Values that go in. */
  readonly inputs: number;
  /** Values that come out. */
  readonly outputs: number;
}

/**
 * to = from x weights + biases, summed in 64 bits.
 *
 * @param layer Weights and biases.
 * @param row `from`, what goes in; `to`, written to.
 */
export function denseRow(
  layer: DenseLayer,
  { from, to }: { from: Float64Array; to: Float64Array },
): void {
  const { parameters, offset, inputs, outputs } = layer;
  const bias = offset + inputs * outputs;
  for (let j = 0; j < outputs; j++) to[j] = parameters[bias + j];
  for (let i = 0; i < inputs; i++) {
    const value = from[i];
    if (value === 0) continue; // half of all values after a rectifier
    const row = offset + i * outputs;
    for (let j = 0; j < outputs; j++) to[j] += value * parameters[row + j];
  }
}
