/**
 * Tiny environments of several agents whose best behaviour is known.
 *
 * @module
 */
import { Random, type RandomState } from "../core/random.ts";
import { box, discrete, multiDiscrete, type Space } from "../core/spaces.ts";
import type {
  MultiAgentEnvironment,
  MultiAgentStepResult,
} from "../envs/multi_agent.ts";

/** How a tiny task goes on. */
interface TinyTask {
  id: string;
  observationSpaces: Space[];
  actionSpaces: Space[];
  maximumSteps: number;
  /** What each agent sees of some hidden numbers. */
  observe(hidden: Int32Array, steps: number): Float32Array[];
  /** Rewards by the actions, entry by entry; may change what is hidden. */
  act(
    hidden: Int32Array,
    actions: number[][],
    at: { steps: number; random: Random },
  ): { rewards: number[]; terminated?: boolean };
  /** The global state. Default: what is hidden. */
  state?: number[];
  /** Hidden numbers at the start. */
  first(random: Random): number[];
  masks?(hidden: Int32Array): Uint8Array[];
}

function build(task: TinyTask): MultiAgentEnvironment {
  const random = new Random(0);
  let hidden = new Int32Array(0);
  let steps = 0;
  const size = (task.state ?? task.first(new Random(0))).length;
  const seen = () => ({
    observations: task.observe(hidden, steps),
    state: Float32Array.from(task.state ?? hidden),
    info: task.masks ? { actionMasks: task.masks(hidden) } : {},
  });
  return {
    id: task.id,
    numAgents: task.actionSpaces.length,
    observationSpaces: task.observationSpaces,
    actionSpaces: task.actionSpaces,
    stateSpace: box(-10, 10, { shape: [size] }),
    maximumSteps: task.maximumSteps,
    reset(options = {}) {
      if (options.seed !== undefined) {
        random.loadState(new Random(options.seed).saveState());
      }
      hidden = Int32Array.from(task.first(random));
      steps = 0;
      return seen();
    },
    step(actions): MultiAgentStepResult<Float32Array> {
      const chosen = Array.from(
        actions,
        (action) => typeof action === "number" ? [action] : [...action],
      );
      task.masks?.(hidden).forEach((mask, agent) => {
        if (mask[chosen[agent][0]] !== 1) {
          throw new RangeError(`Agent ${agent} cannot do ${chosen[agent][0]}`);
        }
      });
      steps++;
      const { rewards, terminated = false } = task.act(hidden, chosen, {
        steps,
        random,
      });
      return {
        ...seen(),
        reward: rewards.reduce((sum, reward) => sum + reward, 0),
        rewards: Float64Array.from(rewards),
        terminated,
        truncated: !terminated && steps === task.maximumSteps,
      };
    },
    saveState: () => ({
      random: random.saveState(),
      hidden: hidden.slice(),
      steps,
    }),
    loadState(saved) {
      random.loadState(saved.random as RandomState);
      hidden = (saved.hidden as Int32Array).slice();
      steps = saved.steps as number;
    },
  };
}

const coin = (random: Random) => random.integer(0, 1);

/**
 * Each of two agents is shown the other's coin in the first step, something
 * else in the second, and earns 1 for naming it in the third. Best: 2; without
 * memory: 1 on average.
 */
export function memoryTeam(): MultiAgentEnvironment {
  return build({
    id: "MemoryTeam",
    observationSpaces: [0, 1].map(() => box(-1, 1, { shape: [2] })),
    actionSpaces: [discrete(2), discrete(2)],
    maximumSteps: 3,
    first: (random) => [coin(random), coin(random)],
    observe: (hidden, steps) =>
      [0, 1].map((agent) =>
        Float32Array.of(
          steps === 0 ? 2 * hidden[1 - agent] - 1 : 0,
          steps === 2 ? 1 : 0,
        )
      ),
    act: (hidden, actions, { steps }) => ({
      rewards: [0, 1].map((agent) =>
        steps === 3 && actions[agent][0] === hidden[1 - agent] ? 1 : 0
      ),
      terminated: steps === 3,
    }),
  });
}

/**
 * Agents with unlike observations and actions of two entries: the first has to
 * name both of its numbers, the second to take its first choice in one entry
 * and its last in the other. Best: 4 in one step.
 */
export function unlikeTeam(): MultiAgentEnvironment {
  return build({
    id: "UnlikeTeam",
    observationSpaces: [box(0, 2, { shape: [5] }), box(0, 1, { shape: [1] })],
    actionSpaces: [multiDiscrete([3, 2]), multiDiscrete([2, 2])],
    // Told more, a mixer whose utilities begin in the wrong order for some
    // state learns to ignore them there, and they never turn.
    state: [1],
    maximumSteps: 1,
    first: (random) => [random.integer(0, 2), coin(random)],
    observe: (hidden) => [
      Float32Array.from(
        { length: 5 },
        (_, i) => i === hidden[0] || i - 3 === hidden[1] ? 1 : 0,
      ),
      Float32Array.of(1),
    ],
    act: (hidden, [first, second]) => ({
      rewards: [
        Number(first[0] === hidden[0]) + Number(first[1] === hidden[1]),
        Number(second[0] === 0) + Number(second[1] === 1),
      ],
      terminated: true,
    }),
  });
}

/** Value of every choice in {@linkcode endlessTeam} at discount 0.5. */
export const ENDLESS_VALUE = 2;

/**
 * Earns 1 in every step, whatever is done; cut after `steps`, with values that
 * go on. Who takes the cut for an end finds at most 1.5.
 */
export function endlessTeam(steps: number): MultiAgentEnvironment {
  return build({
    id: "EndlessTeam",
    observationSpaces: [0, 1].map(() => box(0, 1, { shape: [1] })),
    actionSpaces: [discrete(2), discrete(2)],
    maximumSteps: steps,
    first: () => [1],
    observe: () => [Float32Array.of(1), Float32Array.of(1)],
    act: () => ({ rewards: [0.5, 0.5] }),
  });
}

/** Value of the forced choices of {@linkcode maskedTeam} at discount 0.5. */
export const MASKED_TEAM_VALUE = -2 / (1 - 0.5 * 0.9);

/**
 * Every step costs each agent 1. In the first state all three actions are
 * allowed; afterwards one alone, another for each agent, and others throw. Ends
 * with probability 0.1, and by action 2 of the first agent in the first state.
 * An agent that believes in forbidden actions finds better values.
 */
export function maskedTeam(): MultiAgentEnvironment {
  return build({
    id: "MaskedTeam",
    observationSpaces: [0, 1].map(() => box(0, 1, { shape: [1] })),
    actionSpaces: [discrete(3), discrete(3)],
    maximumSteps: 30,
    first: () => [0],
    observe: ([state]) => [Float32Array.of(state), Float32Array.of(state)],
    masks: ([state]) =>
      [0, 1].map((agent) =>
        Uint8Array.from(
          [0, 1, 2],
          (action) => state === 0 || action === agent ? 1 : 0,
        )
      ),
    act(hidden, [first], { random }) {
      const out = hidden[0] === 0 && first[0] === 2;
      hidden[0] = 1;
      return { rewards: [-1, -1], terminated: out || random.uniform() < 0.1 };
    },
  });
}
