/**
 * The command line of generate_expert_dataset.
 *
 * @module
 */
import {
  ROUTING_POLICIES,
  type RoutingPolicyName,
} from "../../agents/rules/routing_policies.ts";
import {
  booleanOption,
  choiceOption,
  integerOption,
  type Option,
  pathOption,
  stringOption,
} from "../../core/options.ts";
import { type RewardName, REWARDS } from "../../envs/sdn/env_options.ts";
import {
  SEARCH_OBJECTIVES,
  type SearchObjective,
} from "../../envs/sdn/weight_search.ts";
import {
  type FlowOptions,
  flowOptions,
  type NetworkOptions,
  networkOptions,
} from "./options.ts";

export type {
  FlowOptions,
  NetworkOptions,
  Option,
  RewardName,
  RoutingPolicyName,
  SearchObjective,
};

/** Options of generate_expert_dataset, by name. */
export type DatasetOptions = NetworkOptions & FlowOptions & {
  /** The file. */
  out: Option<string>;
  /** Embedded, or the controller's address. */
  ryu: Option<string>;
  /** Who acts. */
  policy: Option<RoutingPolicyName>;
  /** How many episodes. */
  episodes: Option<number>;
  /** Steps of each. */
  steps: Option<number>;
  /** Whether flows start. */
  "start-traffic": Option<boolean>;
  /** Where the script of flows goes. */
  "traffic-script-out": Option<string>;
  /** What actions do. */
  mode: Option<"default" | "reference">;
  /** What is rewarded. */
  reward: Option<RewardName>;
  /** What local search makes small. */
  objective: Option<SearchObjective>;
  /** How hard experts try. */
  "search-evaluations": Option<number>;
  /** Whether to write the original's two arrays alone. */
  "seed-format": Option<boolean>;
  /** Whether to go on with the file. */
  resume: Option<boolean>;
};

/** Options of generate_expert_dataset. */
export const datasetOptions: DatasetOptions = {
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
    description:
      "Starts the flows: embedded with every episode, else once, by iperf3.",
  }),
  "traffic-script-out": pathOption({
    description:
      "Where a script of the flows of --traffic-pairs goes, for real hosts.",
    default: "traffic_commands.sh",
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
  objective: choiceOption(SEARCH_OBJECTIVES, {
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
};

/**
 * What rows depend on of the expert who acts, for the file's description.
 *
 * @param values The command line's. Only experts that search have more than a
 * name.
 */
export function expertOptions(
  { policy, objective, searchEvaluations }: {
    policy: RoutingPolicyName;
    objective: SearchObjective;
    searchEvaluations: number;
  },
): Record<string, string | number> {
  switch (policy) {
    case "local-search":
      return { policy, objective, searchEvaluations };
    case "optimal":
      return { policy, searchEvaluations };
    default:
      return { policy };
  }
}
