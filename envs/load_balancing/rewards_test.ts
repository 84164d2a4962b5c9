import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createReward, type RewardContext } from "./rewards.ts";

function contextOf(
  latest: number[],
  more: Partial<RewardContext> = {},
): RewardContext {
  return {
    time: 1,
    agent: 0,
    servers: Int32Array.from(latest, (_, i) => i),
    values: new Float64Array(latest.length),
    latest: Float64Array.from(latest),
    counts: new Int32Array(latest.length),
    weights: new Float64Array(latest.length).fill(1),
    up: new Uint8Array(latest.length).fill(1),
    finished: 0,
    failed: 0,
    completionSeconds: 0,
    ...more,
  };
}

Deno.test("createReward() judges the moving average", () => {
  const reward = createReward(2, { rewardMetric: "product", latestShare: 0.9 });
  assertEquals(reward.update(contextOf([1, 2])), 0.5);
  // 0.1 * 1 + 0.9 * 2 = 1.9 and 0.1 * 2 + 0.9 * 4 = 3.8.
  assertAlmostEquals(reward.update(contextOf([2, 4])), 0.5, 1e-12);
  assertAlmostEquals(reward.average[0], 1.9, 1e-12);
  assertAlmostEquals(reward.average[1], 3.8, 1e-12);
  reward.reset();
  assertEquals(reward.update(contextOf([3, 3])), 1);
});

Deno.test("createReward() leaves out servers that are known to be down", () => {
  const reward = createReward(3, { rewardMetric: "product", latestShare: 1 });
  assertEquals(reward.update(contextOf([2, 4, 0])), 0);
  const up = Uint8Array.of(1, 1, 0);
  assertEquals(reward.update(contextOf([2, 4, 0], { up })), 0.5);
  // Servers of all: the agent's are 2, 3 and 4.
  const others = {
    servers: Int32Array.of(2, 3, 4),
    up: Uint8Array.of(0, 0, 0, 1, 1),
  };
  assertEquals(reward.update(contextOf([9, 1, 4], others)), 0.25);
  const down = { up: new Uint8Array(3) };
  assertEquals(reward.update(contextOf([2, 2, 2], down)), 1);
});

Deno.test("createReward() calls a function of the user's own", () => {
  const reward = createReward(2, {
    rewardMetric: ({ finished, failed }) => finished - 10 * failed,
    latestShare: 0.9,
  });
  assertEquals(
    reward.update(contextOf([1, 1], { finished: 7, failed: 1 })),
    -3,
  );
});

Deno.test("createReward() goes on from a saved state", () => {
  const options = { rewardMetric: "cv", latestShare: 0.5 } as const;
  const reward = createReward(2, options);
  reward.update(contextOf([1, 5]));
  const other = createReward(2, options);
  other.loadState(reward.saveState());
  const next = contextOf([2, 3]);
  assertEquals(other.update(next), reward.update(next));
  assertThrows(() => other.loadState({ started: true }), TypeError);
});

Deno.test("createReward() refuses what is no number, and unknown metrics", () => {
  const reward = createReward(1, {
    rewardMetric: () => Infinity,
    latestShare: 0.9,
  });
  assertThrows(() => reward.update(contextOf([1])), RangeError, "Infinity");
  const make = (rewardMetric: string, latestShare: number) => () =>
    createReward(1, { rewardMetric: rewardMetric as "jain", latestShare });
  assertThrows(make("jan", 0.9), RangeError, "jan");
  assertThrows(make("jain", 0), RangeError, "latest share of 0");
});
