/**
 * The Kubernetes Horizontal Pod Autoscaler.
 *
 * @module
 */
import {
  checkRules,
  type HpaBehavior,
  type HpaScalingRules,
  limitDown,
  limitUp,
  type ScaleEvent,
} from "./_hpa_behavior.ts";
import type { ServiceView, StatefulRule } from "./service_view.ts";

export type { HpaBehavior, StatefulRule };
export type { HpaScalingPolicy, HpaScalingRules } from "./_hpa_behavior.ts";

/** A metric and the value that it should have. */
export interface HpaMetric {
  /**
   * `load`: mean utilisation of the running instances, 0 to 1, as the
   * `Resource` metric CPU; it cannot exceed 1, however long the queue.
   * `demand`: arrivals and queue over the capacity of all replicas, as an
   * `External` metric with an average value; it can.
   */
  readonly source: "load" | "demand";
  /** Wanted value, above 0. */
  readonly target: number;
}

/** Options of {@linkcode kubernetesHpa}. */
export interface KubernetesHpaOptions {
  /**
   * The largest of their recommendations counts. Default: load with target
   * 0.8, as `kubectl autoscale` takes it.
   */
  metrics?: readonly HpaMetric[];
  /** Nothing happens while |metric / target - 1| is at most this. Default 0.1. */
  tolerance?: number;
  /**
   * Seconds between evaluations. Default 15. Steps that are longer have one
   * evaluation each.
   */
  loopSeconds?: number;
  /**
   * How fast it may scale. Default, as in Kubernetes: up by the larger of
   * 100 % and 4 instances in 15 s at once; down by 100 % in 15 s, to the
   * largest recommendation of the last 300 s.
   */
  behavior?: HpaBehavior;
}

const DEFAULT_METRICS: readonly HpaMetric[] = [{ source: "load", target: 0.8 }];
const DEFAULT_UP: Required<HpaScalingRules> = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [
    { type: "Percent", value: 100, periodSeconds: 15 },
    { type: "Pods", value: 4, periodSeconds: 15 },
  ],
};
const DEFAULT_DOWN: Required<HpaScalingRules> = {
  stabilizationWindowSeconds: 300,
  selectPolicy: "Max",
  policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
};

/** A recommendation and when it was made, in seconds. */
interface Recommendation {
  time: number;
  replicas: number;
}

/** What a metric's recommendation is made from. */
interface Situation {
  view: ServiceView;
  tolerance: number;
}

// Targets and loads are decimal fractions; 0.72 / 0.8 falls just short of 0.9.
const ROUNDING = 1e-9;

function isWithin(ratio: number, tolerance: number): boolean {
  return Math.abs(ratio - 1) <= tolerance + ROUNDING;
}

function roundUp(replicas: number): number {
  return Math.ceil(replicas - ROUNDING);
}

/**
 * ceil(ratio x ready), where instances that are still starting count as idle
 * when scaling up. Instances that will go are left out, their load with them.
 */
function recommendByLoad(
  target: number,
  { view, tolerance }: Situation,
): number {
  const current = view.instances + view.inFlight;
  const ready = view.instances + Math.min(0, view.inFlight);
  const starting = Math.max(0, view.inFlight);
  if (ready <= 0) return current;
  const ratio = view.load / target;
  if (starting === 0 || ratio <= 1) {
    return isWithin(ratio, tolerance) ? current : roundUp(ratio * ready);
  }
  const diluted = ratio * ready / (ready + starting);
  if (isWithin(diluted, tolerance) || diluted < 1) return current;
  return Math.max(current, roundUp(ratio * ready));
}

/** ceil(demand / target), over all replicas, ready or not. */
function recommendByDemand(
  target: number,
  { view, tolerance }: Situation,
): number {
  const current = view.instances + view.inFlight;
  const needed = (view.influx + view.queue) /
    (view.capacityPerInstance * target);
  return current > 0 && isWithin(needed / current, tolerance)
    ? current
    : roundUp(needed);
}

function recommend(metric: HpaMetric, situation: Situation): number {
  return metric.source === "load"
    ? recommendByLoad(metric.target, situation)
    : recommendByDemand(metric.target, situation);
}

function checkOptions(
  metrics: readonly HpaMetric[],
  options: { tolerance: number; loopSeconds: number },
): void {
  if (metrics.length === 0) {
    throw new RangeError(
      "Cannot scale by no metrics: expected at least one metric with a target",
    );
  }
  for (const { source, target } of metrics) {
    if (!(target > 0)) {
      throw new RangeError(
        `Cannot scale ${source} to a target of ${target}: expected a number above 0`,
      );
    }
  }
  for (const [name, value] of Object.entries(options)) {
    if (!(value >= 0)) {
      throw new RangeError(
        `Cannot scale with ${name} ${value}: expected a number from 0`,
      );
    }
  }
}

/**
 * The algorithm of the Horizontal Pod Autoscaler (autoscaling/v2):
 * ceil(ready x metric / target) unless the ratio is within the tolerance;
 * the largest over metrics; then the stabilization windows, the scaling
 * policies, and the bounds.
 *
 * Replicas are the instances that run and those in flight; instances in
 * flight are pods that are not ready, and those that will go are pods being
 * deleted. A recommendation stands until the next one, so with steps longer
 * than the loop the last one before a step counts as made one loop before it.
 *
 * No counterpart in a service's view, and left out: missing metrics, pods that
 * fail, the readiness delay (30 s) and CPU initialization period (5 min) of
 * single pods, samples within a step (one evaluation a step, so that a policy
 * limits what a step may change), and scaling to zero.
 *
 * @param options Throws `RangeError` for values outside their range.
 */
export function kubernetesHpa(
  options: KubernetesHpaOptions = {},
): StatefulRule {
  const {
    metrics = DEFAULT_METRICS,
    tolerance = 0.1,
    loopSeconds = 15,
    behavior = {},
  } = options;
  checkOptions(metrics, { tolerance, loopSeconds });
  const up = { ...DEFAULT_UP, ...behavior.scaleUp };
  const down = { ...DEFAULT_DOWN, ...behavior.scaleDown };
  checkRules(up);
  checkRules(down);
  let recommendations: Recommendation[] = [];
  let events: ScaleEvent[] = [];
  let lastLoop = -Infinity;
  let lastReplicas = -1;

  /** What others (or the caller's clipping) made of the last decision. */
  function recordEvent(current: number): void {
    if (lastReplicas >= 0 && current !== lastReplicas) {
      events.push({ time: lastLoop, change: current - lastReplicas });
    }
    lastReplicas = current;
  }

  /** The recommendation, held back by those that still stand. */
  function stabilize(wanted: number, now: number, current: number): number {
    if (recommendations.length === 0) {
      recommendations.push({ time: now, replicas: current });
    }
    let least = wanted;
    let most = wanted;
    recommendations.forEach(({ time, replicas }, i) => {
      const replaced = recommendations[i + 1]?.time ?? now;
      const renewed = Math.max(time, replaced - loopSeconds);
      if (renewed > now - up.stabilizationWindowSeconds) {
        least = Math.min(least, replicas);
      }
      if (renewed > now - down.stabilizationWindowSeconds) {
        most = Math.max(most, replicas);
      }
    });
    recommendations.push({ time: now, replicas: wanted });
    return Math.min(Math.max(current, least), most);
  }

  function forget(now: number): void {
    const window = Math.max(
      up.stabilizationWindowSeconds,
      down.stabilizationWindowSeconds,
    );
    const firstKept = recommendations.findIndex((_, i) =>
      (recommendations[i + 1]?.time ?? now) > now - window
    );
    recommendations = recommendations.slice(
      firstKept < 0 ? recommendations.length - 1 : firstKept,
    );
    const longest = Math.max(
      ...[...up.policies, ...down.policies].map((p) => p.periodSeconds),
    );
    events = events.filter(({ time }) => time > now - longest);
  }

  return {
    name: "kubernetes-hpa",
    reset() {
      recommendations = [];
      events = [];
      lastLoop = -Infinity;
      lastReplicas = -1;
    },
    decide(view): number {
      const now = view.step * view.stepSeconds;
      if (now - lastLoop < loopSeconds) return 0;
      const current = view.instances + view.inFlight;
      recordEvent(current);
      lastLoop = now;
      const bounded = (replicas: number) =>
        Math.min(
          view.maximumInstances,
          Math.max(view.minimumInstances, replicas),
        );
      const wanted = bounded(Math.max(
        ...metrics.map((metric) => recommend(metric, { view, tolerance })),
      ));
      const stable = stabilize(wanted, now, current);
      forget(now);
      const history = { current, now, events };
      if (stable > current) {
        return bounded(Math.min(stable, limitUp(up, history))) - current;
      }
      if (stable < current) {
        return bounded(Math.max(stable, limitDown(down, history))) - current;
      }
      return 0;
    },
    saveState: () => ({
      recommendationTimes: Float64Array.from(recommendations, (r) => r.time),
      recommendations: Float64Array.from(recommendations, (r) => r.replicas),
      eventTimes: Float64Array.from(events, (e) => e.time),
      eventChanges: Float64Array.from(events, (e) => e.change),
      lastLoop: Float64Array.of(lastLoop),
      lastReplicas,
    }),
    loadState(state) {
      const array = (name: string) => state[name] as Float64Array;
      recommendations = Array.from(
        array("recommendations"),
        (replicas, i) => ({ time: array("recommendationTimes")[i], replicas }),
      );
      events = Array.from(
        array("eventChanges"),
        (change, i) => ({ time: array("eventTimes")[i], change }),
      );
      lastLoop = array("lastLoop")[0];
      lastReplicas = state.lastReplicas as number;
    },
  };
}
