import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
} from "@std/assert";
import { assertEnv } from "../check_env.ts";
import type { ArrivalSource } from "./arrival.ts";
import type { LoadBalanceOptions } from "./env_options.ts";
import { LoadBalanceEnv } from "./load_balance_env.ts";

/** Six numbers of four equal servers: quick, and the same for all. */
const EQUAL: LoadBalanceOptions = {
  servers: new Array(4).fill({ cores: 2 }),
  equalAction: true,
  episodeSeconds: 15,
};

/** Runs an episode with one action; the mean reward. */
function meanReward(env: LoadBalanceEnv, action: number, seed: number): number {
  env.reset({ seed });
  let sum = 0;
  let steps = 0;
  for (let over = false; !over; steps++) {
    const { reward, truncated } = env.step(action);
    sum += reward;
    over = truncated;
  }
  return sum / steps;
}

const CHECKED: [string, LoadBalanceOptions][] = [
  ["the defaults", { episodeSeconds: 8 }],
  ["weight levels in the moderate set-up", {
    preset: "moderate",
    actionType: "weightLevels",
    observation: "paper",
    episodeSeconds: 3,
  }],
  ["continuous weights and the oracle's view", {
    numServers: 4,
    actionType: "continuous",
    oracle: true,
    rewardOn: "load",
    rewardMetric: "cv",
    episodeSeconds: 3,
  }],
  ["servers that go down", {
    numServers: 3,
    outages: [{ server: 1, from: 1, to: 3 }],
    detectionDelay: 0.3,
    warmUpSeconds: 1,
    clientHop: { low: 0.001, high: 0.01 },
    serverHop: 0.001,
    clientTimeout: 2,
    episodeSeconds: 4,
  }],
  ["levels of servers of which all are down", {
    numServers: 2,
    actionType: "weightLevels",
    outages: [{ server: 0, from: 1, to: 2 }, { server: 1, from: 0.5 }],
    rewardOn: "completion",
    episodeSeconds: 3,
  }],
];

for (const [name, options] of CHECKED) {
  Deno.test(`LoadBalanceEnv keeps the contract with ${name}`, () => {
    assertEnv(() => new LoadBalanceEnv(options), { steps: 40 });
  });
}

Deno.test("LoadBalanceEnv sees 5 numbers a server, or the paper's 6", () => {
  const size = (options: LoadBalanceOptions) =>
    new LoadBalanceEnv(options).observationSpace.low.length;
  assertEquals(size({ numServers: 4 }), 20);
  assertEquals(size({}), 80);
  assertEquals(size({ preset: "moderate", observation: "paper" }), 42);
  assertEquals(size({ numServers: 4, oracle: true }), 28);
});

Deno.test("LoadBalanceEnv has the moderate set-up of the paper", () => {
  const { servers, traffic } = new LoadBalanceEnv({ preset: "moderate" })
    .settings;
  assertEquals(servers.map(({ cores }) => cores), [2, 2, 2, 2, 4, 4, 4]);
  assertEquals(traffic.largestLoad, 0.95);
  const env = new LoadBalanceEnv({ preset: "moderate" });
  const loads = Array.from({ length: 20 }, () => env.reset().info.load);
  assert(loads.every((load) => load >= 0.8 && load <= 0.95));
  assert(Math.max(...loads) - Math.min(...loads) > 0.05);
});

Deno.test("LoadBalanceEnv has rewards that depend on the policy", () => {
  // The original's observations were noise that no action entered.
  const env = new LoadBalanceEnv(EQUAL);
  const equal = meanReward(env, 4, 1);
  const first = meanReward(env, 0, 1);
  assert(Math.abs(equal - first) > 0.02, `${equal} and ${first}`);
  assertEquals(meanReward(env, 4, 1), equal);
});

Deno.test("LoadBalanceEnv finds equal weights of equal servers fairest", () => {
  // 24 pairs of episodes with the same traffic. Were both policies as fair,
  // each pair would be a fair coin: all 24 one way by chance in 6e-8. It
  // catches a reward of the wrong sign and one that ignores actions.
  const env = new LoadBalanceEnv(EQUAL);
  const uneven = new LoadBalanceEnv({ ...EQUAL, rewardMetric: "cv" });
  for (const each of [env, uneven]) {
    for (let seed = 0; seed < 24; seed++) {
      const doubled = meanReward(each, seed % 4, seed);
      assertGreater(meanReward(each, 4, seed), doubled, `seed ${seed}`);
    }
  }
});

/** Jobs that never end, ten a second. */
function endlessJobs(): ArrivalSource {
  let jobs = 0;
  return {
    next(into) {
      Object.assign(into, { time: jobs / 10, work: 1e6, ioWork: 0, kind: 0 });
      jobs++;
      return true;
    },
    saveState: () => ({ jobs }),
    loadState: (state) => void (jobs = state.jobs as number),
  };
}

/** Flows on each server when each goes to the least (flows on + 1) / weight. */
function shortestExpectedDelay(weights: readonly number[], flows: number) {
  const counts = weights.map(() => 0);
  for (let flow = 0; flow < flows; flow++) {
    const costs = counts.map((count, i) => (count + 1) / weights[i]);
    counts[costs.indexOf(Math.min(...costs))]++;
  }
  return counts;
}

Deno.test("LoadBalanceEnv shifts flows by weights as SED says", () => {
  const options: LoadBalanceOptions = {
    ...EQUAL,
    traffic: { type: "custom", make: endlessJobs },
  };
  const cases: [
    LoadBalanceOptions,
    number | Int32Array | Float32Array,
    number[],
  ][] = [
    [options, 4, [1, 1, 1, 1]],
    [options, 2, [1, 1, 2, 1]],
    [
      {
        ...options,
        baseWeights: "capacity",
        servers: [{ cores: 1 }, { cores: 3 }],
      },
      0,
      [2, 3],
    ],
    [{ ...options, actionType: "weightLevels" }, Int32Array.of(0, 5, 1, 3), [
      1,
      2,
      1.2,
      1.6,
    ]],
    [{ ...options, actionType: "continuous" }, Float32Array.of(0.5, 1, 8, 2), [
      0.5,
      1,
      8,
      2,
    ]],
  ];
  for (const [each, action, weights] of cases) {
    const env = new LoadBalanceEnv(each);
    env.reset();
    for (let step = 0; step < 40; step++) env.step(action);
    const expected = shortestExpectedDelay(weights, 101);
    assertEquals([...env.simulator.counts(0)], expected);
    assertEquals([...env.simulator.inside], expected);
  }
});

Deno.test("LoadBalanceEnv doubles a weight for one step alone", () => {
  const env = new LoadBalanceEnv(EQUAL);
  env.reset();
  assertEquals([...env.step(1).info.weights], [1, 2, 1, 1]);
  assertEquals([...env.step(3).info.weights], [1, 1, 1, 2]);
  assertEquals([...env.step(4).info.weights], [1, 1, 1, 1]);
});

Deno.test("LoadBalanceEnv has the same arrivals for every policy", () => {
  function arrivals(action: number): number[] {
    const env = new LoadBalanceEnv({
      ...EQUAL,
      preset: "moderate",
      clientHop: { low: 0, high: 0.01 },
      episodeSeconds: 5,
    });
    const seen: number[] = [];
    for (let episode = 0; episode < 2; episode++) {
      env.reset(episode === 0 ? { seed: 7 } : {});
      const { onEnd } = env.simulator.observers;
      env.simulator.observers.onEnd = (report) => {
        onEnd!(report);
        if (report.start < 3) seen.push(report.start, report.work);
      };
      while (!env.step(action).truncated);
    }
    return seen.toSorted((a, b) => a - b);
  }
  const equal = arrivals(4);
  assertGreater(equal.length, 1000);
  assertEquals(arrivals(0), equal);
});

Deno.test("LoadBalanceEnv masks servers that are known to be down", () => {
  const outages = [{ server: 1, from: 0.9, to: 1.9 }];
  const options = { numServers: 3, outages, detectionDelay: 0.3 };
  const masks = (more: LoadBalanceOptions) => {
    const env = new LoadBalanceEnv({ ...options, ...more });
    const { info } = env.reset({ seed: 1 });
    return [
      info,
      ...Array.from({ length: 9 }, () => {
        const action = env.actionSpace.kind === "discrete"
          ? 0
          : new Int32Array(3);
        return env.step(action).info;
      }),
    ].map(({ actionMask }) => actionMask && [...actionMask].join(""));
  };
  // Known from 1.2 s to 2.2 s: after the steps that end at 1.25 to 2 s.
  const on = "111";
  const off = "101";
  assertEquals(masks({}), [on, on, on, on, on, off, off, off, off, on]);
  assertEquals(masks({ equalAction: true })[5], "1011");
  assertEquals(
    masks({ actionType: "weightLevels", weightLevels: [1, 2] })[5],
    "111011",
  );
  const plain = new LoadBalanceEnv({ numServers: 3 });
  assertEquals(plain.reset().info.actionMask, undefined);
});

Deno.test("LoadBalanceEnv tells how a step and an episode went", () => {
  const env = new LoadBalanceEnv({ ...EQUAL, episodeSeconds: 5 });
  env.reset({ seed: 1 });
  let finished = 0;
  let seconds = 0;
  let last = env.step(4);
  for (;; last = env.step(4)) {
    const { info } = last;
    finished += info.finished;
    seconds += info.finished > 0 ? info.finished * info.completionSeconds : 0;
    assert(info.jain >= 0.25 && info.jain <= 1);
    if (last.truncated) break;
    assertEquals(info.results, undefined);
  }
  const { completion, loads, ended } = last.info.results!;
  assertEquals(completion.count, finished);
  assertAlmostEquals(completion.mean, seconds / finished, 1e-9);
  assert(completion.p90 < completion.p95 && completion.p95 < completion.p99);
  assertEquals([loads.samples, ended[1]], [20, 0]);
  assert(loads.jain > 0.5 && loads.product > 0 && loads.overProvision >= 1);
});

Deno.test("LoadBalanceEnv stays bounded when episodes do not end", () => {
  // An overloaded policy too: the servers' limits hold.
  const env = new LoadBalanceEnv({
    servers: [{ maximumFlows: 30 }, { maximumFlows: 30 }],
    traffic: {
      type: "poisson",
      rate: 180,
      jobs: { work: { law: "exponential", mean: 0.01 } },
    },
    actionType: "continuous",
    weightRange: { low: 1e-6, high: 1e6 },
    episodeSeconds: Infinity,
  });
  env.reset({ seed: 1 });
  const action = Float32Array.of(1e6, 1e-6);
  const bytes = () => JSON.stringify(withoutTimes(env.saveState())).length;
  for (let step = 0; step < 200; step++) env.step(action);
  const early = bytes();
  for (let step = 0; step < 2000; step++) {
    assertEquals(env.step(action).truncated, false);
  }
  assertGreater(1.2 * early + 2000, bytes());
  assertGreater(env.results().failedShare, 0.2);
});

/** A state without the completion times, which are bounded by their number. */
function withoutTimes(state: unknown): unknown {
  return JSON.parse(JSON.stringify(
    state,
    (name, value) => name === "times" && value?.seconds ? null : value,
  ));
}

Deno.test("LoadBalanceEnv goes on from every step as if it had not stopped", () => {
  const options: LoadBalanceOptions = {
    ...EQUAL,
    clientHop: 0.002,
    episodeSeconds: 3,
  };
  const run = new LoadBalanceEnv(options);
  run.reset({ seed: 5 });
  const states = [run.saveState()];
  const rows: Float32Array[] = [];
  for (let step = 0; step < 12; step++) {
    rows.push(run.step(step % 5).observation);
    states.push(run.saveState());
  }
  states.slice(0, -1).forEach((state, from) => {
    const other = new LoadBalanceEnv(options);
    other.loadState(state);
    for (let step = from; step < 12; step++) {
      assertEquals(other.step(step % 5).observation, rows[step]);
    }
    assertEquals(other.saveState(), states[12]);
  });
});
