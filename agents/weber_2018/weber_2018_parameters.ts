/**
 * What the neuron with plastic inhibition is made with, and the paper's own
 * sets.
 *
 * @module
 */
import {
  booleanParameter,
  choiceParameter,
  integerParameter,
  numberParameter,
  numbersParameter,
  optionalParameter,
  type ParameterTableOf,
  textParameter,
} from "../../core/parameters.ts";
import { INPUT_KINDS, type InputKind } from "./weber_2018_inputs.ts";

export type { InputKind };

/** What a `Weber2018` is made with. */
export interface Weber2018Parameters {
  /** Learning rate of excitatory weights. Default 2e-4. */
  exc_eta: number;
  /** Learning rate of inhibitory weights. Default 8e-4. */
  inh_eta: number;
  /**
   * Standard deviations of excitatory inputs along x and y, as parts of the
   * room's width. Default 0.05, 0.05.
   */
  sigma_exc: readonly number[];
  /** The same of inhibitory inputs. Default 0.1, 0.1. */
  sigma_inh: readonly number[];
  /** Excitatory inputs. Default 4900. */
  Ne: number;
  /** Inhibitory inputs. Default 1225. */
  Ni: number;
  /** Gaussians of an excitatory input. Default 1. */
  Nef: number;
  /** Gaussians of an inhibitory input. Default 1. */
  Nif: number;
  /** Largest rate of an excitatory Gaussian, Hz. Default 1. */
  alpha_e: number;
  /** Largest rate of an inhibitory Gaussian, Hz. Default 1. */
  alpha_i: number;
  /** Mean of the first excitatory weights, which spread by 5 %. Default 1. */
  we_init: number;
  /**
   * Mean of the first inhibitory weights. Default null: what makes the mean
   * rate the target.
   */
  wi_init: number | null;
  /** Standard deviation of a step along each axis. Default 0.1. */
  agent_step_size: number;
  /** Pixels along x, on which the rates of inputs are tabulated. Default 100. */
  resolution: number;
  /** Rate that inhibition aims at, Hz. Default 1. */
  ro: number;
  /** Width of the room, along x. Must be given. */
  room_width: number;
  /** Depth of the room, along y. Must be given. */
  room_depth: number;
  /** The room's middle. Default 0, 0. */
  room_center: readonly number[];
  /** Whether the room has two dimensions; else it is a line along x. Default true. */
  twoD: boolean;
  /** Whether inputs go on from one side of the room at the other. Default false. */
  periodic: boolean;
  /**
   * What inputs are: `place` (a Gaussian each, on a jittered lattice), `sparse`
   * (sums of Nef and Nif Gaussians), `dense` (smoothed noise), `scattered` (as
   * sparse, in 1.2 times the room). Default null: place for one Gaussian,
   * sparse for more, scattered in reference mode.
   */
  inputs: InputKind | null;
  /**
   * `default`: the rate is rectified. `reference`: at single steps it is not,
   * as in NeuralPlayground, and updates tell all changes of weights.
   */
  mode: "default" | "reference";
  /** Whether the native library is used where there is one. Default true. */
  native: boolean;
  /** Seeds inputs, weights and walk. Default 0. */
  seed: number;
  /** A label, without effect. */
  agent_name: string;
  /** Without effect; there is no progress bar here. */
  disable_tqdm: boolean;
}

const POSITIVE = { exclusiveMinimum: 0 };

/** Bounds and fallbacks of {@linkcode Weber2018Parameters}. */
export const WEBER_2018_PARAMETERS: ParameterTableOf<Weber2018Parameters> = {
  exc_eta: numberParameter({ minimum: 0, fallback: 2e-4 }),
  inh_eta: numberParameter({ minimum: 0, fallback: 8e-4 }),
  sigma_exc: numbersParameter({
    ...POSITIVE,
    length: 2,
    fallback: [0.05, 0.05],
  }),
  sigma_inh: numbersParameter({ ...POSITIVE, length: 2, fallback: [0.1, 0.1] }),
  Ne: integerParameter({ minimum: 1, maximum: 100_000, fallback: 4900 }),
  Ni: integerParameter({ minimum: 1, maximum: 100_000, fallback: 1225 }),
  Nef: integerParameter({ minimum: 1, fallback: 1 }),
  Nif: integerParameter({ minimum: 1, fallback: 1 }),
  alpha_e: numberParameter({ ...POSITIVE, fallback: 1 }),
  alpha_i: numberParameter({ ...POSITIVE, fallback: 1 }),
  we_init: numberParameter({ ...POSITIVE, fallback: 1 }),
  wi_init: optionalParameter(numberParameter({ minimum: 0 })),
  agent_step_size: numberParameter({ minimum: 0, fallback: 0.1 }),
  resolution: integerParameter({ minimum: 2, maximum: 100_000, fallback: 100 }),
  ro: numberParameter({ minimum: 0, fallback: 1 }),
  room_width: numberParameter(POSITIVE),
  room_depth: numberParameter(POSITIVE),
  room_center: numbersParameter({ length: 2, fallback: [0, 0] }),
  twoD: booleanParameter({ fallback: true }),
  periodic: booleanParameter({ fallback: false }),
  inputs: optionalParameter(choiceParameter(INPUT_KINDS)),
  mode: choiceParameter(["default", "reference"], { fallback: "default" }),
  native: booleanParameter({ fallback: true }),
  seed: integerParameter({ minimum: 0, fallback: 0 }),
  agent_name: textParameter({ fallback: "Weber2018" }),
  disable_tqdm: booleanParameter({ fallback: true }),
};

/** A set of the paper. */
export interface Weber2018Set {
  /** What its figure shows. */
  readonly description: string;
  /** The parameters. */
  readonly parameters: Readonly<Partial<Weber2018Parameters>>;
  /** Steps of 20 ms that the paper takes. */
  readonly steps: number;
}

const ROOM = { room_width: 1, room_depth: 1 };

/**
 * The parameter sets of Weber and Sprekeler (eLife 7:e34560, 2018), by figure.
 */
export const WEBER_2018_SETS: Readonly<
  Record<
    "fig1c" | "fig1g" | "fig2a" | "fig2b" | "fig2c" | "fig3" | "fig7b",
    Weber2018Set
  >
> = {
  fig1c: {
    description: "dense inputs on a line, inhibition as smooth as excitation",
    parameters: {
      room_width: 2,
      room_depth: 2,
      twoD: false,
      inputs: "dense",
      sigma_exc: [0.04, 0.04],
      sigma_inh: [0.035, 0.035],
      Ne: 2000,
      Ni: 2000,
      exc_eta: 2e-6,
      inh_eta: 2e-5,
      wi_init: 1.1,
      resolution: 1000,
    },
    steps: 2_000_000,
  },
  fig1g: {
    description: "place-like inputs on a line",
    parameters: {
      room_width: 2,
      room_depth: 2,
      twoD: false,
      sigma_exc: [0.015, 0.015],
      sigma_inh: [0.05, 0.05],
      Ne: 1600,
      Ni: 400,
      exc_eta: 3.6e-5,
      inh_eta: 3.6e-4,
      resolution: 1000,
    },
    steps: 400_000,
  },
  fig2a: {
    description: "place-like inputs in a square: grids",
    parameters: {
      ...ROOM,
      exc_eta: 6.7e-5,
      inh_eta: 2.7e-4,
      wi_init: 1.5,
    },
    steps: 1_800_000,
  },
  fig2b: {
    description: "inputs of 100 Gaussians in a square: grids",
    parameters: {
      ...ROOM,
      exc_eta: 2e-6,
      inh_eta: 8e-6,
      wi_init: 1.52,
      Nef: 100,
      Nif: 100,
    },
    steps: 1_800_000,
  },
  fig2c: {
    description: "dense inputs in a square: grids",
    parameters: {
      ...ROOM,
      exc_eta: 6e-6,
      inh_eta: 6e-5,
      wi_init: 4,
      inputs: "dense",
    },
    steps: 1_800_000,
  },
  fig3: {
    description: "place-like inputs in a square, learned faster",
    parameters: { ...ROOM, exc_eta: 2e-4, inh_eta: 8e-4, wi_init: 1.5 },
    steps: 540_000,
  },
  fig7b: {
    description: "place-like inputs on a line",
    parameters: {
      room_width: 2,
      room_depth: 2,
      twoD: false,
      sigma_exc: [0.02, 0.02],
      sigma_inh: [0.06, 0.06],
      Ne: 2000,
      Ni: 500,
      exc_eta: 5e-5,
      inh_eta: 5e-4,
      resolution: 1000,
    },
    steps: 400_000,
  },
};
