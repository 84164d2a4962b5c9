/**
 * Policies that steer equal services under one load, step by step.
 *
 * @module
 */
import {
  AutoscalingEnv,
  type AutoscalingInfo,
} from "../../envs/autoscaling/autoscaling_env.ts";
import { autoscalingOptions } from "../../envs/registry.ts";
import type { DemoLoad } from "./load.ts";
import { type DemoPolicy, environmentSpec } from "./policies.ts";

export type { DemoLoad, DemoPolicy };

/** How one policy's service stands. */
export interface ServiceState {
  /** Instances that run. */
  readonly instances: number;
  /** Instances asked for that are not there yet; negative: that will go. */
  readonly inFlight: number;
  /** Items that the last step could serve. */
  readonly capacity: number;
  /** Used share of it, 0 to 1. */
  readonly load: number;
  /** Items that wait. */
  readonly queue: number;
  /** Bill by the second so far, dollars. */
  readonly bill: number;
  /** Sum of rewards so far. */
  readonly reward: number;
  /** Whether the service has failed: too many items wait. */
  readonly failed: boolean;
}

/** One policy in a session. */
export interface SessionRow {
  /** The policy's name. */
  readonly name: string;
  /** The states so far, the one before the first step included. */
  readonly states: readonly ServiceState[];
}

/** A demonstration under way. */
export interface DemoSession {
  /** What all policies meet. */
  readonly load: DemoLoad;
  /** Steps of the whole episode. */
  readonly steps: number;
  /** Steps taken. */
  readonly step: number;
  /** The policies, in their order. */
  readonly rows: readonly SessionRow[];
  /** Whether every policy has come to its end. */
  readonly over: boolean;
  /** Takes one step with every policy whose service still runs. */
  advance(): void;
}

interface Runner {
  readonly env: AutoscalingEnv;
  readonly row: { name: string; states: ServiceState[] };
  readonly choose: ReturnType<DemoPolicy["contender"]["members"][number]>;
  observation: Float32Array;
  info: AutoscalingInfo;
  over: boolean;
}

function stateOf(
  info: AutoscalingInfo,
  reward: number,
  failed: boolean,
): ServiceState {
  const { instances, inFlight, capacity, load, queue, cost } = info;
  const bill = cost.perSecond;
  return { instances, inFlight, capacity, load, queue, bill, reward, failed };
}

function startRunner(policy: DemoPolicy, load: DemoLoad): Runner {
  const { options } = environmentSpec(policy, load);
  const env = new AutoscalingEnv(autoscalingOptions(options));
  const { observation, info } = env.reset({ seed: load.seed });
  const row = { name: policy.name, states: [stateOf(info, 0, false)] };
  const choose = policy.contender.members[0]();
  return { env, row, choose, observation, info, over: false };
}

function advanceRunner(runner: Runner): void {
  const { env, row, observation, info } = runner;
  const { actionDeltas } = env.settings;
  const step = env.step(runner.choose({ observation, info, actionDeltas }));
  const reward = row.states[row.states.length - 1].reward + step.reward;
  row.states.push(stateOf(step.info, reward, step.terminated));
  runner.observation = step.observation;
  runner.info = step.info;
  runner.over = step.terminated || step.truncated;
}

/**
 * Begins a demonstration.
 *
 * @param policies Who steers. Throws `RangeError` where there is none.
 * @param load What all of them meet.
 */
export function startSession(
  policies: readonly DemoPolicy[],
  load: DemoLoad,
): DemoSession {
  if (policies.length === 0) {
    throw new RangeError(
      "Cannot show a demonstration without policies, expected at least one",
    );
  }
  const steps = load.demand.length - 1;
  const runners = policies.map((policy) => startRunner(policy, load));
  const rows = runners.map((runner) => runner.row);
  let done = 0;
  return {
    load,
    steps,
    rows,
    get step() {
      return done;
    },
    get over() {
      return runners.every((runner) => runner.over);
    },
    advance() {
      for (const runner of runners) if (!runner.over) advanceRunner(runner);
      done = Math.min(steps, done + 1);
    },
  };
}
