import { assertEquals, assertThrows } from "@std/assert";
import { FEATURE_NAMES } from "../../ffi/reservoir_features.ts";
import { MSG_OUT_COLUMNS } from "../../ffi/shared_memory_layout.ts";
import {
  statisticsColumn,
  statisticsObservation,
  writeStatisticsRow,
} from "./flow_statistics.ts";
import { serverFeatures } from "./observation.ts";

Deno.test("statisticsColumn() has the columns of the layout", () => {
  const names = Object.fromEntries(
    Object.entries(MSG_OUT_COLUMNS).map(([name, column]) => [column, name]),
  );
  const words: Record<string, string> = {
    fct: "flowCompletionTime",
    flow_duration: "flowDuration",
    mean: "Mean",
    percentile: "Percentile90",
    standardDeviation: "StandardDeviation",
    discountedMean: "DiscountedMean",
    discountedPercentile: "DiscountedPercentile90",
  };
  for (const metric of ["fct", "flow_duration"] as const) {
    for (const feature of FEATURE_NAMES.slice(0, 5)) {
      const column = statisticsColumn({
        name: "any",
        unit: "seconds",
        metric,
        feature,
      });
      assertEquals(names[column], words[metric] + words[feature]);
    }
    const feature = "weightedMean";
    assertEquals(
      statisticsColumn({ name: "any", unit: "seconds", metric, feature }),
      -1,
    );
  }
  const [flowsOn] = serverFeatures("seed");
  assertEquals(names[statisticsColumn(flowsOn)], "flowsOngoing");
  assertThrows(
    () => statisticsObservation("all" as "seed"),
    RangeError,
    "seed, paper",
  );
});

Deno.test("writeStatisticsRow() writes the features that travel, 0 for none", () => {
  const features = Float64Array.from({ length: 28 }, (_, i) => i);
  features[7] = NaN;
  const into = new Float32Array(22).fill(-1);
  const from = { flows: 3, features, row: 0 };
  const metrics = ["flow_duration", "fct"] as const;
  writeStatisticsRow({ ...from, metrics }, into, 1);
  assertEquals([...into.subarray(0, 11)], new Array(11).fill(-1));
  assertEquals([...into.subarray(11)], [3, 0, 8, 9, 10, 11, 0, 1, 2, 3, 4]);
});
