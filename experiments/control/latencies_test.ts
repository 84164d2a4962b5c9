import { assert, assertEquals } from "@std/assert";
import { createLatencies } from "./latencies.ts";

Deno.test("createLatencies() knows quantiles within 5 %", () => {
  const latencies = createLatencies();
  for (let i = 1000; i >= 1; i--) latencies.add(i / 1000);
  const { count, mean, p50, p99, longest } = latencies.summary();
  assertEquals([count, longest], [1000, 1000]);
  assert(Math.abs(mean - 500.5) < 1e-6);
  assert(Math.abs(p50 / 500 - 1) < 0.05, String(p50));
  assert(Math.abs(p99 / 990 - 1) < 0.05, String(p99));
});

Deno.test("createLatencies() takes one time, none at all, and no time", () => {
  const latencies = createLatencies();
  const none = latencies.summary();
  assertEquals([none.count, none.mean, none.p99], [0, NaN, NaN]);
  latencies.add(0);
  assertEquals(latencies.summary().longest, 0);
  latencies.add(0.5);
  latencies.add(0.25);
  assertEquals(latencies.summary().latest, 250);
  latencies.add(1e12);
  assertEquals(latencies.summary().count, 4);
});
