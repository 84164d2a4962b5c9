/**
 * How soon policies bring a service back, and at what cost.
 *
 * @module
 */
import {
  type SurvivalSummary,
  survivalSummary,
} from "../../analysis/settling/kaplan_meier.ts";
import type { ObservedTime } from "../../analysis/settling/settling.ts";
import type { Policy } from "../../agents/policy.ts";
import type { Table } from "../../core/table.ts";
import { QueueingControlEnv } from "../../envs/queueing/control_env.ts";
import type { QueueingControlInfo } from "../../envs/queueing/control_info.ts";
import type { QueueingControlOptions } from "../../envs/queueing/control_options.ts";
import type { ControlPolicy } from "./control_rules.ts";

export type { ControlPolicy, ObservedTime, Policy, SurvivalSummary, Table };
export type { QueueingControlOptions };

/** What a policy came to over episodes. */
export interface ControlOutcome {
  /** The policy's name. */
  readonly name: string;
  /** Recovery time of each episode, censored at its end. */
  readonly times: readonly ObservedTime[];
  /** Share that did not recover, and Kaplan and Meier's median. */
  readonly recovery: SurvivalSummary;
  /** Share of the requests since the trigger that were answered in time. */
  readonly onTimeShare: number;
  /** Attempts that were not admitted, over requests. */
  readonly refusedShare: number;
  /** Mean number of extra threads. */
  readonly extraThreads: number;
}

/** Episodes that policies are measured on. */
export interface ControlEpisodes {
  /** How many. */
  readonly episodes: number;
  /** Seed of the first; the others follow. */
  readonly firstSeed: number;
  /** The environment's options. */
  readonly options?: QueueingControlOptions;
}

/**
 * An agent's policy as one that names an action for an observation.
 *
 * @param name What tables call it.
 * @param policy Greedy, with discrete actions.
 * @param actions How many there are.
 */
export function agentPolicy(
  name: string,
  policy: Policy,
  actions: number,
): ControlPolicy {
  const masks = new Uint8Array(actions).fill(1);
  const chosen = new Int32Array(1);
  return {
    name,
    begin: () => policy.reset?.(),
    act(observation) {
      policy.act(observation, masks, chosen);
      return chosen[0];
    },
  };
}

/**
 * Runs a policy on episodes; the same seeds give all policies the same
 * triggers, arrivals and service times.
 *
 * @param policy Acts greedily.
 * @param episodes Which.
 */
export function evaluateControl(
  policy: ControlPolicy,
  { episodes, firstSeed, options }: ControlEpisodes,
): ControlOutcome {
  const env = new QueueingControlEnv(options);
  const { stepTime, episodeSteps } = env.settings;
  const horizon = stepTime * episodeSteps;
  const times: ObservedTime[] = [];
  const totals = { arrivals: 0, onTime: 0, refused: 0, threadTime: 0 };
  for (let i = 0; i < episodes; i++) {
    const info = runEpisode(env, policy, firstSeed + i);
    const recovered = Number.isFinite(info.recoveryTime);
    times.push({
      time: recovered ? info.recoveryTime : horizon,
      censored: !recovered,
    });
    totals.arrivals += info.totalArrivals;
    totals.onTime += info.totalOnTime;
    totals.refused += info.totalRefused;
    totals.threadTime += info.totalThreadTime;
  }
  return {
    name: policy.name,
    times,
    recovery: survivalSummary(times),
    onTimeShare: totals.onTime / totals.arrivals,
    refusedShare: totals.refused / totals.arrivals,
    extraThreads: totals.threadTime / (horizon * episodes),
  };
}

function runEpisode(
  env: QueueingControlEnv,
  policy: ControlPolicy,
  seed: number,
): QueueingControlInfo {
  let { observation } = env.reset({ seed });
  policy.begin?.();
  for (;;) {
    const step = env.step(policy.act(observation));
    if (step.truncated || step.terminated) {
      return step.info as QueueingControlInfo;
    }
    observation = step.observation;
  }
}

/**
 * In how many of the same episodes one policy brought the service back sooner
 * than another; a time that is only known to be longer counts as longer than
 * every time that is known.
 *
 * @param first The policy.
 * @param second Whom it is compared with, on the same episodes.
 */
export function soonerShare(
  first: Pick<ControlOutcome, "times">,
  second: Pick<ControlOutcome, "times">,
): number {
  const order = ({ time, censored }: ObservedTime) =>
    censored ? Infinity : time;
  const sooner = first.times.filter((time, i) =>
    order(time) < order(second.times[i])
  );
  return sooner.length / first.times.length;
}

/**
 * Outcomes as a table.
 *
 * @param outcomes Policies, on the same episodes.
 * @param title Above it.
 */
export function controlTable(
  outcomes: readonly ControlOutcome[],
  title: string,
): Table {
  const percent = {
    unit: "%",
    format: (value: number) => (100 * value).toFixed(1),
  };
  return {
    title,
    columns: [
      { header: "policy" },
      { header: "median time to recover" },
      { header: "95 % interval" },
      { header: "not recovered", ...percent },
      { header: "answered in time", ...percent },
      { header: "attempts refused per request", ...percent },
      { header: "extra threads", format: (value) => value.toFixed(2) },
    ],
    rows: outcomes.map((outcome) => {
      const { name, recovery, onTimeShare, refusedShare, extraThreads } =
        outcome;
      return [
        name,
        said(recovery.median),
        `${said(recovery.medianLow)} to ${said(recovery.medianHigh)}`,
        recovery.censoredShare,
        onTimeShare,
        refusedShare,
        extraThreads,
      ];
    }),
  };
}

function said(time: number): string {
  return Number.isFinite(time) ? time.toFixed(0) : "beyond";
}
