import { assertEquals } from "@std/assert";
import { controllerLine, controllerTable } from "./controller_report.ts";

const latency = {
  count: 9,
  mean: 21,
  p50: 20.04,
  p99: 30,
  longest: 55,
  latest: 21,
};
const SUMMARY = {
  state: "steering",
  message: 12,
  servers: 4,
  decisions: 9,
  fallbacks: 0,
  missed: 0,
  dataPlanes: 1,
  latency,
  weights: [0.8, 1.6],
} as const;

Deno.test("controllerLine() tells what there is to tell", () => {
  assertEquals(
    controllerLine(SUMMARY),
    "steering  4 servers  message 12  9 decisions  20 us (p99 30)  weights 0.80 to 1.60",
  );
  assertEquals(
    controllerLine({
      ...SUMMARY,
      state: "waiting",
      servers: 0,
      decisions: 0,
      fallbacks: 2,
      missed: 1,
      latency: { ...latency, count: 0 },
      weights: [NaN, NaN],
    }),
    "waiting  0 decisions  SED 2 times  1 missed",
  );
});

Deno.test("controllerTable() has one row", () => {
  assertEquals(controllerTable(SUMMARY).rows, [[9, 0, 0, 1, 20.04, 30, 55]]);
});
