import { assert, assertEquals } from "@std/assert";
import { fullSacSettings, SAC_DEFAULTS } from "../sac_gru/sac_settings.ts";
import {
  SAC_GRU_PENDULUM_POSITION,
  SAC_GRU_RECALL,
  SAC_PENDULUM,
  SAC_RECALL,
} from "./sac.ts";

Deno.test("settings of SAC are known, mean something, and learn in time", () => {
  for (
    const plan of [
      SAC_PENDULUM,
      SAC_GRU_PENDULUM_POSITION,
      SAC_GRU_RECALL,
      SAC_RECALL,
    ]
  ) {
    const { settings, totalTimesteps } = plan;
    const unknown = Object.keys(settings).filter((name) =>
      !(name in SAC_DEFAULTS)
    );
    assertEquals(unknown, []);
    assert(fullSacSettings(settings).learningStarts < totalTimesteps / 10);
  }
});
