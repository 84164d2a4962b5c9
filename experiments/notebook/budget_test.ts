import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { chooseBudget, emptyFolder } from "./budget.ts";

const BUDGETS = { full: { steps: 1000 }, small: { steps: 10 } };

Deno.test("chooseBudget() takes the budget of a name", () => {
  assertEquals(chooseBudget(BUDGETS, "small").steps, 10);
  assertEquals(chooseBudget(BUDGETS, "full").steps, 1000);
});

Deno.test("chooseBudget() names the budgets that there are", () => {
  assertThrows(
    () => chooseBudget(BUDGETS, "huge"),
    RangeError,
    'Cannot take the budget "huge" of LOADSTAR_NOTEBOOK_BUDGET: expected one of full, small',
  );
});

Deno.test("emptyFolder() removes what an earlier run left", async () => {
  const results = await Deno.makeTempDir();
  try {
    const folder = await emptyFolder("a", results);
    await Deno.writeTextFile(join(folder, "old.txt"), "old");
    assertEquals(await emptyFolder("a", results), folder);
    assertEquals([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(results, { recursive: true });
  }
});
