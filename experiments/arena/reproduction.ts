/**
 * What the models of arenas are known to do, over several seeds.
 *
 * @module
 */
import { Stachenfeld2018 } from "../../agents/stachenfeld_2018/stachenfeld_2018.ts";
import { Weber2018 } from "../../agents/weber_2018/weber_2018.ts";
import { WEBER_2018_SETS } from "../../agents/weber_2018/weber_2018_parameters.ts";
import { weberSpacing } from "../../agents/weber_2018/weber_spacing.ts";
import { gridScore } from "../../analysis/spatial/grid_score.ts";
import { lineSpacing } from "../../analysis/spatial/line_spacing.ts";
import {
  coarserMap,
  type SpatialMap,
  spatialMap,
} from "../../analysis/spatial/spatial_map.ts";
import { mean, standardDeviation } from "../../analysis/statistics.ts";
import { Random } from "../../core/random.ts";
import { readParameters } from "../../core/parameters.ts";
import {
  ANIMAL_MOTION_PARAMETERS,
  animalMotion,
} from "../../envs/arena/animal_motion.ts";
import { rectangleWalls, slidingWalls } from "../../envs/arena/walls.ts";

export type { SpatialMap };

/** Seconds of a step in the paper of plastic inhibition. */
const STEP_SECONDS = 0.02;

/**
 * Where an animal goes that forages in a square of a metre around 0.
 *
 * @param steps Steps of 20 ms.
 * @param seed Draws its way.
 * @returns Shape [steps, 2], metres.
 */
export function foragingPlaces(steps: number, seed: number): Float64Array {
  const walls = rectangleWalls([-0.5, 0.5], [-0.5, 0.5]);
  const settings = readParameters("the animal", {
    table: ANIMAL_MOTION_PARAMETERS,
    given: {},
  });
  const motion = animalMotion(settings, {
    walls,
    sliding: slidingWalls(walls, 1e-6),
  });
  const random = new Random(seed);
  motion.begin([0, 0], random);
  const places = new Float64Array(2 * steps);
  for (let i = 0; i < steps; i++) {
    motion.advance(STEP_SECONDS, random);
    places[2 * i] = motion.place[0];
    places[2 * i + 1] = motion.place[1];
  }
  return places;
}

/** What became of one neuron. */
export interface GridCellRun {
  /** The seed. */
  readonly seed: number;
  /** Grid score of the rates before learning; NaN where there is none. */
  readonly before: number;
  /** Grid score after. */
  readonly after: number;
  /** Spacing of the fields after learning, as a part of the room. */
  readonly spacing: number;
  /** Mean rate after learning, Hz. */
  readonly meanRate: number;
  /** Largest rate after learning, Hz. */
  readonly peakRate: number;
  /** Rates after learning, Hz. */
  readonly rates: SpatialMap;
}

/** Pixels that become one bin of a map that is scored. */
const COARSER = 2;

/**
 * Lets a neuron of one of the paper's sets learn while an animal forages.
 *
 * @param set Its name, of a square room.
 * @param options The seed, and steps; default the paper's.
 */
export function gridCellRun(
  set: keyof typeof WEBER_2018_SETS,
  options: { seed: number; steps?: number },
): GridCellRun {
  const { parameters, steps: published } = WEBER_2018_SETS[set];
  const { seed, steps = published } = options;
  const agent = new Weber2018({ ...parameters, seed });
  const { pixelsX: columns, pixelsY: rows } = agent.area;
  const scored = () => {
    const rates = spatialMap(agent.outputRates(), { columns, rows });
    return { rates, grid: gridScore(coarserMap(rates, COARSER)) };
  };
  const before = scored().grid.score;
  agent.learn(foragingPlaces(steps, seed));
  const { rates, grid } = scored();
  return {
    seed,
    before,
    after: grid.score,
    spacing: grid.spacing * COARSER / columns,
    meanRate: mean(rates.values),
    peakRate: rates.values.reduce((most, rate) => Math.max(most, rate), 0),
    rates,
  };
}

/** A set of inputs along a periodic line. */
export interface LineSet {
  /** What it is called. */
  readonly name: string;
  /** Standard deviation of excitatory inputs, units of length. */
  readonly sigmaExc: number;
  /** Standard deviation of inhibitory inputs. */
  readonly sigmaInh: number;
  /** Excitatory inputs a unit of length. */
  readonly Ne: number;
  /** Inhibitory inputs a unit of length. */
  readonly Ni: number;
  /** Learning rate of excitatory weights. */
  readonly excEta: number;
  /** Learning rate of inhibitory weights. */
  readonly inhEta: number;
}

const FIG_1G = {
  sigmaExc: 0.03,
  Ne: 800,
  Ni: 200,
  excEta: 3.6e-5,
  inhEta: 3.6e-4,
};

/** The paper's place-like sets, with as many inputs a unit of length. */
export const LINE_SETS: readonly LineSet[] = [
  ...[0.08, 0.1, 0.2, 0.3].map((sigmaInh) => ({
    name: `figure 1g, sigma_inh ${sigmaInh}`,
    ...FIG_1G,
    sigmaInh,
  })),
  {
    name: "figure 7b",
    sigmaExc: 0.04,
    sigmaInh: 0.12,
    Ne: 1000,
    Ni: 250,
    excEta: 5e-5,
    inhEta: 5e-4,
  },
];

/** Pixels a spacing. */
const SPACING_PIXELS = 40;

/** How long a line is, and how long a neuron learns on it. */
export interface LineOptions {
  /** Draws inputs, weights and places. */
  readonly seed: number;
  /** Spacings that the line is long. Default 24. */
  readonly spacings?: number;
  /** Steps. Default as many as visit each unit of length as the paper's do. */
  readonly steps?: number;
}

/** What a neuron learned along a line. */
export interface LearnedLine {
  /** Rates, Hz, in pixels of equal length. */
  readonly rates: Float64Array;
  /** The line's length. */
  readonly length: number;
  /** The law's spacing. */
  readonly spacing: number;
}

/**
 * Lets a neuron learn along a periodic line.
 *
 * @param set The inputs.
 * @param options Length, steps and seed.
 */
export function learnedLine(set: LineSet, options: LineOptions): LearnedLine {
  const { seed, spacings = 24 } = options;
  const spacing = weberSpacing(set);
  const length = spacings * spacing;
  const { steps = Math.round(200_000 * length) } = options;
  const relative = (sigma: number) => [sigma / length, sigma / length];
  const agent = new Weber2018({
    room_width: length,
    room_depth: length,
    twoD: false,
    periodic: true,
    sigma_exc: relative(set.sigmaExc),
    sigma_inh: relative(set.sigmaInh),
    Ne: Math.round(set.Ne * length),
    Ni: Math.round(set.Ni * length),
    exc_eta: set.excEta,
    inh_eta: set.inhEta,
    resolution: spacings * SPACING_PIXELS,
    seed,
  });
  const random = new Random(seed);
  agent.learn(Float64Array.from(
    { length: 2 * steps },
    () => random.uniform(-length / 2, length / 2),
  ));
  return { rates: agent.outputRates(), length, spacing };
}

/**
 * The spacing that a neuron learns along a periodic line, over the one of the
 * law.
 *
 * @param set The inputs.
 * @param options Length, steps and seed.
 */
export function spacingRatio(set: LineSet, options: LineOptions): number {
  return lineSpacing(learnedLine(set, options).rates) / SPACING_PIXELS;
}

/** How learned successor matrices compare with the closed form. */
export interface SuccessorComparison {
  /** Mean square over the entries of difference over standard error. */
  readonly meanSquare: number;
  /** What that is where the mean over the runs is the closed form. */
  readonly expected: number;
  /** Largest difference between the runs' mean and the closed form. */
  readonly largestDifference: number;
}

/**
 * Learns the successor matrix of a room's random walk in several runs, with a
 * step size that falls.
 *
 * @param options States along each side, gamma, runs and steps a step size.
 */
export function compareSuccessorMatrices(
  options: { side: number; discount: number; runs: number; steps: number },
): SuccessorComparison {
  const { side, discount, runs, steps } = options;
  const parameters = {
    discount,
    lr_td: 0.1,
    room_width: side,
    room_depth: side,
    state_density: 1,
  };
  const learned = Array.from({ length: runs }, (_, seed) => {
    const agent = new Stachenfeld2018({ ...parameters, seed });
    for (const lrTd of [0.1, 0.01, 0.002, 0.0004]) {
      agent.lrTd = lrTd;
      agent.updateSuccessorRepTdFull({ nEpisode: 1, tEpisode: steps });
    }
    return agent.successorRepresentation;
  });
  const exact = new Stachenfeld2018(parameters).successorRepSolution();
  let squares = 0;
  let largestDifference = 0;
  exact.forEach((value, i) => {
    const values = learned.map((matrix) => matrix[i]);
    const difference = mean(values) - value;
    const error = standardDeviation(values) / Math.sqrt(runs);
    squares += (difference / error) ** 2;
    largestDifference = Math.max(largestDifference, Math.abs(difference));
  });
  return {
    meanSquare: squares / exact.length,
    // The mean square of Student's t.
    expected: (runs - 1) / (runs - 3),
    largestDifference,
  };
}
