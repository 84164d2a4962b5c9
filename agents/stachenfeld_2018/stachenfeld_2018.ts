/**
 * The successor representation as a model of place and grid cells.
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
  type ArenaAgent,
  placeOf,
  readArenaAgent,
  writeArenaAgent,
} from "../arena_agent.ts";
import {
  eigenmapFigure,
  placeFieldFigure,
  transitionFigure,
} from "./_stachenfeld_2018_figures.ts";
import {
  type Stachenfeld2018Parameters,
  STACHENFELD_2018_PARAMETERS,
} from "./stachenfeld_2018_parameters.ts";
import { type StateGrid, stateGrid } from "./state_grid.ts";
import {
  type Eigenmaps,
  eigenmaps,
  latticeNeighbours,
  latticeTransitions,
  successorMatrix,
  type SuccessorSeries,
  successorSeries,
  transitionsOf,
  transposed,
} from "./successor_matrix.ts";

export type { Eigenmaps, Stachenfeld2018Parameters, SuccessorSeries };

/** What is known of a place's successors: learned, or computed. */
export type SuccessorSource = "learned" | "closed-form";

/**
 * Learns, step by step, how often each state of a room will be visited soon
 * from where one is: the successor representation (Dayan, 1993), whose columns
 * Stachenfeld, Botvinick and Gershman (Nature Neuroscience 20:1643, 2017) take
 * for place cells and whose eigenvectors for grid cells.
 *
 * After a step from s to s' it learns, with e_s the unit vector of s,
 *
 *     delta = e_s + gamma M[s', :] - M[s, :];  M[s, :] += lr_td delta
 *
 * whose fixed point is (I - gamma T)^-1 of the walk's transitions T. In
 * reference mode the matrix is transposed, states are the nearest points of a
 * lattice that includes the walls and are numbered along y first, every step
 * has length 1, and the first update learns a step from a state to itself.
 *
 * @example Learning from a walk
 * ```ts
 * import { assert } from "@std/assert";
 * import { Simple2D } from "../../envs/arena/simple_2d.ts";
 * import { Stachenfeld2018 } from "./stachenfeld_2018.ts";
 *
 * const env = new Simple2D({ arena_x_limits: [-6, 6], arena_y_limits: [-6, 6] });
 * const agent = new Stachenfeld2018({
 *   discount: 0.99, lr_td: 0.01, room_width: 12, room_depth: 12, state_density: 1,
 * });
 * let { observation } = env.reset({ seed: 1 });
 * for (let i = 0; i < 100; i++) {
 *   ({ observation } = env.step(agent.act(observation)));
 *   const { state_td_error } = agent.update(observation);
 *   assert(state_td_error.length === 144);
 * }
 * ```
 */
export class Stachenfeld2018 implements ArenaAgent {
  /** Always `Stachenfeld2018`. */
  readonly name = "Stachenfeld2018";
  /** What it was made with, fallbacks filled in. */
  readonly parameters: JsonRecord;
  /** Where the states lie. */
  readonly grid: StateGrid;
  /** Number of states. */
  readonly states: number;
  /** Step size of learning; may be changed between steps. */
  lrTd: number;
  readonly #values: ParameterValues<typeof STACHENFELD_2018_PARAMETERS>;
  readonly #reference: boolean;
  readonly #random: Random;
  /** Row s is what s is learned to be followed by. */
  readonly #learned: Float64Array;
  readonly #visits: Float64Array;
  #previous = -1;
  #current = -1;

  /**
   * An agent that has learned nothing: each state is followed by itself.
   *
   * @param parameters In the literature's spelling or in camelCase. Throws
   * `TypeError` and `RangeError`, naming the parameter, for unknown, missing
   * and wrong ones.
   */
  constructor(parameters: EitherCase<Stachenfeld2018Parameters>) {
    const values = readParameters("Stachenfeld2018", {
      table: STACHENFELD_2018_PARAMETERS,
      given: parameters,
    });
    this.#values = values;
    this.#reference = values.mode === "reference";
    this.grid = stateGrid({
      roomWidth: values.roomWidth,
      roomDepth: values.twoD ? values.roomDepth : undefined,
      center: values.roomCenter,
      density: values.stateDensity,
      reference: this.#reference,
    });
    this.states = this.grid.width * this.grid.depth;
    this.lrTd = values.lrTd;
    this.parameters = namedParameters(
      STACHENFELD_2018_PARAMETERS,
      values,
    ) as JsonRecord;
    this.#random = new Random(values.seed);
    this.#learned = new Float64Array(this.states ** 2);
    for (let s = 0; s < this.states; s++) {
      this.#learned[s * (this.states + 1)] = 1;
    }
    this.#visits = new Float64Array(this.states);
  }

  /** Forgets where it was; what was learned stays. */
  reset(): void {
    this.#previous = -1;
    this.#current = -1;
  }

  /** The number of the state that a place belongs to. */
  observationToState(observation: ArrayLike<number>): number {
    return this.grid.stateAt(placeOf(observation, this.name));
  }

  /**
   * A step to the middle of a neighbouring state, each as likely; in reference
   * mode of length 1, up, down, right or left, into a wall too.
   *
   * @param observation The place. Throws `RangeError` for one outside of the
   * room.
   */
  act(observation: ArrayLike<number>): Float32Array {
    this.#previous = this.#current;
    const place = placeOf(observation, this.name);
    this.#current = this.grid.stateAt(place);
    const steps = this.grid.stepsFrom(place);
    return steps.length === 0
      ? new Float32Array(2)
      : Float32Array.from(this.#random.choice(steps));
  }

  /**
   * Learns from the last step.
   *
   * @param next The place after it. Without it, learns from the step between
   * the last two places that were acted on: none at first, which changes
   * nothing, save in reference mode.
   * @returns `state_td_error`, the difference delta, shape [states].
   */
  update(next?: ArrayLike<number>): { state_td_error: Float64Array } {
    const current = this.#current;
    const [from, to] = next !== undefined && !this.#reference
      ? [current, this.observationToState(next)]
      : this.#reference && this.#previous < 0
      ? [current, current]
      : [this.#previous, current];
    if (from < 0 || to < 0) {
      return { state_td_error: new Float64Array(this.states) };
    }
    const delta = this.#difference(from, to);
    this.#learn(from, to);
    return { state_td_error: delta };
  }

  #learn(from: number, to: number): void {
    const { states, lrTd } = this;
    const { discount } = this.#values;
    const learned = this.#learned;
    const row = from * states;
    const next = to * states;
    const visit = learned[row + from] +
      lrTd * (discount * learned[next + from] - learned[row + from] + 1);
    for (let k = 0; k < states; k++) {
      const value = learned[row + k];
      learned[row + k] = value + lrTd * (discount * learned[next + k] - value);
    }
    learned[row + from] = visit;
    this.#visits[from]++;
  }

  /** The difference that is learned from. */
  #difference(from: number, to: number): Float64Array {
    const { states } = this;
    const { discount } = this.#values;
    const row = this.#learned.subarray(from * states, (from + 1) * states);
    const next = this.#learned.subarray(to * states, (to + 1) * states);
    const delta = row.map((value, k) => discount * next[k] - value);
    delta[from] += 1;
    return delta;
  }

  /**
   * Learns on walks of the closed form's chain, which begin anywhere.
   *
   * @param options Episodes, and steps of each. Default those of the
   * parameters.
   */
  updateSuccessorRepTdFull(
    options: { nEpisode?: number; tEpisode?: number } = {},
  ): void {
    const {
      nEpisode = this.#values.nEpisode,
      tEpisode = this.#values.tEpisode,
    } = options;
    const neighbours = latticeNeighbours(this.grid).map((list, s) =>
      list.length > 0 ? list : [s]
    );
    for (let episode = 0; episode < nEpisode; episode++) {
      let state = this.#random.integer(0, this.states - 1);
      for (let step = 0; step < tEpisode; step++) {
        const next = this.#random.choice(neighbours[state]);
        this.#learn(state, next);
        state = next;
      }
    }
  }

  /**
   * The learned matrix, a copy. Shape [states, states]: row s is what follows
   * s; in reference mode column s.
   */
  get successorRepresentation(): Float64Array {
    return this.#reference ? transposed(this.#learned) : this.#learned.slice();
  }

  /** How often each state was left. Shape [states]. */
  get visits(): Float64Array {
    return this.#visits.slice();
  }

  /** The random walk between neighbours. Shape [states, states]. */
  transitionMatrix(): Float64Array {
    return latticeTransitions(this.grid);
  }

  /** The successor matrix of that walk in closed form. */
  successorRepSolution(): Float64Array {
    return successorMatrix(this.transitionMatrix(), this.#values.discount);
  }

  /** The same as a series, up to the threshold. */
  successorRepSum(): SuccessorSeries {
    return successorSeries(this.transitionMatrix(), this.#values);
  }

  /** The transitions that the learned matrix belongs to. */
  learnedTransitions(): Float64Array {
    return transitionsOf(this.successorRepresentation, this.#values.discount);
  }

  /**
   * Eigenvectors of the successor matrix, the largest eigenvalue first: maps
   * over the states, as grid cells.
   *
   * @param source The learned matrix, or the closed form. Default learned.
   */
  eigenmaps(source: SuccessorSource = "learned"): Eigenmaps {
    if (source === "learned") {
      const seen = this.#visits.some((count) => count > 0);
      return eigenmaps(this.#learned, this.#visits.map((n) => seen ? n : 1));
    }
    return eigenmaps(
      this.successorRepSolution(),
      latticeNeighbours(this.grid).map(({ length }) => length || 1),
    );
  }

  /** A place cell: how much each state foretells one. Shape [states]. */
  placeField(state: number, source: SuccessorSource = "learned"): Float64Array {
    if (!(Number.isInteger(state) && state >= 0 && state < this.states)) {
      throw new RangeError(
        `Cannot map the place field of state ${state}: expected a whole number from 0 to ${
          this.states - 1
        }`,
      );
    }
    const matrix = source === "learned"
      ? this.#learned
      : this.successorRepSolution();
    return Float64Array.from(
      { length: this.states },
      (_, s) => matrix[s * this.states + state],
    );
  }

  /**
   * Eigenmaps as figures.
   *
   * @param options Which ones, counted from the largest eigenvalue; default 1
   * to 6. `source` as for {@linkcode Stachenfeld2018.eigenmaps}.
   */
  plotRateMap(
    options: { eigenVectors?: readonly number[]; source?: SuccessorSource } =
      {},
  ): Figure {
    const { eigenVectors = [1, 2, 3, 4, 5, 6], source } = options;
    return eigenmapFigure(this.grid, {
      eigenmaps: this.eigenmaps(source),
      shown: eigenVectors,
    });
  }

  /**
   * Place fields as figures.
   *
   * @param options Of which states; default the first, the middle and the last.
   */
  plotPlaceFields(
    options: { states?: readonly number[]; source?: SuccessorSource } = {},
  ): Figure {
    const { width, depth } = this.grid;
    const middle = Math.floor(depth / 2) * width + Math.floor(width / 2);
    const { states = [0, middle, this.states - 1], source } = options;
    const fields = states.map((state) =>
      [state, this.placeField(state, source)] as const
    );
    return placeFieldFigure(this.grid, fields);
  }

  /** The walk's transitions beside those that the learned matrix belongs to. */
  plotTransition(): Figure {
    return transitionFigure(this.transitionMatrix(), this.learnedTransitions());
  }

  /** All that is needed to go on, save the parameters. */
  saveState(): State {
    return {
      learned: this.#learned.slice(),
      visits: this.#visits.slice(),
      lrTd: this.lrTd,
      previous: this.#previous,
      current: this.#current,
      random: this.#random.saveState(),
    };
  }

  /** Goes on from a saved state, which is copied. */
  loadState(state: State): void {
    const { learned, visits, lrTd, previous, current, random } = state;
    if (
      !(learned instanceof Float64Array) || !(visits instanceof Float64Array) ||
      !(random instanceof Uint32Array) || typeof lrTd !== "number" ||
      learned.length !== this.#learned.length ||
      visits.length !== this.states
    ) {
      throw new TypeError(
        `Cannot restore a successor matrix of ${this.states} states from what was saved of another agent`,
      );
    }
    this.#random.loadState(random);
    this.#learned.set(learned);
    this.#visits.set(visits);
    this.lrTd = lrTd;
    this.#previous = Number(previous);
    this.#current = Number(current);
  }

  /** Writes parameters and state as a `.zip`. */
  async save(path: string): Promise<void> {
    await writeArenaAgent(path, this);
  }

  /**
   * Reads what {@linkcode Stachenfeld2018.save} wrote.
   *
   * @param path Throws a one-line error that names it where it holds no such
   * agent.
   */
  static async load(path: string): Promise<Stachenfeld2018> {
    const { parameters, state } = await readArenaAgent(path, "Stachenfeld2018");
    const agent = new Stachenfeld2018(
      parameters as EitherCase<Stachenfeld2018Parameters>,
    );
    agent.loadState(state);
    return agent;
  }
}
