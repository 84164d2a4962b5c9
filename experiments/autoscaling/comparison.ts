/**
 * Policies that scale a service, side by side on the same load.
 *
 * @module
 */
import type { Policy } from "../../agents/policy.ts";
import { createRule, RULE_NAMES } from "../../agents/rules/registry.ts";
import type { Rule } from "../../agents/rules/service_view.ts";
import { meanInterval } from "../../analysis/statistics.ts";
import type { Table } from "../../core/table.ts";
import {
  AutoscalingEnv,
  type AutoscalingInfo,
} from "../../envs/autoscaling/autoscaling_env.ts";
import { autoscalingOptimum } from "../../envs/autoscaling/optimum.ts";
import {
  autoscalingOptions,
  type EnvironmentSpec,
} from "../../envs/registry.ts";

/** A policy that takes part in a comparison. */
export interface Contender {
  /** What tables call it. */
  readonly name: string;
  /**
   * One for each member, such as the seeds of a training; every member runs
   * every episode. Called once an episode, returns what chooses its actions.
   */
  readonly members: readonly (() => (view: ContenderView) => number)[];
  /** What the environment shows it. Default `default`. */
  readonly mode?: "default" | "reference";
}

/** What a contender chooses its action on. */
export interface ContenderView {
  /** The environment's observation. */
  readonly observation: Float32Array;
  /** How the service stands. */
  readonly info: AutoscalingInfo;
  /** Changes in instances that actions stand for. */
  readonly actionDeltas: readonly number[];
}

/** One episode of one policy; series have one entry a step. */
export interface ContenderEpisode {
  /** Sum of rewards. */
  readonly return: number;
  /** Steps until the end. */
  readonly steps: number;
  /** Whether the service failed. */
  readonly failed: boolean;
  /** How the service stood at the end. */
  readonly end: AutoscalingInfo;
  /** How often each action was chosen. */
  readonly actionCounts: readonly number[];
  /** How the service stood after each step. */
  readonly infos: readonly AutoscalingInfo[];
  /** Reward of each step. */
  readonly rewards: readonly number[];
}

/** A policy's numbers over all episodes; means where there are several. */
export interface ContenderResult {
  /** The policy. */
  readonly name: string;
  /** Mean return. */
  readonly return: number;
  /** Half width of the 95 % interval of the mean return; NaN for one episode. */
  readonly halfWidth: number;
  /** Return of each episode. */
  readonly returns: readonly number[];
  /** Bill by the second, dollars. */
  readonly billPerSecond: number;
  /** Bill by the started hour, dollars. */
  readonly billPerStartedHour: number;
  /** The original's cost. */
  readonly legacyCost: number;
  /** Mean instances. */
  readonly meanInstances: number;
  /** Mean load, percent. */
  readonly meanLoad: number;
  /** Mean wait of a request, seconds. */
  readonly meanWaitSeconds: number;
  /** Requests that waited longer than the limit, percent. */
  readonly violations: number;
  /** Longest queue, items. */
  readonly largestQueue: number;
  /** How often each action was chosen, over all episodes. */
  readonly actionCounts: readonly number[];
  /** Mean steps. */
  readonly steps: number;
  /** Episodes that ended because the service failed. */
  readonly failures: number;
  /** The first episode, for figures; none for the optimum of several. */
  readonly firstEpisode: ContenderEpisode;
}

/** Policies on the same loads. */
export interface Comparison {
  /** One a policy, the best mean return first. */
  readonly results: readonly ContenderResult[];
  /** Why there is no exact optimum; undefined where there is one. */
  readonly noOptimum: string | undefined;
}

/** What a table needs of a comparison: all but the series. */
export type ComparedPolicies = {
  readonly results: readonly Omit<ContenderResult, "firstEpisode">[];
};

/** Which episodes are compared. */
export interface ComparisonOptions {
  /** Each episode begins in one of these, with one of the seeds. */
  readonly specs: readonly EnvironmentSpec[];
  /** Seeds of the episodes in each environment. Default one, 0. */
  readonly seeds?: readonly number[];
  /** Whether the exact optimum takes part. Default true. */
  readonly optimum?: boolean;
}

/**
 * A hand-written policy as a contender.
 *
 * @param name One of the registry's. Throws `RangeError` otherwise.
 */
export function ruleContender(name: string): Contender {
  createRule(name);
  return {
    name,
    members: [() => {
      const rule: Rule = createRule(name);
      rule.reset();
      return ({ info, actionDeltas }) =>
        nearestAction(rule.decide(info), actionDeltas);
    }],
  };
}

/** Every hand-written policy. */
export function allRules(): Contender[] {
  return RULE_NAMES.map(ruleContender);
}

/**
 * Trained policies as a contender.
 *
 * @param name What tables call it.
 * @param policies Act greedily; one for each seed of the training.
 * @param mode What they were trained to see.
 */
export function policyContender(
  name: string,
  policies: readonly Policy[],
  mode: "default" | "reference" = "default",
): Contender {
  const actions = new Int32Array(1);
  return {
    name: policies.length > 1 ? `${name} (${policies.length} seeds)` : name,
    mode,
    members: policies.map((policy) => () => {
      // An episode begins.
      policy.reset?.();
      return (view) => {
        const mask = view.info.actionMask ??
          new Uint8Array(view.actionDeltas.length).fill(1);
        policy.act(view.observation, mask, actions);
        return actions[0];
      };
    }),
  };
}

/** The place of the change nearest to the wanted one. */
function nearestAction(wanted: number, deltas: readonly number[]): number {
  let nearest = 0;
  for (let i = 1; i < deltas.length; i++) {
    if (Math.abs(deltas[i] - wanted) < Math.abs(deltas[nearest] - wanted)) {
      nearest = i;
    }
  }
  return nearest;
}

function environmentFor(
  spec: EnvironmentSpec,
  mode: "default" | "reference",
): AutoscalingEnv {
  const options = autoscalingOptions(spec.options);
  return new AutoscalingEnv({
    ...options,
    mode,
    metrics: true,
    episodeSteps: options.episodeSteps ?? 200,
  });
}

/**
 * Runs one episode.
 *
 * @param contender Who acts.
 * @param spec The environment.
 * @param options Seed of the episode, and which member acts. Default the first.
 */
export function runContender(
  contender: Contender,
  spec: EnvironmentSpec,
  options: { seed: number; member?: number },
): ContenderEpisode {
  const env = environmentFor(spec, contender.mode ?? "default");
  const { actionDeltas } = env.settings;
  const act = contender.members[options.member ?? 0]();
  const actionCounts = actionDeltas.map(() => 0);
  const infos: AutoscalingInfo[] = [];
  const rewards: number[] = [];
  let { observation, info } = env.reset(options);
  let failed = false;
  for (let over = false; !over;) {
    const action = act({ observation, info, actionDeltas });
    const step = env.step(action);
    ({ observation, info } = step);
    actionCounts[action]++;
    infos.push(info);
    rewards.push(step.reward);
    failed = step.terminated;
    over = failed || step.truncated;
  }
  return {
    failed,
    return: rewards.reduce((sum, reward) => sum + reward, 0),
    steps: rewards.length,
    end: info,
    actionCounts,
    infos,
    rewards,
  };
}

/** The optimum's plan as a contender, or why there is none. */
function optimumContender(
  spec: EnvironmentSpec,
  seed: number,
): Contender | { none: string } {
  const env = environmentFor(spec, "default");
  env.reset({ seed });
  const optimum = autoscalingOptimum(env.settings, { state: env.saveState() });
  if ("none" in optimum) return optimum;
  if (!optimum.certified) {
    return { none: "the longest queue looked at may bind" };
  }
  return {
    name: "optimum",
    members: [() => {
      let step = 0;
      return () => optimum.actions[step++];
    }],
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function summarise(
  name: string,
  episodes: readonly ContenderEpisode[],
): ContenderResult {
  const returns = episodes.map((episode) => episode.return);
  const over = (value: (info: AutoscalingInfo) => number) =>
    mean(episodes.map(({ infos }) => mean(infos.map(value))));
  const atEnd = (value: (info: AutoscalingInfo) => number) =>
    mean(episodes.map(({ end }) => value(end)));
  return {
    name,
    return: mean(returns),
    halfWidth: returns.length > 1
      ? meanInterval(returns).high - mean(returns)
      : NaN,
    returns,
    billPerSecond: atEnd(({ cost }) => cost.perSecond),
    billPerStartedHour: atEnd(({ cost }) => cost.perStartedHour),
    legacyCost: atEnd(({ cost }) => cost.legacy),
    meanInstances: over(({ instances }) => instances),
    meanLoad: 100 * over(({ load }) => load),
    meanWaitSeconds: atEnd(({ meanWaitSeconds }) => meanWaitSeconds),
    violations: 100 * atEnd(({ violationShare }) => violationShare),
    largestQueue: Math.max(
      ...episodes.map(({ infos }) =>
        infos.reduce((largest, { queue }) => Math.max(largest, queue), 0)
      ),
    ),
    actionCounts: episodes[0].actionCounts.map((_, i) =>
      episodes.reduce((sum, episode) => sum + episode.actionCounts[i], 0)
    ),
    steps: mean(episodes.map(({ steps }) => steps)),
    failures: episodes.filter(({ failed }) => failed).length,
    firstEpisode: episodes[0],
  };
}

/**
 * Runs every policy through the same episodes.
 *
 * @param contenders Who takes part.
 * @param options The episodes.
 */
export function comparePolicies(
  contenders: readonly Contender[],
  options: ComparisonOptions,
): Comparison {
  const { specs, seeds = [0], optimum = true } = options;
  const starts = specs.flatMap((spec) => seeds.map((seed) => ({ spec, seed })));
  const results = contenders.map((contender) =>
    summarise(
      contender.name,
      contender.members.flatMap((_, member) =>
        starts.map(({ spec, seed }) =>
          runContender(contender, spec, { seed, member })
        )
      ),
    )
  );
  let noOptimum: string | undefined;
  if (optimum) {
    const plans = starts.map(({ spec, seed }) => optimumContender(spec, seed));
    noOptimum = plans.map((plan) => "none" in plan ? plan.none : undefined)
      .find((reason) => reason !== undefined);
    if (noOptimum === undefined) {
      results.push(summarise(
        "optimum",
        starts.map(({ spec, seed }, i) =>
          runContender(plans[i] as Contender, spec, { seed })
        ),
      ));
    }
  }
  return {
    results: results.toSorted((a, b) => b.return - a.return),
    noOptimum,
  };
}

/**
 * A comparison as a table, the best policy first.
 *
 * @param comparison What was compared.
 * @param title Above the table.
 */
export function comparisonTable(
  comparison: ComparedPolicies,
  title?: string,
): Table {
  const several = comparison.results.some(({ returns }) => returns.length > 1);
  const fixed = (digits: number) => (value: number) => value.toFixed(digits);
  return {
    title,
    columns: [
      { header: "policy" },
      { header: "return", format: fixed(4) },
      ...(several ? [{ header: "±95 %", format: fixed(2) }] : []),
      { header: "bill", unit: "$", format: fixed(2) },
      { header: "instances", format: fixed(1) },
      { header: "load", unit: "%", format: fixed(1) },
      { header: "wait", unit: "s", format: fixed(2) },
      { header: "late", unit: "%", format: fixed(2) },
      { header: "longest queue" },
      { header: "failed" },
      { header: "actions", align: "right" },
    ],
    rows: comparison.results.map((result) => [
      result.name,
      result.return,
      ...(several ? [result.halfWidth] : []),
      result.billPerSecond,
      result.meanInstances,
      result.meanLoad,
      result.meanWaitSeconds,
      result.violations,
      result.largestQueue,
      `${result.failures} of ${result.returns.length}`,
      result.actionCounts.join("/"),
    ]),
  };
}

/**
 * A comparison for JSON: all numbers, without the series.
 *
 * @param comparison What was compared.
 */
export function comparisonJson(comparison: Comparison): unknown {
  return {
    policies: comparison.results.map(({ firstEpisode: _, ...rest }) => rest),
    noOptimum: comparison.noOptimum ?? null,
  };
}
