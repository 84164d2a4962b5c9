/**
 * Traffic and statistics for tests of the simulator.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { State } from "../../core/state.ts";
import type { ArrivalSource } from "./arrival.ts";
import { poissonArrivals } from "./arrivals.ts";
import type { ChooseServer } from "./dispatch.ts";
import type { SizeLawOptions } from "./job_sizes.ts";
import type { ServerOptions } from "./simulator_options.ts";
import { createSimulator, type Simulator } from "./simulator.ts";

/** Flows that are given: time, work, and disk work where there is any. */
export type GivenFlow = readonly [time: number, work: number, ioWork?: number];

/** A source of given flows; their kind is their place. */
export function givenArrivals(flows: readonly GivenFlow[]): ArrivalSource {
  let next = 0;
  return {
    next(into) {
      if (next === flows.length) return false;
      const [time, work, ioWork = 0] = flows[next];
      Object.assign(into, { time, work, ioWork, kind: next++ });
      return true;
    },
    saveState: () => ({ next }),
    loadState: (state: State) => next = state.next as number,
  };
}

/** Each server as likely: Poisson traffic stays Poisson at each server. */
export const anyServer: ChooseServer = (_, { servers, random }) =>
  servers[random.integer(0, servers.length - 1)];

/** Servers of one kind, each with Poisson traffic of its own. */
export interface Replicas {
  /** Every server. */
  server: ServerOptions;
  /** Law of work. */
  work: SizeLawOptions;
  /** Law of disk work. Default: none. */
  ioWork?: SizeLawOptions;
  /** Arrivals a second at each server. */
  rate: number;
  /** Seconds that count. */
  seconds: number;
  /** Default 64. */
  servers?: number;
  /** Default 1. */
  seed?: number;
}

/** Seconds of warm-up, in which every queue of the tests forgets its start. */
const WARM_UP = 400;

/** Simulates replicas; they are independent of each other. */
export function simulateReplicas(replicas: Replicas): Simulator {
  const { server, rate, work, ioWork, seconds, servers = 64, seed = 1 } =
    replicas;
  const simulator = createSimulator({
    servers: Array.from({ length: servers }, () => server),
    arrivals: poissonArrivals({
      rate: rate * servers,
      jobs: { work, ...(ioWork && { ioWork }) },
      random: new Random(seed),
    }),
    choose: anyServer,
    seed,
  });
  simulator.advanceTo(WARM_UP);
  simulator.resetStatistics();
  simulator.advanceTo(WARM_UP + seconds);
  return simulator;
}

/** How far the mean of independent values is from a number, in its errors. */
export function distance(values: ArrayLike<number>, expected: number): number {
  const { mean, error } = meanAndError(values);
  return (mean - expected) / error;
}

/** Mean of independent values and its standard error. */
export function meanAndError(
  values: ArrayLike<number>,
): { mean: number; error: number } {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  let square = 0;
  for (let i = 0; i < n; i++) square += (values[i] - mean) ** 2;
  return { mean, error: Math.sqrt(square / (n - 1) / n) };
}
