/**
 * How fast the load-balancing simulator runs.
 *
 * Run by itself it prints its numbers as JSON.
 *
 * @module
 */
import { createDispatchRule } from "../agents/rules/load_balancing/registry.ts";
import { Random } from "../core/random.ts";
import type { ArrivalSource } from "../envs/load_balancing/arrival.ts";
import { poissonArrivals } from "../envs/load_balancing/arrivals.ts";
import type { SimulatorOptions } from "../envs/load_balancing/simulator_options.ts";
import { createSimulator } from "../envs/load_balancing/simulator.ts";
import { bestRate, type Measurement } from "./measure.ts";

export type { Measurement };

const SERVERS = 16;
const LOAD = 0.9;
const WARM_UP = 200_000;
const EVENTS = 20_000;
const REPEATS = 300;
/** Flows that are drawn once and played again and again. */
const GIVEN = 2 ** 16;

/** Poisson traffic with exponential work of mean 1, drawn as it comes. */
function drawnTraffic(): ArrivalSource {
  return poissonArrivals({
    rate: LOAD * SERVERS,
    jobs: { work: { law: "exponential", mean: 1 } },
    random: new Random(1),
  });
}

/** The same traffic, drawn before: what is left is the simulator itself. */
function givenTraffic(): ArrivalSource {
  const random = new Random(1);
  const draw = (rate: number) =>
    Float64Array.from({ length: GIVEN }, () => random.exponential(rate));
  const gaps = draw(LOAD * SERVERS);
  const works = draw(1);
  const clock = { time: 0.5, next: 0 };
  return {
    next(into) {
      clock.time += gaps[clock.next];
      into.time = clock.time;
      into.work = works[clock.next];
      into.ioWork = 0;
      into.kind = 0;
      clock.next = (clock.next + 1) % GIVEN;
      return true;
    },
    saveState: () => ({ ...clock }),
    loadState: (state) => Object.assign(clock, state),
  };
}

const HOP = { low: 1e-5, high: 1e-3 };

/** A system and what it has to reach, in events a second. */
interface Case {
  readonly name: string;
  readonly options: Omit<SimulatorOptions, "servers" | "arrivals">;
  readonly discipline: "fifo" | "ps";
  readonly traffic: () => ArrivalSource;
  readonly target?: number;
}

const CASES: readonly Case[] = [
  {
    name: "shared cores",
    discipline: "ps",
    options: {},
    traffic: givenTraffic,
    target: 5e6,
  },
  {
    name: "cores in order",
    discipline: "fifo",
    options: {},
    traffic: givenTraffic,
    target: 5e6,
  },
  {
    name: "shared cores, traffic drawn",
    discipline: "ps",
    options: {},
    traffic: drawnTraffic,
    target: 5e6,
  },
  {
    name: "shared cores, two balancers, four hops a flow",
    discipline: "ps",
    options: { balancers: 2, clientHop: HOP, serverHop: HOP },
    traffic: givenTraffic,
    target: 5e6,
  },
  {
    name: "shared cores, a sample a second of each flow",
    discipline: "ps",
    options: { sampleRate: 1, observers: { onSample() {} } },
    traffic: givenTraffic,
  },
  ...["ecmp", "wcmp", "awcmp", "maglev", "sed", "power-of-2"].map((rule) => ({
    name: `shared cores, dispatch by ${rule}`,
    discipline: "ps" as const,
    options: { choose: createDispatchRule(rule).choose },
    traffic: givenTraffic,
  })),
];

/** Events a second of one core. */
function measureEvents(
  { discipline, options, traffic }: Case,
): Promise<number> {
  const simulator = createSimulator({
    ...options,
    servers: Array.from({ length: SERVERS }, () => ({ discipline })),
    arrivals: traffic(),
  });
  simulator.advanceEvents(WARM_UP);
  return bestRate(REPEATS, () => simulator.advanceEvents(EVENTS));
}

/** Sixteen servers of one core at 90 % load, dispatch by shortest delay. */
export async function measureLoadBalancing(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const each of CASES) {
    measurements.push({
      name: `load balancing, ${SERVERS} servers, ${each.name}`,
      value: await measureEvents(each),
      unit: "events/s",
      target: each.target,
    });
  }
  return measurements;
}

if (import.meta.main) {
  console.log(JSON.stringify(await measureLoadBalancing(), undefined, 2));
}
