/**
 * Finding violations of the environment contract.
 *
 * @module
 */
import { Random } from "../core/random.ts";
import type { SpaceValue } from "../core/spaces.ts";
import type { State } from "../core/state.ts";
import {
  badActions,
  checkMask,
  checkNames,
  checkObservation,
  checkState,
  checkStepResult,
  drawAction,
  maskedActions,
  type Report,
} from "./_check_parts.ts";
import { sameValue } from "./_same_value.ts";
import type { Environment, Info, StepResult } from "./environment.ts";

/** Options of {@linkcode checkEnv}. */
export interface CheckEnvOptions {
  /** Steps to take in each part of the check. Default 300. */
  steps?: number;
  /** Seeds environment and actions. Default 0. */
  seed?: number;
}

/** What a part of the check needs. */
interface Check {
  make: () => Environment;
  steps: number;
  seed: number;
  report: Report;
}

/** One reset or step of a recorded run. */
interface Moment {
  action?: SpaceValue;
  result: unknown;
  ended: boolean;
}

/** Runs a part; what it throws is a problem too. */
function attempt(report: Report, what: string, part: () => void): void {
  try {
    part();
  } catch (error) {
    report(`${what} throws ${error}`);
  }
}

/** What `act` throws, or undefined. */
function thrown(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error ?? "nothing in particular";
  }
}

function hasEnded(result: StepResult<SpaceValue>): boolean {
  return result.terminated || result.truncated;
}

/**
 * Takes random allowed actions and records them with deep copies of all that
 * came back. Episodes begin anew without a seed.
 */
function record(
  environment: Environment,
  info: Info,
  { steps, random }: { steps: number; random: Random },
): Moment[] {
  const moments: Moment[] = [];
  let now = info;
  for (let i = 0; i < steps; i++) {
    const action = drawAction(environment.actionSpace, now.actionMask, random);
    const result = environment.step(action);
    const ended = hasEnded(result);
    now = result.info;
    moments.push({ action, result: structuredClone(result), ended });
    if (ended) {
      const fresh = environment.reset();
      now = fresh.info;
      moments.push({ result: structuredClone(fresh), ended: false });
    }
  }
  return moments;
}

/** Where a run that takes the recorded actions differs; -1 for nowhere. */
function firstDifference(environment: Environment, moments: Moment[]): number {
  return moments.findIndex(({ action, result }) =>
    !sameValue(
      action === undefined ? environment.reset() : environment.step(action),
      result,
    )
  );
}

function checkResults({ make, steps, seed, report }: Check): void {
  const environment = make();
  const random = new Random(seed);
  if (typeof environment.id !== "string" || environment.id === "") {
    report(`id is ${environment.id}, expected a name`);
  }
  checkNames(environment, report);
  const first = environment.reset({ seed });
  const masked = first.info.actionMask !== undefined;
  checkObservation(environment.observationSpace, first.observation, report);
  checkMask(environment.actionSpace, first.info, { masked, report });
  let info = first.info;
  for (let i = 0; i < steps; i++) {
    const action = drawAction(environment.actionSpace, info.actionMask, random);
    const before = structuredClone(action);
    const result = environment.step(action);
    if (!sameValue(action, before)) report("step() changes the action given");
    checkStepResult(environment.observationSpace, result, report);
    checkMask(environment.actionSpace, result.info, { masked, report });
    info = result.info;
    if (hasEnded(result)) {
      const next = environment.reset();
      checkObservation(environment.observationSpace, next.observation, report);
      checkMask(environment.actionSpace, next.info, { masked, report });
      info = next.info;
    }
  }
}

/** Everything kept stays as it was; overwriting it changes nothing. */
function checkFreshness({ make, steps, seed, report }: Check): void {
  const environment = make();
  const { observation, info } = environment.reset({ seed });
  const kept: [unknown, unknown][] = [];
  const keep = (seen: SpaceValue, { actionMask }: Info) =>
    kept.push([[seen, actionMask], structuredClone([seen, actionMask])]);
  keep(observation, info);
  const random = new Random(seed);
  let now = info;
  for (let i = 0; i < Math.min(steps, 100); i++) {
    const action = drawAction(environment.actionSpace, now.actionMask, random);
    const result = environment.step(action);
    keep(result.observation, result.info);
    now = result.info;
    if (hasEnded(result)) {
      const next = environment.reset();
      keep(next.observation, next.info);
      now = next.info;
    }
  }
  if (kept.some(([given, copy]) => !sameValue(given, copy))) {
    report(
      "observations or masks are not fresh: later steps change earlier ones",
    );
  }
}

function checkOverwriting({ make, steps, seed, report }: Check): void {
  const environment = make();
  const first = environment.reset({ seed });
  const moments = record(environment, first.info, {
    steps: Math.min(steps, 100),
    random: new Random(seed),
  });
  const twin = make();
  const spoil = ({ observation, info }: StepResult<SpaceValue>) => {
    if (typeof observation !== "number") observation.fill(123);
    info.actionMask?.fill(0);
  };
  spoil(twin.reset({ seed }) as StepResult<SpaceValue>);
  for (const { action, result } of moments) {
    const again = action === undefined ? twin.reset() : twin.step(action);
    if (!sameValue(again, result)) {
      report("overwriting a returned observation or mask changes later steps");
      return;
    }
    spoil(again as StepResult<SpaceValue>);
    if (typeof action === "object") action.fill(0);
  }
}

function checkSeeds({ make, steps, seed, report }: Check): void {
  const environment = make();
  const first = structuredClone(environment.reset({ seed }));
  const random = new Random(seed);
  const moments = record(environment, first.info, { steps, random });
  const others: [string, Environment][] = [
    ["a new environment", make()],
    ["the same environment, reset again", environment],
  ];
  for (const [name, other] of others) {
    if (
      !sameValue(other.reset({ seed }), first) ||
      firstDifference(other, moments) >= 0
    ) report(`one seed gives another trajectory in ${name}`);
  }
  const left = structuredClone(make().reset());
  if (!sameValue(make().reset(), left)) {
    report("environments that were never seeded begin differently");
  }
}

function checkPhases({ make, steps, seed, report }: Check): void {
  const environment = make();
  const random = new Random(seed);
  const someAction = drawAction(environment.actionSpace, undefined, random);
  if (!thrown(() => environment.step(someAction))) {
    report("step() before the first reset does not throw");
  }
  let { info } = environment.reset({ seed });
  for (let i = 0; i < steps; i++) {
    const action = drawAction(environment.actionSpace, info.actionMask, random);
    const result = environment.step(action);
    info = result.info;
    if (!hasEnded(result)) continue;
    const ended = environment.saveState();
    if (!thrown(() => environment.step(action))) {
      report("step() after the episode's end does not throw");
      return;
    }
    const restored = make();
    restored.loadState(ended);
    if (!thrown(() => restored.step(action))) {
      report("a state saved after the episode's end can be stepped from");
    }
    return;
  }
}

/** Refused actions throw RangeError and leave everything as it was. */
function checkRefusals({ make, seed, report }: Check): void {
  const environment = make();
  environment.reset({ seed });
  const before = structuredClone(environment.saveState());
  for (const [name, action] of badActions(environment.actionSpace)) {
    const error = thrown(() => environment.step(action));
    if (!(error instanceof RangeError)) {
      report(
        `step() with ${name} ${
          error === undefined ? "does not throw" : `throws ${error}`
        }, expected RangeError`,
      );
      environment.loadState(before);
    } else if (!sameValue(environment.saveState(), before)) {
      report(`step() with ${name} throws, but changes the environment`);
      environment.loadState(before);
    }
  }
}

/** A masked action is refused each time or taken each time. */
function checkMaskedActions({ make, steps, seed, report }: Check): void {
  const environment = make();
  const random = new Random(seed);
  let { info } = environment.reset({ seed });
  let refused: boolean | undefined;
  for (let i = 0; i < Math.min(steps, 100); i++) {
    const saved = environment.saveState();
    for (const action of maskedActions(environment.actionSpace, info, random)) {
      const error = thrown(() => environment.step(action));
      if (error !== undefined && !(error instanceof RangeError)) {
        report(`a masked action throws ${error}, expected RangeError if any`);
      }
      const now = error !== undefined;
      if (now !== (refused ?? now)) {
        report("masked actions are refused sometimes and taken at other times");
      }
      refused = now;
      if (now && !sameValue(environment.saveState(), saved)) {
        report("a refused masked action changes the environment");
      }
      environment.loadState(saved);
    }
    const action = drawAction(environment.actionSpace, info.actionMask, random);
    const result = environment.step(action);
    info = hasEnded(result) ? environment.reset().info : result.info;
  }
}

/** Save, step on, restore: everything after it must have the same bytes. */
function checkSavingAt(check: Check, stepsBefore: number): void {
  const { make, steps, seed, report } = check;
  const environment = make();
  const random = new Random(seed);
  const { info } = environment.reset({ seed });
  const before = record(environment, info, { steps: stepsBefore, random });
  const last = before.at(-1)?.result as { info: Info } | undefined;
  const saved = environment.saveState();
  checkState(saved, report);
  let kept: State;
  try {
    kept = structuredClone(saved);
  } catch (error) {
    report(`structuredClone() of the saved state throws ${error}`);
    return;
  }
  if (!sameValue(environment.saveState(), kept)) {
    report("saving twice gives different states");
  }
  const moments = record(environment, last?.info ?? info, { steps, random });
  const end = structuredClone(environment.saveState());
  if (!sameValue(saved, kept)) {
    report("saveState() is no copy: later steps change it");
  }
  const places: [string, Environment][] = [
    ["the same environment", environment],
    ["a new environment", make()],
  ];
  for (const [name, other] of places) {
    const given = structuredClone(kept);
    other.loadState(given);
    if (!sameValue(other.saveState(), kept)) {
      report(`a state restored into ${name} is saved differently`);
    }
    if (
      firstDifference(other, moments) >= 0 ||
      !sameValue(other.saveState(), end)
    ) report(`${name} goes on differently from a restored state`);
    if (!sameValue(given, kept)) {
      report("loadState() makes no copy: later steps change the state given");
    }
  }
}

function checkSaving(check: Check): void {
  for (const stepsBefore of [0, 1, 7, Math.floor(check.steps / 2)]) {
    checkSavingAt(check, stepsBefore);
  }
  const { make, seed, report } = check;
  const unbegun = make().saveState();
  const environment = make();
  environment.reset({ seed });
  environment.loadState(unbegun);
  const random = new Random(seed);
  const action = drawAction(environment.actionSpace, undefined, random);
  if (!thrown(() => environment.step(action))) {
    report("a state saved before the first reset can be stepped from");
  }
}

/**
 * Looks for violations of the contract of {@linkcode Environment}: spaces,
 * types and shapes of what comes back; fresh observations; trajectories that
 * the seed determines; refused steps and actions; masks; saved states (saves,
 * steps on, restores, and compares every byte of what follows, also in a new
 * environment).
 *
 * @param makeEnvironment Makes the environment, a new one each time.
 * @param options How many steps to take, from which seed.
 * @returns A sentence about each problem; empty when there is none.
 */
export function checkEnv(
  makeEnvironment: () => Environment,
  options: CheckEnvOptions = {},
): string[] {
  const { steps = 300, seed = 0 } = options;
  const problems = new Set<string>();
  const report = (problem: string) => void problems.add(problem);
  const check = { make: makeEnvironment, steps, seed, report };
  const parts: [string, (check: Check) => void][] = [
    ["taking random actions", checkResults],
    ["keeping observations", checkFreshness],
    ["overwriting observations", checkOverwriting],
    ["repeating a seed", checkSeeds],
    ["stepping outside an episode", checkPhases],
    ["taking wrong actions", checkRefusals],
    ["taking masked actions", checkMaskedActions],
    ["saving and restoring", checkSaving],
  ];
  for (const [what, part] of parts) {
    attempt(report, what, () => part(check));
  }
  return [...problems];
}

/**
 * Throws `Error` with all that {@linkcode checkEnv} finds.
 *
 * @param makeEnvironment Makes the environment, a new one each time.
 * @param options How many steps to take, from which seed.
 */
export function assertEnv(
  makeEnvironment: () => Environment,
  options: CheckEnvOptions = {},
): void {
  const problems = checkEnv(makeEnvironment, options);
  if (problems.length > 0) {
    throw new Error(
      `Cannot accept ${makeEnvironment().id} as an environment, found:\n- ${
        problems.join("\n- ")
      }`,
    );
  }
}
