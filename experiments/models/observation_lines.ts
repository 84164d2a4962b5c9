/**
 * Observations as lines of text: JSON or CSV.
 *
 * @module
 */
import { spaceSize } from "../../core/spaces.ts";
import {
  type ObservationInput,
  observationInputOf,
  observationOf,
  type PolicySpaces,
  quoted,
} from "./observation_input.ts";

export type { ObservationInput, PolicySpaces };

/** Where a line stands. */
export interface LinePlace {
  /** What messages call it, such as `line 3`. */
  name: string;
  /** Whether it may be a CSV file's header, which is no observation. */
  mayBeHeader?: boolean;
}

/**
 * Reads one line: a JSON array, a number, an object with `observation` and
 * perhaps `actionMask` and `reset`, or numbers with commas between them.
 *
 * @param line The text.
 * @param spaces Of the agent. Throws `SyntaxError` for a line that is none of
 * these, and `RangeError` for an observation outside of its space.
 * @param place Where it stands.
 * @returns Undefined for a blank line and for a header.
 */
export function readObservationLine(
  line: string,
  spaces: PolicySpaces,
  place: LinePlace,
): ObservationInput | undefined {
  const { name } = place;
  const text = line.replace(/^\uFEFF/, "").trim();
  if (text === "") return undefined;
  if (/^[[{]/.test(text)) {
    return observationInputOf(parseJson(text, name), spaces, name);
  }
  const size = spaceSize(spaces.observationSpace);
  if (place.mayBeHeader && isHeader(text, size)) return undefined;
  const values = readCsv(text, name);
  return { observation: observationOf(values, spaces.observationSpace, name) };
}

/** What programs write for numbers that are none. */
const NO_NUMBER = /^[+-]?(nan|inf|infinity)$/i;

/** A header has names in as many columns as an observation has numbers. */
function isHeader(text: string, size: number): boolean {
  const cells = text.split(",");
  return cells.length === size &&
    cells.every((cell) =>
      Number.isNaN(Number(cell)) && !NO_NUMBER.test(cell.trim())
    );
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError(`Cannot read ${name}: ${quoted(text)} is not JSON`);
  }
}

function readCsv(text: string, name: string): number[] {
  return text.split(",").map((cell) => {
    const value = Number(cell);
    if (cell.trim() === "" || Number.isNaN(value)) {
      throw new SyntaxError(
        `Cannot read ${name}: expected numbers, not ${quoted(cell.trim())}`,
      );
    }
    return value;
  });
}
