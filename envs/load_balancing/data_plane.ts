/**
 * The simulated system as a data plane: what it says of its servers, and
 * weights that come from elsewhere.
 *
 * @module
 */
import { FEATURE_NAMES } from "../../ffi/reservoir_features.ts";
import { STATISTICS_PER_SERVER } from "../../ffi/shared_memory_messages.ts";
import { buildEpisode, type Episode } from "./_episode.ts";
import type { LoadBalanceSettings } from "./env_options.ts";
import type { EpisodeResults } from "./episode_results.ts";
import { jainIndex } from "./fairness.ts";
import {
  STATISTICS_PERCENTILE,
  writeStatisticsRow,
} from "./flow_statistics.ts";
import { sampledMetrics } from "./observation.ts";
import { createReward } from "./rewards.ts";

export type { EpisodeResults, LoadBalanceSettings };

/** What one region of shared memory is about. */
export interface DataPlaneView {
  /** Its servers: row i of msg_out and msg_in is server `servers[i]`. */
  readonly servers: Int32Array;
  /** What SED knows: work that each of them does a second, shape [servers]. */
  readonly capacities: Float64Array;
  /** Rows of msg_out as of the last look, shape [servers, 11]. */
  readonly statistics: Float32Array<ArrayBuffer>;
  /** Bit i for row i: whether balancers know the server to be up. */
  activeServers(): bigint;
  /**
   * Weights of new flows.
   *
   * @param weights Shape [servers].
   * @returns Whether all balancers took them: one whose servers have no weight
   * at all keeps those it has.
   */
  setWeights(weights: ArrayLike<number>): boolean;
}

/** Flows since the last look. */
export interface RecentFlows {
  /** Flows served. */
  finished: number;
  /** Flows that failed, in whatever way. */
  failed: number;
  /** Mean completion time of those served, in seconds; NaN where none was. */
  completionSeconds: number;
  /** Jain's index of flows inside over capacity; NaN where no server is up. */
  jain: number;
}

/** A simulated data plane. */
export interface DataPlane {
  /** Now, in seconds. */
  readonly time: number;
  /** The traffic's load; NaN where it is unknown. */
  readonly load: number;
  /**
   * One for each balancer where balancers share servers; else one for all
   * servers, whoever balances them.
   */
  readonly views: readonly DataPlaneView[];
  /** Lets everything happen that is due, by a time in seconds. */
  advanceTo(time: number): void;
  /** Brings the views' statistics up to date, and counts flows anew. */
  look(): RecentFlows;
  /** Results so far. */
  results(): EpisodeResults;
}

/** Both, in the order in which the environments sample them. */
const METRICS = sampledMetrics("seed");

/** Servers and the balancers that a region is about. */
interface Part {
  readonly servers: readonly number[];
  readonly balancers: readonly number[];
}

function partsOf({ groups }: LoadBalanceSettings): Part[] {
  const shared = groups.length > 1 && groups[0].join() === groups[1].join();
  return shared
    ? groups.map((servers, balancer) => ({ servers, balancers: [balancer] }))
    : [{
      servers: groups.flat(),
      balancers: groups.map((_, balancer) => balancer),
    }];
}

function createView(
  { servers, balancers }: Part,
  { episode, settings }: { episode: Episode; settings: LoadBalanceSettings },
): DataPlaneView {
  const { simulator } = episode;
  const all = new Float64Array(simulator.servers);
  return {
    servers: Int32Array.from(servers),
    capacities: Float64Array.from(servers, (i) => settings.capacities[i]),
    statistics: new Float32Array(servers.length * STATISTICS_PER_SERVER),
    activeServers: () =>
      servers.reduce(
        (bits, server, i) =>
          simulator.knownUp[server] === 1 ? bits | (1n << BigInt(i)) : bits,
        0n,
      ),
    setWeights(weights) {
      servers.forEach((server, i) => all[server] = weights[i]);
      let taken = true;
      for (const balancer of balancers) {
        const group = settings.groups[balancer];
        if (group.some((server) => all[server] > 0)) {
          simulator.setWeights(balancer, all);
        } else taken = false;
      }
      return taken;
    },
  };
}

/**
 * A data plane at time 0, whose balancers go by the servers' capacities.
 *
 * @param settings Of the environments; those about actions and observations
 * do not matter.
 * @param seed All of its randomness.
 */
export function createDataPlane(
  settings: LoadBalanceSettings,
  seed: number,
): DataPlane {
  const { groups, capacities, sampling } = settings;
  const rows = groups.flatMap((group, balancer) =>
    group.map((server) => ({ balancer, server }))
  );
  let firstRow = 0;
  const agents = groups.map((group) => {
    const agent = {
      servers: Int32Array.from(group),
      reward: createReward(group.length, settings),
      firstRow,
    };
    firstRow += group.length;
    return agent;
  });
  const features = new Float64Array(
    rows.length * METRICS.length * FEATURE_NAMES.length,
  );
  const episode = buildEpisode(seed, {
    settings: { ...settings, baseWeights: capacities },
    agents,
    metrics: METRICS,
    features,
    records: true,
  });
  const { simulator, reservoirs, recorder, counts } = episode;
  const parts = partsOf(settings);
  const views = parts.map((part) => createView(part, { episode, settings }));

  function writeViews(): void {
    reservoirs.features({
      now: simulator.time,
      discount: sampling.discount,
      percentile: STATISTICS_PERCENTILE,
      emptySlots: sampling.emptySlots,
      out: features,
    });
    const next = parts.map(() => 0);
    rows.forEach(({ balancer, server }, row) => {
      const view = parts.findIndex(({ balancers }) =>
        balancers.includes(balancer)
      );
      const flows = simulator.counts(balancer)[server];
      writeStatisticsRow(
        { flows, features, metrics: METRICS, row },
        views[view].statistics,
        next[view]++,
      );
    });
  }

  return {
    get time() {
      return simulator.time;
    },
    load: episode.load,
    views,
    advanceTo: (time) => simulator.advanceTo(time),
    look() {
      writeViews();
      const loads = Array.from(capacities.keys())
        .filter((server) => simulator.up[server] === 1)
        .map((server) => simulator.inside[server] / capacities[server]);
      if (loads.length > 0) recorder!.sampleLoads(loads, simulator.time);
      const recent = { finished: 0, failed: 0, completionSeconds: 0 };
      for (const each of counts) {
        recent.finished += each.finished;
        recent.failed += each.failed;
        recent.completionSeconds += each.completionSeconds;
        each.finished = each.failed = each.completionSeconds = 0;
      }
      recent.completionSeconds /= recent.finished;
      const jain = loads.length > 0 ? jainIndex(loads) : NaN;
      return { ...recent, jain };
    },
    results: () => recorder!.results(),
  };
}
