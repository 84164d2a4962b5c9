import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { loadAgent } from "../../agents/model.ts";
import { withFolder } from "../_test_folder.ts";
import {
  TrainingPipeline,
  type TrainingPipelineOptions,
} from "./training_pipeline.ts";
import { resumeTraining } from "../training/training_run.ts";

/** Episodes of two seconds, networks of a few units. */
const QUICK: TrainingPipelineOptions = {
  episodeSeconds: 2,
  numServers: 4,
  numAgents: 2,
  device: "native",
};
const QUICK_QMIX = { netArch: [4], hiddenSize: 4, batchSize: 2 };
const QUICK_SAC = {
  netArch: [4],
  gruUnits: 4,
  learningStarts: 5,
  batchSize: 2,
  sequenceLength: 3,
  burnIn: 1,
};

Deno.test("TrainingPipeline trains every kind of agents, and their models load", async () => {
  const kinds: TrainingPipelineOptions[] = [
    { agentType: "qmix", settings: QUICK_QMIX },
    { agentType: "sac-gru", numAgents: 1, settings: QUICK_SAC },
    { agentType: "sac-gru", settings: QUICK_SAC, actionType: "continuous" },
    { agentType: "independent", settings: QUICK_SAC },
    { agentType: "independent", learner: "q-learning", settings: QUICK_QMIX },
    {
      agentType: "qmix",
      settings: QUICK_QMIX,
      actionType: "discrete",
      traceType: "wiki",
      sharing: "all",
    },
  ];
  for (const kind of kinds) {
    await withFolder(async (root) => {
      const pipeline = new TrainingPipeline({ ...QUICK, ...kind, root });
      const { paths, run } = await pipeline.train({ episodes: 3 });
      const stem = kind.agentType!.replace("-", "_");
      assertEquals(paths!.best, `${root}/checkpoints/${stem}_best.zip`);
      for (const path of [paths!.best, paths!.model]) {
        const agent = await loadAgent(path);
        const env = agent.makeEnvironment();
        const { observation, info } = env.reset({ seed: 1 });
        env.step(agent.act(observation, info));
        assertEquals(agent.config.agent, run.agent);
      }
    });
  }
});

Deno.test("TrainingPipeline does what is documented by itself", async () => {
  const run = await new TrainingPipeline({
    agentType: "qmix",
    numServers: 16,
    traceType: "wiki",
  }).run(100);
  assertEquals(run.totalTimesteps, 24_000);
  assertEquals(run.evaluateEvery, 5 * 240);
  assertEquals(run.bestPath, "checkpoints/qmix_best.zip");
  assertEquals(run.environment.id, "MultiAgentLoadBalance-v1");
  assertEquals(run.environment.options.traffic, "wiki");
  assertEquals(run.settings, {
    ...run.settings,
    gamma: 0.5,
    epsilonAnnealTime: 16_800,
  });
});

Deno.test("a pipeline's training resumes from its checkpoint, at its save path", async () => {
  await withFolder(async (root) => {
    const options: TrainingPipelineOptions = {
      ...QUICK,
      episodeSeconds: 30,
      agentType: "independent",
      settings: { ...QUICK_SAC, trainFreq: 20 },
      root,
      savePath: `${root}/deep/best.zip`,
    };
    const stop = new AbortController();
    const pipeline = new TrainingPipeline(options);
    const { message } = await assertRejects(() =>
      pipeline.train({
        episodes: 2,
        signal: stop.signal,
        onProgress: (steps) => steps === 150 && stop.abort(),
      })
    ) as Error;
    const checkpoint = `${root}/models/checkpoints/independent_150_steps.zip`;
    assert(message.includes(checkpoint), message);
    const { paths } = await resumeTraining(checkpoint, undefined);
    const resumed = await Deno.readFile(paths!.model);
    assertEquals(paths!.best, `${root}/deep/best.zip`);
    await Deno.stat(paths!.best);
    await new TrainingPipeline({ ...options, name: "independent" })
      .train({ episodes: 2 });
    assertEquals(await Deno.readFile(paths!.model), resumed);
  });
});

Deno.test("TrainingPipeline refuses what makes no sense, before it trains", async () => {
  assertThrows(
    () => new TrainingPipeline({ agentType: "ppo" as "qmix" }),
    RangeError,
    'Cannot train agents of type "ppo", expected sac-gru, qmix, independent',
  );
  const refused: [TrainingPipelineOptions, string][] = [
    [{ numServers: 0 }, "Cannot balance load with 0 servers"],
    [{ numServers: 10, numAgents: 4 }, "Cannot give 2.5 servers to each"],
    [{ load: 0 }, "Cannot offer a load of 0"],
    [{ traceType: "poison" }, 'Cannot play the traffic "poison"'],
    [{ episodeSeconds: Infinity, load: 1.2 }, "Cannot offer a load of 1.2"],
  ];
  for (const [options, message] of refused) {
    const error = await assertRejects(() =>
      new TrainingPipeline(options).run(1)
    ) as Error;
    assert(error.message.includes(message), error.message);
  }
  for (const episodes of [0, 1.5, NaN]) {
    await assertRejects(
      () => new TrainingPipeline().train({ episodes }),
      RangeError,
      `Cannot train for ${episodes} episodes`,
    );
  }
});
