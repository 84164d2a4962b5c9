/**
 * Eigenvalues of a Markov chain's generator near zero: its slowest modes.
 *
 * @module
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { Random } from "../../core/random.ts";
import { collect, eliminate } from "./_elimination.ts";
import { generatorTimes, type MarkovChain, meanUnder } from "./markov_chain.ts";
import { stationaryLaw } from "./stationary_law.ts";

export type { MarkovChain };

/** A slow mode. */
export interface SlowMode {
  /** Real part of the eigenvalue, below 0. */
  readonly real: number;
  /** Imaginary part. */
  readonly imaginary: number;
  /** |Q v - lambda v| over |lambda v|: how well it is known. */
  readonly residual: number;
}

/** Options of {@linkcode slowModes}. */
export interface SlowModesOptions {
  /** How many; a conjugate pair counts as two. Default 4. */
  count?: number;
  /** Stationary distribution, where it is known already. */
  law?: Float64Array;
  /** Largest residual. Default 1e-8. */
  tolerance?: number;
}

/** Dimensions of the spaces that are tried. */
const SPACES = [24, 48, 96, 192];

/**
 * A function f of the state as the vector x = sqrt(pi) f, whose length is the
 * root of the mean of f^2. In this measure a reversible chain is symmetric, and
 * others are nearer to it: without it the modes of M/M/1 would be lost, whose
 * eigenvectors rise as rho^(-n / 2).
 */
interface Measure {
  /** sqrt(pi): also the mode of the eigenvalue 0. */
  readonly root: Float64Array;
}

/** Takes the part along the eigenvalue 0 away. */
function deflate(x: Float64Array, { root }: Measure): void {
  const mean = meanUnder(root, x);
  for (let i = 0; i < x.length; i++) x[i] -= mean * root[i];
}

/** x = sqrt(pi) f from f, in place. */
function weigh(f: Float64Array, { root }: Measure): Float64Array {
  for (let i = 0; i < f.length; i++) f[i] *= root[i];
  return f;
}

/** f from x, in place; 0 where the chain never is. */
function unweigh(x: Float64Array, { root }: Measure): Float64Array {
  for (let i = 0; i < x.length; i++) x[i] = root[i] > 0 ? x[i] / root[i] : 0;
  return x;
}

function norm(v: Float64Array): number {
  let sum = 0;
  for (const value of v) sum += value * value;
  return Math.sqrt(sum);
}

/** Arnoldi's vectors and Hessenberg matrix of (shift - Q)^-1. */
interface Krylov {
  readonly basis: Float64Array[];
  readonly hessenberg: number[][];
}

/** One vector more; false where the space is exhausted. */
function extend(
  { basis, hessenberg }: Krylov,
  apply: (v: Float64Array) => Float64Array,
): boolean {
  const w = apply(basis.at(-1)!);
  const column = new Array<number>(basis.length + 1).fill(0);
  const before = norm(w);
  // Twice is enough (Giraud et al. 2005).
  for (let round = 0; round < 2; round++) {
    basis.forEach((v, k) => {
      let dot = 0;
      for (let i = 0; i < w.length; i++) dot += v[i] * w[i];
      for (let i = 0; i < w.length; i++) w[i] -= dot * v[i];
      column[k] += dot;
    });
  }
  const rest = norm(w);
  column[basis.length] = rest;
  hessenberg.push(column);
  if (!(rest > 1e-13 * before)) return false;
  for (let i = 0; i < w.length; i++) w[i] /= rest;
  basis.push(w);
  return true;
}

/** Where modes are looked for. */
interface Search {
  readonly chain: MarkovChain;
  readonly measure: Measure;
  readonly count: number;
  readonly tolerance: number;
  /** Largest exit rate. */
  readonly fastest: number;
}

/** Modes of the Krylov space, the slowest first. */
function ritzModes(
  { chain, measure, count }: Search,
  { basis, hessenberg }: Krylov,
  shift: number,
): SlowMode[] {
  const size = hessenberg.length;
  const square = Matrix.zeros(size, size);
  hessenberg.forEach((column, j) => {
    for (let i = 0; i < Math.min(size, column.length); i++) {
      square.set(i, j, column[i]);
    }
  });
  const { realEigenvalues, imaginaryEigenvalues, eigenvectorMatrix } =
    new EigenvalueDecomposition(square, { assumeSymmetric: false });
  const order = [...realEigenvalues.keys()].sort((a, b) =>
    Math.hypot(realEigenvalues[b], imaginaryEigenvalues[b]) -
    Math.hypot(realEigenvalues[a], imaginaryEigenvalues[a])
  );
  return order.slice(0, count).map((k) => {
    const [re, im] = [realEigenvalues[k], imaginaryEigenvalues[k]];
    const square2 = re * re + im * im;
    const real = shift - re / square2;
    const imaginary = im === 0 ? 0 : im / square2;
    // A pair's eigenvectors are columns k +- i (k + 1), k where im > 0.
    const first = im < 0 ? k - 1 : k;
    const parts = [first, first + 1].map((column) => {
      const x = new Float64Array(chain.states);
      for (let j = 0; j < size; j++) {
        const weight = column < size ? eigenvectorMatrix.get(j, column) : 0;
        for (let i = 0; i < x.length; i++) x[i] += weight * basis[j][i];
      }
      return x;
    });
    return {
      real,
      imaginary,
      residual: residualOf(chain, { measure, parts, real, imaginary }),
    };
  });
}

/**
 * |Q f - lambda f| / |lambda f| of f = x + i y; of a pair the smaller of the
 * two signs, as which column belongs to which is not said.
 */
function residualOf(
  chain: MarkovChain,
  { measure, parts: [x, y], real, imaginary }: {
    measure: Measure;
    parts: Float64Array[];
    real: number;
    imaginary: number;
  },
): number {
  const times = (part: Float64Array) =>
    weigh(
      generatorTimes(
        chain,
        unweigh(part.slice(), measure),
        new Float64Array(part.length),
      ),
      measure,
    );
  const isPair = imaginary !== 0;
  const qx = times(x);
  const qy = isPair ? times(y) : new Float64Array(y.length);
  if (!isPair) y.fill(0);
  const size = Math.hypot(real, imaginary) * Math.hypot(norm(x), norm(y));
  return Math.min(...[imaginary, -imaginary].map((im) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) {
      sum += (qx[i] - real * x[i] + im * y[i]) ** 2 +
        (qy[i] - real * y[i] - im * x[i]) ** 2;
    }
    return Math.sqrt(sum) / size;
  }));
}

/** Whether a mode is known as well as is asked for, or as rounding allows. */
function isKnown(
  { tolerance, fastest }: Search,
  { real, imaginary, residual }: SlowMode,
): boolean {
  const size = Math.hypot(real, imaginary);
  return residual * size <= tolerance * size + 1e-14 * fastest;
}

/** Modes by Arnoldi's method on (shift - Q)^-1. */
function modesAround(search: Search, shift: number): SlowMode[] {
  const { chain, measure, count, tolerance } = search;
  const { states } = chain;
  const elimination = eliminate(chain, new Float64Array(states).fill(shift));
  const apply = (x: Float64Array) => {
    const f = collect(elimination, unweigh(x.slice(), measure));
    const image = weigh(f, measure);
    deflate(image, measure);
    return image;
  };
  const random = new Random(1);
  const start = Float64Array.from({ length: states }, () => random.normal());
  weigh(start, measure);
  deflate(start, measure);
  const size = norm(start);
  const krylov: Krylov = {
    basis: [start.map((value) => value / size)],
    hessenberg: [],
  };
  for (const space of SPACES) {
    let more = true;
    while (more && krylov.hessenberg.length < space) {
      more = extend(krylov, apply);
    }
    const modes = ritzModes(search, krylov, shift);
    if (modes.every((mode) => isKnown(search, mode))) return modes;
    if (!more) break;
  }
  throw new RangeError(
    `Cannot compute ${count} slow modes to ${tolerance}: expected fewer, or less exact ones`,
  );
}

/**
 * The eigenvalues of Q that are nearest to 0, without 0 itself, the slowest
 * first. An eigenvalue that is much nearer than the next belongs to a
 * metastable set: its inverse is the mean time to leave it.
 *
 * By Arnoldi's method on (s - Q)^-1 with a small s, solved by elimination; the
 * mode of the eigenvalue 0 is taken out.
 *
 * @param chain An irreducible chain.
 * @param options How many, and how exactly.
 * @throws {RangeError} There are not as many, or they do not settle.
 */
export function slowModes(
  chain: MarkovChain,
  options: SlowModesOptions = {},
): SlowMode[] {
  const { count = 4, tolerance = 1e-8, law = stationaryLaw(chain) } = options;
  if (!(count >= 1 && count < chain.states)) {
    throw new RangeError(
      `Cannot compute ${count} slow modes of ${chain.states} states: expected 1 to ${
        chain.states - 1
      }`,
    );
  }
  const search: Search = {
    chain,
    measure: { root: law.map(Math.sqrt) },
    count,
    tolerance,
    fastest: chain.exitRates.reduce((a, b) => Math.max(a, b), 0),
  };
  const shift = 1e-6 * search.fastest;
  const modes = modesAround(search, shift);
  const slowest = -modes[0].real;
  // Digits were lost to the shift, if it was above what was looked for.
  return slowest > 0 && slowest < shift ? modesAround(search, slowest) : modes;
}
