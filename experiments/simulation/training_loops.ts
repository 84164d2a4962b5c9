/**
 * How agents and arenas meet: the loops of simulations.
 *
 * @module
 */
import {
  booleanParameter,
  integerParameter,
  readParameters,
} from "../../core/parameters.ts";
import { createHistoryRecorder } from "./history.ts";
import type {
  LoopContext,
  Parameters,
  SimulationAgent,
  SimulationArena,
  TrainingResult,
} from "./parts.ts";

export type * from "./parts.ts";

const COMMON = {
  /** Every how many steps what `update` returns is kept. */
  record_every: integerParameter({ minimum: 1, fallback: 1 }),
};

const DEFAULT_LOOP = {
  n_steps: integerParameter({ minimum: 1 }),
  ...COMMON,
};

const EPISODE_LOOP = {
  t_episode: integerParameter({ minimum: 1 }),
  n_episode: integerParameter({ minimum: 1 }),
  reset_episodes: booleanParameter({ fallback: false }),
  ...COMMON,
};

/** Steps between two calls of `onProgress`, less one: a mask. */
const PROGRESS_MASK = 0xff;

interface Meeting {
  agent: SimulationAgent;
  env: SimulationArena;
  context: LoopContext;
  totalSteps: number;
  recordEvery: number;
}

/** The part that the loops share: resets, history, progress. */
function startMeeting({ agent, env, context, ...rest }: Meeting) {
  const recorder = createHistoryRecorder();
  let { observation } = env.reset(
    context.seed === undefined ? {} : { seed: context.seed },
  );
  let done = 0;
  const restart = () => {
    agent.reset?.();
    observation = env.reset().observation;
  };
  return {
    restart,
    /**
     * Acts, moves the arena, and learns from what follows; an episode that ends
     * by itself is followed by another.
     */
    step() {
      const result = env.step(agent.act(observation));
      observation = result.observation;
      const record = agent.update?.(observation);
      if (done % rest.recordEvery === 0) recorder.add(record);
      done++;
      if ((done & PROGRESS_MASK) === 0 || done === rest.totalSteps) {
        context.onProgress?.(done, rest.totalSteps);
      }
      if (result.terminated || result.truncated) restart();
    },
    result: (): TrainingResult => ({
      agent,
      env,
      trainingHist: recorder.history(),
    }),
  };
}

/**
 * Acts, moves the arena, and lets the agent learn, `n_steps` times.
 *
 * @param agent Who acts.
 * @param env Where.
 * @param parameters `n_steps`; `record_every` (default 1) thins the history.
 * Names may be in camelCase. Throws `TypeError` or `RangeError`, which name the
 * parameter.
 * @param context Seed and progress.
 */
export function defaultTrainingLoop(
  agent: SimulationAgent,
  env: SimulationArena,
  parameters: Parameters,
  context: LoopContext = {},
): TrainingResult {
  const { nSteps, recordEvery } = readParameters("defaultTrainingLoop", {
    table: DEFAULT_LOOP,
    given: parameters,
  });
  const meeting = startMeeting({
    agent,
    env,
    context,
    totalSteps: nSteps,
    recordEvery,
  });
  for (let i = 0; i < nSteps; i++) meeting.step();
  return meeting.result();
}

/**
 * Acts, moves the arena, and lets the agent learn: `n_episode` times
 * `t_episode` steps. As in the original, episodes follow each other without a
 * reset; with `reset_episodes` agent and arena are reset between them. The
 * original lets the agent learn before the arena moves, one step late.
 *
 * @param agent Who acts.
 * @param env Where.
 * @param parameters `t_episode`, `n_episode`; `reset_episodes` (default false),
 * `record_every` (default 1) thins the history. Names may be in camelCase.
 * Throws `TypeError` or `RangeError`, which name the parameter.
 * @param context Seed and progress.
 */
export function episodeBasedTrainingLoop(
  agent: SimulationAgent,
  env: SimulationArena,
  parameters: Parameters,
  context: LoopContext = {},
): TrainingResult {
  const { tEpisode, nEpisode, resetEpisodes, recordEvery } = readParameters(
    "episodeBasedTrainingLoop",
    { table: EPISODE_LOOP, given: parameters },
  );
  const meeting = startMeeting({
    agent,
    env,
    context,
    totalSteps: tEpisode * nEpisode,
    recordEvery,
  });
  for (let episode = 0; episode < nEpisode; episode++) {
    if (resetEpisodes && episode > 0) meeting.restart();
    for (let i = 0; i < tEpisode; i++) meeting.step();
  }
  return meeting.result();
}
