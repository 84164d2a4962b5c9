/**
 * An episode: a simulator, what samples its flows, and who is shown what.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { MultiMetricReservoir } from "../../ffi/multi_metric_reservoir.ts";
import type { SingleMetricReservoir } from "../../ffi/reservoir.ts";
import type { Writable } from "./_balancers.ts";
import type { LoadBalanceSettings } from "./env_options.ts";
import {
  createEpisodeRecorder,
  type EpisodeRecorder,
} from "./episode_results.ts";
import type { FlowMetric, ServerViews } from "./observation.ts";
import { type Observers, OUTCOME } from "./observers.ts";
import type { Reward, RewardContext } from "./rewards.ts";
import { createSimulator, type Simulator } from "./simulator.ts";

/** What became of flows in a step. */
export interface StepCounts {
  /** Flows served. */
  finished: number;
  /** Flows that failed, in whatever way. */
  failed: number;
  /** Sum of the completion times of those served, in seconds. */
  completionSeconds: number;
}

/** An episode. */
export interface Episode {
  readonly seed: number;
  readonly load: number;
  readonly simulator: Simulator;
  readonly reservoirs: MultiMetricReservoir;
  readonly recorder: EpisodeRecorder | undefined;
  /** Flows of the last step, shape [agents]. */
  readonly counts: readonly StepCounts[];
  /** What agents see, shape [agents]. */
  readonly views: readonly ServerViews[];
  /** What reward functions see, shape [agents]. */
  readonly contexts: readonly Writable<RewardContext>[];
}

/** What an episode is made of beside its seed. */
export interface EpisodeParts {
  readonly settings: LoadBalanceSettings;
  readonly agents: readonly {
    readonly servers: Int32Array;
    readonly reward: Reward;
    readonly firstRow: number;
  }[];
  readonly metrics: readonly FlowMetric[];
  readonly features: Float64Array;
  readonly records: boolean;
}

/** A metric's reservoirs by balancer and server: shape [agents * servers]. */
function reservoirsOf(
  reservoirs: MultiMetricReservoir,
  { settings, agents, metrics }: EpisodeParts,
  metric: FlowMetric,
): SingleMetricReservoir[] | undefined {
  if (!metrics.includes(metric)) return undefined;
  const { length } = settings.servers;
  const found: SingleMetricReservoir[] = new Array(agents.length * length);
  agents.forEach(({ servers, firstRow }, agent) =>
    servers.forEach((server, i) =>
      found[agent * length + server] = reservoirs.of(firstRow + i, metric)
    )
  );
  return found;
}

/** Takes what the simulator tells to reservoirs, recorder and counts. */
function observersOf(
  reservoirs: MultiMetricReservoir,
  recorder: EpisodeRecorder | undefined,
  { counts, parts }: { counts: readonly StepCounts[]; parts: EpisodeParts },
): Observers {
  const { length } = parts.settings.servers;
  const durations = reservoirsOf(reservoirs, parts, "flow_duration");
  const completions = reservoirsOf(reservoirs, parts, "fct");
  return {
    onSample: durations && (({ balancer, server, elapsed, time }) => {
      durations[balancer * length + server].update(elapsed, time);
    }),
    onFinish: completions && (({ balancer, server, elapsed, time }) => {
      completions[balancer * length + server].update(elapsed, time);
    }),
    onEnd(report) {
      const each = counts[report.balancer];
      if (report.outcome === OUTCOME.finished) {
        each.finished++;
        each.completionSeconds += report.elapsed;
      } else each.failed++;
      recorder?.onEnd(report);
    },
  };
}

/**
 * An episode at time 0.
 *
 * @param seed All of its randomness; policies have no part in what arrives.
 * @param parts What does not change between episodes.
 */
export function buildEpisode(seed: number, parts: EpisodeParts): Episode {
  const { settings, agents, metrics, features } = parts;
  const { sampling, traffic } = settings;
  const seeds = new Random(seed);
  const draw = () => seeds.integer(0, Number.MAX_SAFE_INTEGER);
  const simulationSeed = draw();
  const reservoirs = new MultiMetricReservoir({
    metrics,
    servers: settings.groups.reduce((sum, { length }) => sum + length, 0),
    kind: sampling.kind ?? "biased",
    size: sampling.size,
    probability: sampling.probability,
    native: sampling.native,
    seed: draw(),
  });
  const recorder = parts.records
    ? createEpisodeRecorder({
      kinds: traffic.kinds,
      warmUpSeconds: settings.warmUpSeconds,
      seed: draw(),
    })
    : undefined;
  const counts = agents.map((): StepCounts => ({
    finished: 0,
    failed: 0,
    completionSeconds: 0,
  }));
  // The first streams of a simulator's seed are the traffic's.
  const { source, load } = traffic.begin(new Random(simulationSeed));
  const simulator = createSimulator({
    ...networkOf(settings),
    servers: settings.servers,
    arrivals: source,
    balancers: settings.groups,
    choose: settings.choose,
    weights: settings.baseWeights,
    seed: simulationSeed,
    sampleRate: metrics.includes("flow_duration") ? settings.sampleRate : 0,
    observers: observersOf(reservoirs, recorder, { counts, parts }),
  });
  const views = agents.map(({ servers, firstRow }, agent): ServerViews => ({
    servers,
    firstRow,
    features,
    counts: simulator.counts(agent),
    oracle: simulator.view(agent).oracle,
  }));
  const contexts = agents.map(({ servers, reward }, agent) => ({
    time: NaN,
    agent,
    servers,
    values: reward.average,
    latest: new Float64Array(servers.length),
    counts: simulator.counts(agent),
    weights: simulator.view(agent).weights,
    up: simulator.knownUp,
    finished: 0,
    failed: 0,
    completionSeconds: NaN,
  }));
  return {
    seed,
    load,
    simulator,
    reservoirs,
    recorder,
    counts,
    views,
    contexts,
  };
}

function networkOf(settings: LoadBalanceSettings) {
  const { clientHop, serverHop, refusalDelay, clientTimeout } = settings;
  const { cancelOnTimeout, outages, detectionDelay } = settings;
  return {
    clientHop,
    serverHop,
    refusalDelay,
    clientTimeout,
    cancelOnTimeout,
    outages,
    detectionDelay,
  };
}
