/** Steps of a learning neuron without the native library, to the same bits. */
import {
  PLASTICITY_BLOCK,
  PLASTICITY_EXCITATORY_RATE,
  PLASTICITY_INHIBITORY_RATE,
  PLASTICITY_RENEWAL,
  PLASTICITY_SCALE,
  PLASTICITY_SQUARES,
  PLASTICITY_STEPS,
  PLASTICITY_TARGET,
} from "./_symbols.ts";
import type { NeuronMemory, RateTable } from "./plasticity.ts";

/** Two rounds of lanes that take turns, as in `src/plasticity.rs`. */
const lanes = new Float64Array(2 * PLASTICITY_BLOCK);

/** The sum over the first round; the second is added to it. */
function sumOfLanes(): number {
  for (let i = 0; i < PLASTICITY_BLOCK; i++) {
    lanes[i] += lanes[i + PLASTICITY_BLOCK];
  }
  const [a, b, c, d, e, f, g, h] = lanes;
  return ((a + e) + (c + g)) + ((b + f) + (d + h));
}

/** Sums every other block from one on into a round of lanes. */
function sumBlocks(
  weights: Float64Array,
  { rates, blocks }: RateTable,
  { first, end, round }: { first: number; end: number; round: number },
): void {
  let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
  for (let k = first; k < end; k += 2) {
    const w = blocks[k] * PLASTICITY_BLOCK;
    const r = k * PLASTICITY_BLOCK;
    a += weights[w] * rates[r];
    b += weights[w + 1] * rates[r + 1];
    c += weights[w + 2] * rates[r + 2];
    d += weights[w + 3] * rates[r + 3];
    e += weights[w + 4] * rates[r + 4];
    f += weights[w + 5] * rates[r + 5];
    g += weights[w + 6] * rates[r + 6];
    h += weights[w + 7] * rates[r + 7];
  }
  lanes.set([a, b, c, d, e, f, g, h], round * PLASTICITY_BLOCK);
}

/**
 * Sum of weights times a pixel's rates.
 *
 * @param weights Stored weights.
 * @param table The rates.
 * @param pixel Where.
 */
export function drive(
  weights: Float64Array,
  table: RateTable,
  pixel: number,
): number {
  const first = table.starts[pixel];
  const end = table.starts[pixel + 1];
  sumBlocks(weights, table, { first, end, round: 0 });
  sumBlocks(weights, table, { first: first + 1, end, round: 1 });
  return sumOfLanes();
}

function addRates(
  weights: Float64Array,
  table: RateTable,
  change: { pixel: number; factor: number },
): void {
  const { rates, blocks, starts } = table;
  const { pixel, factor } = change;
  for (let k = starts[pixel]; k < starts[pixel + 1]; k++) {
    const weight = blocks[k] * PLASTICITY_BLOCK;
    const rate = k * PLASTICITY_BLOCK;
    for (let i = 0; i < PLASTICITY_BLOCK; i++) {
      weights[weight + i] += factor * rates[rate + i];
    }
  }
}

function addRatesAboveZero(
  weights: Float64Array,
  table: RateTable,
  change: { pixel: number; factor: number },
): void {
  const { rates, blocks, starts } = table;
  const { pixel, factor } = change;
  for (let k = starts[pixel]; k < starts[pixel + 1]; k++) {
    const weight = blocks[k] * PLASTICITY_BLOCK;
    const rate = k * PLASTICITY_BLOCK;
    for (let i = 0; i < PLASTICITY_BLOCK; i++) {
      const next = weights[weight + i] + factor * rates[rate + i];
      weights[weight + i] = next > 0 ? next : 0;
    }
  }
}

/** Puts the scale into the weights, and finds it anew from their squares. */
function renewScale(weights: Float64Array, numbers: Float64Array): void {
  const scale = numbers[PLASTICITY_SCALE];
  lanes.fill(0);
  for (let k = 0; k < weights.length; k++) {
    weights[k] *= scale;
    lanes[k % PLASTICITY_BLOCK] += weights[k] * weights[k];
  }
  numbers[PLASTICITY_SCALE] = Math.sqrt(
    numbers[PLASTICITY_SQUARES] / sumOfLanes(),
  );
}

/**
 * Steps a neuron through pixels.
 *
 * @param neuron Its weights and numbers, which are changed.
 * @param pixels Where it goes.
 * @param outputs Takes the rate after each step, as far as it goes.
 */
export function plasticitySteps(
  neuron: NeuronMemory,
  pixels: Uint32Array,
  outputs: Float64Array,
): void {
  const { excitatory, inhibitory, numbers } = neuron;
  const kept = numbers[PLASTICITY_SQUARES];
  for (let step = 0; step < pixels.length; step++) {
    const pixel = pixels[step];
    const scale = numbers[PLASTICITY_SCALE];
    const excited = scale * drive(excitatory.weights, excitatory.table, pixel);
    const difference = excited -
      drive(inhibitory.weights, inhibitory.table, pixel);
    const output = difference > 0 ? difference : 0;
    if (output > 0) {
      const change = numbers[PLASTICITY_EXCITATORY_RATE] * output;
      addRates(excitatory.weights, excitatory.table, {
        pixel,
        factor: change / scale,
      });
      const squares = kept +
        change * (2 * excited + change * excitatory.table.squares[pixel]);
      numbers[PLASTICITY_SCALE] *= Math.sqrt(kept / squares);
    }
    addRatesAboveZero(inhibitory.weights, inhibitory.table, {
      pixel,
      factor: numbers[PLASTICITY_INHIBITORY_RATE] *
        (output - numbers[PLASTICITY_TARGET]),
    });
    numbers[PLASTICITY_STEPS]++;
    if (numbers[PLASTICITY_STEPS] % PLASTICITY_RENEWAL === 0) {
      renewScale(excitatory.weights, numbers);
    }
    if (step < outputs.length) outputs[step] = output;
  }
}
