import { assertEquals } from "@std/assert";
import { trajectoriesOf } from "../../analysis/koopman/trajectories.ts";
import { generateSmall, inFolder } from "./_test_generation.ts";
import { recoverySummary, summariseRecovery } from "./recovery_summary.ts";

Deno.test("runs that stay down are recovered, others are counted apart", () => {
  const before = [9, 9, 2, 2];
  const after = [
    [50, 20, 3, 3, 3, 3], // back at 10
    [50, 3, 50, 3, 3, 3], // a visit does not count: back at 15
    [50, 50, 50, 50, 50, 50], // never
  ];
  const runs = after.map((path) => trajectoriesOf({ q: [before, path] }, 5));
  const { summary, table } = summariseRecovery(runs, { epsilon: 1, dwell: 10 });
  assertEquals(summary.censored, 1);
  assertEquals(summary.median, 15);
  assertEquals(table.rows[1][1], "1 (33 %)");
});

Deno.test("recoverySummary() reads rows, where there are any", async () => {
  await inFolder(async (folder) => {
    assertEquals(await recoverySummary(folder, { epsilon: 5 }), undefined);
    await generateSmall(folder, { pickles: false });
    const found = await recoverySummary(folder, { epsilon: 5 });
    assertEquals(found?.summary.count, 3);
    assertEquals(found?.summary.censored, 0);
  });
});
