/** A step of NeuralPlayground's neuron, whose rate is not rectified. */
import {
  drive,
  NEURON_NUMBERS,
  type NeuronMemory,
  RATE_BLOCK,
  type Synapses,
} from "../../ffi/plasticity.ts";

/** The rates of all cells at a pixel. Shape of the stored weights. */
function ratesAt({ table, weights }: Synapses, pixel: number): Float64Array {
  const { rates, blocks, starts } = table;
  const all = new Float64Array(weights.length);
  for (let k = starts[pixel]; k < starts[pixel + 1]; k++) {
    all.set(
      rates.subarray(k * RATE_BLOCK, (k + 1) * RATE_BLOCK),
      blocks[k] * RATE_BLOCK,
    );
  }
  return all;
}

function norm(weights: Float64Array): number {
  return Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
}

/**
 * Learns at a pixel: excitatory weights are rescaled before negative ones
 * become zero. Returns the changes of weights by the rules alone.
 */
export function referenceStep(memory: NeuronMemory, pixel: number): {
  rate: number;
  delta_we: Float64Array;
  delta_wi: Float64Array;
} {
  const { excitatory, inhibitory, numbers } = memory;
  const rate = drive(excitatory.weights, excitatory.table, pixel) -
    drive(inhibitory.weights, inhibitory.table, pixel);
  const change = (synapses: Synapses, factor: number) =>
    ratesAt(synapses, pixel).map((input) => factor * input);
  const deltaWe = change(
    excitatory,
    numbers[NEURON_NUMBERS.excitatoryRate] * rate,
  );
  const deltaWi = change(
    inhibitory,
    numbers[NEURON_NUMBERS.inhibitoryRate] *
      (rate - numbers[NEURON_NUMBERS.targetRate]),
  );
  const { weights } = excitatory;
  const kept = Math.sqrt(numbers[NEURON_NUMBERS.squares]);
  for (let i = 0; i < weights.length; i++) weights[i] += deltaWe[i];
  const scale = kept / norm(weights);
  for (let i = 0; i < weights.length; i++) {
    weights[i] = Math.max(0, weights[i] * scale);
  }
  for (let i = 0; i < deltaWi.length; i++) {
    inhibitory.weights[i] = Math.max(0, inhibitory.weights[i] + deltaWi[i]);
  }
  numbers[NEURON_NUMBERS.steps]++;
  return {
    rate,
    delta_we: deltaWe.slice(0, excitatory.table.cells),
    delta_wi: deltaWi.slice(0, inhibitory.table.cells),
  };
}
