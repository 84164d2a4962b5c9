/**
 * Functions of a state that dynamics are linear in, or nearly so.
 *
 * @module
 */

import type { Perceptron } from "../../learning/perceptron.ts";

export type { Perceptron };

/** Observables of a state. */
export interface Dictionary {
  /** What it is called. */
  readonly name: string;
  /** Number of observables for a number of features. */
  size(features: number): number;
  /** Writes the observables of a state. */
  lift(state: Float64Array, into: Float64Array): void;
}

/** The state itself: what dynamic mode decomposition uses. */
export const identityDictionary: Dictionary = {
  name: "identity",
  size: (features) => features,
  lift: (state, into) => into.set(state),
};

/**
 * All monomials up to a degree, but for the constant.
 *
 * @param degree A whole number from 1. Throws `RangeError` otherwise.
 */
export function monomials(degree: number): Dictionary {
  if (!Number.isInteger(degree) || degree < 1) {
    throw new RangeError(
      `Cannot take monomials of degree ${degree}, expected a whole number from 1`,
    );
  }
  const exponents = new Map<number, number[][]>();
  const exponentsFor = (features: number): number[][] => {
    if (!exponents.has(features)) {
      exponents.set(features, exponentVectors(features, degree).slice(1));
    }
    return exponents.get(features)!;
  };
  return {
    name: `monomials up to degree ${degree}`,
    size: (features) => exponentsFor(features).length,
    lift(state, into) {
      exponentsFor(state.length).forEach((powers, i) => {
        into[i] = powers.reduce((product, p, j) => product * state[j] ** p, 1);
      });
    },
  };
}

/** Exponents of each monomial, lowest degree first, the constant first of all. */
function exponentVectors(features: number, degree: number): number[][] {
  const all: number[][] = [];
  const extend = (powers: number[], left: number): void => {
    if (powers.length === features) {
      all.push(powers);
      return;
    }
    for (let p = 0; p <= left; p++) extend([...powers, p], left - p);
  };
  extend([], degree);
  const total = (powers: number[]) => powers.reduce((sum, p) => sum + p, 0);
  return all.sort((a, b) => total(a) - total(b));
}

/**
 * The state, and Gaussian bumps exp(-|x - c|^2 / (2 w^2)) around centres.
 *
 * @param centres Points in the space of (scaled) features.
 * @param width w, above 0. Throws `RangeError` otherwise.
 */
export function radialBasis(
  centres: readonly Float64Array[],
  width: number,
): Dictionary {
  if (!(width > 0)) {
    throw new RangeError(
      `Cannot use bumps of width ${width}, expected a number above 0`,
    );
  }
  return {
    name: `${centres.length} Gaussian bumps of width ${width}`,
    size: (features) => features + centres.length,
    lift(state, into) {
      into.set(state);
      centres.forEach((centre, i) => {
        let square = 0;
        for (let j = 0; j < state.length; j++) {
          square += (state[j] - centre[j]) ** 2;
        }
        into[state.length + i] = Math.exp(-square / (2 * width * width));
      });
    },
  };
}

/**
 * The outputs of a network.
 *
 * @param network Takes (scaled) features.
 */
export function networkDictionary(network: Perceptron): Dictionary {
  const input = new Float32Array(network.inputs);
  const output = new Float32Array(network.outputs);
  return {
    name: `${network.outputs} outputs of a network`,
    size: () => network.outputs,
    lift(state, into) {
      input.set(state);
      network.forward(input, output);
      into.set(output);
    },
  };
}
