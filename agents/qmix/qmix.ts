/**
 * QMIX (Rashid et al., "QMIX: Monotonic Value Function Factorisation for Deep
 * Multi-Agent Reinforcement Learning", ICML 2018 and JMLR 2020): agents that
 * act by themselves learn from their team's value, which a mixing network
 * makes of their utilities. Value decomposition networks and independent
 * learners by option.
 *
 * To be read in this order: `utility_network.ts` and `mixing.ts` are the
 * networks, `td_lambda.ts` the targets, `qmix_update.ts` the update,
 * `qmix_learner.ts` acting and remembering; here is the loop around them.
 *
 * @module
 */
import type { State } from "../../core/state.ts";
import type { MultiAgentEnvironment } from "../../envs/multi_agent.ts";
import {
  createQmixLearner,
  qmixStreams,
  type TeamMoment,
} from "./qmix_learner.ts";
import { type QmixSettings, qmixSettings } from "./qmix_settings.ts";
import { actionsOf, teamOf } from "../team.ts";
import { createEpisodeRecord, type Trainer } from "../trainer.ts";

/** What a QMIX run needs beside its settings. */
export interface QmixOptions {
  /** Settings that differ from `QMIX_DEFAULTS`. */
  settings?: Partial<QmixSettings>;
  /** Seeds weights, exploration, replay and environment. */
  seed: number;
  /** Steps over which the learning rate's schedule runs. */
  totalTimesteps: number;
}

/** Steps of the sequences that are learned from. */
function lengthOf(
  { id, maximumSteps }: MultiAgentEnvironment,
  { sequenceLength }: QmixSettings,
): number {
  if (sequenceLength > 0) return Math.min(sequenceLength, maximumSteps);
  if (maximumSteps !== Infinity) return maximumSteps;
  throw new RangeError(
    `Cannot remember whole episodes of ${id}, which have no end: expected a sequenceLength`,
  );
}

/**
 * A team that learns in an environment of several agents. Its policy is that
 * of the environment's `jointEnvironment`.
 *
 * @param env Stepped by the trainer alone; reset here.
 * @param options Throws `TypeError` for an environment whose actions are
 * continuous, `RangeError` for settings that mean nothing.
 */
export function createQmix(
  env: MultiAgentEnvironment,
  options: QmixOptions,
): Trainer {
  const settings = qmixSettings(options.settings);
  const team = teamOf(env);
  const { environmentSeed, ...streams } = qmixStreams(options.seed);
  const learner = createQmixLearner(team, {
    settings,
    sequenceLength: lengthOf(env, settings),
    totalTimesteps: options.totalTimesteps,
    streams,
  });
  const episodes = createEpisodeRecord(1);
  const momentOf = (
    { observations, state, info }: ReturnType<typeof env.reset>,
  ): TeamMoment => ({ observations, state, actionMasks: info.actionMasks });
  learner.begin(momentOf(env.reset({ seed: environmentSeed })));

  function step(): void | Promise<void> {
    const result = env.step(actionsOf(team, learner.chooseActions()));
    const { reward, terminated, truncated } = result;
    const over = terminated || truncated;
    episodes.add(0, reward, over);
    const learned = learner.observe({ ...result, next: momentOf(result) });
    if (over) learner.begin(momentOf(env.reset()));
    return learned;
  }

  return {
    get timesteps() {
      return learner.timesteps;
    },
    stepsPerCall: 1,
    step,
    statistics: learner.statistics,
    episodes,
    policy: learner.policy,
    async save() {
      const { tensors, state } = await learner.save();
      return {
        tensors,
        state: {
          ...state,
          records: episodes.saveState(),
          environment: env.saveState(),
        },
      };
    },
    async load(saved) {
      await learner.load(saved);
      episodes.loadState(saved.state.records as State);
      env.loadState(saved.state.environment as State);
    },
    dispose: learner.dispose,
  };
}
