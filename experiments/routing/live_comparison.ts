/**
 * Trained models beside fixed weights in a network that a controller steers,
 * by what it tells.
 *
 * @module
 */
import type { Policy } from "../../agents/policy.ts";
import { actionTowards } from "../../agents/rules/routing_policies.ts";
import { mean, pairedDifferenceInterval } from "../../analysis/statistics.ts";
import { log } from "../../core/fdlibm.ts";
import type { ScriptContext } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import { asUsageError } from "../../core/usage_error.ts";
import type { SDNOptions } from "../../envs/sdn/env_options.ts";
import { SDNEnv, type SDNInfo } from "../../envs/sdn/sdn_env.ts";
import {
  inverseCapacityWeights,
  unitWeights,
} from "../../envs/sdn/weight_search.ts";
import { policyAct } from "./comparison.ts";

export type { Policy, ScriptContext, SDNOptions, Table };

/** A model that is compared. */
export interface LiveModel {
  /** Its name. */
  readonly name: string;
  /** Options of the environment that it was trained in. */
  readonly options: SDNOptions;
  /** What it does. */
  readonly policy: Policy;
}

/** What is played. */
export interface LiveTest {
  /** Options of the network, for what is played beside the models. */
  readonly options: SDNOptions;
  /** The controller's address. */
  readonly ryu: string;
  /** Episodes of each; all play in turn, so that traffic is the same. */
  readonly episodes: number;
  /** Seed of the first, for controllers whose traffic follows from it. */
  readonly seed: number;
  /** Steps of each. */
  readonly steps: number;
}

/** Means over the steps of one episode. */
export interface LiveEpisode {
  /** Largest utilisation of a link, from 0 to 1. */
  readonly utilisation: number;
  /** Mean delay in milliseconds. */
  readonly delayMs: number;
  /** What arrived, in Mbit/s. */
  readonly throughputMbps: number;
  /** Share of what was sent that arrived; undefined where it is not told. */
  readonly deliveredShare: number | undefined;
}

/** Scores of one player. */
export interface LiveScore {
  /** Its name. */
  readonly name: string;
  /** Its episodes. */
  readonly episodes: readonly LiveEpisode[];
}

interface Player extends Disposable {
  readonly name: string;
  play(seed: number): LiveEpisode;
}

/** In the first step of an episode weights are still on their way. */
const WARM_UP_STEPS = 1;

function episodeOf(infos: readonly SDNInfo[]): LiveEpisode {
  const meanOf = (value: (info: SDNInfo) => number) => mean(infos.map(value));
  const sent = infos.map(({ demandMbps }) => demandMbps);
  const throughputMbps = meanOf((info) => info.throughputMbps);
  return {
    utilisation: meanOf((info) => Math.max(...info.linkUtilisations)),
    delayMs: meanOf((info) => info.averageDelayMs),
    throughputMbps,
    deliveredShare: sent.every((each) => each !== undefined && each > 0)
      ? Math.min(throughputMbps / mean(sent as number[]), 1)
      : undefined,
  };
}

function player(
  name: string,
  env: SDNEnv,
  { begin = () => {}, act }: {
    begin?: () => void;
    act: (observation: Float32Array) => Float32Array;
  },
): Player {
  return {
    name,
    play(seed) {
      let { observation } = env.reset({ seed });
      begin();
      const infos: SDNInfo[] = [];
      for (let over = false; !over;) {
        const result = env.step(act(observation));
        observation = result.observation;
        infos.push(result.info);
        over = result.truncated;
      }
      return episodeOf(infos.slice(Math.min(WARM_UP_STEPS, infos.length - 1)));
    },
    [Symbol.dispose]: () => env.close(),
  };
}

function players(models: readonly LiveModel[], test: LiveTest): Player[] {
  const { ryu: ryuBase, steps: episodeSteps } = test;
  const common = { ryuBase, episodeSteps };
  const fixed = (name: string, weightsOf: typeof unitWeights) => {
    const env = new SDNEnv({
      ...test.options,
      ...common,
      // Reaches every weight at once.
      actionMode: "absolute",
      actionScale: log(10),
    });
    const weights = weightsOf(env.settings.emulator.topology);
    const act = () => actionTowards(env, env.weights, weights);
    return player(name, env, { act });
  };
  return [
    ...models.map(({ name, options, policy }) => {
      const act = policyAct(policy);
      const env = new SDNEnv({ ...options, ...common });
      return player(name, env, {
        begin: act.begin,
        act: (observation) => act(observation, env),
      });
    }),
    fixed("unit weights", unitWeights),
    fixed("inverse capacity", inverseCapacityWeights),
  ];
}

/**
 * Plays models and fixed weights in turn.
 *
 * @param models What is compared; may be none.
 * @param test How long, and where. Throws `ControllerError` where no
 * controller answers, and `UsageError` for models that see what controllers do
 * not tell.
 * @param context Progress and interruption of the script.
 */
export async function compareLive(
  models: readonly LiveModel[],
  test: LiveTest,
  context: Pick<ScriptContext, "progress" | "breathe" | "signal">,
): Promise<LiveScore[]> {
  const all = asUsageError(() => players(models, test));
  using _players = new DisposableStack();
  for (const each of all) _players.use(each);
  const episodes = all.map((): LiveEpisode[] => []);
  using shown = context.progress({
    total: test.episodes * all.length,
    label: "Playing",
    unit: "episodes",
  });
  for (let episode = 0; episode < test.episodes; episode++) {
    for (const [i, each] of all.entries()) {
      episodes[i].push(each.play(test.seed + episode));
      shown.update(episode * all.length + i + 1);
      await context.breathe();
      context.signal.throwIfAborted();
    }
  }
  return all.map(({ name }, i) => ({ name, episodes: episodes[i] }));
}

/**
 * Scores as a table; differences of the largest utilisation to unit weights
 * have 95 % intervals, paired over episodes.
 *
 * @param scores From {@linkcode compareLive}.
 */
export function liveTable(scores: readonly LiveScore[]): Table {
  const unit = scores.find(({ name }) => name === "unit weights")!.episodes;
  const fixed = (value: number) => value.toFixed(3);
  const utilisations = (episodes: readonly LiveEpisode[]) =>
    Float64Array.from(episodes, ({ utilisation }) => utilisation);
  return {
    title: `Means of ${unit.length} episodes`,
    columns: [
      { header: "routing" },
      { header: "largest utilisation", format: fixed },
      { header: "less unit weights", format: fixed },
      { header: "low", format: fixed },
      { header: "high", format: fixed },
      { header: "delay", unit: "ms", format: (value) => value.toFixed(2) },
      {
        header: "arrives",
        unit: "Mbit/s",
        format: (value) => value.toFixed(2),
      },
      { header: "of what is sent", unit: "%", format: (v) => v.toFixed(1) },
    ],
    rows: scores.map(({ name, episodes }) => {
      const pair = {
        first: utilisations(episodes),
        second: utilisations(unit),
      };
      const { estimate, low, high } = unit.length > 1
        ? pairedDifferenceInterval(pair)
        : { estimate: pair.first[0] - pair.second[0] };
      const shares = episodes.map(({ deliveredShare }) => deliveredShare);
      return [
        name,
        mean(pair.first),
        estimate,
        low,
        high,
        mean(episodes.map(({ delayMs }) => delayMs)),
        mean(episodes.map(({ throughputMbps }) => throughputMbps)),
        shares.includes(undefined) ? undefined : 100 * mean(shares as number[]),
      ];
    }),
  };
}
