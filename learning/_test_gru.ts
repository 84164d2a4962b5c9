/**
 * What the tests of recurrent layers share.
 *
 * @module
 */
import { numbers, wave } from "./_torch_values.ts";

/** Sizes of the layer that PyTorch computed. */
export const TORCH_GRU = { batch: 2, time: 4, inputs: 3, units: 2 };

/** Arrays of a PyTorch layer, gate by gate, each as [from, unit]. */
interface TorchArrays {
  readonly weight_ih: readonly string[];
  readonly weight_hh: readonly string[];
  readonly bias_ih: readonly string[];
  readonly bias_hh: readonly string[];
}

/** One vector of them, as `gruLayout` has it. */
export function vectorOfTorch(arrays: TorchArrays): number[] {
  return [0, 1, 2].flatMap((gate) =>
    [arrays.weight_ih, arrays.bias_ih, arrays.weight_hh, arrays.bias_hh]
      .flatMap((gates) => numbers(gates[gate]))
  );
}

/** The parameters of that layer, as `gruLayout` has them. */
export function torchGruParameters(): Float32Array {
  const { inputs, units } = TORCH_GRU;
  const values: number[] = [];
  // PyTorch stacks gates, each as [unit, from].
  const take = (from: number, phase: number, gate: number) => {
    const all = wave(3 * units * from, phase);
    for (let i = 0; i < from; i++) {
      for (let unit = 0; unit < units; unit++) {
        values.push(all[(gate * units + unit) * from + i]);
      }
    }
  };
  for (let gate = 0; gate < 3; gate++) {
    take(inputs, 0.5, gate);
    take(1, 2.5, gate);
    take(units, 1.5, gate);
    take(1, 3.5, gate);
  }
  return Float32Array.from(values);
}

/** What a layer is tried on. */
export interface GruExample {
  readonly batch: number;
  readonly time: number;
  readonly inputs: number;
  readonly units: number;
  readonly parameters: Float64Array;
  readonly sequence: Float64Array;
  readonly state: Float64Array;
  readonly mask: Float64Array;
}

/**
 * The outputs of a layer by its formula, in 64 bits, number by number.
 *
 * @returns Shape [batch, time, units].
 */
export function plainGru(example: GruExample): Float64Array {
  const { batch, time, inputs, units, parameters, sequence, mask } = example;
  const gateSize = (inputs + units + 2) * units;
  const outputs = new Float64Array(batch * time * units);
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  for (let row = 0; row < batch; row++) {
    let h = [...example.state.slice(row * units, (row + 1) * units)];
    for (let t = 0; t < time; t++) {
      const at = row * time + t;
      h = h.map((value) => value * mask[at]);
      const x = [...sequence.slice(at * inputs, (at + 1) * inputs)];
      const sum = (values: number[], start: number, unit: number) =>
        values.reduce(
          (total, value, i) =>
            total + value * parameters[start + i * units + unit],
          parameters[start + values.length * units + unit],
        );
      h = h.map((old, unit) => {
        const [r, z, n] = [0, 1, 2].map((gate) => {
          const start = gate * gateSize;
          return [
            sum(x, start, unit),
            sum(h, start + (inputs + 1) * units, unit),
          ];
        });
        const kept = sigmoid(z[0] + z[1]);
        const fresh = Math.tanh(n[0] + sigmoid(r[0] + r[1]) * n[1]);
        return (1 - kept) * fresh + kept * old;
      });
      outputs.set(h, at * units);
    }
  }
  return outputs;
}
