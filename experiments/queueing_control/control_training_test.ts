import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { inFolder, SILENT } from "../queueing_learning/_test_generation.ts";
import { trainControl } from "./control_training.ts";

Deno.test("trainControl() trains an agent a seed", async () => {
  await inFolder(async (out) => {
    const values = {
      agent: "dqn" as const,
      options: { episodeSteps: 5, triggerDuration: [5, 10] as const },
      timesteps: 40,
      seed: 3,
      seeds: 2,
      device: "native" as const,
      name: "control",
      out,
    };
    const context = SILENT as Parameters<typeof trainControl>[1];
    const finished = await trainControl(values, context);
    assertEquals(finished.map(({ run }) => run.name), [
      "control_seed3",
      "control_seed4",
    ]);
    assertEquals(finished[0].run.environment.options, values.options as never);
    assertEquals(
      (await Deno.stat(join(out, "models/best/control_seed3_best.zip"))).isFile,
      true,
    );
  });
});
