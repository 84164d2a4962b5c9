/**
 * The parts of the reproduction of what is published about metastable queues.
 *
 * @module
 */
import {
  joinTrajectories,
  meanTrajectories,
} from "../../analysis/koopman/timescale_interval.ts";
import type { ScriptContext } from "../../core/script.ts";
import type { Table } from "../../core/table.ts";
import { QueueingControlEnv } from "../../envs/queueing/control_env.ts";
import type { QueueingOptions } from "../../envs/queueing/options.ts";
import { type Device, selectDevice } from "../../learning/devices.ts";
import {
  type ControlPolicy,
  controlRules,
  FIXED_THROTTLE,
} from "../queueing_control/control_rules.ts";
import { controlRun, LEVERS } from "../queueing_control/control_training.ts";
import {
  agentPolicy,
  type ControlOutcome,
  controlTable,
  evaluateControl,
  soonerShare,
} from "../queueing_control/recovery_evaluation.ts";
import { learnKoopman } from "../queueing_learning/koopman_training.ts";
import { settlingTable } from "../queueing_learning/settling_comparison.ts";
import { simulateRuns } from "../queueing_learning/simulated_runs.ts";
import { stationaryTimescale } from "../queueing_learning/stationary_timescale.ts";
import { timescaleBaselines } from "../queueing_learning/timescale_baselines.ts";
import { trainSeeds } from "../reproduction/reproduction.ts";
import {
  type Claim,
  studyTimescale,
  timescaleClaims,
} from "./timescale_study.ts";

export type { Claim, Device, ScriptContext, Table };

/** What a part gives. */
export interface ReproducedPart {
  /** Its tables. */
  readonly tables: readonly Table[];
  /** What was to be reached. */
  readonly claims: readonly Claim[];
  /** Its numbers. */
  readonly json: unknown;
}

/** The original's system: load 0.97, hit by ten times that in 4500 to 4600. */
export const ORIGINAL_SYSTEM: QueueingOptions = {
  clients: [{ arrivalRate: 9.7, timeout: 9, maxRetries: 3 }],
  servers: [{ service: { law: "exponential", mean: 0.1 }, queueCapacity: 100 }],
  retryModel: "reference",
  faults: [{ target: "arrivalRate", start: 4500, duration: 100, factor: 10 }],
};

const FAULT = { start: 4500, end: 4600 };
const HORIZON = 10_000;
const INTERVAL = 5;
const EPSILONS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25];

/** Options of {@linkcode reproduceTimescale}. */
export interface TimescaleReproduction {
  /** Numbers of runs, most first. */
  readonly counts: readonly number[];
  /** Updates of the default model. */
  readonly updates: number;
  /** Epochs of the reference. */
  readonly epochs: number;
  /** Sets of runs drawn for each interval. */
  readonly resamples: number;
  /** Long runs. */
  readonly stationaryRuns: number;
  /** Length of each. */
  readonly stationaryTime: number;
  /** Seed of everything. */
  readonly seed: number;
  /** Where tensors are computed. */
  readonly device: Device;
  /** Whether a part is wanted: `timescale`, `reference`. */
  readonly wanted: (part: string) => boolean;
}

/**
 * The timescale of the original's queue, learned and measured.
 *
 * @param options How much of everything.
 * @param context The script's.
 */
export async function reproduceTimescale(
  options: TimescaleReproduction,
  context: ScriptContext,
): Promise<ReproducedPart> {
  const { seed, counts } = options;
  const { signal, breathe } = context;
  const { reason } = await selectDevice(options.device, {
    parameters: 5000,
    batchSize: 1024,
  });
  context.note(reason);
  const most = Math.max(...counts);
  using simulating = context.progress({
    total: most,
    label: "Simulating",
    unit: "runs",
  });
  const all = await simulateRuns(ORIGINAL_SYSTEM, {
    runs: most,
    horizon: HORIZON,
    interval: INTERVAL,
    fault: FAULT,
    seed,
    signal,
    onRun(done) {
      simulating.update(done);
      return breathe();
    },
  });
  const tables: Table[] = [];
  const claims: Claim[] = [];
  const json: Record<string, unknown> = {};
  if (options.wanted("timescale")) {
    const stationary = await longRuns(options, context);
    json.autocorrelation = {
      integrated: stationary.integrated,
      exponential: stationary.exponential,
      mean: stationary.mean,
      mixed: stationary.mixed,
    };
    const rows: Table["rows"][number][] = [
      timescaleRow("autocorrelation time", stationary.integrated),
      timescaleRow("its slow decay", stationary.exponential),
    ];
    for (const count of counts) {
      const runs = all.slice(0, count);
      context.note(`Learning from ${count} runs`);
      const study = await studyTimescale(runs, {
        ...options,
        epsilons: EPSILONS,
        signal,
        onStep: breathe,
      });
      const { timescales } = timescaleBaselines(joinTrajectories(runs), {
        seed,
      });
      rows.push(
        timescaleRow(
          `autoencoder, ${count} runs: autocorrelation time`,
          study.learned.autocorrelationTime,
        ),
        timescaleRow(
          `autoencoder, ${count} runs: its slow decay`,
          study.learned.slowDecay,
        ),
        timescaleRow(
          `autoencoder, ${count} runs: slowest mode`,
          study.learned.timescale,
        ),
        ...timescales.map(({ method, lag, timescale }) =>
          timescaleRow(`${method}, lag ${lag}, ${count} runs`, {
            estimate: timescale,
            low: NaN,
            high: NaN,
          })
        ),
      );
      tables.push(settlingTable(study.settling, study));
      claims.push(...timescaleClaims(study, stationary));
      const { lower, upper, diameter, condition } = study.settling.bound;
      json[`runs${count}`] = {
        timescale: study.learned.timescale,
        autocorrelationTime: study.learned.autocorrelationTime,
        slowDecay: study.learned.slowDecay,
        eigenvalues: study.learned.model.spectrum.eigenvalues,
        bound: { lower, upper, diameter, condition },
        standardError: study.settling.standardError,
        settling: study.settling.rows,
        baselines: timescales,
      };
    }
    tables.unshift(timescaleTable(rows));
  }
  if (options.wanted("reference")) {
    const part = await reproduceReference(all, options, context);
    tables.push(part.table);
    json.reference = part.json;
  }
  return { tables, claims, json };
}

async function longRuns(
  { seed, stationaryRuns, stationaryTime }: TimescaleReproduction,
  { progress, breathe, signal }: ScriptContext,
) {
  using shown = progress({
    total: stationaryRuns,
    label: "Long runs",
    unit: "runs",
  });
  return await stationaryTimescale(ORIGINAL_SYSTEM, {
    runs: stationaryRuns,
    length: stationaryTime,
    seed: seed + 1000,
    signal,
    onRun(done) {
      shown.update(done);
      return breathe();
    },
  });
}

function timescaleRow(
  name: string,
  { estimate, low, high }: { estimate: number; low: number; high: number },
): Table["rows"][number] {
  return [name, estimate, low, high];
}

function timescaleTable(rows: Table["rows"]): Table {
  const fixed = { format: (value: number) => value.toFixed(0) };
  return {
    title: "Slowest timescale of the original's queue at load 0.97",
    columns: [
      { header: "method" },
      { header: "timescale", ...fixed },
      { header: "low", ...fixed },
      { header: "high", ...fixed },
    ],
    rows,
  };
}

/** The reference's autoencoder on the means of the first 100 runs. */
async function reproduceReference(
  all: Awaited<ReturnType<typeof simulateRuns>>,
  { seed, epochs }: TimescaleReproduction,
  { progress, breathe, signal }: ScriptContext,
): Promise<{ table: Table; json: unknown }> {
  const runs = all.slice(0, 100);
  using shown = progress({
    total: epochs,
    label: "Reference",
    unit: "epochs",
    scoreName: "loss",
  });
  const { model, losses } = await learnKoopman(
    {
      mean: meanTrajectories(runs),
      source: "means",
    },
    { mode: "reference", seed, steps: epochs },
    {
      signal,
      onStep(step, loss) {
        shown.update(step, { score: loss });
        return breathe();
      },
    },
  );
  const [first, second] = model.spectrum.eigenvalues;
  const fixedPoint = model.decode(model.fixedPoint);
  const json = {
    runs: runs.length,
    epochs: losses.length,
    bestLoss: Math.min(...losses),
    modulus: first.modulus,
    next: second.modulus,
    timescale: model.timescale,
    condition: model.spectrum.condition,
    fixedPoint: [...fixedPoint],
  };
  return {
    json,
    table: {
      title: `The reference's autoencoder on the means of ${runs.length} runs`,
      columns: [{ header: "what" }, { header: "value" }],
      rows: [
        ["least loss", json.bestLoss],
        ["largest modulus", json.modulus],
        ["next", json.next],
        ["timescale", json.timescale],
        ["condition of the eigenvectors", json.condition],
        ["queue at the fixed point", fixedPoint[0]],
        ["latency at the fixed point", fixedPoint[1]],
      ],
    },
  };
}

/** Options of {@linkcode reproduceControl}. */
export interface ControlReproduction {
  /** Steps of each training. */
  readonly timesteps: number;
  /** Seeds of each agent. */
  readonly seeds: number;
  /** The first. */
  readonly seed: number;
  /** Episodes that policies are compared on. */
  readonly episodes: number;
  /** Where tensors are computed. */
  readonly device: Device;
}

/**
 * Agents that bring a service back, with all levers and with admission alone.
 *
 * @param options Steps and seeds.
 * @param context The script's.
 */
export async function reproduceControl(
  options: ControlReproduction,
  context: ScriptContext,
): Promise<ReproducedPart> {
  const tables: Table[] = [];
  const claims: Claim[] = [];
  const json: Record<string, unknown> = {};
  for (const [name, environment] of Object.entries(LEVERS)) {
    const env = new QueueingControlEnv(environment);
    const run = controlRun({
      ...options,
      agent: "ppo",
      options: environment,
      name,
    });
    const { finished } = await trainSeeds(name, run, { ...options, context });
    const { episodes } = options;
    const test = { episodes, firstSeed: 20_000, options: environment };
    const actions = env.actionSpace.kind === "discrete" ? env.actionSpace.n : 0;
    const outcomeOf = (policy: ControlPolicy) => evaluateControl(policy, test);
    const rules = controlRules(env.settings).map(outcomeOf);
    const agents = finished.map(({ bestPolicy, run }) =>
      outcomeOf(agentPolicy(`PPO, seed ${run.seed}`, bestPolicy, actions))
    );
    tables.push(
      controlTable(
        [...rules, ...agents],
        `${name}, ${episodes} episodes that no agent was chosen by`,
      ),
    );
    claims.push(controlClaim(name, agents, rules));
    json[name] = [...rules, ...agents].map((
      { times: _, recovery, ...rest },
    ) => ({
      ...rest,
      median: recovery.median,
      medianLow: recovery.medianLow,
      medianHigh: recovery.medianHigh,
      notRecovered: recovery.censoredShare,
    }));
  }
  return { tables, claims, json };
}

function controlClaim(
  name: string,
  agents: readonly ControlOutcome[],
  rules: readonly ControlOutcome[],
): Claim {
  const rivals = rules.filter((rule, i) =>
    i === 0 || rule.name.startsWith(FIXED_THROTTLE)
  );
  const shares = agents.flatMap((agent) =>
    rivals.map((rival) => soonerShare(agent, rival))
  );
  const refused = agents.map(({ refusedShare }) => refusedShare);
  return {
    claim:
      `${name}: every seed's agent recovers sooner than no action and fixed throttles in most episodes`,
    found: `in ${(100 * Math.min(...shares)).toFixed(0)} % at least; ${
      (100 * Math.min(...refused)).toFixed(1)
    } to ${
      (100 * Math.max(...refused)).toFixed(1)
    } attempts refused per 100 requests`,
    reached: Math.min(...shares) > 0.5,
  };
}
