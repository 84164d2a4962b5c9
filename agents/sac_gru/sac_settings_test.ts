import { assertEquals, assertThrows } from "@std/assert";
import {
  fullSacSettings,
  SAC_DEFAULTS,
  SAC_GRU_DEFAULTS,
  type SacSettings,
} from "./sac_settings.ts";

Deno.test("fullSacSettings() fills in the defaults of its kind", () => {
  assertEquals(fullSacSettings(), SAC_GRU_DEFAULTS);
  assertEquals(fullSacSettings({ recurrent: false }), {
    ...SAC_DEFAULTS,
    sequenceLength: 1,
    burnIn: 0,
  });
  // Full settings stay what they are.
  for (const recurrent of [true, false]) {
    const full = fullSacSettings({ recurrent, gamma: 0.5 });
    assertEquals(fullSacSettings(full), full);
  }
});

Deno.test("fullSacSettings() throws for what means nothing", () => {
  const cases: Partial<SacSettings>[] = [
    { targetEntropyFraction: 1 },
    { targetEntropyFraction: -0.1 },
    { targetEntropyFraction: NaN },
    { temperature: 0 },
    { temperature: Infinity },
    { sequenceLength: 0 },
    { sequenceLength: 1.5 },
    { burnIn: -1 },
  ];
  for (const settings of cases) {
    assertThrows(() => fullSacSettings(settings), RangeError, "expected");
  }
  // As a model's file may have it.
  assertThrows(
    () => fullSacSettings({ encoderArch: null as never }),
    TypeError,
    "Cannot make layers of encoderArch null, expected a list of widths",
  );
});
