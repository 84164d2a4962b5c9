/**
 * The features of reservoirs, by Rust or by TypeScript.
 *
 * @module
 */
import { log } from "../core/fdlibm.ts";
import { featuresOf } from "./_reservoir_features.ts";
import { type Memory, memoryAt } from "./_reservoir_memory.ts";
import { className } from "./_reservoir_refusals.ts";
import { FEATURES, WORD_CAPACITY, WORDS } from "./_symbols.ts";
import { type NativeLibrary, unwrap } from "./library.ts";
import type { FeatureOptions } from "./reservoir_features.ts";

/** Options with the times and the library that the reservoirs know. */
export interface FeatureRequest extends FeatureOptions {
  /** The time from which ages are counted. */
  now: number;
  /** The time of the last item. */
  latest: number;
  /** Where it is to be used. */
  library: NativeLibrary | undefined;
  /** Takes the features. Default: a new array. */
  out?: Float64Array<ArrayBuffer>;
}

/**
 * Writes the features of reservoirs that lie one after another.
 *
 * @param memory Words and numbers of all of them.
 * @param request What is wanted. Throws `RangeError` for a value out of range.
 * @returns `[reservoirs, FEATURES]`.
 */
export function writeFeatures(
  memory: Pick<Memory, "words" | "numbers">,
  request: FeatureRequest,
): Float64Array<ArrayBuffer> {
  const { words, numbers } = memory;
  const count = words.length / WORDS;
  const { now, latest, discount = 0.9, percentile = 90, library } = request;
  const { out = new Float64Array(count * FEATURES), emptySlots = "ignored" } =
    request;
  if (!(now >= latest && now < Infinity)) {
    throw new RangeError(
      `Cannot compute features at time ${now}, expected a finite number of at least ${latest}, the time of the last value`,
    );
  }
  if (!(discount > 0 && discount <= 1)) {
    throw new RangeError(
      `Cannot discount by ${discount} a second, expected a number above 0, at most 1`,
    );
  }
  if (!(percentile >= 0 && percentile <= 100)) {
    throw new RangeError(
      `Cannot compute the percentile ${percentile}, expected a number from 0 to 100`,
    );
  }
  if (emptySlots !== "ignored" && emptySlots !== "zeros") {
    throw new RangeError(
      `Cannot count empty slots as ${
        JSON.stringify(emptySlots)
      }, expected "ignored" or "zeros"`,
    );
  }
  if (!(out instanceof Float64Array) || out.length !== count * FEATURES) {
    throw new TypeError(
      `Cannot write features of ${count} reservoirs into ${className(out)} of ${
        (out as { length?: number }).length
      }, expected a Float64Array of ${count * FEATURES}`,
    );
  }
  const rate = log(discount) / Math.LN2;
  const share = percentile / 100;
  const zeros = emptySlots === "zeros";
  if (library !== undefined) {
    unwrap(
      library.reservoirFeatures(
        words,
        numbers,
        now,
        rate,
        share,
        zeros ? 1 : 0,
        out,
      ),
      "compute the features of reservoirs",
    );
    return out;
  }
  const size = words[WORD_CAPACITY];
  for (let index = 0; index < count; index++) {
    featuresOf(
      memoryAt(words, numbers, { index, count, size }),
      { now, rate, share, zeros },
      out.subarray(index * FEATURES, (index + 1) * FEATURES),
    );
  }
  return out;
}
