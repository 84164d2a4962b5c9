/**
 * Tables of what was trained to route.
 *
 * @module
 */
import { evaluatePolicy } from "../../agents/evaluation.ts";
import type { Policy } from "../../agents/policy.ts";
import { mean, standardDeviation } from "../../analysis/statistics.ts";
import type { ScriptContext } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import { makeEnvironment } from "../../envs/registry.ts";
import type { FinishedRun } from "../training/training_run.ts";
import type { Imitation } from "./imitation.ts";

export type { FinishedRun, Imitation, ScriptContext, Table };

/**
 * How well experts are imitated.
 *
 * @param imitations Finished trainings.
 */
export function imitationTable(imitations: readonly Imitation[]): Table {
  return {
    title:
      "Mean squared distance to the recorded actions, which lie from -1 to 1",
    columns: [
      { header: "model" },
      { header: "training" },
      { header: "validation" },
      { header: "always the mean" },
      { header: "return" },
    ],
    rows: imitations.map(({ finished, training, validation }) => [
      finished.run.name,
      training.loss,
      validation?.loss,
      (validation ?? training).meanLoss,
      finished.evaluations.latest,
    ]),
  };
}

/** Returns of one policy. */
export interface RoutingReturns {
  /** Its name. */
  readonly name: string;
  /** A return an episode. */
  readonly returns: Float64Array;
}

/** Weights that are left alone. */
function still(observationSize: number, actionSize: number): Policy {
  return {
    observationSize,
    actionSize,
    act: (_observations, _masks, actions) => void actions.fill(0),
  };
}

/** Through a controller an episode takes as long as it lasts. */
const REMOTE_EPISODES = 5;

/**
 * Returns of trained policies, and of weights left alone, over episodes that
 * no policy was chosen by; through a controller over 5 at most, played in turn.
 *
 * @param finished Trainings in one environment.
 * @param episodes How many, from the seed `firstSeed`.
 * @param context Progress and interruption of the script.
 */
export async function routingReturns(
  finished: readonly FinishedRun[],
  { episodes, firstSeed }: { episodes: number; firstSeed: number },
  context: Pick<ScriptContext, "progress" | "breathe" | "signal">,
): Promise<RoutingReturns[]> {
  const [{ run, policy }] = finished;
  const alone = still(policy.observationSize, policy.actionSize);
  const policies = [
    ...finished.flatMap(({ run, policy, bestPolicy }) => [
      [`${run.name}, best checkpoint`, bestPolicy] as const,
      [`${run.name}, last`, policy] as const,
    ]),
    ["weights left alone", alone] as const,
  ];
  const env = makeEnvironment(run.evaluationEnvironment);
  const isRemote = run.evaluationEnvironment.options.ryuBase !== undefined;
  const count = isRemote ? Math.min(episodes, REMOTE_EPISODES) : episodes;
  const returns = policies.map(() => new Float64Array(count));
  using shown = context.progress({
    total: count * policies.length,
    label: "Testing",
    unit: "episodes",
  });
  for (let episode = 0; episode < count; episode++) {
    for (const [i, [, policy]] of policies.entries()) {
      const one = { episodes: 1, firstSeed: firstSeed + episode };
      returns[i][episode] = evaluatePolicy(policy, env, one).returns[0];
      shown.update(episode * policies.length + i + 1);
      await context.breathe();
      context.signal.throwIfAborted();
    }
  }
  return policies.map(([name], i) => ({ name, returns: returns[i] }));
}

/**
 * Returns as a table.
 *
 * @param returns From {@linkcode routingReturns}.
 */
export function returnsTable(returns: readonly RoutingReturns[]): Table {
  return {
    title: `Returns of ${returns[0].returns.length} episodes`,
    columns: [
      { header: "policy" },
      { header: "mean return" },
      { header: "standard deviation" },
    ],
    rows: returns.map(({ name, returns }) => [
      name,
      mean(returns),
      returns.length > 1 ? standardDeviation(returns) : undefined,
    ]),
  };
}
