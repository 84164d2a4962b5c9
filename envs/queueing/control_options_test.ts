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
