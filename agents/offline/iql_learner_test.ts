import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { mlpLayout } from "../../learning/networks.ts";
import { vectorOf } from "../../learning/parameters.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import { createIqlLearner, iqlSettings } from "./iql_learner.ts";
import { createReplayBatch } from "../replay.ts";
import { useBackend } from "../_test_trainers.ts";

const ROWS = 64;
const SIZES = {
  capacity: 1,
  observationSize: 1,
  actionSize: 1,
  actionCount: 0,
};

/** What a learner thinks a state is worth where half of all actions earn 1. */
async function valueWith(
  expectile: number,
  followed: boolean,
): Promise<number> {
  const settings = iqlSettings({
    netArch: [16],
    batchSize: ROWS,
    learningRate: 5e-3,
    tau: 0.05,
    expectile,
  });
  const learner = createIqlLearner({
    observationSize: 1,
    actionSize: 1,
    settings,
    random: new Random(3),
  });
  const batch = createReplayBatch(ROWS, SIZES);
  const random = new Random(4);
  for (let update = 0; update < 1200; update++) {
    for (let row = 0; row < ROWS; row++) {
      const good = random.integer(0, 1);
      batch.observations[row] = batch.nextObservations[row] = 0.5;
      batch.actions[row] = good - 0.5;
      batch.rewards[row] = good;
      batch.discounts[row] = followed ? 0.5 : 0;
    }
    learner.update(batch, 1 - update / 1200);
  }
  assertEquals(learner.updates, 1200);
  const { weights } = await learner.save();
  learner.dispose();
  const sizes = [1, 16, 1];
  const network = createPerceptron(sizes, "relu", {
    parameters: vectorOf(weights, mlpLayout("value", sizes)),
  });
  const value = new Float32Array(1);
  network.forward(Float32Array.of(0.5), value);
  return value[0];
}

Deno.test("createIqlLearner() learns an expectile of what actions are worth", async () => {
  await useBackend("native");
  // Of 0 and 1, each as often, the expectile is the expectile's number; where
  // half of a next step's value follows, V = tau (1 + V/2) + (1 - tau) V/2.
  for (const expectile of [0.5, 0.8]) {
    const alone = await valueWith(expectile, false);
    assertAlmostEquals(alone, expectile, 0.05);
    const followed = await valueWith(expectile, true);
    assertAlmostEquals(followed, 2 * expectile, 0.12);
  }
});
