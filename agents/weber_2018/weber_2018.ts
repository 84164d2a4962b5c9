/**
 * Plastic inhibition that makes place and grid cells.
 *
 * @module
 */
import type { Figure } from "../../analysis/figures/figure.ts";
import {
  type EitherCase,
  namedParameters,
  type ParameterValues,
  readParameters,
} from "../../core/parameters.ts";
import { Random } from "../../core/random.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import type { State } from "../../core/state.ts";
import {
  drive,
  type PlasticNeuron,
  plasticNeuron,
} from "../../ffi/plasticity.ts";
import { rateAt } from "../../ffi/rate_table.ts";
import {
  type ArenaAgent,
  placeOf,
  readArenaAgent,
  writeArenaAgent,
} from "../arena_agent.ts";
import { rateMapFigure } from "./_weber_2018_figures.ts";
import { referenceStep } from "./_weber_2018_reference.ts";
import {
  type InputArea,
  type InputKind,
  inputRates,
  meanTotalRate,
} from "./weber_2018_inputs.ts";
import {
  type Weber2018Parameters,
  WEBER_2018_PARAMETERS,
} from "./weber_2018_parameters.ts";

export type { Weber2018Parameters };

/** What {@linkcode Weber2018.update} tells. */
export type Weber2018Update = {
  /** The rate at the place before learning, Hz. */
  readonly rate: number;
  /** Length of the change of excitatory weights; in reference mode the change. */
  readonly delta_we: number | Float64Array;
  /** The same of inhibitory weights. */
  readonly delta_wi: number | Float64Array;
};

/** How much the first weights spread around their mean. */
const SPREAD = 0.05;

/** Which inputs {@linkcode Weber2018.inputRateMap} looks at. */
export type InputPopulation = "excitatory" | "inhibitory";

type Values = ParameterValues<typeof WEBER_2018_PARAMETERS>;

function inputKind({ inputs, mode, Nef, Nif }: Values): InputKind {
  if (inputs !== null) return inputs;
  if (mode === "reference") return "scattered";
  return Nef > 1 || Nif > 1 ? "sparse" : "place";
}

function inputArea(values: Values): InputArea {
  const { roomWidth, roomDepth, twoD, periodic, resolution } = values;
  return {
    width: roomWidth,
    depth: twoD ? roomDepth : undefined,
    periodic,
    pixelsX: resolution,
    pixelsY: twoD
      ? Math.max(
        1,
        Math.floor(resolution * roomDepth / roomWidth * (1 + 1e-12)),
      )
      : 1,
  };
}

/**
 * A neuron in an arena whose inputs depend on the place: rate
 * r = [sum of wE rE(x) - sum of wI rI(x)]+. At every step excitatory weights
 * learn by Hebb's rule and keep their sum of squares, inhibitory ones aim at
 * the rate `ro`:
 *
 *     wE += exc_eta rE(x) r, then rescaled
 *     wI += inh_eta rI(x) (r - ro), and zero where negative
 *
 * Where inhibition is smoother than excitation, rates become periodic: grid
 * cells, with the spacing of `weberSpacing` on a line (Weber and Sprekeler,
 * eLife 7:e34560, 2018).
 *
 * @example Learning while walking
 * ```ts
 * import { assert } from "@std/assert";
 * import { Simple2D } from "../../envs/arena/simple_2d.ts";
 * import { Weber2018 } from "./weber_2018.ts";
 *
 * const env = new Simple2D({ arena_x_limits: [-5, 5], arena_y_limits: [-5, 5] });
 * const agent = new Weber2018({
 *   room_width: 10, room_depth: 10, Ne: 400, Ni: 100, resolution: 20,
 * });
 * let { observation } = env.reset({ seed: 1 });
 * for (let i = 0; i < 100; i++) {
 *   ({ observation } = env.step(agent.act(observation)));
 *   const { rate } = agent.update(observation);
 *   assert(rate >= 0);
 * }
 * ```
 */
export class Weber2018 implements ArenaAgent {
  /** Always `Weber2018`. */
  readonly name = "Weber2018";
  /** What it was made with, fallbacks filled in. */
  readonly parameters: JsonRecord;
  /** The room in pixels. */
  readonly area: InputArea;
  /** Mean of the first inhibitory weights, where none was given too. */
  readonly wiInit: number;
  readonly #values: Values;
  readonly #random: Random;
  readonly #neuron: PlasticNeuron;
  #place: [number, number] | undefined;

  /**
   * A neuron with its inputs' rates at every pixel, which take time and memory:
   * 71 MB for the default place-like inputs, 276 MB for as many others.
   *
   * @param parameters In the literature's spelling or in camelCase. Throws
   * `TypeError` and `RangeError`, naming the parameter, for unknown, missing
   * and wrong ones.
   */
  constructor(parameters: EitherCase<Weber2018Parameters>) {
    const values = readParameters("Weber2018", {
      table: WEBER_2018_PARAMETERS,
      given: parameters,
    });
    this.#values = values;
    this.parameters = namedParameters(
      WEBER_2018_PARAMETERS,
      values,
    ) as JsonRecord;
    this.area = inputArea(values);
    const root = new Random(values.seed);
    const [inputStream, weightStream] = [root.split(), root.split()];
    this.#random = root.split();
    const shared = { kind: inputKind(values), random: inputStream };
    const inUnits = (sigma: readonly number[]) =>
      sigma.map((part) => part * values.roomWidth);
    const excitatory = inputRates(this.area, {
      ...shared,
      cells: values.Ne,
      fields: values.Nef,
      height: values.alphaE,
      sigma: inUnits(values.sigmaExc),
    });
    const inhibitory = inputRates(this.area, {
      ...shared,
      cells: values.Ni,
      fields: values.Nif,
      height: values.alphaI,
      sigma: inUnits(values.sigmaInh),
    });
    this.wiInit = values.wiInit ??
      Math.max(0, values.weInit * meanTotalRate(excitatory) - values.ro) /
        meanTotalRate(inhibitory);
    const first = (cells: number, mean: number) =>
      Float64Array.from(
        { length: cells },
        () => mean * (1 + weightStream.uniform(-SPREAD, SPREAD)),
      );
    this.#neuron = plasticNeuron({
      excitatory,
      inhibitory,
      excitatoryWeights: first(excitatory.cells, values.weInit),
      inhibitoryWeights: first(inhibitory.cells, this.wiInit),
      excitatoryRate: values.excEta,
      inhibitoryRate: values.inhEta,
      targetRate: values.ro,
      native: values.native,
    });
  }

  /** Steps learned from. */
  get steps(): number {
    return this.#neuron.steps;
  }

  /** Excitatory weights, a copy. Shape [cells]. */
  get excitatoryWeights(): Float64Array {
    return this.#neuron.excitatoryWeights();
  }

  /** Inhibitory weights, a copy. Shape [cells]. */
  get inhibitoryWeights(): Float64Array {
    return this.#neuron.inhibitoryWeights();
  }

  /** Forgets where it was; what was learned stays. */
  reset(): void {
    this.#place = undefined;
  }

  /** The number of the pixel of a place; the outermost one for those outside. */
  pixelAt(x: number, y: number): number {
    const { width, depth, pixelsX, pixelsY } = this.area;
    const [middleX, middleY] = this.#values.roomCenter;
    const along = (part: number, count: number) =>
      Math.min(count - 1, Math.max(0, Math.floor(part * count)));
    const row = depth === undefined
      ? 0
      : along((y - middleY) / depth + 0.5, pixelsY);
    return row * pixelsX + along((x - middleX) / width + 0.5, pixelsX);
  }

  /**
   * A step with normal displacements along each axis.
   *
   * @param observation The place.
   */
  act(observation: ArrayLike<number>): Float32Array {
    this.#place = placeOf(observation, this.name);
    const { agentStepSize, twoD } = this.#values;
    const step = new Float32Array(2);
    step[0] = this.#random.normal(0, agentStepSize);
    if (twoD) step[1] = this.#random.normal(0, agentStepSize);
    return step;
  }

  /**
   * Learns at a place.
   *
   * @param next Where. Default: the place that was last acted on.
   * @returns `rate` at the place before learning, Hz, and the lengths
   * `delta_we` and `delta_wi` of the changes of weights before they were
   * rescaled and cut; in reference mode the changes themselves, shape [cells].
   * Zeros where no place is known.
   */
  update(next?: ArrayLike<number>): Weber2018Update {
    const place = next === undefined ? this.#place : placeOf(next, this.name);
    if (place === undefined) return { rate: 0, delta_we: 0, delta_wi: 0 };
    const pixel = this.pixelAt(place[0], place[1]);
    const { memory } = this.#neuron;
    if (this.#values.mode === "reference") return referenceStep(memory, pixel);
    const outputs = new Float64Array(1);
    this.#neuron.learn(Uint32Array.of(pixel), outputs);
    const { excEta, inhEta, ro } = this.#values;
    const length = (squares: Float64Array) => Math.sqrt(squares[pixel]);
    return {
      rate: outputs[0],
      delta_we: excEta * outputs[0] * length(memory.excitatory.table.squares),
      delta_wi: inhEta * Math.abs(outputs[0] - ro) *
        length(memory.inhibitory.table.squares),
    };
  }

  /**
   * Learns at many places, one after another, as `update` does in default mode.
   *
   * @param places Shape [places, 2].
   * @param outputs Takes the rate at each place before learning there, Hz.
   */
  learn(
    places: Float64Array,
    outputs?: Float64Array<ArrayBuffer>,
  ): void {
    const pixels = new Uint32Array(places.length / 2);
    for (let i = 0; i < pixels.length; i++) {
      pixels[i] = this.pixelAt(places[2 * i], places[2 * i + 1]);
    }
    this.#neuron.learn(pixels, outputs);
  }

  /** The rate at every pixel, Hz. Shape [pixels along y, pixels along x]. */
  outputRates(): Float64Array {
    const { excitatory, inhibitory } = this.#neuron.memory;
    const weights = new Float64Array(excitatory.weights.length);
    weights.set(this.#neuron.excitatoryWeights());
    return Float64Array.from(
      { length: excitatory.table.pixels },
      (_, pixel) =>
        Math.max(
          0,
          drive(weights, excitatory.table, pixel) -
            drive(inhibitory.weights, inhibitory.table, pixel),
        ),
    );
  }

  /**
   * The rate of one input at every pixel, Hz. Shape as of the output.
   *
   * @param population Which inputs.
   * @param cell Which of them. Throws `RangeError` for one that is none.
   */
  inputRateMap(population: InputPopulation, cell: number): Float64Array {
    const { table } = this.#neuron.memory[population];
    if (!(Number.isInteger(cell) && cell >= 0 && cell < table.cells)) {
      throw new RangeError(
        `Cannot map the ${population} input ${cell}: expected a whole number from 0 to ${
          table.cells - 1
        }`,
      );
    }
    return Float64Array.from(
      { length: table.pixels },
      (_, pixel) => rateAt(table, cell, pixel),
    );
  }

  /** The rate at every place, as a figure. */
  plotRateMap(): Figure {
    return rateMapFigure(this.area, [["output", this.outputRates()]]);
  }

  /**
   * An excitatory input, an inhibitory one, and the output, as figures.
   *
   * @param options Which inputs. Default those in the middle.
   */
  plotAllRates(
    options: { excitatory?: number; inhibitory?: number } = {},
  ): Figure {
    const { excitatory: e, inhibitory: i } = this.#neuron.memory;
    const middle = ({ cells }: { cells: number }) => Math.floor(cells / 2);
    const { excitatory = middle(e.table), inhibitory = middle(i.table) } =
      options;
    return rateMapFigure(this.area, [
      [
        `excitatory input ${excitatory}`,
        this.inputRateMap("excitatory", excitatory),
      ],
      [
        `inhibitory input ${inhibitory}`,
        this.inputRateMap("inhibitory", inhibitory),
      ],
      ["output", this.outputRates()],
    ]);
  }

  /** All that is needed to go on, save the parameters. */
  saveState(): State {
    const { excitatory, inhibitory, numbers } = this.#neuron.memory;
    return {
      excitatory: excitatory.weights.slice(),
      inhibitory: inhibitory.weights.slice(),
      numbers: numbers.slice(),
      place: this.#place === undefined ? null : [...this.#place],
      random: this.#random.saveState(),
    };
  }

  /** Goes on from a saved state, which is copied. */
  loadState(state: State): void {
    const { memory } = this.#neuron;
    const parts: [Float64Array, unknown][] = [
      [memory.excitatory.weights, state.excitatory],
      [memory.inhibitory.weights, state.inhibitory],
      [memory.numbers, state.numbers],
    ];
    const fits = parts.every(([own, saved]) =>
      saved instanceof Float64Array && saved.length === own.length
    );
    const { place, random } = state;
    if (!fits || !(random instanceof Uint32Array)) {
      throw new TypeError(
        `Cannot restore weights of ${memory.excitatory.table.cells} and ${memory.inhibitory.table.cells} inputs from what was saved of another neuron`,
      );
    }
    this.#random.loadState(random);
    for (const [own, saved] of parts) own.set(saved as Float64Array);
    this.#place = Array.isArray(place)
      ? [Number(place[0]), Number(place[1])]
      : undefined;
  }

  /** Writes parameters and state as a `.zip`; inputs are made anew from the seed. */
  async save(path: string): Promise<void> {
    await writeArenaAgent(path, this);
  }

  /**
   * Reads what {@linkcode Weber2018.save} wrote.
   *
   * @param path Throws a one-line error that names it where it holds no such
   * agent.
   */
  static async load(path: string): Promise<Weber2018> {
    const { parameters, state } = await readArenaAgent(path, "Weber2018");
    const agent = new Weber2018(parameters as EitherCase<Weber2018Parameters>);
    agent.loadState(state);
    return agent;
  }
}
