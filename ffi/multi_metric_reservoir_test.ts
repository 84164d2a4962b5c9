import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type MultiMetricOptions,
  MultiMetricReservoir,
} from "./multi_metric_reservoir.ts";

Deno.test("MultiMetricReservoir gives each reservoir a stream of its own", () => {
  const all = new MultiMetricReservoir({ servers: 3, size: 32 });
  for (let i = 0; i < 5000; i++) {
    for (let server = 0; server < 3; server++) {
      all.update({ fct: i, flow_duration: i }, { server });
    }
  }
  const samples = new Set<string>();
  for (let server = 0; server < 3; server++) {
    for (const metric of all.metrics) {
      samples.add(all.of(server, metric).getSample().sort().join());
    }
  }
  // The original seeds both metrics alike: equal samples of equal streams.
  assertEquals(samples.size, 6);
});

Deno.test("MultiMetricReservoir writes features into a given array", () => {
  const all = new MultiMetricReservoir({ metrics: ["a"], servers: 2 });
  all.update({ a: 3 }, { server: 1 });
  const out = new Float64Array(14);
  assert(all.features({ out }) === out);
  assertEquals(out[7 + all.featureNames.indexOf("mean")], 3);
  assertThrows(
    () => all.features({ out: new Float64Array(13) }),
    TypeError,
    "into a Float64Array of 13, expected a Float64Array of 14",
  );
  const floats = new Float32Array(14) as unknown as Float64Array<ArrayBuffer>;
  assertThrows(() => all.features({ out: floats }), TypeError, "Float32Array");
});

Deno.test("MultiMetricReservoir refuses names, servers and options", () => {
  for (
    const [options, message] of [
      [{ metrics: [] }, "the metrics []"],
      [{ metrics: ["a", "a"] }, '["a","a"]'],
      [{ servers: 0 }, "0 servers"],
      [{ servers: 0.5 }, "0.5 servers"],
      [{ servers: 1e9 }, "1000000000 servers"],
      [{ size: 0 }, "size 0"],
    ] as [MultiMetricOptions, string][]
  ) {
    assertThrows(() => new MultiMetricReservoir(options), RangeError, message);
  }
  const all = new MultiMetricReservoir({ servers: 2 });
  assertThrows(() => all.of(2, "fct"), RangeError, "server 2");
  assertThrows(() => all.of(-1, "fct"), RangeError, "server -1");
  assertThrows(() => all.of(0, "cpu"), RangeError, 'metric "cpu"');
  assertThrows(() => all.update({ fct: NaN }), RangeError, "NaN");
});
