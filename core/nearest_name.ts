/**
 * The name that somebody may have meant.
 *
 * @module
 */
import { levenshteinDistance } from "@std/text";

/** A shorter text is not completed: too many names begin with it. */
const SHORTEST_BEGINNING = 3;

function normalise(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}

/** Whether one text is the other with two neighbouring letters swapped. */
function differBySwap(a: string, b: string): boolean {
  const letters = [...a];
  const at = letters.findIndex((letter, i) => letter !== b[i]);
  if (at < 0 || at + 1 >= letters.length) return false;
  [letters[at], letters[at + 1]] = [letters[at + 1], letters[at]];
  return letters.join("") === b;
}

/**
 * The candidate that is most like a given name, or `undefined` where none is
 * near enough to be worth suggesting: more than a third of the letters are
 * different, and the candidate does not begin with what was given. Two
 * neighbours that changed places are one difference. Upper and lower case are
 * the same, and so are hyphen and underscore; the first of several equally near
 * candidates is taken.
 *
 * @param given What was written.
 * @param candidates What could have been meant.
 *
 * @example A misspelt option
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nearestName } from "./nearest_name.ts";
 *
 * assertEquals(nearestName("timestep", ["seed", "timesteps"]), "timesteps");
 * assertEquals(nearestName("colour", ["seed", "timesteps"]), undefined);
 * ```
 */
export function nearestName(
  given: string,
  candidates: readonly string[],
): string | undefined {
  const wanted = normalise(given);
  let nearest: string | undefined;
  let smallest = Infinity;
  for (const candidate of candidates) {
    const name = normalise(candidate);
    const limit = Math.floor(Math.max(wanted.length, name.length) / 3);
    // The distance is at least the difference in length: no need to compute
    // it for a pasted page of text.
    if (Math.abs(wanted.length - name.length) > limit) continue;
    const distance = differBySwap(wanted, name)
      ? 1
      : levenshteinDistance(wanted, name);
    if (distance <= limit && distance < smallest) {
      nearest = candidate;
      smallest = distance;
    }
  }
  if (nearest !== undefined || wanted.length < SHORTEST_BEGINNING) {
    return nearest;
  }
  for (const candidate of candidates) {
    if (normalise(candidate).startsWith(wanted)) return candidate;
  }
  return undefined;
}
