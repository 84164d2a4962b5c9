import { assertEquals, assertRejects } from "@std/assert";
import {
  checkpointPath,
  restoreState,
  resumeCommand,
  runFolder,
} from "./checkpoints.ts";

Deno.test("runFolder() finds the folder that checkpointPath() began with", () => {
  for (const root of ["/home/me/runs", ".", "/", "/a b/c"]) {
    assertEquals(runFolder(checkpointPath(root, "x_10_steps")), root);
  }
});

Deno.test("resumeCommand() can be typed as it stands", async () => {
  const cases: [string, string][] = [
    ["/runs/a_1.zip", "deno task train-dqn --resume /runs/a_1.zip"],
    ["/my runs/a.zip", "deno task train-dqn --resume '/my runs/a.zip'"],
    ["/it's/a.zip", `deno task train-dqn --resume '/it'\\''s/a.zip'`],
    ["/$HOME/`a`.zip", "deno task train-dqn --resume '/$HOME/`a`.zip'"],
    ["/a;ls/*.zip", "deno task train-dqn --resume '/a;ls/*.zip'"],
  ];
  for (const [path, command] of cases) {
    assertEquals(resumeCommand("train-dqn", path), command);
  }
  if (Deno.build.os === "windows") return;
  // The shell itself reads back each path as one word.
  const paths = cases.map(([path]) => path);
  const words = paths.map((path) => resumeCommand("t", path).slice(21));
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `printf '%s\\n' ${words.join(" ")}`],
  }).output();
  assertEquals(new TextDecoder().decode(stdout), `${paths.join("\n")}\n`);
});

Deno.test("restoreState() says in one line that a state does not fit", async () => {
  await restoreState("x", () => {});
  const cause = new TypeError("Cannot read properties of undefined");
  const error = await assertRejects(
    () =>
      restoreState("x", () => {
        throw cause;
      }),
    TypeError,
    "Cannot resume x: its training state does not fit this version (Cannot read properties of undefined), begin anew",
  );
  assertEquals(error.cause, cause);
});
