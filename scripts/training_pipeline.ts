/**
 * Trains agents to balance load.
 *
 * @module
 */
import {
  choiceOption,
  integerListOption,
  integerOption,
  numberOption,
  pathOption,
  stringOption,
} from "../core/options.ts";
import { userPath } from "../core/paths.ts";
import { runScript, trainingOptions } from "../core/script.ts";
import {
  agentViewOptions,
  loadOptions,
} from "../experiments/load_balancing/options.ts";
import { reportLoadBalancing } from "../experiments/load_balancing/report.ts";
import {
  oneByOne,
  resumeAsked,
  watched,
} from "../experiments/training/script_training.ts";
import {
  AGENT_TYPES,
  LEARNERS,
  TrainingPipeline,
} from "../experiments/load_balancing/training_pipeline.ts";
import { startTraining } from "../experiments/training/training_run.ts";

await runScript({
  name: "training_pipeline",
  task: "training-pipeline",
  description:
    "Trains agents to balance load by SAC-GRU, QMIX or independently, and compares them with every rule of dispatch on the same flows.",
  options: {
    "agent-type": choiceOption(AGENT_TYPES, {
      description:
        "Who learns: one agent, a team, or a team in which each learns by itself.",
      default: "qmix",
    }),
    learner: choiceOption(LEARNERS, {
      description: "How independent agents learn.",
      default: "sac-gru",
    }),
    ...loadOptions,
    episodes: integerOption({
      description: "Episodes to train for.",
      default: 100,
      minimum: 1,
    }),
    "save-path": pathOption({
      description:
        "Where the best model goes. Default: checkpoints/AGENT_best.zip.",
    }),
    ...agentViewOptions,
    "learning-rate": numberOption({
      description: "Adam's learning rate. Default: 1e-3.",
      minimum: 0,
    }),
    gamma: numberOption({
      description: "Discount factor of a step. Default: 0.5.",
      minimum: 0,
      maximum: 1,
    }),
    hidden: integerListOption({
      description:
        "Widths of the layers: before the memory (QMIX) or behind it (SAC-GRU).",
      minimum: 1,
    }),
    "eval-interval": integerOption({
      description:
        "Episodes between evaluations. Default: a twentieth of all, from 1.",
      minimum: 1,
    }),
    "test-episodes": integerOption({
      description: "Episodes of the comparison at the end.",
      default: 8,
      minimum: 2,
    }),
    name: stringOption({
      description: "Name of the run's files. Default: the agent's type.",
    }),
    ...trainingOptions,
  },
  examples: [
    "--agent-type qmix --num-servers 16 --num-agents 4 --trace-type wiki --episodes 100 --save-path checkpoints/qmix_best.zip",
    "--agent-type independent --preset moderate --seeds 3",
    "--trace-type flows.csv --load 0.9",
    "--resume models/checkpoints/qmix_10000_steps.zip",
  ],
}, async (options, context) => {
  const { resume, learningRate, gamma, hidden, seeds } = options;
  if (resume !== undefined) {
    const finished = await resumeAsked({ ...options, resume }, {
      agents: ["qmix", "sac-gru", "independent-sac"],
      context,
      length: "episodes",
      report: ["testEpisodes"],
    });
    return await reportLoadBalancing([finished], {
      episodes: options.testEpisodes,
      context,
    });
  }
  const root = options.out ?? userPath(".");
  const pipelines = Array.from({ length: seeds }, (_, i) => {
    const suffix = seeds === 1 ? "" : `_seed${options.seed + i}`;
    return new TrainingPipeline({
      ...options,
      task: options.agentType === "independent"
        ? "training-pipeline"
        : `train-${options.agentType}`,
      name: (options.name ?? options.agentType) + suffix,
      seed: options.seed + i,
      root,
      savePath: options.savePath?.replace(/(\.zip)?$/, `${suffix}$1`),
      settings: {
        ...learningRate !== undefined && { learningRate },
        ...gamma !== undefined && { gamma },
        ...hidden !== undefined && { netArch: hidden },
      },
    });
  });
  const runs = await Promise.all(
    pipelines.map((pipeline) =>
      pipeline.run(options.episodes, options.evalInterval)
    ),
  );
  const finished = await oneByOne(runs, {
    note: context.note,
    train: (run) =>
      watched(run, { context }, (hooks) => startTraining(run, root, hooks)),
  });
  return await reportLoadBalancing(finished, {
    episodes: options.testEpisodes,
    context,
  });
});
