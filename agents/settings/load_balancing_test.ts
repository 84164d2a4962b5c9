import { assertEquals } from "@std/assert";
import { qmixSettings } from "../qmix/qmix_settings.ts";
import { fullSacSettings } from "../sac_gru/sac_settings.ts";
import {
  Q_LEARNING_LOAD_BALANCING,
  QMIX_LOAD_BALANCING,
  SAC_LOAD_BALANCING,
} from "./load_balancing.ts";

Deno.test("settings of load balancing are allowed, and say what they are for", () => {
  assertEquals(qmixSettings(QMIX_LOAD_BALANCING).mixer, "qmix");
  const independent = qmixSettings(Q_LEARNING_LOAD_BALANCING);
  assertEquals([independent.mixer, independent.shareParameters], [
    "none",
    false,
  ]);
  assertEquals(fullSacSettings(SAC_LOAD_BALANCING).recurrent, true);
});
