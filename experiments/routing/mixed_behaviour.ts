/**
 * Recorded steps of an expert by the time of day, as it is and mixed with
 * noise.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { SDNOptions } from "../../envs/sdn/env_options.ts";
import { SDNEnv } from "../../envs/sdn/sdn_env.ts";
import {
  collectEpisode,
  episodeSeeds,
  makeDataset,
  writeDataset,
} from "../sdn/expert_dataset.ts";
import { hourlyAction } from "./hourly_expert.ts";

export type { SDNEnv, SDNOptions };

/** Who acts: the expert with noise, of another size in each episode. */
export interface MixedBehaviour {
  /** Weights of each part of the day. */
  readonly weights: readonly Float64Array[];
  /** Standard deviations of the noise, taken in turn by the episodes. */
  readonly noise: readonly number[];
  /** Where noise comes from. */
  readonly seed: number;
}

/** Chooses actions, episode after episode. */
export interface MixedActor {
  /** Begins the next episode, with the next size of noise. */
  begin(): void;
  /** The next action. */
  act(env: SDNEnv): Float32Array;
}

/**
 * An actor with noise.
 *
 * @param behaviour Whose noise begins anew.
 */
export function mixedActor(behaviour: MixedBehaviour): MixedActor {
  const { weights, noise } = behaviour;
  const random = new Random(behaviour.seed);
  let episode = -1;
  return {
    begin: () => void episode++,
    act(env) {
      const scale = noise[episode % noise.length];
      return hourlyAction(env, weights).map((action) =>
        Math.max(-1, Math.min(1, action + scale * random.normal()))
      );
    },
  };
}

/**
 * Plays the behaviour and writes its steps.
 *
 * @param path The file.
 * @param behaviour Who acts.
 * @param more The environment, how many episodes, and the script's turn.
 */
export async function recordMixed(
  path: string,
  behaviour: MixedBehaviour,
  more: {
    options: SDNOptions;
    episodes: number;
    breathe: () => Promise<void>;
    signal: AbortSignal;
  },
): Promise<void> {
  const { options, episodes, breathe, signal } = more;
  using env = new SDNEnv(options);
  const { seed } = behaviour;
  const dataset = makeDataset(env, episodes * env.settings.episodeSteps);
  const actor = mixedActor(behaviour);
  const policy = { begin: actor.begin, act: () => actor.act(env) };
  for (const episode of episodeSeeds(seed, episodes)) {
    await collectEpisode(dataset, { env, policy }, {
      seed: episode,
      breathe,
      signal,
    });
  }
  await writeDataset(path, dataset, {
    seed,
    options: JSON.stringify({ policy: "hourly", ...options }),
  });
}
