import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { InterruptedError } from "../../core/script.ts";
import { UsageError } from "../../core/usage_error.ts";
import { modelName, oneByOne } from "./script_training.ts";

Deno.test("modelName() takes what is asked for, or agent, load and time", () => {
  for (const name of ["my_model", "a", "v1.2-b", "_x", "9"]) {
    assertEquals(modelName(name, "dqn", "SPIKE"), name);
  }
  assertMatch(modelName(undefined, "dqn", "SPIKE"), /^dqn_spike_\d{8}_\d{6}$/);
  // A trace may be called anything; a file's name must stay in its folder.
  assertMatch(
    modelName(undefined, "ppo", "../My load (train)"),
    /^ppo_.._my_load_train__\d{8}_\d{6}$/,
  );
  for (const name of ["a/b", "../a", "a\\b", "", ".hidden", "-a", "a b", "ä"]) {
    assertThrows(
      () => modelName(name, "dqn", "SPIKE"),
      UsageError,
      `Cannot call the model "${name}": expected letters, digits`,
    );
  }
});

Deno.test("oneByOne() says what an interruption leaves out", async () => {
  const runs = ["a", "b", "c", "d"].map((name) => ({ name }));
  const until = (last: string, error: Error) => {
    const notes: string[] = [];
    return {
      notes,
      finished: oneByOne(runs, {
        note: (text) => notes.push(text),
        train({ name }) {
          if (name === last) throw error;
          return Promise.resolve(name);
        },
      }),
    };
  };
  const { finished, notes } = until("", new Error());
  assertEquals([await finished, notes], [["a", "b", "c", "d"], []]);
  const cases: [string, Error, string[]][] = [
    ["b", new InterruptedError("stopped"), ["Not begun: c, d"]],
    ["d", new InterruptedError("stopped"), []],
    ["b", new Error("failed"), []],
  ];
  for (const [last, error, expected] of cases) {
    const { finished, notes } = until(last, error);
    assertStrictEquals(await assertRejects(() => finished), error);
    assertEquals(notes, expected);
  }
});
