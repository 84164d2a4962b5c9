/**
 * How fast the Horizontal Pod Autoscaler may scale: the `behavior` field of
 * autoscaling/v2.
 *
 * @module
 */

/** How much may change within a period. */
export interface HpaScalingPolicy {
  /** Whether `value` counts instances or percent of them. */
  readonly type: "Pods" | "Percent";
  /** Above 0. */
  readonly value: number;
  /** The period's length in seconds, above 0. */
  readonly periodSeconds: number;
}

/** How scaling in one direction is limited. */
export interface HpaScalingRules {
  /**
   * Up: the smallest recommendation of so many last seconds counts; down: the
   * largest. Default 0 for up and 300 for down.
   */
  readonly stabilizationWindowSeconds?: number;
  /**
   * Whether the policy that allows the largest or the smallest change counts,
   * or no change is allowed. Default `Max`.
   */
  readonly selectPolicy?: "Max" | "Min" | "Disabled";
  /** At least one. Default: see {@linkcode HpaBehavior}. */
  readonly policies?: readonly HpaScalingPolicy[];
}

/** How scaling is limited. */
export interface HpaBehavior {
  /** Default: the larger of 100 % and 4 instances in 15 s, no window. */
  readonly scaleUp?: HpaScalingRules;
  /** Default: 100 % in 15 s, with a window of 300 s. */
  readonly scaleDown?: HpaScalingRules;
}

/** A change in the number of replicas, and when it was made, in seconds. */
export interface ScaleEvent {
  /** Seconds since the episode began. */
  time: number;
  /** Replicas added or, when negative, removed. */
  change: number;
}

/** What limits are computed from. */
export interface ScaleHistory {
  /** Replicas now. */
  current: number;
  /** Seconds since the episode began. */
  now: number;
  /** What was changed lately. */
  events: readonly ScaleEvent[];
}

/** Replicas when the period that ends now began. */
function periodStart(
  { current, now, events }: ScaleHistory,
  periodSeconds: number,
): number {
  return events.reduce(
    (start, { time, change }) =>
      time > now - periodSeconds ? start - change : start,
    current,
  );
}

/** Most replicas that scaling up may reach now. */
export function limitUp(
  rules: Required<HpaScalingRules>,
  history: ScaleHistory,
): number {
  if (rules.selectPolicy === "Disabled") return history.current;
  const limits = rules.policies.map(({ type, value, periodSeconds }) => {
    const start = periodStart(history, periodSeconds);
    return type === "Pods"
      ? start + value
      : Math.ceil(start * (1 + value / 100));
  });
  const limit = rules.selectPolicy === "Max"
    ? Math.max(...limits)
    : Math.min(...limits);
  return Math.max(limit, history.current);
}

/** Fewest replicas that scaling down may reach now. */
export function limitDown(
  rules: Required<HpaScalingRules>,
  history: ScaleHistory,
): number {
  if (rules.selectPolicy === "Disabled") return history.current;
  const limits = rules.policies.map(({ type, value, periodSeconds }) => {
    const start = periodStart(history, periodSeconds);
    return type === "Pods"
      ? start - value
      : Math.trunc(start * (1 - value / 100));
  });
  const limit = rules.selectPolicy === "Max"
    ? Math.min(...limits)
    : Math.max(...limits);
  return Math.min(limit, history.current);
}

/** Throws `RangeError` for limits outside their range. */
export function checkRules(rules: Required<HpaScalingRules>): void {
  const { stabilizationWindowSeconds, policies } = rules;
  if (!(stabilizationWindowSeconds >= 0)) {
    throw new RangeError(
      `Cannot stabilize over ${stabilizationWindowSeconds} s: expected a number from 0`,
    );
  }
  if (policies.length === 0) {
    throw new RangeError(
      "Cannot scale by no policies: expected at least one (or selectPolicy Disabled with one)",
    );
  }
  for (const { value, periodSeconds } of policies) {
    if (!(value > 0 && periodSeconds > 0)) {
      throw new RangeError(
        `Cannot scale by ${value} in ${periodSeconds} s: expected numbers above 0`,
      );
    }
  }
}
