/**
 * A walker on a line: the smallest simulation, and ways in which runs go wrong.
 *
 * @module
 */
import { numberParameter, readParameters } from "../../core/parameters.ts";
import { Random } from "../../core/random.ts";
import type {
  Parameters,
  SimulationAgent,
  SimulationArena,
  State,
  TrainingResult,
} from "./parts.ts";

const WALKER = {
  lr_td: numberParameter({ exclusiveMinimum: 0, fallback: 0.1 }),
  seed: numberParameter({ fallback: 0 }),
};

/** Draws steps, and learns the mean place. */
export class Walker implements SimulationAgent {
  #random: Random;
  #rate: number;
  #seen = 0;
  /** What it has learned. */
  estimate = 0;

  constructor(parameters: Parameters) {
    const { lrTd, seed } = readParameters("Walker", {
      table: WALKER,
      given: parameters,
    });
    this.#rate = lrTd;
    this.#random = new Random(seed);
  }

  act(observation: Float32Array): Float32Array {
    this.#seen = observation[0];
    return Float32Array.of(this.#random.normal());
  }

  update() {
    const error = this.#seen - this.estimate;
    this.estimate += this.#rate * error;
    return { error, estimate: [this.estimate, -this.estimate] };
  }

  saveState(): State {
    return { estimate: this.estimate, random: this.#random.saveState() };
  }

  loadState(state: State): void {
    this.estimate = state.estimate as number;
    this.#random.loadState(state.random as Uint32Array);
  }
}

/** A line without ends. */
export class Line implements SimulationArena {
  #place = 0;

  constructor(parameters: Parameters) {
    readParameters("Line", { table: {}, given: parameters });
  }

  /** Where the walker is. */
  get place(): number {
    return this.#place;
  }

  #observation() {
    return Float32Array.of(this.#place);
  }

  reset() {
    this.#place = 0;
    return { observation: this.#observation(), info: {} };
  }

  step(action: Float32Array) {
    this.#place += action[0];
    return {
      observation: this.#observation(),
      reward: 0,
      terminated: false,
      truncated: false,
      info: {},
    };
  }

  saveState(): State {
    return { place: this.#place, track: Float64Array.of(NaN, this.#place) };
  }

  loadState(state: State): void {
    this.#place = state.place as number;
  }
}

/** Does in the loop what its parameters ask for. */
export async function troubleLoop(
  agent: SimulationAgent,
  env: SimulationArena,
  parameters: Parameters,
): Promise<TrainingResult> {
  const { trouble, milliseconds = 0 } = parameters;
  console.log(`trouble: ${trouble}`);
  switch (trouble) {
    case "throw":
      throw new RangeError("asked for");
    case "exit":
      Deno.exit(parameters.code as number);
      break;
    case "endless":
      for (;;);
    case "memory": {
      const kept: Uint8Array[] = [];
      for (;;) {
        kept.push(new Uint8Array(16 * 1024 * 1024).fill(1));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    case "kill":
      Deno.kill(Deno.pid, "SIGKILL");
      await new Promise(() => setInterval(() => {}, 1000));
      break;
    case "big":
      return {
        agent,
        env,
        trainingHist: { zeros: new Float64Array(parameters.size as number) },
      };
    case "sleep":
      await new Promise((resolve) =>
        setTimeout(resolve, milliseconds as number)
      );
  }
  return { agent, env, trainingHist: { score: Float64Array.of(1, 2) } };
}
