/** Bars beside and onto each other. */
import type { BarLayer } from "./_layers.ts";

/** Smallest distance between two places; 1 when there is no pair. */
function smallestGap(places: Iterable<number>): number {
  const sorted = [...new Set(places)].filter(Number.isFinite)
    .sort((a, b) => a - b);
  let gap = Infinity;
  for (let i = 1; i < sorted.length; i++) {
    gap = Math.min(gap, sorted[i] - sorted[i - 1]);
  }
  return gap === Infinity ? 1 : gap;
}

/** Puts the bars of one pair of axes beside or onto each other. */
export function placeBars(
  layers: readonly BarLayer[],
  options: { barmode?: string; bargap?: number; bargroupgap?: number },
): void {
  const { barmode = "group", bargap = 0.2, bargroupgap = 0 } = options;
  const slot = smallestGap(layers.flatMap(({ at }) => [...at])) * (1 - bargap);
  const grouped = barmode === "group" ? layers.length : 1;
  const tops = {
    up: new Map<number, number>(),
    down: new Map<number, number>(),
  };
  layers.forEach((layer, series) => {
    for (let i = 0; i < layer.at.length; i++) {
      if (barmode === "stack" || barmode === "relative") {
        const heights = layer.end[i] < 0 ? tops.down : tops.up;
        const from = heights.get(layer.at[i]) ?? 0;
        layer.base[i] = from;
        if (Number.isFinite(layer.end[i])) {
          layer.end[i] += from;
          heights.set(layer.at[i], layer.end[i]);
          for (const errors of layer.errors) {
            errors.low[i] += from;
            errors.high[i] += from;
          }
        }
      }
      if (Number.isFinite(layer.width[i])) continue;
      const share = slot / grouped;
      layer.width[i] = share * (1 - (grouped > 1 ? bargroupgap : 0));
      layer.at[i] += (series - (grouped - 1) / 2) * (grouped > 1 ? share : 0);
    }
  });
}
