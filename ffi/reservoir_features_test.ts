import { assertEquals } from "@std/assert";
import { FEATURES } from "./_symbols.ts";
import * as symbols from "./_symbols.ts";
import { FEATURE_NAMES, namedFeatures } from "./reservoir_features.ts";

Deno.test("FEATURE_NAMES are in the order in which Rust writes features", () => {
  assertEquals(FEATURE_NAMES.length, FEATURES);
  const places: Record<string, number> = {
    mean: symbols.FEATURE_MEAN,
    percentile: symbols.FEATURE_PERCENTILE,
    standardDeviation: symbols.FEATURE_DEVIATION,
    discountedMean: symbols.FEATURE_DISCOUNTED_MEAN,
    discountedPercentile: symbols.FEATURE_DISCOUNTED_PERCENTILE,
    weightedMean: symbols.FEATURE_WEIGHTED_MEAN,
    weightedPercentile: symbols.FEATURE_WEIGHTED_PERCENTILE,
  };
  const row = Object.keys(places).map((_, i) => i);
  assertEquals(namedFeatures(row), places as never);
});
