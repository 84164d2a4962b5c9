/**
 * PPO in other formats.
 *
 * @module
 */
import {
  type NamedArrays,
  type NetworkWriter,
  writePerceptron,
} from "../../learning/exports/network_writer.ts";
import { NORMAL_LIMIT, PPO_DEFAULTS, type PpoSettings } from "../ppo/ppo.ts";
import { deviationsOf } from "../ppo/running_statistics.ts";
import {
  layerCount,
  type PolicyPlaces,
  type SavedPolicy,
  type WrittenPolicy,
} from "./_policy_parts.ts";

/** What of a model is written. */
interface SavedPpo extends SavedPolicy {
  readonly normalisation: NamedArrays | undefined;
}

/**
 * Writes both networks: `logits` and probabilities, or `mean`; the best action;
 * and `value`.
 */
export function writePpo<Value>(
  writer: NetworkWriter<Value>,
  { actionSpace, observation, mask }: PolicyPlaces<Value>,
  saved: SavedPpo,
): WrittenPolicy {
  const { weights, normalisation } = saved;
  const { activation, normalizeObservations, normalizeRewards }: PpoSettings = {
    ...PPO_DEFAULTS,
    ...saved.settings,
  };
  const { decisions } = writer;
  const seen = normalizeObservations && normalisation
    ? writer.normalise(observation, {
      mean: normalisation.mean.data as Float64Array,
      deviation: deviationsOf(normalisation.variance.data as Float64Array),
      limit: NORMAL_LIMIT,
    })
    : observation;
  const network = (prefix: string) =>
    writePerceptron(writer, seen, {
      arrays: weights,
      prefix,
      layers: layerCount(saved.settings),
      activation,
    });
  const outputs = network("policy");
  if (actionSpace.kind === "discrete") {
    const { n } = actionSpace;
    writer.output("logits", outputs, "Logarithms of weights of the actions");
    if (decisions) {
      writer.output(
        "probabilities",
        decisions.softmax(outputs, mask),
        "How often each action is drawn while learning",
      );
      decisions.outputChoices(
        "action",
        decisions.choose(outputs, { sizes: [n], stride: n, mask }),
        "The likeliest allowed action",
      );
    }
  } else if (actionSpace.kind === "box") {
    writer.output(
      "mean",
      outputs,
      "Mean of the normal distribution of actions",
    );
    if (decisions) {
      writer.output(
        "action",
        decisions.clamp(outputs, actionSpace),
        "The mean within the bounds of actions",
      );
    }
  }
  // Policies from elsewhere come without.
  if ("value.0.weight" in weights) {
    writer.output(
      "value",
      network("value"),
      `Discounted sum of rewards expected from here${
        normalizeRewards ? ", in units of the normalised reward" : ""
      }`,
    );
  }
  return { memory: {} };
}
