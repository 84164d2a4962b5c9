/**
 * Finding violations of the contract of several agents.
 *
 * @module
 */
import { Random } from "../core/random.ts";
import { contains, describeSpace } from "../core/spaces.ts";
import { drawAction } from "./_check_parts.ts";
import { sameValue } from "./_same_value.ts";
import { checkEnv, type CheckEnvOptions } from "./check_env.ts";
import { jointEnvironment } from "./joint_environment.ts";
import type {
  MultiAgentEnvironment,
  MultiAgentInfo,
  MultiAgentResetResult,
  MultiAgentStepResult,
} from "./multi_agent.ts";

/** Steps whose results are kept to see whether later ones change them. */
const KEPT_STEPS = 50;

type Report = (problem: string) => void;

/** Counts, spaces and the state of what reset and step return. */
function checkSeen(
  env: MultiAgentEnvironment,
  { observations, state, info }: MultiAgentResetResult<unknown>,
  report: Report,
): void {
  const counts: [string, { length: number } | undefined][] = [
    ["observations", observations],
    ["actionMasks", info.actionMasks],
  ];
  for (const [name, list] of counts) {
    if (list !== undefined && list.length !== env.numAgents) {
      report(`${list.length} ${name}, expected one of each agent`);
    }
  }
  observations.forEach((observation, agent) => {
    if (!contains(env.observationSpaces[agent], observation)) {
      report(`agent ${agent}'s observation lies outside its space`);
    }
  });
  if (!contains(env.stateSpace, state)) {
    report(`the state lies outside ${describeSpace(env.stateSpace)}`);
  }
}

function checkRewards(
  { numAgents }: MultiAgentEnvironment,
  { rewards }: MultiAgentStepResult<unknown>,
  report: Report,
): void {
  if (!(rewards instanceof Float64Array) || rewards.length !== numAgents) {
    report("rewards are no Float64Array with one of each agent");
  } else if (!rewards.every(Number.isFinite)) {
    report("rewards are not finite");
  }
}

function drawActions(
  { actionSpaces }: MultiAgentEnvironment,
  { actionMasks }: MultiAgentInfo,
  random: Random,
) {
  return actionSpaces.map((space, agent) =>
    drawAction(space, actionMasks?.[agent], random)
  );
}

function checkCounts(env: MultiAgentEnvironment, report: Report): void {
  const { numAgents } = env;
  for (const name of ["observationSpaces", "actionSpaces"] as const) {
    if (env[name].length !== numAgents) {
      report(`${env[name].length} ${name} for ${numAgents} agents`);
    }
  }
}

function checkResults(
  env: MultiAgentEnvironment,
  { steps, seed, report }: { steps: number; seed: number; report: Report },
): void {
  const random = new Random(seed);
  let seen: MultiAgentResetResult<unknown> = env.reset({ seed });
  checkSeen(env, seen, report);
  const tooFew = drawActions(env, seen.info, random).slice(1);
  try {
    env.step(tooFew);
    report("step() with too few actions does not throw");
  } catch (error) {
    if (!(error instanceof TypeError)) {
      report(`step() with too few actions throws ${error}, expected TypeError`);
    }
  }
  let length = 0;
  const kept: [unknown, unknown][] = [];
  for (let i = 0; i < steps; i++) {
    const result = env.step(drawActions(env, seen.info, random));
    if (i < KEPT_STEPS) kept.push([result, structuredClone(result)]);
    checkSeen(env, result, report);
    checkRewards(env, result, report);
    length++;
    if (length > env.maximumSteps) {
      report(`an episode of ${length} steps, above maximumSteps`);
    }
    const over = result.terminated || result.truncated;
    if (over) length = 0;
    seen = over ? env.reset() : result;
  }
  if (kept.some(([given, copy]) => !sameValue(given, copy))) {
    report("results are not fresh: later steps change earlier ones");
  }
}

/**
 * Looks for violations of the contract of {@linkcode MultiAgentEnvironment}:
 * all that `checkEnv` finds in its `jointEnvironment`, states and rewards
 * among what is compared; and counts, spaces and the longest episode.
 *
 * @param makeEnvironment Makes the environment, a new one each time.
 * @param options How many steps to take, from which seed.
 * @returns A sentence about each problem; empty when there is none.
 */
export function checkMultiAgentEnv(
  makeEnvironment: () => MultiAgentEnvironment,
  options: CheckEnvOptions = {},
): string[] {
  const { steps = 300, seed = 0 } = options;
  const problems = new Set<string>();
  const report = (problem: string) => void problems.add(problem);
  const env = makeEnvironment();
  checkCounts(env, report);
  if (problems.size > 0) return [...problems];
  try {
    checkResults(env, { steps, seed, report });
  } catch (error) {
    report(`taking random actions throws ${error}`);
  }
  const joint = checkEnv(
    () => jointEnvironment(makeEnvironment()),
    options,
  );
  return [...problems, ...joint];
}

/**
 * Throws `Error` with all that {@linkcode checkMultiAgentEnv} finds.
 *
 * @param makeEnvironment Makes the environment, a new one each time.
 * @param options How many steps to take, from which seed.
 */
export function assertMultiAgentEnv(
  makeEnvironment: () => MultiAgentEnvironment,
  options: CheckEnvOptions = {},
): void {
  const problems = checkMultiAgentEnv(makeEnvironment, options);
  if (problems.length > 0) {
    throw new Error(
      `Cannot accept ${makeEnvironment().id} as an environment of several agents, found:\n- ${
        problems.join("\n- ")
      }`,
    );
  }
}
