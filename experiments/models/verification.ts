/**
 * Whether trained models are whole, act, and are worth anything.
 *
 * @module
 */
import { evaluatePolicy } from "../../agents/evaluation.ts";
import type { Policy } from "../../agents/policy.ts";
import {
  type Interval,
  pairedDifferenceInterval,
} from "../../analysis/statistics.ts";
import type { Archive } from "../../core/archive.ts";
import { Random } from "../../core/random.ts";
import { contains, type Space, spaceSize } from "../../core/spaces.ts";
import type { Table } from "../../core/table.ts";
import { AutoscalingEnv } from "../../envs/autoscaling/autoscaling_env.ts";
import type { Environment } from "../../envs/environment.ts";
import { type EnvironmentSpec, makeEnvironment } from "../../envs/registry.ts";
import type { ModelFile, RefusedFile } from "./model_files.ts";

export type { Interval, ModelFile, RefusedFile, Table };

/** What a model is compared with. */
export interface Rival {
  /** `random` or `hold`. */
  readonly name: string;
  /** Mean return over the same episodes. */
  readonly score: number;
  /** The model's return less the rival's, with its 95 % interval. */
  readonly advantage: Interval;
}

/** What was found out about one file. */
export interface Verification {
  /** The file's path below the folder that was searched. */
  readonly name: string;
  /** The algorithm; undefined for a file that does not load. */
  readonly agent: string | undefined;
  /** The environment; undefined for a file that does not load. */
  readonly environment: string | undefined;
  /** The load of an autoscaling environment. */
  readonly load: string | undefined;
  /** Why it cannot be used, in one line; undefined where it can. */
  readonly failure: string | undefined;
  /** Return of one episode in its own environment, as it was evaluated in. */
  readonly ownReturn: number;
  /** Mean return over the paired episodes. */
  readonly score: number;
  /** Those that it stands beside. */
  readonly rivals: readonly Rival[];
  /** Rivals that it is not surely better than. */
  readonly weakAgainst: readonly string[];
}

/** How thoroughly models are looked at. */
export interface VerifyOptions {
  /** Paired episodes. Default 20. */
  episodes?: number;
  /** Seed of the first. Default 0. */
  seed?: number;
  /** Steps after which an episode without end is cut. Default 1000. */
  maximumSteps?: number;
}

/** A policy that draws its actions evenly. */
function randomPolicy(env: Environment, seed: number): Policy {
  const { actionSpace } = env;
  // Another stretch of the stream than the first episode draws from.
  const random = new Random(seed);
  random.jump();
  return {
    observationSize: spaceSize(env.observationSpace),
    actionSize: spaceSize(actionSpace),
    act(_observations, masks, actions) {
      if (actionSpace.kind === "discrete") {
        do actions[0] = random.integer(0, actionSpace.n - 1); while (
          masks[actions[0]] === 0
        );
      } else if (actionSpace.kind === "box") {
        actions.forEach((_, i) =>
          actions[i] = random.uniform(actionSpace.low[i], actionSpace.high[i])
        );
      }
    },
  };
}

/** A policy that always takes one action. */
function constantPolicy(env: Environment, action: number): Policy {
  return {
    observationSize: spaceSize(env.observationSpace),
    actionSize: 1,
    act: (_observations, _masks, actions) => void actions.fill(action),
  };
}

/** The policy, but what it does outside of its space is an error. */
function checkedPolicy(policy: Policy, space: Space): Policy {
  return {
    ...policy,
    act(observations, masks, actions) {
      policy.act(observations, masks, actions);
      const action = space.kind === "discrete" ? actions[0] : actions;
      if (!contains(space, action as Float32Array)) {
        throw new RangeError(
          `it acts outside of its action space: ${action}`,
        );
      }
    },
  };
}

/** Weights must be numbers: a network of NaN still picks an action. */
function checkTensors({ tensors }: Archive): void {
  for (const [part, arrays] of Object.entries(tensors)) {
    for (const [name, { data }] of Object.entries(arrays)) {
      if (!(data instanceof Float32Array || data instanceof Float64Array)) {
        continue;
      }
      const bad = data.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) {
        throw new RangeError(
          `its ${part} "${name}" holds ${
            data[bad]
          } at ${bad}, expected finite numbers`,
        );
      }
    }
  }
}

/** The environment with episodes that begin at random where it can. */
function variedEnvironment({ id, options }: EnvironmentSpec): Environment {
  const varied = id === "Autoscaling-v1"
    ? { ...options, randomStart: true }
    : options;
  return makeEnvironment({ id, options: varied });
}

/**
 * Lets a model run: one episode in its own environment, then paired episodes
 * beside a random policy and, where a service is scaled, one that holds. All
 * begin at the same seeds, at random starts where the environment has them.
 *
 * @param model One that loads.
 * @param options How many episodes.
 */
export function verifyModel(
  model: ModelFile,
  options: VerifyOptions = {},
): Verification {
  const { config, archive } = model.agent;
  const found = {
    name: model.name,
    agent: config.agent,
    environment: config.environment.id,
    load: loadName(config.environment),
  };
  try {
    checkTensors(archive);
    return { ...found, failure: undefined, ...measure(model, options) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ...found, ...unmeasured(error.message.replace(/\s+/g, " ")) };
  }
}

/**
 * What is known of a file that does not load.
 *
 * @param file From `findModels`.
 */
export function refusedVerification(file: RefusedFile): Verification {
  return {
    name: file.name,
    agent: undefined,
    environment: undefined,
    load: undefined,
    ...unmeasured(file.reason),
  };
}

function unmeasured(failure: string) {
  return {
    failure,
    ownReturn: NaN,
    score: NaN,
    rivals: [],
    weakAgainst: [],
  };
}

function loadName({ id, options }: EnvironmentSpec): string | undefined {
  if (id !== "Autoscaling-v1") return undefined;
  const { pattern = "SINE_CURVE" } = options;
  return typeof pattern === "string"
    ? pattern
    : String((pattern as { name?: unknown }).name);
}

function measure(model: ModelFile, options: VerifyOptions) {
  const { episodes = 20, seed = 0, maximumSteps = 1000 } = options;
  const { agent } = model;
  const own = agent.makeEnvironment();
  const policy = checkedPolicy(agent.policy, own.actionSpace);
  const env = variedEnvironment(agent.config.environment);
  const run = (policy: Policy) =>
    evaluatePolicy(policy, env, { episodes, firstSeed: seed, maximumSteps })
      .returns;
  const ownReturn = evaluatePolicy(policy, own, {
    episodes: 1,
    firstSeed: seed,
    maximumSteps,
  }).returns[0];
  const returns = run(policy);
  if (![...returns, ownReturn].every(Number.isFinite)) {
    throw new RangeError("its return is not a finite number");
  }
  const rivals = [
    compare("random", returns, run(randomPolicy(env, seed))),
    ...env instanceof AutoscalingEnv
      ? [compare(
        "hold",
        returns,
        run(constantPolicy(env, env.settings.actionDeltas.indexOf(0))),
      )]
      : [],
  ];
  return {
    ownReturn,
    score: mean(returns),
    rivals,
    weakAgainst: rivals.filter(({ advantage }) => !(advantage.low > 0))
      .map(({ name }) => name),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function compare(
  name: string,
  first: Float64Array,
  second: Float64Array,
): Rival {
  return {
    name,
    score: mean(second),
    advantage: pairedDifferenceInterval({ first, second }),
  };
}

/**
 * Verifications as a table.
 *
 * @param verifications One a file.
 */
export function verificationTable(
  verifications: readonly Verification[],
): Table {
  const digits = (value: number) => value.toFixed(2);
  const rival = ({ rivals }: Verification, name: string) =>
    rivals.find((rival) => rival.name === name);
  const advantage = (found: Verification, name: string) => {
    const interval = rival(found, name)?.advantage;
    if (interval === undefined) return undefined;
    const { estimate, low, high } = interval;
    return `${digits(estimate)} [${digits(low)}, ${digits(high)}]`;
  };
  const number = (header: string) => ({ header, format: digits });
  return {
    columns: [
      { header: "model" },
      { header: "agent" },
      { header: "environment" },
      number("own episode"),
      number("score"),
      number("random"),
      number("hold"),
      { header: "vs random [95 %]", align: "right" },
      { header: "vs hold [95 %]", align: "right" },
      { header: "result" },
    ],
    rows: verifications.map((found) => [
      found.name,
      found.agent,
      found.load ?? found.environment,
      found.ownReturn,
      found.score,
      rival(found, "random")?.score,
      rival(found, "hold")?.score,
      advantage(found, "random"),
      advantage(found, "hold"),
      resultOf(found),
    ]),
  };
}

/**
 * What a verification comes to.
 *
 * @param found One file's.
 */
export function resultOf(found: Verification): "failed" | "weak" | "ok" {
  if (found.failure !== undefined) return "failed";
  return found.weakAgainst.length > 0 ? "weak" : "ok";
}

/**
 * What is to be said about failures and weak scores, a line each.
 *
 * @param verifications One a file.
 */
export function verificationRemarks(
  verifications: readonly Verification[],
): string[] {
  return verifications.flatMap((found) => {
    if (found.failure !== undefined) {
      return [`Failed: ${found.name}: ${found.failure}`];
    }
    return found.weakAgainst.length > 0
      ? [
        `Weak: ${found.name} is not surely better than ${
          found.weakAgainst.join(" and ")
        }`,
      ]
      : [];
  });
}
