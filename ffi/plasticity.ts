/**
 * A neuron whose excitatory and inhibitory synapses learn.
 *
 * @module
 */
import { plasticitySteps } from "./_plasticity_twin.ts";
import {
  PLASTICITY_BLOCK,
  PLASTICITY_EXCITATORY_RATE,
  PLASTICITY_INHIBITORY_RATE,
  PLASTICITY_NUMBERS,
  PLASTICITY_SCALE,
  PLASTICITY_SQUARES,
  PLASTICITY_STEPS,
  PLASTICITY_TARGET,
} from "./_symbols.ts";
import { nativeLibrary, unwrap } from "./library.ts";

export { drive } from "./_plasticity_twin.ts";

/** Cells that are stored together; a table's cells are filled up to a multiple. */
export const RATE_BLOCK: number = PLASTICITY_BLOCK;

/** Places in {@linkcode NeuronMemory.numbers}. */
export const NEURON_NUMBERS: {
  /** What stored excitatory weights are multiplied by. */
  readonly scale: number;
  /** Sum of squares that excitatory weights keep. */
  readonly squares: number;
  /** Steps so far. */
  readonly steps: number;
  /** Learning rate of excitatory weights. */
  readonly excitatoryRate: number;
  /** Learning rate of inhibitory weights. */
  readonly inhibitoryRate: number;
  /** Rate that inhibition aims at, Hz. */
  readonly targetRate: number;
} = {
  scale: PLASTICITY_SCALE,
  squares: PLASTICITY_SQUARES,
  steps: PLASTICITY_STEPS,
  excitatoryRate: PLASTICITY_EXCITATORY_RATE,
  inhibitoryRate: PLASTICITY_INHIBITORY_RATE,
  targetRate: PLASTICITY_TARGET,
};

/** Rates of input cells at every pixel, in blocks of {@linkcode RATE_BLOCK}. */
export interface RateTable {
  /** Number of cells, without those that fill the last block up. */
  readonly cells: number;
  /** Number of pixels. */
  readonly pixels: number;
  /** Rates of the blocks that are not silent, pixel by pixel. Shape [blocks, 8]. */
  readonly rates: Float32Array<ArrayBuffer>;
  /** Which block of cells each block of rates belongs to. Shape [blocks]. */
  readonly blocks: Uint32Array<ArrayBuffer>;
  /** Where each pixel's blocks begin, and where the last one's end. Shape [pixels + 1]. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Sum of the squares of each pixel's rates. Shape [pixels]. */
  readonly squares: Float64Array<ArrayBuffer>;
}

/** Synapses of one kind. */
export interface Synapses {
  /** Rates of the cells before them. */
  readonly table: RateTable;
  /** Stored weights, filled up with zeros to whole blocks. */
  readonly weights: Float64Array<ArrayBuffer>;
}

/** What a neuron is made of. */
export interface NeuronMemory {
  /** Excitatory synapses, whose weights are stored without their scale. */
  readonly excitatory: Synapses;
  /** Inhibitory synapses. */
  readonly inhibitory: Synapses;
  /** Scale, sum of squares, steps, learning rates and target rate. */
  readonly numbers: Float64Array<ArrayBuffer>;
}

/** What {@linkcode plasticNeuron} takes. */
export interface PlasticNeuronOptions {
  /** Rates of the excitatory inputs. */
  readonly excitatory: RateTable;
  /** Rates of the inhibitory inputs; at as many pixels. */
  readonly inhibitory: RateTable;
  /** First excitatory weights, not all zero. Shape [cells]. */
  readonly excitatoryWeights: ArrayLike<number>;
  /** First inhibitory weights. Shape [cells]. */
  readonly inhibitoryWeights: ArrayLike<number>;
  /** Learning rate of excitatory weights. */
  readonly excitatoryRate: number;
  /** Learning rate of inhibitory weights. */
  readonly inhibitoryRate: number;
  /** Rate that inhibition aims at, Hz. */
  readonly targetRate: number;
  /** Whether the native library is used where there is one. Default true. */
  readonly native?: boolean;
}

/** A neuron that learns from where somebody walks. */
export interface PlasticNeuron {
  /**
   * Takes steps through pixels.
   *
   * @param pixels Numbers of pixels. Throws `RangeError` for one that is none.
   * @param outputs Takes the rate after each step, Hz, as far as it goes.
   */
  learn(
    pixels: Uint32Array<ArrayBuffer>,
    outputs?: Float64Array<ArrayBuffer>,
  ): void;
  /** Steps so far. */
  readonly steps: number;
  /** Weights as they are, a copy. Shape [cells]. */
  excitatoryWeights(): Float64Array;
  /** Weights as they are, a copy. Shape [cells]. */
  inhibitoryWeights(): Float64Array;
  /** What it is made of; changes as it learns. */
  readonly memory: NeuronMemory;
}

function synapses(table: RateTable, first: ArrayLike<number>): Synapses {
  if (first.length !== table.cells) {
    throw new TypeError(
      `Cannot make ${first.length} weights of synapses with ${table.cells} cells: expected as many`,
    );
  }
  const blocks = Math.ceil(table.cells / RATE_BLOCK);
  const weights = new Float64Array(blocks * RATE_BLOCK);
  weights.set(first);
  return { table, weights };
}

const NO_OUTPUTS = new Float64Array(0);

/**
 * A neuron with rate r = [sum of wE rE - sum of wI rI]+, whose weights learn
 *
 *     wE += etaE rE r, rescaled to their first sum of squares
 *     wI += etaI rI (r - rho), and zero where negative
 *
 * (Weber and Sprekeler, eLife 7:e34560, 2018, equations 1 to 3).
 *
 * Only blocks of cells that are not silent at a pixel are touched: the scale of
 * the excitatory weights is a number of its own, and the sum of squares after a
 * step is known from r and the pixel's rates. Every 65,536 steps it is computed
 * anew from the weights.
 *
 * @param options Inputs, first weights, rates. Throws `TypeError` for weights
 * and tables that do not fit, `RangeError` for excitatory weights that are all
 * zero.
 */
export function plasticNeuron(options: PlasticNeuronOptions): PlasticNeuron {
  const { native = true } = options;
  const excitatory = synapses(options.excitatory, options.excitatoryWeights);
  const inhibitory = synapses(options.inhibitory, options.inhibitoryWeights);
  const { pixels: pixelCount } = options.excitatory;
  if (options.inhibitory.pixels !== pixelCount) {
    throw new TypeError(
      `Cannot join excitatory inputs at ${pixelCount} pixels with inhibitory ones at ${options.inhibitory.pixels}: expected as many`,
    );
  }
  const numbers = new Float64Array(PLASTICITY_NUMBERS);
  const squares = excitatory.weights.reduce((sum, w) => sum + w * w, 0);
  if (!(squares > 0 && squares < Infinity)) {
    throw new RangeError(
      "Cannot keep the sum of squares of excitatory weights that are all zero or not finite: expected weights above zero",
    );
  }
  numbers[PLASTICITY_SCALE] = 1;
  numbers[PLASTICITY_SQUARES] = squares;
  numbers[PLASTICITY_EXCITATORY_RATE] = options.excitatoryRate;
  numbers[PLASTICITY_INHIBITORY_RATE] = options.inhibitoryRate;
  numbers[PLASTICITY_TARGET] = options.targetRate;
  const memory: NeuronMemory = { excitatory, inhibitory, numbers };
  const library = native ? nativeLibrary() : undefined;

  function learn(
    pixels: Uint32Array<ArrayBuffer>,
    outputs: Float64Array<ArrayBuffer> = NO_OUTPUTS,
  ): void {
    const wrong = pixels.find((pixel) => pixel >= pixelCount);
    if (wrong !== undefined) {
      throw new RangeError(
        `Cannot step to pixel ${wrong}: expected a whole number below ${pixelCount}`,
      );
    }
    if (library === undefined) {
      plasticitySteps(memory, pixels, outputs);
      return;
    }
    const { table: e } = excitatory;
    const { table: i } = inhibitory;
    unwrap(
      library.plasticitySteps(
        e.rates,
        e.blocks,
        e.starts,
        e.squares,
        i.rates,
        i.blocks,
        i.starts,
        i.squares,
        excitatory.weights,
        inhibitory.weights,
        numbers,
        pixels,
        outputs,
      ),
      "let a neuron learn",
    );
  }

  return {
    learn,
    memory,
    get steps() {
      return numbers[PLASTICITY_STEPS];
    },
    excitatoryWeights: () =>
      excitatory.weights.slice(0, options.excitatory.cells)
        .map((weight) => weight * numbers[PLASTICITY_SCALE]),
    inhibitoryWeights: () =>
      inhibitory.weights.slice(0, options.inhibitory.cells),
  };
}
