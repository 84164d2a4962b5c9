import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { withFolder } from "../_test_folder.ts";
import { createEvaluationRecord } from "./evaluation_record.ts";
import { learningFigures } from "./learning_figures.ts";

async function figuresOf(folder: string, progress: string) {
  const paths = {
    model: "",
    best: "",
    events: "",
    progress: join(folder, "progress.csv"),
    evaluations: join(folder, "evaluations.npz"),
  };
  await Deno.writeTextFile(paths.progress, progress);
  const record = createEvaluationRecord();
  record.add(200, {
    returns: Float64Array.of(1, 2, 6),
    lengths: Int32Array.of(1, 1, 1),
  });
  record.add(400, {
    returns: Float64Array.of(4, 4, 4),
    lengths: Int32Array.of(1, 1, 1),
  });
  await record.write(paths.evaluations);
  return await learningFigures(paths);
}

function titleOf(figure: { layout: { title?: unknown } }): string {
  const { text } = figure.layout.title as { text?: string };
  return String(text).replaceAll(/<\/?b>/g, "");
}

Deno.test("learningFigures() draws curve, band and the numbers of learning", async () => {
  await withFolder(async (folder) => {
    const figures = await figuresOf(
      folder,
      "timesteps,mean_return,loss,meanQ,updates,seconds\n" +
        "100,,,,0,000000.100\n200,-3,0.5,,4,000000.200\n300,-2,0.25,,8,000000.300\n",
    );
    // meanQ was never known, and updates say nothing about learning.
    assertEquals(figures.map(titleOf), ["Learning curve", "Loss"]);
    const [training, , evaluation] = figures[0].data;
    assertEquals(training.x, [100, 200, 300]);
    assertEquals(training.y, [null, -3, -2]);
    assertEquals(evaluation.x, [200, 400]);
    assertEquals(evaluation.y, [3, 4]);
    // Highest returns, and the lowest backwards.
    assertEquals(figures[0].data[1].y, [6, 4, 4, 1]);
    assertEquals(figures[1].data[0].y, [null, 0.5, 0.25]);
  });
});

Deno.test("learningFigures() draws a run that ended before its first row", async () => {
  await withFolder(async (folder) => {
    const figures = await figuresOf(
      folder,
      "timesteps,mean_return,loss,seconds\n",
    );
    assertEquals(figures.map(titleOf), ["Learning curve"]);
    assertEquals(figures[0].data[0].y, []);
  });
});
