/**
 * Contexts and simulators for tests of rules of dispatch.
 *
 * @module
 */
import { Random } from "../../../core/random.ts";
import { poissonArrivals } from "../../../envs/load_balancing/arrivals.ts";
import {
  createSimulator,
  type SimulatorOptions,
} from "../../../envs/load_balancing/simulator.ts";
import type { ChooseServer, DispatchContext } from "./dispatch_rule.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A context of servers with given weights and nothing on. */
export function contextOf(
  weights: readonly number[],
  changes: Partial<DispatchContext> = {},
): Writable<DispatchContext> {
  const counts = new Int32Array(weights.length);
  const context = {
    time: 0,
    kind: 0,
    flowKey: 0,
    servers: Int32Array.from(weights, (_, server) => server),
    weights: Float64Array.from(weights),
    counts,
    costs: Float64Array.from(weights, (weight) => 1 / weight),
    up: new Uint8Array(weights.length).fill(1),
    revision: 1,
    random: new Random(1),
    oracle: { inside: new Int32Array(weights.length), remainingWork: () => 0 },
    ...changes,
  };
  for (let i = 0; i < weights.length; i++) {
    context.costs[i] = (context.counts[i] + 1) / weights[i];
  }
  return context;
}

/** Flows that each server got of a number of keys. */
export function countChoices(
  choose: ChooseServer,
  context: Writable<DispatchContext>,
  flows: number,
): Float64Array {
  const keys = new Random(7);
  const counts = new Float64Array(context.weights.length);
  for (let flow = 0; flow < flows; flow++) {
    context.flowKey = keys.nextUint32();
    counts[choose(0, context)]++;
  }
  return counts;
}

/** Servers of 2 and 4 cores under Poisson traffic at 90 % load. */
export function poolOf(
  choose: ChooseServer,
  options: Partial<SimulatorOptions> = {},
) {
  const servers = [2, 2, 2, 2, 4, 4, 4].map((cores) => ({ cores }));
  return createSimulator({
    servers,
    balancers: 2,
    arrivals: poissonArrivals({
      rate: 0.9 * 20 / 0.1,
      jobs: { work: { law: "exponential", mean: 0.1 } },
      random: new Random(3),
    }),
    choose,
    seed: 3,
    ...options,
  });
}
