/**
 * The published scores of learned routing.
 *
 * @module
 */
import { join } from "@std/path";
import { mean } from "../../analysis/statistics.ts";
import type { ScriptContext } from "../../core/script.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import type { SDNOptions } from "../../envs/sdn/env_options.ts";
import type { Device } from "../../learning/devices.ts";
import { watched } from "../training/script_training.ts";
import {
  type FinishedRun,
  startTraining,
  type TrainingRun,
} from "../training/training_run.ts";
import {
  TD3_BC_ROUTING,
  TD3_ROUTING_STUDY,
} from "../../agents/settings/routing.ts";
import {
  type Act,
  bestStaticWeights,
  playTest,
  policyAct,
  routingBaselines,
  type RoutingScore,
  type RoutingTest,
} from "./comparison.ts";
import { hourlyAction, weightsByHour } from "./hourly_expert.ts";
import { mixedActor, recordMixed } from "./mixed_behaviour.ts";

export type { Device, RoutingScore, ScriptContext, SDNOptions };

/** How long everything takes. */
export interface StudySize {
  /** Environment steps of TD3. */
  readonly steps: number;
  /** Updates of imitation. */
  readonly imitationUpdates: number;
  /** Updates of TD3+BC. */
  readonly offlineUpdates: number;
  /** Recorded episodes of each kind. */
  readonly episodes: number;
  /** Sets of weights tried for static weights; a third for each part of a day. */
  readonly staticEvaluations: number;
  /** Sets of weights tried for each tested matrix. */
  readonly evaluations: number;
  /** Tested episodes of ten matrices. */
  readonly testEpisodes: number;
}

/** The published study. */
export const STUDY: StudySize = {
  steps: 20_000,
  imitationUpdates: 2000,
  offlineUpdates: 4000,
  episodes: 42,
  staticEvaluations: 2500,
  evaluations: 600,
  testEpisodes: 10,
};

/** Days 0 to 5 are learned from, day 6 chooses, days 7 and 8 test. */
const DAYS = { training: 6, validation: 6, test: 7, testCount: 2 };
const TEST_STEPS = 10;
const NETWORK = [64, 64];
/** Sizes of the noise of mixed data, which the behaviour takes in turn. */
const MIXED_NOISE = [0.02, 0.05, 0.1];

/**
 * NSFNET with three classes of capacity. The seed draws the traffic too:
 * gravity, each switch with a busy hour of its own, lognormal noise. Actions
 * are logarithms of weights, from a tenth to ten; traffic is split smoothly,
 * so that small changes of weights make small changes of loads.
 *
 * @param seed Of the traffic.
 */
export function studyOptions(seed: number): SDNOptions {
  return {
    topology: "nsfnet-classes",
    splitting: "softmin",
    gamma: 2,
    actionMode: "absolute",
    actionScale: Math.log(10),
    reward: "largest-utilisation",
    observation: ["time", "node-demands"],
    traffic: { type: "gravity", load: 0.9, amplitude: 0.5, noise: 0.2, seed },
    startDays: { first: 0, count: DAYS.training },
    episodeSteps: 48,
  };
}

/** What is studied, and with what. */
export interface Study {
  /** Of traffic and agents. */
  readonly seed: number;
  /** For files. */
  readonly folder: string;
  /** Where tensors are computed. */
  readonly device: Device;
  /** How long everything takes. */
  readonly size: StudySize;
  /** Progress and interruption of the script. */
  readonly context: ScriptContext;
}

function studyRun(
  { seed, device }: Study,
  asked: Pick<TrainingRun, "name" | "agent" | "settings" | "totalTimesteps">,
): TrainingRun {
  const options = studyOptions(seed);
  const spec = (more: SDNOptions) => ({
    id: "SDN-v1",
    options: { ...options, ...more } as unknown as JsonRecord,
  });
  return {
    ...asked,
    task: "",
    environment: spec({}),
    copies: 1,
    evaluationEnvironment: spec({
      startDays: { first: DAYS.validation, count: 1 },
      episodeSteps: TEST_STEPS,
    }),
    tests: [],
    evaluationEpisodes: 10,
    evaluationSeed: 10_000,
    evaluateEvery: 1000,
    checkpointEvery: Infinity,
    logEvery: 1000,
    seed,
    device,
    bestPath: `models/best/${asked.name}.zip`,
    evaluationsPath: `logs/${asked.name}_eval/evaluations.npz`,
  };
}

function trained(run: TrainingRun, study: Study): Promise<FinishedRun> {
  return watched(
    run,
    { context: study.context },
    (hooks) => startTraining(run, study.folder, hooks),
  );
}

/**
 * The weights by the hour that are best on a day that they were not searched
 * on: half-way between two good sets, weights need not be good.
 */
function betterWeights(
  candidates: readonly (readonly Float64Array[])[],
  validation: RoutingTest,
): readonly Float64Array[] {
  const scores = candidates.map((weights) =>
    mean(
      playTest("", (_, env) => hourlyAction(env, weights), validation)
        .utilisations,
    )
  );
  return candidates[scores.indexOf(Math.min(...scores))];
}

/** Scores of all policies of a seed, on the same matrices. */
export interface StudyScores {
  /** The seed. */
  readonly seed: number;
  /** One score a policy. */
  readonly scores: readonly RoutingScore[];
}

/**
 * Searches, records, imitates, learns online and offline, and tests, for one
 * seed.
 *
 * @param study The seed, a folder for files, how long, and the script.
 */
export async function studySeed(study: Study): Promise<StudyScores> {
  const { seed, folder, size, context } = study;
  const options = studyOptions(seed);
  const effort = {
    evaluations: size.evaluations,
    staticEvaluations: size.staticEvaluations,
    staticMatrices: 48,
    trainingDays: DAYS.training,
  };
  const staticWeights = bestStaticWeights(options, effort, seed);
  await context.breathe();
  const byHour = weightsByHour(options, {
    parts: 12,
    trainingDays: DAYS.training,
    matricesADay: 4,
    evaluations: Math.ceil(size.staticEvaluations / 3),
    start: staticWeights,
    seed,
  });
  const validation: RoutingTest = {
    options,
    firstDay: DAYS.validation,
    days: 1,
    episodes: size.testEpisodes,
    steps: TEST_STEPS,
    seed: 30_000 + seed,
  };
  const weights = betterWeights([byHour, [staticWeights]], validation);
  const recording = { ...context, options, episodes: size.episodes };
  const expertData = join(folder, `expert_${seed}.npz`);
  await recordMixed(expertData, { weights, noise: [0], seed }, recording);
  const imitation = await trained({
    ...studyRun(study, {
      name: `imitation_${seed}`,
      agent: "bc",
      settings: { learningRate: 1e-3, netArch: NETWORK },
      totalTimesteps: size.imitationUpdates,
    }),
    data: expertData,
  }, study);
  const td3 = await trained({
    ...studyRun(study, {
      name: `td3_${seed}`,
      agent: "td3",
      settings: { ...TD3_ROUTING_STUDY, netArch: NETWORK },
      totalTimesteps: size.steps,
    }),
    pretrained: imitation.paths!.model,
  }, study);
  const behaviour = { weights, noise: MIXED_NOISE, seed: seed + 1 };
  const mixedData = join(folder, `mixed_${seed}.npz`);
  await recordMixed(mixedData, behaviour, recording);
  const offline = await trained({
    ...studyRun(study, {
      name: `td3-bc_${seed}`,
      agent: "td3-bc",
      settings: { ...TD3_BC_ROUTING, netArch: NETWORK },
      totalTimesteps: size.offlineUpdates,
    }),
    data: mixedData,
  }, study);

  const test: RoutingTest = {
    options,
    firstDay: DAYS.test,
    days: DAYS.testCount,
    episodes: size.testEpisodes,
    steps: TEST_STEPS,
    seed: 20_000 + seed,
  };
  const actor = mixedActor(behaviour);
  const mixed: Act = Object.assign(
    (_: Float32Array, env: Parameters<Act>[1]) => actor.act(env),
    { begin: actor.begin },
  );
  const acts: [string, Act][] = [
    ["TD3 from imitation", policyAct(td3.bestPolicy)],
    ["TD3 from imitation, last", policyAct(td3.policy)],
    ["imitation", policyAct(imitation.policy)],
    ["imitated expert", (_, env) => hourlyAction(env, weights)],
    ["TD3+BC offline, last", policyAct(offline.policy)],
    ["behaviour of its data", mixed],
  ];
  const played = acts.map(([name, act]): RoutingScore => {
    const { utilisations } = playTest(name, act, test);
    return { name, utilisations };
  });
  const baselines = await routingBaselines(test, effort, {
    staticWeights,
    onMatrix: async () => {
      await context.breathe();
      context.signal.throwIfAborted();
    },
  });
  return { seed, scores: [...played, ...baselines] };
}
