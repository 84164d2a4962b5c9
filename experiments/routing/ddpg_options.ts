/**
 * The command line of train_ddpg.
 *
 * @module
 */
import {
  choiceOption,
  integerListOption,
  integerOption,
  numberOption,
  type Option,
  type OptionValues,
  parsedOption,
  pathOption,
  stringOption,
} from "../../core/options.ts";
import {
  type CommonOptions,
  type TrainingOptions,
  trainingOptions,
} from "../../core/script_options.ts";
import { type RewardName, REWARDS } from "../../envs/sdn/env_options.ts";
import {
  OBSERVATION_BLOCKS,
  type ObservationBlock,
} from "../../envs/sdn/observation.ts";
import {
  type FlowOptions,
  flowOptions,
  type NetworkOptions,
  networkOptions,
} from "../sdn/options.ts";

export type {
  CommonOptions,
  FlowOptions,
  NetworkOptions,
  ObservationBlock,
  Option,
  OptionValues,
  RewardName,
  TrainingOptions,
};

/** Options of train_ddpg, by name. */
export type DdpgOptions = NetworkOptions & FlowOptions & TrainingOptions & {
  /** What learns. */
  algorithm: Option<"ddpg" | "td3" | "td3-bc" | "iql" | undefined>;
  /** How many episodes. */
  episodes: Option<number>;
  /** Steps of each. */
  "max-steps": Option<number>;
  /** Embedded, or the controller's address. */
  ryu: Option<string>;
  /** A policy to begin with. */
  pretrained: Option<string | undefined>;
  /** Updates before that policy moves. */
  "warm-up": Option<number>;
  /** Recorded steps to learn from. */
  "offline-data": Option<string | undefined>;
  /** Share of them held out. */
  "validation-share": Option<number>;
  /** Learning rate of the policy. */
  lr: Option<number | undefined>;
  /** Learning rate of the critics. */
  "critic-lr": Option<number | undefined>;
  /** Discount factor. */
  gamma: Option<number | undefined>;
  /** How fast targets follow. */
  tau: Option<number | undefined>;
  /** Transitions an update. */
  "batch-size": Option<number | undefined>;
  /** Widths of the hidden layers. */
  hidden: Option<readonly number[] | undefined>;
  /** First deviation of the noise. */
  "action-noise": Option<number>;
  /** What actions do. */
  mode: Option<"default" | "reference">;
  /** What is rewarded. */
  reward: Option<RewardName>;
  /** What is seen. */
  observation: Option<readonly ObservationBlock[] | undefined>;
  /** Name of the model. */
  name: Option<string>;
  /** Episodes of an evaluation. */
  "eval-episodes": Option<number>;
};

const BLOCKS = Object.keys(OBSERVATION_BLOCKS) as ObservationBlock[];

/** Parts of an observation, separated by commas. */
function parseBlocks(text: string): readonly ObservationBlock[] {
  const blocks = text.split(",").map((block) => block.trim());
  const unknown = blocks.find((block) => !(block in OBSERVATION_BLOCKS));
  if (unknown !== undefined) throw new RangeError(unknown);
  return blocks as ObservationBlock[];
}

/** Options of train_ddpg. */
export const ddpgOptions: DdpgOptions = {
  algorithm: choiceOption(["ddpg", "td3", "td3-bc", "iql"], {
    description:
      "What learns: ddpg or td3; with --offline-data also td3-bc or iql. Default: ddpg, or td3-bc with --offline-data.",
  }),
  episodes: integerOption({
    description:
      "How many episodes; with --offline-data, times --max-steps: how many updates.",
    default: 1000,
    minimum: 1,
  }),
  "max-steps": integerOption({
    description: "Steps of an episode.",
    default: 50,
    minimum: 1,
  }),
  ryu: stringOption({
    description:
      "The controller: embedded, or an address such as http://127.0.0.1:8080.",
    default: "embedded",
  }),
  pretrained: pathOption({
    description:
      "Begins with the policy of this model, such as models/actor_pretrained.zip of imitation-pretrain.",
    placeholder: "MODEL",
  }),
  "warm-up": integerOption({
    description:
      "Updates that critics learn for before a pretrained policy moves.",
    default: 1000,
    minimum: 0,
  }),
  "offline-data": pathOption({
    description:
      "Learns from these recorded steps (or a Minari data set) alone; the network is theirs.",
    placeholder: "FILE",
  }),
  "validation-share": numberOption({
    description: "Share of the recorded steps held out, in whole episodes.",
    default: 0.1,
    minimum: 0,
    maximum: 0.9,
  }),
  lr: numberOption({
    description:
      "Adam's learning rate of the policy. Default: 1e-4, offline 3e-4.",
    exclusiveMinimum: 0,
  }),
  "critic-lr": numberOption({
    description: "That of the critics. Default: 1e-3, offline 3e-4.",
    exclusiveMinimum: 0,
  }),
  gamma: numberOption({
    description: "Discount factor. Default: 0.99.",
    minimum: 0,
    maximum: 1,
  }),
  tau: numberOption({
    description:
      "Share of new weights in the targets after each update. Default: 0.001, offline 0.005.",
    exclusiveMinimum: 0,
    maximum: 1,
  }),
  "batch-size": integerOption({
    description: "Transitions an update. Default: 64, offline 256.",
    minimum: 1,
  }),
  hidden: integerListOption({
    description:
      "Widths of the hidden layers, a pretrained policy's too. Default: 256,256.",
    minimum: 1,
  }),
  "action-noise": numberOption({
    description:
      "Standard deviation of the noise on actions at first; it falls to a quarter over 60 % of the training.",
    default: 0.2,
    minimum: 0,
    maximum: 2,
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
  observation: parsedOption(parseBlocks, {
    description: `What is seen, of ${
      BLOCKS.join(", ")
    }. Default: utilisations,delay,throughput.`,
    expected: `some of ${BLOCKS.join(", ")}, separated by commas`,
    placeholder: "PART,...",
  }),
  name: stringOption({
    description: "Name of the model.",
    default: "ddpg_routing",
  }),
  "eval-episodes": integerOption({
    description: "Episodes of an evaluation.",
    default: 5,
    minimum: 1,
  }),
  ...networkOptions,
  ...flowOptions,
  ...trainingOptions,
};

/** Values of {@linkcode ddpgOptions}, and of those that every script has. */
export type DdpgValues = OptionValues<DdpgOptions> & {
  /** Seed of the first run. */
  readonly seed: number;
  /** Folder of the files. */
  readonly out?: string;
};
