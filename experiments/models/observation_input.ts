/**
 * Observations that come from outside: checked, and as agents take them.
 *
 * @module
 */
import {
  contains,
  describeSpace,
  type Space,
  spaceSize,
  type SpaceValue,
} from "../../core/spaces.ts";
import { actionMaskSize } from "../../envs/vector.ts";

export type { Space, SpaceValue };

/** Where observations and actions lie. */
export interface PolicySpaces {
  /** Of observations. */
  readonly observationSpace: Space;
  /** Of actions. */
  readonly actionSpace: Space;
  /** What each number of an observation is. */
  readonly observationNames?: readonly string[];
}

/** One observation, with the actions that are allowed. */
export interface ObservationInput {
  /** As an agent takes it. */
  readonly observation: SpaceValue;
  /** 1 for each allowed action; undefined where all are. */
  readonly actionMask?: Uint8Array;
  /** Whether an episode begins with it: what was seen before is forgotten. */
  readonly reset?: boolean;
}

/** Text of a value for a message, cut where it is long. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/**
 * An observation of numbers.
 *
 * @param values Throws `SyntaxError` for a number of them that does not fit,
 * and `RangeError` for an observation outside of the space and for numbers
 * that are not finite.
 * @param space Where observations lie.
 * @param name What messages call it, such as `line 3`.
 */
export function observationOf(
  values: ArrayLike<number>,
  space: Space,
  name: string,
): SpaceValue {
  const size = spaceSize(space);
  if (values.length !== size) {
    throw new SyntaxError(
      `Cannot use ${name}: it has ${values.length} numbers, expected ${size} for ${
        describeSpace(space)
      }`,
    );
  }
  const observation = space.kind === "discrete"
    ? values[0]
    : space.kind === "multi-discrete"
    ? Int32Array.from(values)
    : Float32Array.from(values);
  // Infinity lies in a box without bounds, but nothing good comes of it.
  const infinite = [observation].flatMap((value) =>
    typeof value === "number" ? [value] : [...value]
  ).findIndex((value) => !Number.isFinite(value));
  if (infinite >= 0) {
    throw new RangeError(
      `Cannot use ${name}: its number ${infinite} is ${
        values[infinite]
      }, expected one that a 32-bit float holds`,
    );
  }
  if (!contains(space, observation)) {
    throw new RangeError(
      `Cannot use ${name}: ${quoted(Array.from(values))} does not lie in ${
        describeSpace(space)
      }`,
    );
  }
  return observation;
}

/** Options of each choice of an action; none where actions are continuous. */
function choicesOf(space: Space): readonly number[] {
  if (space.kind === "box") return [];
  return space.kind === "discrete" ? [space.n] : space.sizes;
}

/**
 * A mask of actions.
 *
 * @param values 1 or true where an action is allowed. Throws `SyntaxError` for
 * other values and another number of them, and `RangeError` where no action of
 * a choice is allowed.
 * @param space Where actions lie.
 * @param name What messages call what it came with.
 */
export function actionMaskOf(
  values: unknown,
  space: Space,
  name: string,
): Uint8Array {
  const size = actionMaskSize(space);
  const isTruth = (value: unknown) =>
    typeof value === "boolean" || value === 0 || value === 1;
  if (
    !Array.isArray(values) || values.length !== size || !values.every(isTruth)
  ) {
    throw new SyntaxError(
      `Cannot use the actionMask ${
        quoted(values)
      } of ${name}: expected ${size} times 0 or 1 for ${describeSpace(space)}`,
    );
  }
  const mask = Uint8Array.from(values, Number);
  let start = 0;
  for (const options of choicesOf(space)) {
    if (!mask.subarray(start, start += options).includes(1)) {
      throw new RangeError(
        `Cannot use the actionMask ${
          quoted(values)
        } of ${name}: it allows no action`,
      );
    }
  }
  return mask;
}

/**
 * What a JSON value says: a number, an array, or an object with `observation`
 * and perhaps `actionMask` and `reset`.
 *
 * @param value Parsed. Throws `SyntaxError` for anything else, as
 * {@linkcode observationOf} and {@linkcode actionMaskOf} do.
 * @param spaces Of the agent.
 * @param name What messages call it.
 */
export function observationInputOf(
  value: unknown,
  spaces: PolicySpaces,
  name: string,
): ObservationInput {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return inputOf(value, spaces, name);
  }
  const { observation, actionMask, reset, ...others } = value as Record<
    string,
    unknown
  >;
  const [other] = Object.keys(others);
  if (other !== undefined || observation === undefined) {
    throw new SyntaxError(
      `Cannot read ${name}: it has ${
        other === undefined ? "no observation" : `the field ${quoted(other)}`
      }, expected {"observation": [...]}, perhaps with actionMask and reset`,
    );
  }
  if (reset !== undefined && typeof reset !== "boolean") {
    throw new SyntaxError(
      `Cannot read ${name}: its reset is ${
        quoted(reset)
      }, expected true or false`,
    );
  }
  return {
    ...inputOf(observation, spaces, name),
    ...(actionMask !== undefined &&
      { actionMask: actionMaskOf(actionMask, spaces.actionSpace, name) }),
    ...(reset !== undefined && { reset }),
  };
}

function inputOf(
  value: unknown,
  { observationSpace }: PolicySpaces,
  name: string,
): ObservationInput {
  const values = typeof value === "number" ? [value] : value;
  const isNumber = (item: unknown) => typeof item === "number";
  if (!Array.isArray(values) || !values.every(isNumber)) {
    throw new SyntaxError(
      `Cannot read ${name}: ${quoted(value)} is no array of numbers`,
    );
  }
  return { observation: observationOf(values, observationSpace, name) };
}
