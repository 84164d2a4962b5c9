import { assertEquals, assertThrows } from "@std/assert";
import {
  QUEUEING_CONTROL_OPTION_NAMES,
  queueingControlOptions,
  queueingControlSettings,
} from "./control_options.ts";

Deno.test("queueingControlSettings() fills in defaults", () => {
  const settings = queueingControlSettings({ maxRetries: 5 });
  assertEquals(settings.budgetLevels, [5, 0.1, 0]);
  assertEquals(settings.arrivalRate, 9);
  assertEquals(
    Object.keys(settings).sort(),
    QUEUEING_CONTROL_OPTION_NAMES.toSorted(),
  );
});

Deno.test("queueingControlOptions() reads what a model records", () => {
  const json = JSON.parse(
    JSON.stringify(queueingControlSettings({ warmUp: 3 })),
  );
  const settings = queueingControlSettings(queueingControlOptions(json));
  assertEquals(settings.warmUp, 3);
  assertThrows(
    () => queueingControlSettings(queueingControlOptions({ warmup: 3 })),
    RangeError,
    "did you mean warmUp?",
  );
});

Deno.test("queueingControlSettings() refuses what is no number in its range", () => {
  const cases: [Parameters<typeof queueingControlSettings>[0], string][] = [
    [{ arrivalRate: -1 }, "arrivalRate -1: expected a finite number above 0"],
    [{ timeout: NaN }, "timeout NaN: expected"],
    [{ queueCapacity: Infinity }, "queueCapacity Infinity: expected a whole"],
    [{ healthyShare: 1.5 }, "healthyShare 1.5: expected a number above 0, to"],
    [{ admissionLevels: [2] }, "admissionLevels [2]: expected a list of"],
  ];
  for (const [options, message] of cases) {
    assertThrows(
      () => queueingControlSettings(options),
      RangeError,
      `Cannot control a queue with ${message}`,
    );
  }
});
