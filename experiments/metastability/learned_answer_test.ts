import { assert, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { selectDevice } from "../../learning/devices.ts";
import { answerByLearning } from "./learned_answer.ts";

await selectDevice("native", { parameters: 5000, batchSize: 1024 });

Deno.test("answerByLearning() cuts paths at the fault and learns from both parts", async () => {
  const random = new Random(2);
  const paths = Array.from(
    { length: 8 },
    () =>
      Float64Array.from(
        { length: 100 },
        (_, i) =>
          (i < 40 ? 20 : 20 + 60 * Math.exp((45 - i) / 10)) + random.normal(),
      ),
  );
  const { learned, restingQueue, bound } = await answerByLearning(paths, {
    fault: { start: 200, end: 225 },
    interval: 5,
    seed: 1,
    updates: 150,
    resamples: 0,
  });
  const [before, after] = learned.model.data.series;
  assertEquals([before.length, after.length], [39, 55]);
  assert(Math.abs(restingQueue - 20) < 10);
  assert(bound.time(5) > 0);
});
