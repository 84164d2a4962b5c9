import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UsageError } from "../../core/usage_error.ts";
import { withFolder } from "../_test_folder.ts";
import { cellsOf, openGrid, sortOut } from "./grid.ts";

const COMMON = { episodes: 2, pipeline: { agentType: "qmix" } } as const;
const GRID = { learningRates: [1e-4, 1e-3], widths: [8, 16], seeds: [0, 1] };

Deno.test("cellsOf() has all pairs of one seed before the next seed", () => {
  const cells = cellsOf(GRID, COMMON, "/grid");
  assertEquals(cells.length, 8);
  assertEquals(cells.map(({ seed }) => seed), [0, 0, 0, 0, 1, 1, 1, 1]);
  assertEquals(cells[1], {
    ...COMMON,
    learningRate: 1e-4,
    width: 16,
    seed: 0,
    folder: "/grid/lr0.0001_width16_seed0",
  });
  assertThrows(
    () => cellsOf({ ...GRID, widths: [8, 8] }, COMMON, "/grid"),
    UsageError,
    "widths 8, 8",
  );
  assertThrows(
    () => cellsOf({ ...GRID, learningRates: [] }, COMMON, "/grid"),
    UsageError,
    "(none)",
  );
});

Deno.test("openGrid() goes on with the same search and refuses another", () =>
  withFolder(async (folder) => {
    await openGrid(`${folder}/new`, COMMON);
    await openGrid(`${folder}/new`, COMMON);
    await assertRejects(
      () => openGrid(`${folder}/new`, { ...COMMON, episodes: 3 }),
      UsageError,
      "another --out",
    );
  }));

Deno.test("sortOut() finds what is finished, and refuses damaged results", () =>
  withFolder(async (folder) => {
    const cells = cellsOf({ ...GRID, seeds: [0] }, COMMON, folder);
    const [first, second] = cells;
    await Deno.mkdir(first.folder);
    await Deno.writeTextFile(
      `${first.folder}/result.json`,
      JSON.stringify({ bestScore: -1, model: "/elsewhere/best.zip" }),
    );
    const { finished, left } = await sortOut(cells);
    assertEquals(left, cells.slice(1));
    assertEquals(finished[0].model, `${first.folder}/best.zip`);
    // JSON has null for a score that is no number: not 0, the best of all.
    await Deno.writeTextFile(
      `${first.folder}/result.json`,
      JSON.stringify({ bestScore: NaN, lastScore: NaN }),
    );
    const [diverged] = (await sortOut(cells)).finished;
    assertEquals([diverged.bestScore, diverged.lastScore], [NaN, NaN]);
    await Deno.mkdir(second.folder);
    await Deno.writeTextFile(`${second.folder}/result.json`, "{");
    await assertRejects(() => sortOut(cells), SyntaxError, "remove the file");
  }));
