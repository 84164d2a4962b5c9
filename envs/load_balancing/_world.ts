/**
 * One simulated system with its agents' views, as the environments step it.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import type { SpaceValue } from "../../core/spaces.ts";
import type { State } from "../../core/state.ts";
import { savedBoolean, savedNumber, savedTree, savedWords } from "../_saved.ts";
import { type Actions, createActions } from "./actions.ts";
import type { LoadBalanceSettings } from "./env_options.ts";
import { buildEpisode, type Episode, type StepCounts } from "./_episode.ts";
import type { StepInfo } from "./env_info.ts";
import type { EpisodeResults } from "./episode_results.ts";
import { jainIndex, overProvision, productFairness } from "./fairness.ts";
import {
  createObservation,
  type FlowMetric,
  type ObservationWriter,
  sampledMetrics,
} from "./observation.ts";
import { FEATURE_NAMES } from "../../ffi/reservoir_features.ts";
import { createReward, type Reward } from "./rewards.ts";
import type { Simulator } from "./simulator.ts";

const DISCOUNTED_MEAN = FEATURE_NAMES.indexOf("discountedMean");

/** What belongs to an agent whatever the episode. */
export interface WorldAgent {
  readonly servers: Int32Array;
  readonly actions: Actions;
  readonly observation: ObservationWriter;
  readonly reward: Reward;
  /** Row of its first server among the reservoirs. */
  readonly firstRow: number;
}

function createAgents(
  settings: LoadBalanceSettings,
  metrics: readonly FlowMetric[],
): WorldAgent[] {
  const { observation, oracle, observationUnits: units } = settings;
  let firstRow = 0;
  return settings.groups.map((group) => {
    const agent = {
      servers: Int32Array.from(group),
      actions: createActions(group.length, settings),
      observation: createObservation(group.length, {
        observation,
        metrics,
        oracle,
        units,
      }),
      reward: createReward(group.length, settings),
      firstRow,
    };
    firstRow += group.length;
    return agent;
  });
}

/** One simulated system. */
export class World {
  readonly settings: LoadBalanceSettings;
  readonly agents: readonly WorldAgent[];
  /** Rewards of the last step, shape [agents]. */
  readonly rewards: Float64Array;
  readonly #metrics: readonly FlowMetric[];
  readonly #features: Float64Array<ArrayBuffer>;
  readonly #records: boolean;
  readonly #random = new Random(0);
  /** Scratch of each size: weights, loads and masks of fewer servers. */
  readonly #scratch: Float64Array[];
  readonly #weights: Float64Array;
  readonly #up: Uint8Array[];
  #episode: Episode | undefined;
  #step = 0;
  #running = false;

  /** Throws for what no episode could begin with. */
  constructor(settings: LoadBalanceSettings, options: { records: boolean }) {
    this.settings = settings;
    const { observation, rewardOn } = settings;
    this.#metrics = sampledMetrics(observation, [
      rewardOn === "completion" ? "fct" : "flow_duration",
    ]);
    this.agents = createAgents(settings, this.#metrics);
    this.rewards = new Float64Array(this.agents.length);
    this.#records = options.records;
    const servers = settings.servers.length;
    const rows = settings.groups.reduce((sum, { length }) => sum + length, 0);
    this.#features = new Float64Array(
      rows * this.#metrics.length * FEATURE_NAMES.length,
    );
    this.#scratch = Array.from(
      { length: servers + 1 },
      (_, length) => new Float64Array(length),
    );
    this.#weights = new Float64Array(servers);
    this.#up = this.agents.map((agent) => new Uint8Array(agent.servers.length));
    const trial = this.#build(0);
    this.#writeFeatures(trial);
  }

  #build(seed: number): Episode {
    return buildEpisode(seed, {
      settings: this.settings,
      agents: this.agents,
      metrics: this.#metrics,
      features: this.#features,
      records: this.#records,
    });
  }

  get #current(): Episode {
    if (this.#episode) return this.#episode;
    throw new Error("Cannot look at an episode before the first reset");
  }

  /** Whether a step may be taken. */
  get running(): boolean {
    return this.#running;
  }

  /** Steps taken in the episode. */
  get steps(): number {
    return this.#step;
  }

  /** Whether the last step was the episode's last. */
  get over(): boolean {
    return this.#step >= this.settings.episodeSteps;
  }

  get simulator(): Simulator {
    return this.#current.simulator;
  }

  /** Begins an episode; with a seed, the first of that seed. */
  begin(seed: number | undefined): void {
    if (seed !== undefined) {
      this.#random.loadState(new Random(seed).saveState());
    }
    const episode = this.#build(
      this.#random.integer(0, Number.MAX_SAFE_INTEGER),
    );
    this.#episode = episode;
    this.#step = 0;
    this.#running = true;
    for (const { reward } of this.agents) reward.reset();
    this.rewards.fill(0);
    episode.simulator.advanceTo(this.settings.warmUpSeconds);
    this.#clearCounts(episode);
    this.#writeFeatures(episode);
  }

  /** Gives an agent's balancer the weights of an action that is in its space. */
  act(agent: number, action: SpaceValue): void {
    const { servers, actions } = this.agents[agent];
    const { baseWeights } = this.settings;
    const own = this.#scratch[servers.length];
    const weights = this.#weights;
    let base = baseWeights;
    if (servers.length < weights.length) {
      base = weights.subarray(0, servers.length);
      for (let i = 0; i < servers.length; i++) {
        base[i] = baseWeights[servers[i]];
      }
    }
    actions.writeWeights(action, base, own);
    weights.fill(0);
    for (let i = 0; i < servers.length; i++) weights[servers[i]] = own[i];
    this.#current.simulator.setWeights(agent, weights);
  }

  /** Lets a step's time pass and writes the rewards. */
  advance(): void {
    const episode = this.#current;
    const { simulator, recorder } = episode;
    const { warmUpSeconds, stepSeconds } = this.settings;
    this.#clearCounts(episode);
    this.#step++;
    simulator.advanceTo(warmUpSeconds + this.#step * stepSeconds);
    this.#running = !this.over;
    this.#writeFeatures(episode);
    for (let agent = 0; agent < this.agents.length; agent++) {
      this.#judge(episode, agent);
    }
    const loads = this.#loads(episode);
    if (recorder && loads.length > 0) {
      recorder.sampleLoads(loads, simulator.time);
    }
  }

  #clearCounts({ counts }: Episode): void {
    for (const each of counts) {
      each.finished = 0;
      each.failed = 0;
      each.completionSeconds = 0;
    }
  }

  #writeFeatures({ reservoirs, simulator }: Episode): void {
    const { discount, percentile, emptySlots } = this.settings.sampling;
    reservoirs.features({
      now: simulator.time,
      discount,
      percentile,
      emptySlots,
      out: this.#features,
    });
  }

  #judge(episode: Episode, agent: number): void {
    const context = episode.contexts[agent];
    const { finished, failed, completionSeconds } = episode.counts[agent];
    context.time = episode.simulator.time;
    context.finished = finished;
    context.failed = failed;
    context.completionSeconds = completionSeconds;
    this.#writeValues(episode, agent);
    this.rewards[agent] = this.agents[agent].reward.update(context);
  }

  /** What is judged of an agent's servers. */
  #writeValues({ contexts, simulator }: Episode, agent: number): void {
    const { servers, firstRow } = this.agents[agent];
    const { latest, counts } = contexts[agent];
    const { rewardOn, capacities } = this.settings;
    if (rewardOn === "flows" || rewardOn === "load") {
      const flows = rewardOn === "flows" ? counts : simulator.inside;
      for (let i = 0; i < servers.length; i++) {
        latest[i] = flows[servers[i]] / capacities[servers[i]];
      }
      return;
    }
    const metric = rewardOn === "completion" ? "fct" : "flow_duration";
    const rowLength = this.#metrics.length * FEATURE_NAMES.length;
    const place = this.#metrics.indexOf(metric) * FEATURE_NAMES.length +
      DISCOUNTED_MEAN;
    for (let i = 0; i < servers.length; i++) {
      const value = this.#features[(firstRow + i) * rowLength + place];
      latest[i] = value === value ? value : 0;
    }
  }

  /** Flows inside over capacity of the servers that are up; written over. */
  #loads({ simulator }: Episode): Float64Array {
    const { up, inside } = simulator;
    const { capacities } = this.settings;
    let count = 0;
    for (let server = 0; server < up.length; server++) count += up[server];
    const loads = this.#scratch[count];
    for (let server = 0, next = 0; server < up.length; server++) {
      if (up[server] === 1) loads[next++] = inside[server] / capacities[server];
    }
    return loads;
  }

  /** Writes an agent's observation. */
  observe(agent: number, into: Float32Array, offset: number): void {
    this.agents[agent].observation.write(
      this.#current.views[agent],
      into,
      offset,
    );
  }

  /** Writes flows inside and remaining work of each server. */
  writeOracle(into: Float32Array, offset: number): void {
    const { inside, servers } = this.#current.simulator;
    const { oracle } = this.#current.views[0];
    const { flows = 1, seconds = 1 } = this.settings.observationUnits;
    for (let server = 0; server < servers; server++) {
      into[offset + 2 * server] = inside[server] / flows;
      into[offset + 2 * server + 1] = oracle.remainingWork(server) / seconds;
    }
  }

  /** Whether masks are given: where servers may be down. */
  get masked(): boolean {
    return (this.settings.outages?.length ?? 0) > 0 &&
      this.settings.actionType !== "continuous";
  }

  /** Writes an agent's action mask. */
  writeMask(agent: number, into: Uint8Array): void {
    const { servers, actions } = this.agents[agent];
    const { knownUp } = this.#current.simulator;
    const up = this.#up[agent];
    for (let i = 0; i < servers.length; i++) up[i] = knownUp[servers[i]];
    actions.writeMask(up, into);
  }

  /** A new mask of an agent. */
  maskOf(agent: number): Uint8Array {
    const mask = new Uint8Array(this.agents[agent].actions.maskSize);
    this.writeMask(agent, mask);
    return mask;
  }

  /** A new array of an agent's weights, shape [servers of the agent]. */
  weightsOf(agent: number): Float64Array {
    const { weights } = this.#current.simulator.view(agent);
    const { servers } = this.agents[agent];
    const own = new Float64Array(servers.length);
    for (let i = 0; i < own.length; i++) own[i] = weights[servers[i]];
    return own;
  }

  /** The episode's results so far. */
  results(): EpisodeResults {
    return this.#current.recorder!.results();
  }

  info(): StepInfo {
    const episode = this.#current;
    const { simulator, load } = episode;
    const total: StepCounts = { finished: 0, failed: 0, completionSeconds: 0 };
    for (const { finished, failed, completionSeconds } of episode.counts) {
      total.finished += finished;
      total.failed += failed;
      total.completionSeconds += completionSeconds;
    }
    const loads = this.#loads(episode);
    const judge = (index: (loads: Float64Array) => number) =>
      loads.length > 0 ? index(loads) : NaN;
    return {
      step: this.#step,
      time: simulator.time,
      load,
      finished: total.finished,
      failed: total.failed,
      completionSeconds: total.completionSeconds / total.finished,
      jain: judge(jainIndex),
      product: judge(productFairness),
      overProvision: judge(overProvision),
      serversUp: simulator.knownUp.slice(),
      ...this.over ? { results: this.results() } : {},
    };
  }

  saveState(): State {
    const episode = this.#episode;
    return {
      random: this.#random.saveState(),
      running: this.#running,
      step: this.#step,
      episode: episode
        ? {
          seed: episode.seed,
          simulator: episode.simulator.saveState(),
          reservoirs: episode.reservoirs.saveState(),
          recorder: episode.recorder?.saveState() ?? null,
          rewards: this.agents.map(({ reward }) => reward.saveState()),
        }
        : null,
    };
  }

  loadState(state: State): void {
    const random = Random.fromState(savedWords(state, "random"));
    const running = savedBoolean(state, "running");
    const step = savedNumber(state, "step");
    const episode = state.episode === null
      ? undefined
      : this.#restored(savedTree(state, "episode"));
    this.#random.loadState(random.saveState());
    this.#running = running && episode !== undefined;
    this.#step = step;
    this.#episode = episode;
  }

  /** An episode is made anew from its seed and then brought to its state. */
  #restored(state: State): Episode {
    const { rewards } = state;
    if (!Array.isArray(rewards) || rewards.length !== this.agents.length) {
      throw new TypeError(
        `Cannot restore a load-balancing episode, expected rewards of ${this.agents.length} agents`,
      );
    }
    const episode = this.#build(savedNumber(state, "seed"));
    episode.simulator.loadState(savedTree(state, "simulator"));
    episode.reservoirs.loadState(savedTree(state, "reservoirs"));
    episode.recorder?.loadState(savedTree(state, "recorder"));
    this.agents.forEach(({ reward }, agent) =>
      reward.loadState(rewards[agent] as State)
    );
    this.#writeFeatures(episode);
    return episode;
  }
}
