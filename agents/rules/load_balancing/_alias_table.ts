/**
 * Draws of unequal probability in constant time (Walker 1977, Vose 1991).
 *
 * @module
 */

/** Items with the probabilities of their weights. */
export interface AliasTable {
  /**
   * The item of a number from 0 to below 1: its place among `items` is the
   * number's first part, the rest decides between the item and its alias.
   */
  at(uniform: number): number;
}

/**
 * A table of items. At least one weight is above 0, and none below.
 *
 * @param items What is drawn.
 * @param weights Of each, in any unit. Shape [items].
 */
export function aliasTable(
  items: Int32Array,
  weights: ArrayLike<number>,
): AliasTable {
  const { length } = items;
  let total = 0;
  for (let i = 0; i < length; i++) total += weights[i];
  const share = Float64Array.from(
    { length },
    (_, i) => weights[i] / total * length,
  );
  const alias = items.slice();
  const light: number[] = [];
  const heavy: number[] = [];
  share.forEach((value, i) => (value < 1 ? light : heavy).push(i));
  while (light.length > 0 && heavy.length > 0) {
    const low = light.pop()!;
    const high = heavy[heavy.length - 1];
    alias[low] = items[high];
    share[high] -= 1 - share[low];
    if (share[high] < 1) light.push(heavy.pop()!);
  }
  // What is left is 1 but for rounding.
  for (const i of light) share[i] = 1;
  for (const i of heavy) share[i] = 1;
  return {
    at(uniform) {
      const place = uniform * length;
      const i = Math.floor(place);
      return place - i < share[i] ? items[i] : alias[i];
    },
  };
}
