/**
 * Records what an expert does in the routing environment.
 *
 * @module
 */
import {
  ROUTING_POLICIES,
  routingPolicy,
} from "../agents/rules/routing_policies.ts";
import {
  booleanOption,
  choiceOption,
  integerOption,
  pathOption,
  stringOption,
} from "../core/options.ts";
import { asUsageError, runScript } from "../core/script.ts";
import { collectDataset } from "../experiments/dataset_collection.ts";
import { datasetTable } from "../experiments/dataset_report.ts";
import {
  flowOptions,
  networkOptions,
  userFlows,
  userNetwork,
} from "../experiments/sdn_options.ts";
import { REWARDS, type SDNOptions } from "../envs/sdn/env_options.ts";
import { SDNEnv } from "../envs/sdn/sdn_env.ts";

await runScript({
  name: "generate_expert_dataset",
  task: "generate-expert-dataset",
  description:
    "Records what an expert does in the routing environment, as a .npz file that numpy.load reads.",
  options: {
    out: pathOption({
      description: "The file.",
      default: "expert_dataset.npz",
    }),
    ryu: stringOption({
      description:
        "The controller: embedded, or an address such as http://127.0.0.1:8080.",
      default: "embedded",
    }),
    policy: choiceOption(ROUTING_POLICIES, {
      description:
        "Who acts: zeros (weights stay), random, ospf (inverse capacities), local-search, optimal (up to the linear programme's bound).",
      default: "zeros",
    }),
    episodes: integerOption({
      description: "How many episodes.",
      default: 50,
      minimum: 1,
    }),
    steps: integerOption({
      description: "Steps of each.",
      default: 50,
      minimum: 1,
    }),
    ...networkOptions,
    ...flowOptions,
    "start-traffic": booleanOption({
      description: "Starts the flows of --traffic-pairs with every episode.",
    }),
    mode: choiceOption(["default", "reference"], {
      description:
        "Whether actions move logarithms of weights, or weights as in the original.",
      default: "default",
    }),
    reward: choiceOption(REWARDS, {
      description: "What is rewarded.",
      default: "seed",
    }),
    objective: choiceOption(["fortz-thorup", "largest-utilisation"], {
      description: "What local-search makes small.",
      default: "fortz-thorup",
    }),
    "search-evaluations": integerOption({
      description:
        "Sets of weights that local-search and optimal try in each step.",
      default: 400,
      minimum: 1,
    }),
    "seed-format": booleanOption({
      description:
        "Writes states and actions alone, with the bytes of numpy.savez.",
    }),
    resume: booleanOption({ description: "Goes on with the file at --out." }),
  },
  examples: [
    "--episodes 100 --policy random --seed 42",
    "--policy local-search --topology nsfnet-classes --load 0.9",
    "--traffic-pairs h1:h2,h2:h3,h3:h4 --start-traffic",
    "--ryu http://127.0.0.1:8080 --policy random",
  ],
}, async (options, context) => {
  const { seed, steps, mode, reward, policy: policyName, ryu } = options;
  const flows = userFlows(options);
  if (flows.length > 0 && !options.startTraffic) {
    context.note("The flows of --traffic-pairs wait for --start-traffic");
  }
  const network = await userNetwork(options, {
    trafficSeed: seed,
    flows: options.startTraffic && ryu === "embedded" ? flows : [],
  });
  const envOptions: SDNOptions = {
    ...network,
    ryuBase: ryu,
    mode,
    reward,
    episodeSteps: steps,
  };
  using env = asUsageError(() => new SDNEnv(envOptions));
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
        options: JSON.stringify({ policy: policyName, ...envOptions }),
      },
      resume: options.resume,
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
      stateSize: dataset.stateSize,
      actionSize: dataset.actionSize,
      policy: policyName,
      seed,
      resumedRows,
      ...totals.means(),
    },
  };
});
