/**
 * What peers are measured with: the settings of the agents, the starts of the
 * evaluation, and trajectories that show whether the environment is the same.
 *
 * Run by itself it prints them as JSON.
 *
 * @module
 */
import { DQN_DEFAULTS, type DqnSettings } from "../../agents/dqn/dqn.ts";
import { PPO_DEFAULTS, type PpoSettings } from "../../agents/ppo/ppo.ts";
import {
  DQN_AUTOSCALING,
  PPO_AUTOSCALING,
  PPO_AUTOSCALING_COPIES,
} from "../../agents/settings/autoscaling.ts";
import { Random } from "../../core/random.ts";
import {
  AutoscalingEnv,
  type Fleet,
} from "../../envs/autoscaling/autoscaling_env.ts";

export type { DqnSettings, PpoSettings };

/** Where an episode begins. */
export interface EpisodeStart {
  /** Step of the load pattern. */
  readonly phase: number;
  /** Instances that run. */
  readonly instances: number;
}

/** An episode of our environment. */
export interface PeerTrajectory {
  /** What chose the actions. */
  readonly name: string;
  /** Where it began. */
  readonly start: EpisodeStart;
  /** 0, 1 or 2 for each step. */
  readonly actions: readonly number[];
  /** Of each step. */
  readonly rewards: readonly number[];
  /** The first observation and that of each step, shape [steps + 1, 9]. */
  readonly observations: readonly number[];
  /** Whether the service failed in the last step. */
  readonly terminated: boolean;
  /** Whether the last step was cut. */
  readonly truncated: boolean;
}

/** How agents are trained. */
export interface PeerSettings {
  /** Complete settings of both agents. */
  readonly settings: { readonly dqn: DqnSettings; readonly ppo: PpoSettings };
  /** Copies of the environment that each agent steps together. */
  readonly copies: { readonly dqn: number; readonly ppo: number };
}

/** Everything that the peers' scripts read. */
export interface PeerReference extends PeerSettings {
  /** Of the episodes that trained agents are compared in. */
  readonly evaluationStarts: readonly EpisodeStart[];
  /** Episodes that the peers' environment has to repeat. */
  readonly trajectories: readonly PeerTrajectory[];
}

/** Seed of the evaluation's first episode, as in the training scripts. */
export const EVALUATION_SEED = 10_000;
/** Episodes of the evaluation. */
export const EVALUATION_EPISODES = 10;

const [REMOVE, HOLD, ADD] = [0, 1, 2];

/** Chooses actions so that every branch of the dynamics is taken. */
const CHOOSERS: Readonly<
  Record<string, (fleet: Readonly<Fleet>, random: Random) => number>
> = {
  random: (_, random) => random.integer(REMOVE, ADD),
  remove: () => REMOVE,
  hold: () => HOLD,
  add: () => ADD,
  "follow demand": (fleet) => {
    const spare = fleet.instances + fleet.pending - fleet.influx / 87;
    return spare < 1 ? ADD : spare > 3 ? REMOVE : HOLD;
  },
};

/** Trajectories of each chooser; the seed gives start and chance. */
const SEEDS = [1, 2, 3];

function startOf({ phase, instances }: Readonly<Fleet>): EpisodeStart {
  return { phase, instances };
}

function evaluationStarts(): EpisodeStart[] {
  const env = new AutoscalingEnv({ randomStart: true });
  return Array.from({ length: EVALUATION_EPISODES }, (_, episode) => {
    env.reset({ seed: EVALUATION_SEED + episode });
    return startOf(env.fleet);
  });
}

function trajectory(name: string, seed: number): PeerTrajectory {
  const env = new AutoscalingEnv({ randomStart: true });
  const random = new Random(seed);
  const observations = [...env.reset({ seed }).observation];
  const start = startOf(env.fleet);
  const actions: number[] = [];
  const rewards: number[] = [];
  for (;;) {
    const action = CHOOSERS[name](env.fleet, random);
    const step = env.step(action);
    actions.push(action);
    rewards.push(step.reward);
    observations.push(...step.observation);
    const { terminated, truncated } = step;
    if (terminated || truncated) {
      return {
        name,
        start,
        actions,
        rewards,
        observations,
        terminated,
        truncated,
      };
    }
  }
}

/** The settings of the training scripts' defaults. */
export function createPeerSettings(): PeerSettings {
  return {
    settings: {
      dqn: { ...DQN_DEFAULTS, ...DQN_AUTOSCALING },
      ppo: { ...PPO_DEFAULTS, ...PPO_AUTOSCALING },
    },
    copies: { dqn: 1, ppo: PPO_AUTOSCALING_COPIES },
  };
}

/** Settings, starts and trajectories of this version. */
export function createPeerReference(): PeerReference {
  return {
    ...createPeerSettings(),
    evaluationStarts: evaluationStarts(),
    trajectories: Object.keys(CHOOSERS).flatMap((name) =>
      SEEDS.map((seed) => trajectory(name, seed))
    ),
  };
}

if (import.meta.main) console.log(JSON.stringify(createPeerReference()));
