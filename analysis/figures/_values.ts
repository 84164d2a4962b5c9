/** Numbers on their way into figures. */

/** A plain array in which what JSON cannot say (NaN, infinities) is null. */
export function plainNumbers(values: ArrayLike<number>): (number | null)[] {
  const plain: (number | null)[] = new Array(values.length);
  for (let i = 0; i < values.length; i++) {
    plain[i] = Number.isFinite(values[i]) ? values[i] : null;
  }
  return plain;
}

/** Smallest and largest finite value; Infinity and -Infinity without any. */
export function finiteExtent(
  values: Iterable<number | null>,
): [low: number, high: number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** All values of several arrays, one after the other. */
export function* concatenated<T>(
  arrays: Iterable<Iterable<T>>,
): Generator<T> {
  for (const array of arrays) yield* array;
}

/** Throws unless two arrays of a series are of one length. */
export function checkSameLength(
  name: string,
  first: [label: string, values: ArrayLike<unknown>],
  second: [label: string, values: ArrayLike<unknown> | undefined],
): void {
  if (second[1] === undefined || first[1].length === second[1].length) return;
  throw new TypeError(
    `Cannot draw the series "${name}" with ${first[1].length} values of ${
      first[0]
    } and ${second[1].length} of ${second[0]}, expected as many of both`,
  );
}

/** Which points have a gap or an end on either side. */
export function isolatedPoints(
  x: readonly (number | null)[],
  y: readonly (number | null)[],
): boolean[] {
  const here = (i: number) =>
    i >= 0 && i < y.length && x[i] !== null && y[i] !== null;
  return y.map((_, i) => here(i) && !here(i - 1) && !here(i + 1));
}

/** plotly's error bars from lower and upper ends; none without them. */
export function errorBars(
  values: readonly (number | null)[],
  ends: { low?: ArrayLike<number>; high?: ArrayLike<number> },
): { array: number[]; arrayminus: number[] } | undefined {
  const { low, high } = ends;
  if (low === undefined && high === undefined) return undefined;
  const distance = (end: number | undefined, value: number | null) => {
    const length = value === null ? 0 : Math.abs((end ?? value) - value);
    return Number.isFinite(length) ? length : 0;
  };
  return {
    array: values.map((value, i) => distance(high?.[i], value)),
    arrayminus: values.map((value, i) => distance(low?.[i], value)),
  };
}
