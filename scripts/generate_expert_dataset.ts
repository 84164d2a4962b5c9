/**
 * Records what an expert does in the routing environment.
 *
 * @module
 */
import { routingPolicy } from "../agents/rules/routing_policies.ts";
import { asUsageError, runScript } from "../core/script.ts";
import type { SDNOptions } from "../envs/sdn/env_options.ts";
import { SDNEnv } from "../envs/sdn/sdn_env.ts";
import { collectDataset } from "../experiments/sdn/dataset_collection.ts";
import {
  datasetOptions,
  expertOptions,
} from "../experiments/sdn/dataset_options.ts";
import { datasetTable } from "../experiments/sdn/dataset_report.ts";
import { datasetTraffic } from "../experiments/sdn/dataset_traffic.ts";
import { userFlows, userNetwork } from "../experiments/sdn/options.ts";

await runScript({
  name: "generate_expert_dataset",
  task: "generate-expert-dataset",
  description:
    "Records what an expert does in the routing environment, as a .npz file that numpy.load reads.",
  options: datasetOptions,
  examples: [
    "--policy optimal --topology nsfnet-classes --load 0.9",
    "--traffic-pairs h1:h2,h2:h3,h3:h4 --start-traffic",
    "--ryu http://127.0.0.1:8080 --policy random",
  ],
}, async (options, context) => {
  const { seed, steps, mode, reward, policy: policyName, ryu } = options;
  await using traffic = await asUsageError(() =>
    datasetTraffic({
      flows: userFlows(options),
      startTraffic: options.startTraffic,
      scriptPath: options.trafficScriptOut,
      ryu,
    })
  );
  traffic.notes.forEach((note) => context.note(note));
  const network = await userNetwork(options, {
    trafficSeed: seed,
    flows: traffic.embedded,
  });
  const envOptions: SDNOptions = {
    ...network,
    mode,
    reward,
    episodeSteps: steps,
  };
  using env = asUsageError(() => new SDNEnv({ ...envOptions, ryuBase: ryu }));
  using policy = await asUsageError(() =>
    routingPolicy(policyName, env, {
      evaluations: options.searchEvaluations,
      objective: options.objective,
    })
  );
  const { dataset, totals, resumedRows } = await collectDataset(
    { env, policy },
    {
      path: options.out,
      seed,
      episodes: options.episodes,
      steps,
      description: options.seedFormat ? undefined : {
        seed,
        options: JSON.stringify({
          ...expertOptions(options),
          ...envOptions,
        }),
      },
      resume: options.resume,
      check: traffic.check,
    },
    context,
  );
  return {
    tables: [datasetTable(totals)],
    lines: [
      `Saved expert dataset to ${options.out} with ${dataset.rows} samples (state_dim=${dataset.stateSize}, action_dim=${dataset.actionSize})`,
    ],
    json: {
      out: options.out,
      samples: dataset.rows,
      policy: policyName,
      seed,
      resumedRows,
      ...totals.means(),
    },
  };
});
