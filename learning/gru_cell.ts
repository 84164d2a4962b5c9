/**
 * A recurrent layer's forward step on plain arrays, for acting on few rows.
 *
 * @module
 */
import { type DenseLayer, denseRow } from "./_dense.ts";
import { sigmoid } from "./activations.ts";
import { gruLayout } from "./gru_layout.ts";
import { parameterCount } from "./parameters.ts";

/** Gated recurrent units that take one step at a time. */
export interface GruCell {
  /** Values a row takes. */
  readonly inputs: number;
  /** Values that a row's state has. */
  readonly units: number;
  /** The weights and biases, gate by gate; overwrite to update. */
  readonly parameters: Float32Array;
  /**
   * Takes some rows one step on.
   *
   * @param input Shape [rows, inputs].
   * @param state What is remembered, overwritten by what is remembered next,
   * which is also what the layer gives out. Shape [rows, units]. Fill a row
   * with zeros where an episode begins.
   */
  forward(input: Float32Array, state: Float32Array): void;
}

/**
 * Recurrent units whose parameters lie as `gruLayout` has them; the formula
 * stands at `gru`. Throws `RangeError` for widths that are no whole numbers
 * from 1.
 *
 * @param inputs Values a row takes.
 * @param units Values that a row's state has.
 * @param options `parameters` to use in place of fresh zeros. Throws
 * `TypeError` for another number of them.
 */
export function createGruCell(
  inputs: number,
  units: number,
  options: { parameters?: Float32Array } = {},
): GruCell {
  const size = parameterCount(gruLayout("gru", inputs, units));
  const parameters = options.parameters ?? new Float32Array(size);
  if (parameters.length !== size) {
    throw new TypeError(
      `Cannot make ${units} recurrent units with ${inputs} inputs from ${parameters.length} parameters: expected ${size}`,
    );
  }
  const length = size / 3;
  const gates = [0, 1, 2].map((gate) => ({
    fromInput: layer(gate * length, inputs),
    fromState: layer(gate * length + (inputs + 1) * units, units),
  }));

  function layer(offset: number, width: number): DenseLayer {
    return { parameters, offset, inputs: width, outputs: units };
  }

  const x = new Float64Array(inputs);
  const h = new Float64Array(units);
  const sums = [0, 1, 2].map(() => ({
    input: new Float64Array(units),
    state: new Float64Array(units),
  }));

  function forwardRow(state: Float32Array, offset: number): void {
    gates.forEach(({ fromInput, fromState }, gate) => {
      denseRow(fromInput, { from: x, to: sums[gate].input });
      denseRow(fromState, { from: h, to: sums[gate].state });
    });
    const [r, z, n] = sums;
    for (let i = 0; i < units; i++) {
      const remembered = sigmoid(r.input[i] + r.state[i]) * n.state[i];
      const fresh = Math.tanh(n.input[i] + remembered);
      const kept = sigmoid(z.input[i] + z.state[i]);
      state[offset + i] = fresh + kept * (h[i] - fresh);
    }
  }

  return {
    inputs,
    units,
    parameters,
    forward(input, state) {
      const rows = state.length / units;
      for (let row = 0; row < rows; row++) {
        for (let i = 0; i < inputs; i++) x[i] = input[row * inputs + i];
        for (let i = 0; i < units; i++) h[i] = state[row * units + i];
        forwardRow(state, row * units);
      }
    },
  };
}
