import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { formatTable } from "../../core/table.ts";
import type { SimulationManager } from "./simulation_manager.ts";
import { walk, withManager } from "./_test_trees.ts";
import {
  compareRuns,
  comparisonFigures,
  comparisonTable,
  displayComparison,
  writeComparisonPage,
} from "./comparison.ts";
import { writeHistory } from "./history.ts";
import { finalScore, readScores } from "./run_scores.ts";
import { writeStatus } from "./run_status.ts";

/** Finishes a run by hand, with a history. */
async function finish(
  manager: SimulationManager,
  place: { simulation: number; run: number },
  history: Parameters<typeof writeHistory>[1],
): Promise<void> {
  const found = (await manager.observe()).find(({ simulationIndex, run }) =>
    simulationIndex === place.simulation && run === place.run
  )!;
  await writeHistory(`${found.folder}/training_hist.npz`, history);
  writeStatus(found.folder!, { ...found.status!, state: "finished" });
}

Deno.test("runs are compared by means, intervals and profiles", async () => {
  await withManager(
    [walk("low"), walk("high"), walk("none")],
    async (manager) => {
      const random = new Random(1);
      for (let run = 0; run < 8; run++) {
        for (const simulation of [0, 1]) {
          const level = 10 * simulation + random.normal();
          const score = Float64Array.from(
            { length: 1000 },
            (_, i) => i < 900 ? -100 : level,
          );
          await finish(manager, { simulation, run }, {
            score,
            vectors: [[3, -4], [1, -1]],
          });
        }
      }
      const comparison = await compareRuns(manager.resultsPath, {
        metric: "score",
      });
      const [low, high] = comparison.simulations;
      assertEquals(comparison.notes, ["none: no run is finished"]);
      assert(Math.abs(low.mean.estimate) < 2);
      assert(
        low.mean.low < low.mean.estimate && low.mean.estimate < low.mean.high,
      );
      assert(low.interquartileMean.high < high.interquartileMean.low);
      // No run of the first is better than any of the second.
      const between = low.profile.thresholds.findIndex((at) => at > 5);
      assertEquals([low.profile.share[between], high.profile.share[between]], [
        0,
        1,
      ]);
      assertEquals(low.curve.steps.length, 100);
      assertEquals(low.curve.mean[0], -100);

      const table = formatTable(comparisonTable(comparison));
      assertStringIncludes(table, "8 of 8");
      const figures = comparisonFigures(comparison);
      assertEquals(figures.length, 3);
      const page = `${manager.resultsPath}/page.html`;
      await writeComparisonPage(page, comparison);
      assertStringIncludes(
        await Deno.readTextFile(page),
        "none: no run is finished",
      );
      const bundle = displayComparison(comparison).mimeBundle();
      assertEquals(bundle["text/plain"], table);
      assertStringIncludes(bundle["image/svg+xml"] as string, "<svg");

      const byMagnitude = await readScores(manager.resultsPath, {
        metric: "vectors",
      });
      assertEquals(
        byMagnitude.simulations[0].series[0],
        Float64Array.of(3.5, 1),
      );
      assertEquals(byMagnitude.simulations[0].scores[0], 1);
      // The same numbers again: the resamples have a seed.
      assertEquals(
        await compareRuns(manager.resultsPath, { metric: "score" }),
        comparison,
      );
    },
    8,
  );
});

Deno.test("what cannot be compared is refused", async () => {
  await withManager([walk("a"), walk("b")], async (manager) => {
    const root = manager.resultsPath;
    await assertRejects(
      () => compareRuns(root),
      RangeError,
      "none is finished",
    );
    await finish(manager, { simulation: 0, run: 0 }, { error: [1, 2] });
    await finish(manager, { simulation: 1, run: 0 }, { loss: [1, 2] });
    await assertRejects(() => compareRuns(root), RangeError, "none in common");
    await assertRejects(
      () => compareRuns(root, { metric: "score" }),
      RangeError,
      "expected one of error, loss",
    );
    await assertRejects(
      () => compareRuns(root, { lastShare: 0 }),
      RangeError,
      "last 0",
    );
    const { notes } = await compareRuns(root, { metric: "loss" });
    assertEquals(notes, ["a: its history has no loss"]);
  });
});

Deno.test("a score is the mean of the end", () => {
  assertEquals(finalScore(Float64Array.of(1, 2, 3, 5), 0.5), 4);
  assertEquals(finalScore(Float64Array.of(1, 2, 3, 5), 0.01), 5);
  assertEquals(finalScore(new Float64Array(), 0.1), NaN);
});
