/**
 * A controller behind an address, asked as environments ask: step by step, and
 * waiting for each answer.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import { copySavedFloats } from "../_saved.ts";
import type {
  NetworkStats,
  RoutingController,
  WeightRange,
} from "./routing_controller.ts";
import { ControllerError, type RyuClientOptions } from "./ryu_client.ts";
import type { StatsReply, WeightsReply } from "./ryu_messages.ts";

export type {
  NetworkStats,
  RoutingController,
  RyuClientOptions,
  State,
  WeightRange,
};

/** One request to the thread that talks. */
export interface BlockingRequest {
  /** The controller's address. */
  readonly base: string;
  /** Time-outs and retries. */
  readonly options: RyuClientOptions;
  /** Where the answer is written: a flag, its length, its bytes. */
  readonly buffer: SharedArrayBuffer;
  /** What is asked. */
  readonly call:
    | { readonly kind: "stats"; readonly linkCount: number }
    | { readonly kind: "weights" }
    | { readonly kind: "change"; readonly deltas: number[] }
    | { readonly kind: "restore"; readonly seed: number | undefined };
}

/** What comes back. */
export type BlockingAnswer =
  | { readonly value: unknown }
  | { readonly error: string; readonly status?: number };

/** Options of {@linkcode BlockingController}. */
export interface BlockingControllerOptions extends RyuClientOptions {
  /** Number of links that are expected. */
  readonly linkCount: number;
  /**
   * How long to wait after a change of weights before statistics are asked
   * for, in seconds; five times as long after a reset. Controllers with a
   * virtual clock are not waited for. Default 0.1.
   */
  readonly stepSeconds?: number;
}

const BUFFER_BYTES = 1 << 20;
/** What the client's own time-outs are exceeded by, before it is given up. */
const PATIENCE_MS = 30_000;
/** After a reset the original waits five steps. */
const RESET_STEPS = 5;
/** What the original's controllers are taken to do. */
const USUAL_RANGE: WeightRange = { low: 0.1, high: 10 };

/** What is known once the controller has answered. */
interface Connection {
  readonly baseline: Float64Array;
  readonly weightRange: WeightRange;
  /** How long a step takes. */
  readonly waitMs: number;
  /** The weights as they should be. */
  readonly weights: Float64Array;
}

/**
 * A controller over HTTP whose methods wait for the answer, as `step` and
 * `reset` of an environment do. A thread of its own talks, so that time-outs
 * hold while this one waits; it cannot be talked to where controller and caller
 * share one thread. Throws `ControllerError` as `RyuClient` does.
 *
 * It is first asked when it is first needed, so that models that were trained
 * through a controller can be read without it. Then weights and their range are
 * asked for; `ControllerError` where nobody answers or the number of links is
 * another.
 */
export class BlockingController implements RoutingController, Disposable {
  /** Number of links. */
  readonly linkCount: number;
  readonly #base: string;
  readonly #options: RyuClientOptions;
  readonly #stepSeconds: number;
  readonly #buffer = new SharedArrayBuffer(BUFFER_BYTES);
  readonly #longestWaitMs: number;
  #worker: Worker | undefined;
  #connection: Connection | undefined;

  /**
   * A controller that has yet to be asked.
   *
   * @param base The controller's address.
   * @param options Links, time-outs and retries.
   */
  constructor(base: string, options: BlockingControllerOptions) {
    const { linkCount, stepSeconds = 0.1, ...clientOptions } = options;
    this.linkCount = linkCount;
    this.#base = base;
    this.#options = clientOptions;
    this.#stepSeconds = stepSeconds;
    const { timeoutMs = 3000, retries = 2, retryDelayMs = 100 } = clientOptions;
    this.#longestWaitMs = PATIENCE_MS +
      (retries + 1) * (timeoutMs + retryDelayMs * 2 ** retries);
  }

  /** The weights that episodes begin with; 1 where the controller is silent. */
  get baseline(): Float64Array {
    return this.#connected().baseline;
  }

  /** Lowest and highest weight; 0.1 to 10 where the controller is silent. */
  get weightRange(): WeightRange {
    return this.#connected().weightRange;
  }

  #connected(): Connection {
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  #connect(): Connection {
    const { linkCount } = this;
    try {
      const told = this.#ask({ kind: "weights" }) as WeightsReply | null;
      const baseline = told?.baseline ?? new Array(linkCount).fill(1);
      if (baseline.length !== linkCount) {
        throw new ControllerError(
          `Cannot steer the network of ${this.#base} by ${linkCount} weights: it has ${baseline.length} links`,
        );
      }
      const [low, high] = told?.range ?? [USUAL_RANGE.low, USUAL_RANGE.high];
      return {
        baseline: Float64Array.from(baseline),
        weightRange: { low, high },
        waitMs: told?.clock === "virtual" ? 0 : 1000 * this.#stepSeconds,
        weights: Float64Array.from(baseline),
      };
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #thread(): Worker {
    this.#worker ??= new Worker(new URL("./_ryu_worker.ts", import.meta.url), {
      type: "module",
    });
    return this.#worker;
  }

  #ask(call: BlockingRequest["call"]): unknown {
    const buffer = this.#buffer;
    const header = new Int32Array(buffer, 0, 2);
    Atomics.store(header, 0, 0);
    const request: BlockingRequest = {
      base: this.#base,
      options: this.#options,
      buffer,
      call,
    };
    this.#thread().postMessage(request);
    if (Atomics.wait(header, 0, 0, this.#longestWaitMs) === "timed-out") {
      // What comes later must not be taken for the answer to another request.
      this.close();
      throw new ControllerError(
        `Cannot ask ${this.#base}: no answer within ${this.#longestWaitMs} ms`,
      );
    }
    const bytes = new Uint8Array(buffer, 8, header[1]).slice();
    const answer: BlockingAnswer = JSON.parse(new TextDecoder().decode(bytes));
    if ("error" in answer) {
      throw new ControllerError(answer.error, { status: answer.status });
    }
    return answer.value;
  }

  #wait(milliseconds: number): void {
    if (milliseconds === 0) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  }

  /** Begins an episode; see `RoutingController`. */
  restoreBaseline(seed?: number): void {
    const { weights, baseline, waitMs } = this.#connected();
    this.#ask({ kind: "restore", seed });
    weights.set(baseline);
    this.#wait(RESET_STEPS * waitMs);
  }

  /** Adds to the weights; see `RoutingController`. */
  changeWeights(deltas: Float64Array): void {
    const { weights, weightRange, waitMs } = this.#connected();
    this.#ask({ kind: "change", deltas: [...deltas] });
    for (let l = 0; l < deltas.length; l++) {
      const weight = weights[l] + deltas[l];
      weights[l] = Math.min(
        Math.max(weight, weightRange.low),
        weightRange.high,
      );
    }
    this.#wait(waitMs);
  }

  /** Writes what the controller tells; see `RoutingController`. */
  readStats(stats: NetworkStats): void {
    const { linkCount } = this;
    const reply = this.#ask({ kind: "stats", linkCount }) as StatsReply;
    reply.link_utils.forEach((utilisation, l) =>
      stats.linkUtilisations[l] = Math.min(utilisation, 1)
    );
    stats.averageDelayMs = reply.avg_delay;
    stats.throughputMbps = reply.throughput;
    stats.demandMbps = reply.demand;
    stats.largestUtilisation = reply.largest_utilisation;
  }

  /** The weights: more of a network that others run cannot be kept. */
  saveState(): State {
    return { weights: this.#connected().weights.slice() };
  }

  /**
   * Gives the network the saved weights, from its baseline on. Throws
   * `TypeError` for another number of them.
   */
  loadState(state: State): void {
    const weights = new Float64Array(this.linkCount);
    copySavedFloats(state, "weights", weights);
    this.restoreBaseline();
    this.changeWeights(weights.map((weight, l) => weight - this.baseline[l]));
  }

  /** Ends the thread that talks. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** As {@linkcode BlockingController.close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
