import { assert, assertEquals } from "@std/assert";
import { parseOptions } from "../../core/parse_options.ts";
import { systemScriptOptions } from "../queueing_data/generator_options.ts";
import { inFolder, SILENT } from "./_test_generation.ts";
import { loadFigure, loadTable, readLoadResults } from "./load_comparison.ts";
import { generateLoad } from "./load_generation.ts";

const VALUES = {
  ...parseOptions(["--sim-time", "300"], systemScriptOptions(0.5)),
  runs: 2,
  stepTime: 0.5,
  seed: 1,
};

Deno.test("loads that are simulated are read back and compared", async () => {
  await inFolder(async (folder) => {
    for (const suffix of ["20", "90"]) {
      await generateLoad({ ...VALUES, suffix, folder }, SILENT);
    }
    assertEquals([...Deno.readDirSync(folder)].length, 2);
    const { found, missing } = await readLoadResults(folder, {
      prefix: "discrete_results_",
      suffixes: ["20", "50", "90"],
    });
    assertEquals(missing, ["50"]);
    assertEquals(found.map(({ name }) => name), ["load 0.2", "load 0.9"]);
    const [low, high] = loadTable(found, [135, 138]).rows;
    assert((low[1] as number) < (high[1] as number));
    const figure = loadFigure(found, { curve: "queue", fault: [135, 138] });
    assertEquals(figure.data.length, 2);
    assert((figure.data[0].y as number[]).length <= 1200);
  });
});
