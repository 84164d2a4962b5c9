import { assertEquals, assertThrows } from "@std/assert";
import { DDPG_DEFAULTS, ddpgSettings, TD3_DEFAULTS } from "./ddpg_settings.ts";

Deno.test("ddpgSettings() fills in an agent's defaults", () => {
  assertEquals(ddpgSettings("ddpg"), DDPG_DEFAULTS);
  assertEquals(ddpgSettings("td3", { tau: 0.5 }), {
    ...TD3_DEFAULTS,
    tau: 0.5,
  });
});

Deno.test("ddpgSettings() refuses what means nothing", () => {
  const refused: [Parameters<typeof ddpgSettings>[1], string][] = [
    [{ critics: 3 }, "with 3 critics"],
    [{ policyDelay: 0 }, "every 0 updates"],
    [{ policyDelay: 1.5 }, "every 1.5 updates"],
    [{ behaviourCloning: 0 }, "by 0 against the data"],
    [{ behaviourCloning: NaN }, "by NaN against the data"],
    [{ actionNoise: -0.1 }, "-0.1 as actionNoise"],
    [{ targetNoiseClip: Infinity }, "Infinity as targetNoiseClip"],
  ];
  for (const [settings, message] of refused) {
    assertThrows(() => ddpgSettings("td3", settings), RangeError, message);
  }
});
