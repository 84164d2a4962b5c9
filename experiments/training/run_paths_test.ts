import { assertEquals } from "@std/assert";
import { TINY_QMIX } from "./_tiny_runs.ts";
import { runPaths } from "./run_paths.ts";

Deno.test("runPaths() lays files out below a folder", () => {
  const paths = runPaths(TINY_QMIX, "/out");
  assertEquals(paths.model, "/out/models/tiny_qmix.zip");
  assertEquals(paths.best, `/out/${TINY_QMIX.bestPath}`);
  assertEquals(paths.progress, "/out/logs/tiny_qmix/progress.csv");
});
