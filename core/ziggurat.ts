/**
 * Exponential variates by the ziggurat (Marsaglia and Tsang, "The ziggurat
 * method for generating random variables", 2000): 98 of 100 take a product
 * and a comparison, the others what stands here.
 *
 * @module
 */
import { exp, log } from "./fdlibm.ts";

const TWO_POW_53 = 2 ** 53;

/** Where the lowest layer ends and the tail begins. */
const TAIL = 7.69711747013104972;
/** The area of each layer. */
const AREA = 0.0039496598225815571993;

/** Layers of one area below exp(-x); a power of two. */
export const LAYERS = 256;

/** The width of each layer over 2^53, the lowest first. */
export const unitWidths: Float64Array = new Float64Array(LAYERS);
/** How much of each layer lies below the density: the width of the next. */
export const innerWidths: Float64Array = new Float64Array(LAYERS);
/** The density at the right end of each layer, and 1 at the top. */
const heights = new Float64Array(LAYERS + 1).fill(1);

for (let layer = 0, width = AREA / exp(-TAIL), inner = TAIL; layer < LAYERS;) {
  unitWidths[layer] = width / TWO_POW_53;
  innerWidths[layer] = inner;
  // The lowest layer's end is not on the density.
  heights[layer] = layer === 0 ? 0 : exp(-width);
  width = inner;
  const top = exp(-inner) + AREA / inner;
  layer++;
  inner = layer + 1 < LAYERS ? -log(top) : 0;
}

/** The place in a layer that two words of 32 bits draw; the lower ones say which. */
function place(upper: number, lower: number): number {
  return ((upper >>> 0) * 2097152 + (lower >>> 11)) *
    unitWidths[lower & (LAYERS - 1)];
}

/**
 * What becomes of a place that is not below the density all the way.
 *
 * @param layer Which layer.
 * @param x The place: not below the layer's `innerWidths`.
 * @param word Draws the next 32 bits, with or without a sign.
 */
export function exponentialBeyond(
  layer: number,
  x: number,
  word: () => number,
): number {
  // The tail is the density again, further on.
  for (let start = 0;;) {
    if (x < innerWidths[layer]) return start + x;
    if (layer === 0) {
      start += TAIL;
    } else {
      const low = heights[layer];
      const upper = word() >>> 5;
      const uniform = (upper * 67108864 + (word() >>> 6)) / TWO_POW_53;
      const height = low + uniform * (heights[layer + 1] - low);
      if (height < exp(-x)) return start + x;
    }
    const upper = word();
    const lower = word();
    layer = lower & (LAYERS - 1);
    x = place(upper, lower);
  }
}
