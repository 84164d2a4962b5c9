import { assertEquals } from "@std/assert";
import type { ProgressDetails } from "../../core/progress.ts";
import type { ScriptContext } from "../../core/script.ts";
import { cellsOf } from "./grid.ts";
import { searchProgress } from "./search_progress.ts";

Deno.test("searchProgress() counts the steps of all, and keeps the best return", () => {
  const cells = cellsOf(
    { learningRates: [1e-3], widths: [4, 8], seeds: [0] },
    { episodes: 1, pipeline: {} },
    "/grid",
  );
  const updates: [number, number | undefined][] = [];
  const messages: string[] = [];
  const progress: ScriptContext["progress"] = ({ total }) => {
    assertEquals(total, 200);
    return {
      update: (done: number, { score }: ProgressDetails = {}) =>
        void updates.push([done, score]),
      message: (text: string) => void messages.push(text),
      finish() {},
      [Symbol.dispose]() {},
    };
  };
  const shown = searchProgress({ progress }, cells, 100);
  const [small, large] = cells;
  shown.advance(small, 40, undefined);
  shown.advance(large, 30, -5);
  shown.advance(large, 30, NaN);
  shown.advance(small, 60, -7);
  shown.end({ cell: small, failed: "no memory" });
  const result = {
    learningRate: 1e-3,
    width: 8,
    seed: 0,
    bestScore: -4,
    bestTimesteps: 50,
    lastScore: -6,
    timesteps: 100,
    model: "best.zip",
  };
  shown.end({ cell: large, result });
  assertEquals(updates, [
    [40, undefined],
    [70, -5],
    [70, -5],
    [90, -5],
    [130, -5],
    [200, -4],
  ]);
  assertEquals(messages, [
    "lr0.001_width4_seed0 failed: no memory",
    "lr0.001_width8_seed0: best return -4.0000",
  ]);
});
