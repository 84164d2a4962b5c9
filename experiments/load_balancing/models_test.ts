import { assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../core/usage_error.ts";
import { withFolder } from "../_test_folder.ts";
import { compareLoadBalancing } from "./comparison.ts";
import { loadContender, loadContenders } from "./models.ts";
import { TrainingPipeline } from "./training_pipeline.ts";
import { startTraining } from "../training/training_run.ts";
import { TINY_DQN } from "../training/_tiny_runs.ts";

Deno.test("models are compared where they were made for the same servers", async () => {
  await withFolder(async (root) => {
    const trained = async (name: string, numServers: number, load: number) => {
      const { paths } = await new TrainingPipeline({
        root,
        name,
        numServers,
        load,
        numAgents: 2,
        episodeSeconds: 1,
        device: "native",
        savePath: `${name}/best.zip`,
        settings: { netArch: [4], hiddenSize: 4 },
      }).train({ episodes: 1 });
      return paths!.best;
    };
    const one = await trained("one", 4, 0.7);
    const two = await trained("two", 4, 0.8);
    const other = await trained("other", 6, 0.7);
    const { contenders, spec } = await loadContenders([one, two]);
    assertEquals(contenders.map(({ name }) => name), ["best", two]);
    const outcomes = await compareLoadBalancing(contenders, {
      spec,
      episodes: 1,
      firstSeed: 1,
    });
    assertEquals(outcomes.length, 2);
    await assertRejects(
      () => loadContenders([one, other]),
      UsageError,
      `Cannot compare "${other}" with "${one}": it was trained for other servers`,
    );
  });
});

Deno.test("models of another field are refused", async () => {
  await withFolder(async (root) => {
    const { paths } = await startTraining(
      { ...TINY_DQN, totalTimesteps: 50 },
      root,
    );
    await assertRejects(
      () => loadContender(paths!.model),
      UsageError,
      "a model for Autoscaling-v1: expected one for LoadBalance-v1",
    );
    await assertRejects(
      () => loadContender(`${root}/none.zip`),
      Deno.errors.NotFound,
    );
  });
});
