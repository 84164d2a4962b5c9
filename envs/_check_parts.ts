/**
 * The parts of `checkEnv` that look at single values.
 *
 * @module
 */
import type { Random } from "../core/random.ts";
import {
  contains,
  describeSpace,
  sample,
  type Space,
  spaceSize,
  type SpaceValue,
} from "../core/spaces.ts";
import { actionMaskSize } from "./_vector_copies.ts";
import type { Environment, Info, StepResult } from "./environment.ts";

/** Takes a sentence about a problem. */
export type Report = (problem: string) => void;

/** Number of choices of each entry of a masked action. */
function choices(space: Space): readonly number[] {
  if (space.kind === "discrete") return [space.n];
  return space.kind === "multi-discrete" ? space.sizes : [];
}

/** The choices of one mask, entry by entry, that are 1 (or 0). */
function chosen(space: Space, mask: Uint8Array, wanted: 0 | 1): number[][] {
  let start = 0;
  return choices(space).map((size) => {
    const entry = mask.subarray(start, start += size);
    return [...entry.keys()].filter((i) => entry[i] === wanted);
  });
}

/** A random action that the mask, if any, allows. */
export function drawAction(
  space: Space,
  mask: Uint8Array | undefined,
  random: Random,
): SpaceValue {
  if (mask === undefined || space.kind === "box") return sample(space, random);
  const entries = chosen(space, mask, 1).map((allowed) =>
    random.choice(allowed)
  );
  return space.kind === "discrete" ? entries[0] : Int32Array.from(entries);
}

/** One action for each entry that the mask forbids a choice of. */
export function maskedActions(
  space: Space,
  { actionMask }: Info,
  random: Random,
): SpaceValue[] {
  if (actionMask === undefined || space.kind === "box") return [];
  return chosen(space, actionMask, 0).flatMap<SpaceValue>(
    (forbidden, i): SpaceValue[] => {
      if (forbidden.length === 0) return [];
      if (space.kind === "discrete") return [random.choice(forbidden)];
      const action = drawAction(space, actionMask, random) as Int32Array;
      action[i] = random.choice(forbidden);
      return [action];
    },
  );
}

/** Actions that lie outside the space, with what is wrong about them. */
export function badActions(space: Space): [string, SpaceValue][] {
  if (space.kind === "discrete") {
    return [space.n, -1, 0.5, NaN].map((action) => [
      `action ${action}`,
      action,
    ]);
  }
  const size = spaceSize(space);
  const isBox = space.kind === "box";
  const low = isBox ? space.low : new Int32Array(size);
  const make = () => isBox ? Float32Array.from(low) : new Int32Array(size);
  const bad: [string, SpaceValue][] = [
    [
      "an action that is too long",
      isBox ? new Float32Array(size + 1) : new Int32Array(size + 1),
    ],
  ];
  const put = (name: string, i: number, value: number) => {
    const action = make();
    for (let j = 0; j < size; j++) {
      if (!Number.isFinite(action[j])) action[j] = 0;
    }
    action[i] = value;
    if (!contains(space, action)) bad.push([`${name} in entry ${i}`, action]);
  };
  for (let i = 0; i < size; i++) {
    if (space.kind === "box") {
      put("NaN", i, NaN);
      put("a number above the bound", i, 2 * Math.abs(space.high[i]) + 1);
      put("a number below the bound", i, -2 * Math.abs(space.low[i]) - 1);
    } else {
      put(`choice ${space.sizes[i]}`, i, space.sizes[i]);
      put("choice -1", i, -1);
    }
  }
  return bad;
}

function describeValue(value: unknown): string {
  if (ArrayBuffer.isView(value)) {
    return `${value.constructor.name}(${Array.from(value as Float32Array)})`;
  }
  return Array.isArray(value) ? `Array(${value})` : String(value);
}

/** Reports names that are not one for each number of an observation. */
export function checkNames(
  { observationSpace, observationNames }: Environment,
  report: Report,
): void {
  if (observationNames === undefined) return;
  const size = spaceSize(observationSpace);
  if (new Set(observationNames).size !== size) {
    report(
      `observationNames are ${
        JSON.stringify(observationNames)
      }, expected ${size} that differ`,
    );
  }
}

/** Reports an observation outside its space. */
export function checkObservation(
  space: Space,
  observation: unknown,
  report: Report,
): void {
  if (!contains(space, observation)) {
    report(
      `observation ${describeValue(observation)} lies outside ${
        describeSpace(space)
      }`,
    );
  }
}

/** Reports wrong types in what a step returned, and its observation. */
export function checkStepResult(
  space: Space,
  result: StepResult<SpaceValue>,
  report: Report,
): void {
  const { reward, terminated, truncated, info } = result;
  checkObservation(space, result.observation, report);
  if (typeof reward !== "number" || !Number.isFinite(reward)) {
    report(`reward is ${describeValue(reward)}, expected a finite number`);
  }
  for (const [name, flag] of Object.entries({ terminated, truncated })) {
    if (typeof flag !== "boolean") {
      report(`${name} is ${describeValue(flag)}, expected true or false`);
    }
  }
  if (terminated && truncated) {
    report("a step is both terminated and truncated");
  }
  if (typeof info !== "object" || info === null) {
    report(`info is ${describeValue(info)}, expected an object`);
  }
}

/** Reports a mask that is missing, unexpected, or does not fit the actions. */
export function checkMask(
  space: Space,
  { actionMask }: Info,
  { masked, report }: { masked: boolean; report: Report },
): void {
  if ((actionMask !== undefined) !== masked) {
    report("info has an action mask at some times only");
  }
  if (actionMask === undefined) return;
  const size = actionMaskSize(space);
  if (!(actionMask instanceof Uint8Array) || actionMask.length !== size) {
    report(
      `action mask is ${
        describeValue(actionMask)
      }, expected Uint8Array of ${size}`,
    );
    return;
  }
  if (actionMask.some((allowed) => allowed > 1)) {
    report(`action mask ${actionMask} has entries other than 0 and 1`);
  }
  if (chosen(space, actionMask, 1).some((allowed) => allowed.length === 0)) {
    report(`action mask ${actionMask} allows nothing`);
  }
}

const STATE_ARRAYS = new Set<unknown>([
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
]);

/** Reports everything in a saved state that archives cannot write. */
export function checkState(value: unknown, report: Report, name = ""): void {
  const kind = typeof value;
  if (
    value === null || kind === "boolean" || kind === "number" ||
    kind === "string"
  ) return;
  if (kind === "object") {
    const { constructor } = value as object;
    if (STATE_ARRAYS.has(constructor)) return;
    if (constructor === Object || constructor === Array) {
      for (const [key, entry] of Object.entries(value as object)) {
        checkState(entry, report, name === "" ? key : `${name}.${key}`);
      }
      return;
    }
  }
  const what = kind === "object"
    ? (value as object).constructor?.name ?? "an object without a class"
    : kind;
  report(`saved state has ${what} at "${name}", which is no StateValue`);
}
