import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UsageError } from "../../core/usage_error.ts";
import { generateSmall, inFolder } from "./_test_generation.ts";
import { observedPath } from "./observed_path.ts";

Deno.test("observedPath() counts runs and knows when the fault ends", async () => {
  await inFolder(async (folder) => {
    await generateSmall(folder);
    const { path, results } = await observedPath({ data: folder });
    assertEquals(path.runs, 3);
    assertEquals(path.faultEnd, 220);
    assertEquals(path.mean.length, 1201);
    const at = 800;
    assertAlmostEquals(
      path.standardError[at],
      results.queueDeviation[at] / Math.SQRT2,
      1e-12,
    );
    // Elsewhere only the file itself says something.
    await Deno.mkdir(join(folder, "alone"));
    const alone = join(folder, "alone");
    const name = "discrete_results_.pkl";
    await Deno.rename(join(folder, name), join(alone, name));
    await assertRejects(
      () => observedPath({ data: alone }),
      UsageError,
      "--runs",
    );
    const told = await observedPath({ data: alone, runs: 3 });
    assertEquals(told.path.faultEnd, 0.46 * 600);
    assertAlmostEquals(told.path.mean[at], path.mean[at], 1e-12);
  });
});
