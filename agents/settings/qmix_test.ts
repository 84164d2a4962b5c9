import { assertEquals } from "@std/assert";
import { qmixSettings } from "../qmix/qmix_settings.ts";
import { QMIX_GAMES, QMIX_PYMARL, QMIX_PYMARL2, VDN_PYMARL } from "./qmix.ts";

Deno.test("settings of QMIX mean something and are its own", () => {
  const names = Object.keys(qmixSettings());
  for (const settings of [QMIX_GAMES, QMIX_PYMARL, QMIX_PYMARL2, VDN_PYMARL]) {
    const full = qmixSettings(settings);
    assertEquals(Object.keys(full), names);
  }
  assertEquals(qmixSettings(VDN_PYMARL).mixer, "vdn");
});
