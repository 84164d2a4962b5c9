import { assertAlmostEquals, assertEquals } from "@std/assert";
import { formatTable } from "../../core/table.ts";
import { scoreTable, testScore } from "./reproduction.ts";

const POLE = { id: "CartPole-v1", options: {} };

Deno.test("testScore() is the mean return over the given starts", () => {
  const left = {
    observationSize: 4,
    actionSize: 1,
    act: (
      _: Float32Array,
      __: Uint8Array,
      actions: Int32Array | Float32Array,
    ) => void actions.fill(0),
  };
  const one = (firstSeed: number) =>
    testScore(left, POLE, { episodes: 1, firstSeed });
  const both = testScore(left, POLE, { episodes: 2, firstSeed: 7 });
  assertAlmostEquals(both, (one(7) + one(8)) / 2, 1e-12);
});

Deno.test("scoreTable() shows mean, interval, worst and whether it sufficed", () => {
  const text = formatTable(scoreTable([{
    name: "DQN",
    policy: "last",
    scores: [1, 2, 3],
    target: "2",
    reached: true,
    seconds: 4,
  }], "Scores"));
  const [name, policy, seeds, mean, interval, worst, best, seconds] = text
    .split("\n").at(-1)!.split(/\s+/);
  assertEquals([name, policy, seeds, mean, worst, best, seconds], [
    "DQN",
    "last",
    "3",
    "2.000",
    "1.000",
    "3.000",
    "4",
  ]);
  // Student's t with 2 degrees of freedom: 4.303 / sqrt(3).
  assertEquals(interval, "2.484");
});
