import { assertAlmostEquals, assertEquals } from "@std/assert";
import { generateSmall, inFolder, SMALL } from "./_test_generation.ts";
import { readLearningData } from "./learning_data.ts";
import { simulateRuns } from "./simulated_runs.ts";

Deno.test("simulateRuns() gives what the files of the same seed hold", async () => {
  await inFolder(async (folder) => {
    await generateSmall(folder, { pickles: false });
    const read = await readLearningData({
      path: folder,
      features: ["q", "l"],
      interval: 5,
      kind: "rows",
    });
    const runs = await simulateRuns(SMALL.system, {
      runs: 3,
      horizon: SMALL.horizon,
      interval: 5,
      fault: { start: 200, end: 220 },
      seed: SMALL.seed,
    });
    assertEquals(runs.length, 3);
    runs.forEach((run, i) => {
      run.series.forEach((values, s) => {
        assertEquals(values.length, read.runs![i].series[s].length);
        values.forEach((x, k) =>
          assertAlmostEquals(x, read.runs![i].series[s][k], 1e-6)
        );
      });
    });
  });
});
