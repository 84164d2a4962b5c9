import {
  assert,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import type { State } from "../../core/state.ts";
import { poissonArrivals } from "./arrivals.ts";
import type { FlowReport, Observers } from "./observers.ts";
import { anyServer } from "./_simulator_testing.ts";
import type { Discipline, SimulatorOptions } from "./simulator_options.ts";
import { createSimulator, type Simulator } from "./simulator.ts";

/** A system in which everything happens that can happen. */
function busySystem(
  seed: number,
  options: Partial<SimulatorOptions> = {},
): SimulatorOptions {
  const random = new Random(seed);
  const disciplines: Discipline[] = ["fifo", "ps", "lps"];
  return {
    servers: Array.from({ length: 4 }, () => {
      const discipline = random.choice(disciplines);
      return {
        discipline,
        ...(discipline === "lps" && { workers: random.integer(1, 6) }),
        cores: random.integer(1, 3),
        speed: random.uniform(0.5, 2),
        ...(random.uniform() < 0.6 && { maximumFlows: random.integer(2, 12) }),
      };
    }),
    arrivals: poissonArrivals({
      rate: random.uniform(3, 9),
      jobs: [
        { work: { law: "exponential", mean: 1 } },
        {
          work: { law: "deterministic", mean: 0.3 },
          ioWork: { law: "exponential", mean: 0.4 },
        },
      ],
      random: new Random(seed + 1),
      untilSeconds: 60,
    }),
    balancers: seed % 2 ? 3 : [[0, 1], [2, 3, 1]],
    seed,
    clientHop: { low: 0, high: 0.2 },
    serverHop: seed % 3 ? { low: 0.01, high: 0.1 } : 0,
    refusalDelay: seed % 2 ? 0 : 1.5,
    clientTimeout: seed % 5 ? random.uniform(2, 6) : Infinity,
    cancelOnTimeout: seed % 2 === 0,
    outages: [
      { server: 1, from: 10, to: 20 },
      { server: 3, from: 15 },
      { server: 1, from: 30, to: 30.5 },
    ],
    detectionDelay: 0.7,
    sampleRate: seed % 4 ? 0.5 : 0,
    ...options,
  };
}

/** Writes all that observers see into a list. */
function recorder(): { seen: unknown[]; observers: Observers } {
  const seen: unknown[] = [];
  const note = (name: string) => (report: FlowReport) => {
    seen.push([name, { ...report }]);
  };
  return {
    seen,
    observers: {
      onEstablished: note("established"),
      onSample: note("sample"),
      onFinish: note("finish"),
      onReject: note("reject"),
      onEnd: note("end"),
    },
  };
}

Deno.test("every run is balanced at every moment", () => {
  for (let seed = 0; seed < 40; seed++) {
    const simulator = createSimulator(busySystem(seed));
    while (simulator.advanceEvents(41) > 0) {
      const audit = simulator.audit();
      assert(audit.balanced, `${seed}: ${JSON.stringify(audit)}`);
      assertLess(audit.largestDifference, 1e-12);
      if (simulator.events % 287 === 0) simulator.resetStatistics();
    }
    assertEquals(simulator.audit().total.inside, 0);
    assertEquals(simulator.inside.some((count) => count > 0), false);
  }
});

Deno.test("audit() finds what does not add up", () => {
  const wrong: [string, (state: Record<string, State>) => void][] = [
    ["a time", (state) => (state.flows.entered as Float64Array).fill(0)],
    ["a start", (state) => (state.flows.starts as Float64Array).fill(0)],
    ["a flow out", (state) => (state.servers.completed as Float64Array)[0]++],
    ["a flow in", (state) => (state.servers.accepted as Float64Array)[0]--],
    ["time spent", (state) => {
      (state.servers.timeSpent as Float64Array)[0] += 1e-6;
    }],
    ["an integral", (state) => {
      (state.servers.insideIntegrals as Float64Array)[3] *= 1 + 1e-8;
    }],
    ["a count", (state) => {
      const [first] = state.balancers as unknown as State[];
      (first.counts as Int32Array)[0]++;
    }],
    ["an arrival", (state) => (state.simulation.started as number)++],
  ];
  for (const [what, spoil] of wrong) {
    const simulator = createSimulator(busySystem(7));
    simulator.advanceTo(9);
    assert(simulator.audit().balanced);
    const state = simulator.saveState();
    spoil(state as Record<string, State>);
    simulator.loadState(state);
    assertEquals(simulator.audit().balanced, false, what);
  }
});

function restored(state: State, seed: number, observers: Observers): Simulator {
  const simulator = createSimulator(busySystem(seed, { observers }));
  // Somewhere else, so that what is not restored would show.
  simulator.advanceTo(seed);
  simulator.loadState(state);
  return simulator;
}

Deno.test("a simulator saved at any event goes on with the same bytes", () => {
  for (let seed = 0; seed < 12; seed++) {
    for (const events of [0, 1, 37, 150, 400 + seed, 900 + 13 * seed]) {
      const first = recorder();
      const simulator = createSimulator(
        busySystem(seed, { observers: first.observers }),
      );
      simulator.advanceEvents(events);
      const state = structuredClone(simulator.saveState());
      first.seen.length = 0;
      simulator.advanceEvents(500);
      const second = recorder();
      const copy = restored(state, seed, second.observers);
      second.seen.length = 0;
      assertEquals(copy.saveState(), state);
      copy.advanceEvents(500);
      assertEquals(second.seen, first.seen);
      assertEquals(copy.saveState(), simulator.saveState());
    }
  }
});

Deno.test("loadState() refuses a state of other servers or balancers", () => {
  const simulator = createSimulator(busySystem(1));
  const state = simulator.saveState();
  const before = structuredClone(state);
  const cases: [State, string][] = [
    [{}, "simulation"],
    [{ ...state, balancers: [] }, "Cannot restore 0 balancers, expected 3"],
    [
      createSimulator(busySystem(1, { servers: [{}], outages: [] }))
        .saveState(),
      'Cannot restore "up" from Uint8Array of 1, expected Uint8Array of 4',
    ],
  ];
  for (const [wrong, message] of cases) {
    assertThrows(() => simulator.loadState(wrong), TypeError, message);
    assertEquals(simulator.saveState(), before);
  }
});

Deno.test("paired runs of two policies have the same traffic, balancers and hops", () => {
  // Flows by start, from the client's side: the hop to the balancer is the
  // difference of dispatch and start.
  function arrivalsOf(options: Partial<SimulatorOptions>): unknown[] {
    const seen: unknown[] = [];
    const simulator = createSimulator(busySystem(1, {
      outages: [],
      clientTimeout: Infinity,
      observers: {
        onEnd: ({ start, balancer, work, ioWork, kind }) =>
          seen.push([start, balancer, work, ioWork, kind]),
      },
      ...options,
    }));
    simulator.advanceTo(1000);
    return seen.sort((a, b) => (a as number[])[0] - (b as number[])[0]);
  }
  const keys: number[][] = [[], []];
  const times: number[][] = [[], []];
  const flows = [0, 1].map((policy) =>
    arrivalsOf({
      choose(balancer, context) {
        keys[policy].push(context.flowKey);
        times[policy].push(context.time);
        return policy === 0 ? context.servers[0] : anyServer(balancer, context);
      },
    })
  );
  assertLess(100, flows[0].length);
  assertEquals(flows[0], flows[1]);
  assertEquals(keys[0], keys[1]);
  assertEquals(times[0], times[1]);
  assertNotEquals(
    arrivalsOf({ seed: 2 }).map((flow) => (flow as number[])[1]),
    flows[0].map((flow) => (flow as number[])[1]),
  );
});

Deno.test("a simulator does not draw what traffic of the same seed draws", () => {
  const traffic = new Random(5);
  const drawn = new Set(
    Array.from({ length: 2000 }, () => traffic.nextUint32()),
  );
  let shared = 0;
  const simulator = createSimulator(busySystem(5, {
    seed: 5,
    choose(balancer, context) {
      if (drawn.has(context.flowKey)) shared++;
      return anyServer(balancer, context);
    },
  }));
  simulator.advanceTo(60);
  assertEquals(shared, 0);
});
