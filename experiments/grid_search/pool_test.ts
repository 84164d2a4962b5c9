import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cellsOf } from "./grid.ts";
import { type Cell, trainCells } from "./pool.ts";

const COMMON = {
  episodes: 2,
  pipeline: {
    agentType: "qmix",
    numAgents: 2,
    numServers: 4,
    episodeSeconds: 2,
  },
} as const;

Deno.test("trainCells() trains in processes, of which one may fail", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const cells = cellsOf(
      { learningRates: [1e-3], widths: [4, 5], seeds: [0] },
      COMMON,
      folder,
    );
    await Deno.mkdir(cells[0].folder);
    await Deno.writeTextFile(`${cells[0].folder}/logs`, "in the way");
    const ended: Cell[] = [];
    const steps: number[] = [];
    const outcomes = await trainCells(cells, {
      jobs: 1,
      onEnd: ({ cell }) => ended.push(cell),
      onProgress(cell, timesteps) {
        assertEquals(cell, cells[1]);
        steps.push(timesteps);
      },
    });
    assertEquals(ended, cells);
    const [failed, trained] = outcomes;
    assert("failed" in failed && "result" in trained);
    assertStringIncludes(failed.failed, "Cannot");
    assertEquals(trained.result.timesteps, 16);
    assert(steps.length > 0 && steps.every((step) => step <= 16));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("trainCells() begins nothing once it is told to stop", async () => {
  const cells = cellsOf(
    { learningRates: [1e-3], widths: [4], seeds: [0] },
    COMMON,
    "/nowhere",
  );
  const signal = AbortSignal.abort();
  assertEquals(await trainCells(cells, { jobs: 2, signal }), []);
});
