/**
 * Observations as lines of text: JSON or CSV.
 *
 * @module
 */
import type { SpaceValue } from "../../core/spaces.ts";
import {
  contains,
  describeSpace,
  type Space,
  spaceSize,
} from "../../core/spaces.ts";

export type { Space, SpaceValue };

/** One observation, with the actions that are allowed. */
export interface ObservationLine {
  /** As an agent takes it. */
  readonly observation: SpaceValue;
  /** 1 for each allowed action; undefined where all are. */
  readonly actionMask?: Uint8Array;
}

/** Where a line stands. */
export interface LinePlace {
  /** What messages call it, such as `line 3`. */
  name: string;
  /** Whether it may be a CSV file's header, which is no observation. */
  mayBeHeader?: boolean;
}

/**
 * Reads one line: a JSON array, a number, an object with `observation` and
 * perhaps `actionMask`, or numbers with commas between them.
 *
 * @param line The text.
 * @param space Where observations lie. Throws `SyntaxError` for a line that is
 * none of these, and `RangeError` for an observation outside of the space.
 * @param place Where it stands.
 * @returns Undefined for a blank line and for a header.
 */
export function readObservationLine(
  line: string,
  space: Space,
  place: LinePlace,
): ObservationLine | undefined {
  const text = line.trim();
  if (text === "") return undefined;
  const isJson = /^[[{]/.test(text);
  if (!isJson && place.mayBeHeader && isHeader(text, space)) return undefined;
  const { values, mask } = isJson
    ? readJson(text, place.name)
    : { values: readCsv(text, place.name), mask: undefined };
  const size = spaceSize(space);
  if (values.length !== size) {
    throw new SyntaxError(
      `Cannot use ${place.name}: it has ${values.length} numbers, expected ${size} for ${
        describeSpace(space)
      }`,
    );
  }
  const observation = space.kind === "discrete"
    ? values[0]
    : Float32Array.from(values);
  if (!contains(space, observation)) {
    throw new RangeError(
      `Cannot use ${place.name}: ${text} does not lie in ${
        describeSpace(space)
      }`,
    );
  }
  return mask ? { observation, actionMask: mask } : { observation };
}

/** A header has names in as many columns as an observation has numbers. */
function isHeader(text: string, space: Space): boolean {
  const cells = text.split(",");
  return cells.length === spaceSize(space) &&
    cells.every((cell) => Number.isNaN(Number(cell)));
}

function readJson(text: string, name: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError(`Cannot read ${name}: ${quote(text)} is not JSON`);
  }
  if (Array.isArray(value)) {
    return { values: numbers(value, name), mask: undefined };
  }
  const { observation, actionMask } = value as Record<string, unknown>;
  const values = typeof observation === "number" ? [observation] : observation;
  const mask = actionMask === undefined
    ? undefined
    : Uint8Array.from(numbers(actionMask, name));
  return { values: numbers(values, name), mask };
}

function numbers(value: unknown, name: string): number[] {
  if (
    !Array.isArray(value) || !value.every((item) => typeof item === "number")
  ) {
    throw new SyntaxError(
      `Cannot read ${name}: ${
        quote(JSON.stringify(value) ?? "nothing")
      } is no array of numbers`,
    );
  }
  return value;
}

function readCsv(text: string, name: string): number[] {
  return text.split(",").map((cell) => {
    const value = Number(cell);
    if (cell.trim() === "" || Number.isNaN(value)) {
      throw new SyntaxError(
        `Cannot read ${name}: expected numbers, not ${quote(cell.trim())}`,
      );
    }
    return value;
  });
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
