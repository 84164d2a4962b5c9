/**
 * Who weights the servers of a data plane: a trained model, or a rule.
 *
 * @module
 */
import type { LoadedAgent } from "../../agents/model.ts";
import { actionMaskSize } from "../../envs/vector.ts";
import {
  type Actions,
  createActions,
} from "../../envs/load_balancing/actions.ts";
import type { LoadBalanceSettings } from "../../envs/load_balancing/env_options.ts";
import {
  STATISTICS_PERCENTILE,
  statisticsObservation,
} from "../../envs/load_balancing/flow_statistics.ts";
import { STATISTICS_PER_SERVER } from "../../ffi/shared_memory_messages.ts";
import { modelSettings } from "./model_settings.ts";

export type { LoadBalanceSettings, LoadedAgent };

/** Weights servers by what a data plane says of them. */
export interface WeightPolicy {
  /** What it is, for people. */
  readonly name: string;
  /** The number of servers it is for; undefined for any. */
  readonly servers: number | undefined;
  /**
   * Work that each of its servers does a second, which SED's weights are;
   * undefined where it does not know.
   */
  readonly capacities: Float64Array | undefined;
  /**
   * Weights for the next step.
   *
   * @param statistics Rows of msg_out, shape [servers, 11].
   * @param up 1 for servers that are active, shape [servers].
   * @param weights Written to, shape [servers].
   */
  decide(
    statistics: Float32Array,
    up: Uint8Array,
    weights: Float64Array,
  ): void;
  /** Forgets what was seen. */
  reset(): void;
}

/** The rules by name: weights that do not depend on what is seen. */
export const WEIGHT_RULES = ["sed", "lsq"] as const;

/** Name of a rule. */
export type WeightRule = typeof WEIGHT_RULES[number];

/**
 * A rule: with a data plane that sends flows to the least (q + 1) / w, SED has
 * the capacities as weights, LSQ none.
 *
 * @param rule Which.
 * @param capacities Of the servers; undefined where nobody knows, and SED is
 * LSQ.
 */
export function rulePolicy(
  rule: WeightRule,
  capacities?: Float64Array,
): WeightPolicy {
  return {
    name: rule,
    servers: capacities?.length,
    capacities,
    decide(_statistics, _up, weights) {
      if (rule === "sed" && capacities) weights.set(capacities);
      else weights.fill(1);
    },
    reset() {},
  };
}

/** One agent of a model, as it meets the rows of a region. */
interface Seat {
  readonly actions: Actions;
  readonly base: Float64Array;
  /** Row of the region of its first server; -1 where it is not here. */
  readonly row: number;
  readonly servers: number;
}

function refuse(problem: string, expected: string): never {
  throw new RangeError(`Cannot steer ${problem}, expected ${expected}`);
}

function checkVisible({ oracle, sampling }: LoadBalanceSettings): void {
  if (oracle) {
    refuse(
      "by a model that sees what only servers know",
      "one trained without the oracle",
    );
  }
  const { percentile = STATISTICS_PERCENTILE } = sampling;
  if (percentile !== STATISTICS_PERCENTILE) {
    refuse(
      `by a model that sees percentile ${percentile}`,
      `${STATISTICS_PERCENTILE}, which msg_out has`,
    );
  }
}

/** Whether several balancers have the same servers. */
function isShared({ groups }: LoadBalanceSettings): boolean {
  return groups.length > 1 && groups[0].join() === groups[1].join();
}

function seatsOf(
  settings: LoadBalanceSettings,
  balancer: number | undefined,
): Seat[] {
  const { groups, baseWeights } = settings;
  if (balancer === undefined && isShared(settings)) {
    refuse(
      `${groups.length} balancers that share their servers through one region`,
      `--balancer, from 0 to ${groups.length - 1}, for each a controller`,
    );
  }
  if (balancer !== undefined && !(balancer in groups)) {
    refuse(
      `balancer ${balancer}`,
      `one from 0 to ${groups.length - 1}, which the model has`,
    );
  }
  let row = 0;
  return groups.map((group, agent) => {
    const here = balancer === undefined || balancer === agent;
    const seat = {
      actions: createActions(group.length, settings),
      base: Float64Array.from(group, (server) => baseWeights[server]),
      row: here ? row : -1,
      servers: group.length,
    };
    if (here) row += group.length;
    return seat;
  });
}

/** Agents of which each decides by what it sees itself. */
const DECENTRALISED = ["qmix", "independent-sac"];

/** One agent that decides for several balancers has to see all of them. */
function checkSeen(
  { config }: LoadedAgent,
  settings: LoadBalanceSettings,
  balancer: number | undefined,
): void {
  const { groups } = settings;
  if (groups.length === 1 || DECENTRALISED.includes(config.agent)) return;
  if (balancer === undefined && !isShared(settings)) return;
  refuse(
    `one of ${groups.length} balancers by ${config.agent}, which has to see all of them`,
    `a model whose agents decide by themselves, such as ${
      DECENTRALISED.join(" or ")
    }`,
  );
}

/**
 * A trained model. Agents of a team each see their own servers alone, so one
 * of them may act by itself, for a balancer on another machine.
 *
 * @param agent From `loadAgent`; `compiled` makes it fast. Throws `TypeError`
 * where it steers something else, `RangeError` where it sees what a data plane
 * does not tell.
 * @param options `balancer`: which agent of a team the region is for. Default:
 * all of them, one after the other, as many servers as they have together.
 */
export function modelPolicy(
  agent: LoadedAgent,
  options: { balancer?: number } = {},
): WeightPolicy {
  const settings = modelSettings(agent);
  checkVisible(settings);
  checkSeen(agent, settings, options.balancer);
  const seats = seatsOf(settings, options.balancer);
  const present = seats.filter(({ row }) => row >= 0);
  const { policy, config } = agent;
  const look = statisticsObservation(
    settings.observation,
    settings.observationUnits,
  );
  const { actionSpace } = agent.makeEnvironment();
  const observation = new Float32Array(policy.observationSize);
  const masks = new Uint8Array(actionMaskSize(actionSpace)).fill(1);
  const actions = actionSpace.kind === "box"
    ? new Float32Array(policy.actionSize)
    : new Int32Array(policy.actionSize);
  const servers = present.reduce((sum, { servers }) => sum + servers, 0);
  const capacities = settings.groups.flatMap((group, i) =>
    seats[i].row < 0 ? [] : group.map((server) => settings.capacities[server])
  );

  function see(statistics: Float32Array, up: Uint8Array): void {
    let place = 0;
    let mask = 0;
    for (const { actions, row, servers } of seats) {
      for (let i = 0; i < servers; i++) {
        if (row >= 0) look.write(statistics, row + i, observation, place);
        place += look.perServer;
      }
      const { maskSize } = actions;
      if (row >= 0) {
        actions.writeMask(
          up.subarray(row, row + servers),
          masks.subarray(mask, mask + maskSize),
        );
      }
      mask += maskSize;
    }
  }

  return {
    name: config.name,
    servers,
    capacities: Float64Array.from(capacities),
    decide(statistics, up, weights) {
      see(statistics, up);
      policy.act(observation, masks, actions);
      let place = 0;
      const each = actions.length / seats.length;
      for (const { actions: own, base, row, servers } of seats) {
        const action = own.space.kind === "discrete"
          ? actions[place]
          : actions.subarray(place, place + each);
        place += each;
        if (row < 0) continue;
        own.writeWeights(action, base, weights.subarray(row, row + servers));
      }
    },
    reset: () => policy.reset?.(),
  };
}

/** Decisions until engines have compiled what they run. */
const REHEARSALS = 1000;

/**
 * Lets a policy decide about nothing until that is as fast as it will be.
 *
 * @param policy Reset afterwards.
 * @param servers Rows of the messages to come, where the policy takes any.
 */
export function rehearse(policy: WeightPolicy, servers = 1): void {
  const count = policy.servers ?? servers;
  const statistics = new Float32Array(count * STATISTICS_PER_SERVER);
  const up = new Uint8Array(count).fill(1);
  const weights = new Float64Array(count);
  for (let i = 0; i < REHEARSALS; i++) policy.decide(statistics, up, weights);
  policy.reset();
}
