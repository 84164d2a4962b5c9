/**
 * What an agent that brings a service back is measured against.
 *
 * @module
 */
import { QUEUEING_CONTROL_FEATURES } from "../../envs/queueing/control_info.ts";
import type { QueueingControlSettings } from "../../envs/queueing/control_options.ts";

export type { QueueingControlSettings };

/** Chooses what is done next from what is seen. */
export interface ControlPolicy {
  /** What tables call it. */
  readonly name: string;
  /** The number of an action, from an observation. */
  act(observation: Float32Array): number;
  /** Called as an episode begins, by those who need to know. */
  begin?(): void;
}

/** One of each of the environment's levels, by place. */
interface Levels {
  admission?: number;
  budget?: number;
  threads?: number;
}

/** The number of the action with these levels; see `QueueingControlEnv`. */
function actionOf(
  { budgetLevels, threadLevels }: QueueingControlSettings,
  { admission = 0, budget = 0, threads = 0 }: Levels,
): number {
  return (admission * budgetLevels.length + budget) * threadLevels.length +
    threads;
}

const WAITING = QUEUEING_CONTROL_FEATURES.indexOf("waiting");

/**
 * The rules: doing nothing; a throttle with fixed thresholds, which admits
 * less while the queue is nearly full, as the simulator's own does, in two
 * strengths; one that admits less at all times; and, beyond what was asked of
 * the agent, shedding until the queue is short.
 *
 * @param settings The environment's.
 */
export function controlRules(
  settings: QueueingControlSettings,
): ControlPolicy[] {
  const { admissionLevels, budgetLevels } = settings;
  const least = admissionLevels.length - 1;
  const strictest = budgetLevels.length - 1;
  const none = actionOf(settings, {});
  const constant = (name: string, levels: Levels): ControlPolicy => {
    const action = actionOf(settings, levels);
    return { name, act: () => action };
  };
  const above = (
    name: string,
    threshold: number,
    levels: Levels,
  ): ControlPolicy => {
    const action = actionOf(settings, levels);
    return {
      name,
      act: (observation) => observation[WAITING] >= threshold ? action : none,
    };
  };
  const percent = (place: number) => Math.round(100 * admissionLevels[place]);
  return [
    constant("no action", {}),
    ...admissionLevels.slice(1).flatMap((_, i) => [
      above(
        `fixed throttle: ${percent(i + 1)} % admitted from 0.9 of the queue`,
        0.9,
        { admission: i + 1 },
      ),
      constant(`${percent(i + 1)} % admitted always`, { admission: i + 1 }),
    ]),
    ...strictest > 0
      ? [constant("no retries always", { budget: strictest })]
      : [],
    above(
      `shed until a quarter of the queue${strictest > 0 ? ", no retries" : ""}`,
      0.25,
      { admission: least, budget: strictest },
    ),
  ];
}

/** Names of the rules that an agent has to beat: those that begin so. */
export const FIXED_THROTTLE = "fixed throttle";
