/**
 * Sizes and rows of agents that act together.
 *
 * @module
 */
import {
  describeSpace,
  type Space,
  spaceSize,
  type SpaceValue,
} from "../core/spaces.ts";
import type { MultiAgentEnvironment } from "../envs/multi_agent.ts";

/** What a team sees and does, as networks of equal shapes take it. */
export interface Team {
  /** Number of agents. */
  readonly numAgents: number;
  /** Values of each agent's observation. */
  readonly observationSizes: readonly number[];
  /** Values of the longest observation; shorter ones are filled with zeros. */
  readonly observationSize: number;
  /** Values of the global state. */
  readonly stateSize: number;
  /** Where each agent's actions lie. */
  readonly actionSpaces: readonly Space[];
  /** Choices of each entry of each agent's action. */
  readonly choices: readonly (readonly number[])[];
  /** Entries of an agent's action: 1 where actions are discrete. */
  readonly entries: number;
  /** Choices of the entry with most; of others, the rest is forbidden. */
  readonly actions: number;
}

/** The part of an environment that decides a team. */
export type TeamSpaces = Pick<
  MultiAgentEnvironment,
  "id" | "observationSpaces" | "actionSpaces" | "stateSpace"
>;

function choicesOf(space: Space, id: string): readonly number[] {
  if (space.kind === "discrete") return [space.n];
  if (space.kind === "multi-discrete") return space.sizes;
  throw new TypeError(
    `Cannot learn utilities of ${
      describeSpace(space)
    } in ${id}: expected actions that are discrete or multi-discrete`,
  );
}

/**
 * The team of an environment.
 *
 * @param env Throws `TypeError` where actions are continuous, or the agents'
 * have unlike numbers of entries.
 */
export function teamOf(env: TeamSpaces): Team {
  const { id, actionSpaces } = env;
  const choices = actionSpaces.map((space) => choicesOf(space, id));
  const entries = choices[0].length;
  if (choices.some(({ length }) => length !== entries)) {
    throw new TypeError(
      `Cannot train a team in ${id} whose actions are ${
        actionSpaces.map(describeSpace).join(", ")
      }: expected as many entries of each agent`,
    );
  }
  const observationSizes = env.observationSpaces.map(spaceSize);
  return {
    numAgents: actionSpaces.length,
    observationSizes,
    observationSize: Math.max(...observationSizes),
    stateSize: spaceSize(env.stateSpace),
    actionSpaces,
    choices,
    entries,
    actions: Math.max(...choices.flat()),
  };
}

/** What agents are told beside their observations. */
export interface TeamInputs {
  /** Which agent it is. */
  obsAgentId: boolean;
  /** What it did last. */
  obsLastAction: boolean;
}

/**
 * Values that an agent's network takes: observation, last action and id, the
 * latter two as rows of zeros with a one.
 *
 * @param team The team.
 * @param told What is told beside observations.
 */
export function inputSize(team: Team, told: TeamInputs): number {
  return team.observationSize +
    (told.obsLastAction ? team.entries * team.actions : 0) +
    (told.obsAgentId ? team.numAgents : 0);
}

/**
 * Writes what the agents' networks take.
 *
 * @param team The team.
 * @param told What is told beside observations.
 * @param row `observations` and `lastActions`, shape [agents x entries], -1
 * where there was none; `into` is overwritten, shape [agents, inputs].
 */
export function writeInputs(
  team: Team,
  told: TeamInputs,
  row: {
    observations: readonly SpaceValue[];
    lastActions: Int32Array;
    into: Float32Array;
  },
): void {
  const { observationSize, entries, actions } = team;
  const { observations, lastActions, into } = row;
  const width = inputSize(team, told);
  into.fill(0);
  for (let agent = 0; agent < team.numAgents; agent++) {
    const start = agent * width;
    const seen = observations[agent];
    if (typeof seen === "number") into[start] = seen;
    else into.set(seen, start);
    let offset = start + observationSize;
    if (told.obsLastAction) {
      for (let entry = 0; entry < entries; entry++, offset += actions) {
        const last = lastActions[agent * entries + entry];
        if (last >= 0) into[offset + last] = 1;
      }
    }
    if (told.obsAgentId) into[offset + agent] = 1;
  }
}

/**
 * Writes the allowed choices of all entries, all of one length.
 *
 * @param team The team.
 * @param masks Of each agent; undefined where nothing is forbidden.
 * @param into Overwritten. Shape [agents, entries, actions].
 */
export function writeMasks(
  team: Team,
  masks: readonly Uint8Array[] | undefined,
  into: Uint8Array,
): void {
  const { entries, actions } = team;
  into.fill(0);
  team.choices.forEach((sizes, agent) => {
    let taken = 0;
    sizes.forEach((size, entry) => {
      const start = (agent * entries + entry) * actions;
      if (masks === undefined) into.fill(1, start, start + size);
      else into.set(masks[agent].subarray(taken, taken + size), start);
      taken += size;
    });
  });
}

/**
 * Actions as an environment takes them.
 *
 * @param team The team.
 * @param chosen Shape [agents, entries].
 */
export function actionsOf(team: Team, chosen: Int32Array): SpaceValue[] {
  const { entries } = team;
  return team.actionSpaces.map((space, agent) =>
    space.kind === "discrete"
      ? chosen[agent * entries]
      : chosen.slice(agent * entries, (agent + 1) * entries)
  );
}
