import { assertEquals, assertThrows } from "@std/assert";
import { walk } from "./_walk.ts";
import { withTimeLimit } from "./time_limit.ts";

Deno.test("withTimeLimit() truncates the last step, then refuses to go on", () => {
  const environment = withTimeLimit(walk(), 3);
  for (let episode = 0; episode < 2; episode++) {
    environment.reset({ seed: 1 });
    const flags = [0, 0, 0].map(() => {
      const { terminated, truncated } = environment.step(1);
      return [terminated, truncated];
    });
    assertEquals(flags, [[false, false], [false, false], [false, true]]);
    assertThrows(() => environment.step(1), Error, "after its limit of 3");
  }
});

Deno.test("withTimeLimit() does not truncate the step that ends the task", () => {
  const environment = withTimeLimit(walk(), 3);
  environment.reset({ seed: 1 });
  environment.step(2);
  environment.step(2);
  const { terminated, truncated } = environment.step(2);
  assertEquals([terminated, truncated], [true, false]);
  assertThrows(() => environment.step(1), Error, "after the end");
});

Deno.test("withTimeLimit() does not count a refused action", () => {
  const environment = withTimeLimit(walk(), 2);
  environment.reset({ seed: 1 });
  assertThrows(() => environment.step(3), RangeError);
  assertEquals(environment.step(1).truncated, false);
  assertEquals(environment.step(1).truncated, true);
});

Deno.test("withTimeLimit() saves the count of steps", () => {
  const environment = withTimeLimit(walk(), 4);
  environment.reset({ seed: 1 });
  environment.step(1);
  environment.step(1);
  const saved = environment.saveState();
  environment.step(1);
  environment.step(1);
  const cut = environment.saveState();
  const restored = withTimeLimit(walk(), 4);
  restored.loadState(saved);
  assertEquals(restored.step(1).truncated, false);
  assertEquals(restored.step(1).truncated, true);
  restored.loadState(saved);
  restored.loadState(cut);
  assertThrows(() => restored.step(1), Error, "limit");
  for (const field of ["steps", "cut", "environment"]) {
    assertThrows(
      () => restored.loadState({ ...saved, [field]: null }),
      TypeError,
      `"${field}" from null`,
    );
  }
});

Deno.test("withTimeLimit() refuses a limit that is no count", () => {
  for (const limit of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => withTimeLimit(walk(), limit), RangeError, `${limit}`);
  }
});
