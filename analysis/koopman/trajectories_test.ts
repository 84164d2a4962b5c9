import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  featureColumn,
  featureScaling,
  sampleCount,
  scaleFeatures,
  subsample,
  trajectoriesOf,
} from "./trajectories.ts";

const TWO = trajectoriesOf({
  q: [[0, 1, 2, 3, 4], [9]],
  l: [[5, 5, 5, 5, 5], [5]],
}, 0.5);

Deno.test("trajectoriesOf() lays samples out feature by feature", () => {
  assertEquals([...TWO.series[0].subarray(0, 4)], [0, 5, 1, 5]);
  assertEquals(sampleCount(TWO, 0), 5);
  assertEquals([...featureColumn(TWO, { series: 0, feature: 0 })], [
    0,
    1,
    2,
    3,
    4,
  ]);
});

Deno.test("subsample() keeps every n-th sample of each series", () => {
  const thinned = subsample(TWO, 2);
  assertEquals(thinned.interval, 1);
  assertEquals([...featureColumn(thinned, { series: 0, feature: 0 })], [
    0,
    2,
    4,
  ]);
  assertEquals(sampleCount(thinned, 1), 1);
});

Deno.test("featureScaling() leaves a constant feature's scale alone", () => {
  const scaling = featureScaling(TWO);
  assertEquals(scaling.scale[1], 1);
  const scaled = scaleFeatures(TWO, scaling);
  assertEquals(scaled.series[0][1], 0);
  const again = featureScaling(scaled);
  assertAlmostEquals(again.shift[0], 0, 1e-12);
  assertAlmostEquals(again.scale[0], 1, 1e-12);
});

Deno.test("trajectoriesOf() refuses ragged and unfinished series", () => {
  assertThrows(
    () => trajectoriesOf({ q: [[1, 2]], l: [[1]] }, 1),
    TypeError,
    'Cannot pair 1 samples of "l" with 2 of "q" in series 0',
  );
  assertThrows(
    () => trajectoriesOf({ q: [[1, NaN]] }, 1),
    RangeError,
    "NaN at sample 1",
  );
  assertThrows(() => trajectoriesOf({}, 1), RangeError, "no series");
});
