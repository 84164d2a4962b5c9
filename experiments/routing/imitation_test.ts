import { assertAlmostEquals } from "@std/assert";
import { imitationQuality } from "./imitation.ts";

Deno.test("imitationQuality() is the mean squared distance beside the mean's", () => {
  const data = {
    rows: 2,
    observationSize: 1,
    actionSize: 1,
    observations: Float32Array.of(0, 1),
    actions: Float32Array.of(-0.5, 0.5),
  };
  const policy = {
    observationSize: 1,
    actionSize: 1,
    act: (_: unknown, __: unknown, actions: Float32Array | Int32Array) =>
      actions.set([-0.5, 0.25]),
  };
  const { loss, meanLoss } = imitationQuality(policy, data, 0.5);
  assertAlmostEquals(loss, (0.25 / 0.5) ** 2 / 2);
  assertAlmostEquals(meanLoss, 1);
});
