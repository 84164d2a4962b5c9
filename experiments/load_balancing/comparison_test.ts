import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import type { Policy } from "../../agents/policy.ts";
import { DISPATCH_RULE_NAMES } from "../../agents/rules/load_balancing/registry.ts";
import { MultiAgentLoadBalanceEnv } from "../../envs/load_balancing/multi_agent_env.ts";
import {
  compareLoadBalancing,
  type ContenderOutcome,
  EPISODE_MEASURES,
  loadBalancingEnvironment,
  measureInterval,
  pairedDifference,
  ruleContenders,
  withIntervals,
} from "./comparison.ts";

const SPEC = {
  id: "MultiAgentLoadBalance-v1",
  options: {
    preset: "moderate",
    episodeSeconds: 5,
    actionType: "weightLevels",
    weightLevels: [1, 2],
  },
};

/** Weights by capacity: what SED's first of equals does. */
const BY_CAPACITY: Policy = {
  observationSize: 70,
  actionSize: 14,
  act: (_observations, _masks, actions) =>
    actions.set([0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1]),
};

const EPISODES = { spec: SPEC, episodes: 2, firstSeed: 5 };

Deno.test("compareLoadBalancing() tells what the environment itself tells", async () => {
  const [outcome] = await compareLoadBalancing([
    { name: "by capacity", policies: [BY_CAPACITY] },
  ], EPISODES);
  assertEquals(outcome.learned, true);
  const env = new MultiAgentLoadBalanceEnv({
    ...SPEC.options as { preset: "moderate" },
  });
  const weights = Int32Array.of(0, 0, 0, 0, 1, 1, 1);
  [5, 6].forEach((seed, i) => {
    env.reset({ seed });
    let result;
    let reward = 0;
    do {
      result = env.step([weights, weights]);
      reward += result.reward;
    } while (!result.truncated);
    const { completion, loads, failedShare } = result.info.results!;
    const row = outcome.episodes[i];
    assertEquals(
      [row.mean, row.p90, row.p95, row.p99, row.failed],
      [
        completion.mean,
        completion.p90,
        completion.p95,
        completion.p99,
        failedShare,
      ],
    );
    assertEquals([row.jain, row.product, row.overProvision], [
      loads.jain,
      loads.product,
      loads.overProvision,
    ]);
    assertAlmostEquals(row.reward, reward / 20, 1e-12);
  });
  for (const measure of EPISODE_MEASURES) {
    const [one, other] = outcome.episodes.map((row) => row[measure]);
    assertAlmostEquals(outcome.blocks[0][measure], (one + other) / 2, 1e-12);
  }
});

Deno.test("every rule gets the flows that agents get, at weights of its own", async () => {
  const outcomes = await compareLoadBalancing([
    { name: "by capacity", policies: [BY_CAPACITY] },
    ...ruleContenders(),
  ], EPISODES);
  assertEquals(outcomes.map(({ name }) => name), [
    "by capacity",
    ...DISPATCH_RULE_NAMES,
  ]);
  const find = (name: string) =>
    outcomes.find((outcome) => outcome.name === name)!;
  // Ties aside, SED is what weights by capacity make of the default dispatch.
  const { estimate } = pairedDifference(find("by capacity"), find("sed"));
  const sed = measureInterval(find("sed"), "mean").estimate;
  assert(Math.abs(estimate) < 0.1 * sed, `${estimate} of ${sed}`);
  assert(pairedDifference(find("ecmp"), find("sed")).estimate > sed);
  assertEquals(find("jsq-oracle").oracle, true);
});

Deno.test("the single agent's environment is compared in too", async () => {
  const spec = {
    id: "LoadBalance-v1",
    options: { numServers: 3, episodeSeconds: 2 },
  };
  const [lsq] = await compareLoadBalancing([{ name: "lsq" }], {
    ...EPISODES,
    spec,
  });
  assert(lsq.episodes.every(({ mean }) => mean > 0));
});

Deno.test("compareLoadBalancing() plays other episodes in each block, one policy a block", async () => {
  const seen: number[] = [];
  const policies = [0, 1].map((place): Policy => ({
    ...BY_CAPACITY,
    reset: () => seen.push(place),
  }));
  const [whole, blocks] = await Promise.all([
    compareLoadBalancing([{ name: "x", policies: [BY_CAPACITY] }], {
      ...EPISODES,
      episodes: 4,
    }),
    compareLoadBalancing([{ name: "x", policies }], { ...EPISODES, blocks: 2 }),
  ]);
  assertEquals(blocks[0].episodes, whole[0].episodes);
  assertEquals(seen, [0, 0, 1, 1]);
  assertEquals(blocks[0].blocks.length, 2);
  await assertRejects(
    () =>
      compareLoadBalancing([{ name: "x", policies }], {
        ...EPISODES,
        blocks: 3,
      }),
    RangeError,
    "Cannot compare 2 policies of x over 3 blocks",
  );
});

/** An outcome with given mean completion times of two blocks. */
function outcomeOf(
  name: string,
  means: number[],
  learned = false,
): ContenderOutcome {
  const blocks = means.map((mean) => ({
    reward: -1,
    mean,
    p90: 2 * mean,
    p95: 3 * mean,
    p99: 4 * mean,
    rejected: 0,
    failed: 0,
    jain: 1,
    product: 1,
    overProvision: 1,
  }));
  return { name, oracle: false, learned, blocks, episodes: blocks };
}

Deno.test("withIntervals() has every measure's mean and interval over blocks", () => {
  const { intervals } = withIntervals(outcomeOf("x", [0.02, 0.04]));
  assertEquals(Object.keys(intervals), [...EPISODE_MEASURES]);
  const { estimate, low } = intervals.p95;
  assertAlmostEquals(estimate, 0.09, 1e-12);
  assertAlmostEquals(low, 0.09 - 12.7062 * 0.03, 1e-5);
});

Deno.test("loadBalancingEnvironment() refuses other environments", () => {
  assertThrows(
    () => loadBalancingEnvironment({ id: "CartPole-v1", options: {} }),
    TypeError,
    "Cannot balance load in CartPole-v1: expected one of LoadBalance-v1",
  );
});
