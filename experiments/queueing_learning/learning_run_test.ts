import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readKoopmanModel } from "../../analysis/koopman/model_file.ts";
import { parseOptions } from "../../core/parse_options.ts";
import { generateSmall, inFolder, SILENT } from "./_test_generation.ts";
import { dataScriptOptions } from "./learning_options.ts";
import { runLearning } from "./learning_run.ts";

Deno.test("runLearning() writes a model, a figure and the tables", async () => {
  await inFolder(async (folder) => {
    await generateSmall(folder);
    const { tables, lines, json } = await runLearning({
      ...parseOptions(["--data", folder], dataScriptOptions),
      mode: "default",
      epochs: 40,
      fromMeans: false,
      resamples: 2,
      checkpointEvery: 200,
      stationaryRuns: 2,
      stationaryTime: 2000,
      device: "native",
      seed: 0,
      out: folder,
    }, SILENT);
    const model = await readKoopmanModel(join(folder, "learned_model.zip"));
    assertEquals(model.features, ["q", "l"]);
    assert((await Deno.stat(join(folder, "learned_model.pdf"))).size > 1000);
    const [timescales, factors] = tables!;
    assert(timescales.rows.length >= 6);
    assert(timescales.rows.every((row) => row.length === 5));
    assertEquals(factors.rows[1], ["condition of the eigenvectors", 1]);
    assert(lines!.some((line) => line.includes("autocorrelation time")));
    assertEquals((json as { source: string }).source, "rows of 3 runs");
  });
});
