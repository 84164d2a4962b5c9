import { assertAlmostEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { actorLayout } from "../ddpg/ddpg_learner.ts";
import { createCloningLearner } from "./cloning_learner.ts";
import { createReplayBatch } from "../replay.ts";
import { useBackend } from "../_test_trainers.ts";

Deno.test("createCloningLearner() goes down the squared distance of actions", async () => {
  await useBackend("native");
  const rows = 3;
  const learner = createCloningLearner({
    observationSize: 1,
    actionSize: 1,
    settings: { netArch: [4], batchSize: rows, learningRate: 0.01 },
    random: new Random(2),
  });
  const batch = createReplayBatch(rows, {
    capacity: 1,
    observationSize: 1,
    actionSize: 1,
    actionCount: 0,
  });
  batch.observations.set([0.2, -0.4, 1]);
  batch.actions.set([0.5, -0.5, 0.1]);
  const { weights } = await learner.save();
  const [hidden, bias, output, shift] = actorLayout(learner.actorSizes)
    .map(({ name }) => [...weights[name].data as Float32Array]);
  const loss = (last: number) =>
    [...batch.observations].reduce((sum, seen, row) => {
      const value = hidden.reduce((total, weight, i) => {
        const unit = Math.max(0, weight * seen + bias[i]);
        return total + unit * output[i];
      }, last);
      return sum + (Math.tanh(value) - batch.actions[row]) ** 2 / rows;
    }, 0);
  const result = learner.update(batch, 1);
  assertAlmostEquals(result.loss.dataSync()[0], loss(shift[0]), 1e-6);
  const slope = (loss(shift[0] + 1e-5) - loss(shift[0] - 1e-5)) / 2e-5;
  // Adam's first step is the learning rate, against the slope.
  const after = await learner.save();
  const moved = (after.weights["actor.1.bias"].data as Float32Array)[0];
  assertAlmostEquals(moved - shift[0], -0.01 * Math.sign(slope), 1e-5);
  const mean = after.optimizer["mean.actor.1.bias"].data as Float32Array;
  assertAlmostEquals(mean[0], 0.1 * slope, 1e-5);
  learner.dispose();
});
