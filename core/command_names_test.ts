import { assertEquals } from "@std/assert";
import { commandOf, shellQuoted, useCommands } from "./command_names.ts";

Deno.test("commandOf() names the task, or the program in its place", () => {
  try {
    useCommands(new Map([["train-dqn", "./train-dqn"]]));
    assertEquals(commandOf("train-dqn"), "./train-dqn");
    assertEquals(commandOf("train-ppo"), "deno task train-ppo");
  } finally {
    useCommands(new Map());
  }
  assertEquals(commandOf("train-dqn"), "deno task train-dqn");
});

Deno.test("shellQuoted() quotes what shells would read otherwise", () => {
  assertEquals(shellQuoted("models/a-1.zip"), "models/a-1.zip");
  assertEquals(shellQuoted("my model.zip"), "'my model.zip'");
  assertEquals(shellQuoted("it's"), `'it'\\''s'`);
  assertEquals(shellQuoted("$HOME"), "'$HOME'");
  assertEquals(shellQuoted(""), "''");
});
