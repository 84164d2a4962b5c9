import { assertThrows } from "@std/assert";
import type { LoadBalanceOptions } from "./env_options.ts";
import { LoadBalanceEnv } from "./load_balance_env.ts";

const REFUSED: [string, LoadBalanceOptions, string][] = [
  ["no servers", { numServers: 0 }, "0 servers"],
  ["an empty list of servers", { servers: [] }, "0 servers"],
  ["two numbers of servers", { numServers: 2, servers: [{}] }, "2 servers"],
  ["weights that sum to nothing", {
    actionType: "weightLevels",
    weightLevels: [0, 0],
  }, "level 0"],
  ["a weight of 0", {
    actionType: "continuous",
    weightRange: { low: 0, high: 1 },
  }, "at least 0"],
  ["a load of 1 for ever", { load: 1, episodeSeconds: Infinity }, "load of 1 "],
  ["a rate beside a load", {
    load: 0.5,
    traffic: { type: "poisson", rate: 3 },
  }, "rate of 3"],
  ["a negative load", { load: -1 }, "load of -1"],
  ["loads in the wrong order", { load: { low: 2, high: 1 } }, "from 2 to 1"],
  ["a trace out of order", {
    traffic: {
      type: "recorded",
      trace: {
        name: "bad",
        times: Float64Array.of(0, 2, 1),
        work: new Float64Array(3).fill(1),
        ioWork: new Float64Array(3),
        kinds: new Uint8Array(3),
      },
    },
  }, "1 after 2 at job 2"],
  ["a step of 0 s", { stepSeconds: 0 }, "step by 0"],
  ["an episode of 0 s", { episodeSeconds: 0 }, "episodes of 0"],
  [
    "an unknown kind of actions",
    { actionType: "move" as "discrete" },
    '"move"',
  ],
  ["an unknown metric", { rewardMetric: "jane" as "jain" }, "jain"],
  ["an unknown preset", { preset: "large" as "seed" }, '"large"'],
  ["an unknown observation", { observation: "all" as "seed" }, '"all"'],
  ["an unknown traffic", { traffic: "wikis" as "wiki" }, '"wikis"'],
  ["an outage of no server", { outages: [{ server: 16, from: 1 }] }, "16"],
  ["a reservoir of nothing", { sampling: { size: 0 } }, "0"],
];

for (const [name, options, words] of REFUSED) {
  Deno.test(`LoadBalanceEnv refuses ${name}`, () => {
    assertThrows(() => new LoadBalanceEnv(options), RangeError, words);
  });
}

Deno.test("LoadBalanceEnv refuses a reward that is no number", () => {
  const env = new LoadBalanceEnv({ rewardMetric: () => NaN });
  env.reset();
  assertThrows(() => env.step(0), RangeError, "reward agent 0 with NaN");
});

Deno.test("LoadBalanceEnv refuses states of another environment", () => {
  const env = new LoadBalanceEnv({ numServers: 4 });
  env.reset();
  const other = new LoadBalanceEnv({ numServers: 5 });
  assertThrows(() => other.loadState(env.saveState()), TypeError);
  assertThrows(() => other.loadState({}), TypeError);
});
