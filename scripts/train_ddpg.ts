/**
 * Trains an agent to route: DDPG, TD3, TD3+BC or IQL.
 *
 * @module
 */
import { runScript } from "../core/script.ts";
import { ddpgOptions } from "../experiments/routing/ddpg_options.ts";
import { DDPG_TASK, trainDdpg } from "../experiments/routing/ddpg_training.ts";
import {
  returnsTable,
  routingReturns,
} from "../experiments/routing/training_report.ts";
import { userFlows, userNetwork } from "../experiments/sdn/options.ts";

/** Episodes that policies are scored on; they are not chosen by them. */
const TEST = { episodes: 20, firstSeed: 20_000 };

await runScript({
  name: "train_ddpg",
  task: DDPG_TASK,
  description:
    "Trains an agent to route by moving link weights, in a network (DDPG, TD3) or from recorded steps alone (TD3+BC, IQL, and DDPG or TD3 to compare).",
  options: ddpgOptions,
  examples: [
    "--pretrained models/actor_pretrained.zip --action-noise 0.05",
    "--offline-data expert_dataset.npz --algorithm td3-bc --episodes 200",
    "--topology nsfnet-classes --reward largest-utilisation --gamma 0",
  ],
}, async (options, context) => {
  const { mode, reward, observation, maxSteps, ryu, offlineData } = options;
  const isNew = options.resume === undefined && offlineData === undefined &&
    options.pretrained === undefined;
  const network = isNew
    ? await userNetwork(options, {
      trafficSeed: options.seed,
      flows: userFlows(options),
    })
    : {};
  const finished = await trainDdpg(options, {
    ...network,
    ...ryu === "embedded" ? {} : { ryuBase: ryu },
    mode,
    reward,
    observation,
    episodeSteps: maxSteps,
  }, context);
  const returns = await routingReturns(finished, TEST, context);
  return {
    tables: [returnsTable(returns)],
    lines: finished.map(({ paths, bestTimesteps }) =>
      `Wrote ${paths?.model}; best evaluation after ${bestTimesteps} steps: ${paths?.best}`
    ),
    json: {
      returns,
      models: finished.map(({ run, paths, bestScore, bestTimesteps }) => ({
        seed: run.seed,
        path: paths?.model,
        best: paths?.best,
        bestScore,
        bestTimesteps,
      })),
    },
  };
});
