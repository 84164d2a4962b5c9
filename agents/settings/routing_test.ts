import { assertEquals } from "@std/assert";
import { ddpgSettings } from "../ddpg/ddpg_settings.ts";
import { offlineSettings } from "../offline/offline.ts";
import { DDPG_ROUTING, OFFLINE_WITHOUT_CLONING } from "./routing.ts";

Deno.test("settings for routing mean something", () => {
  const { actionNoise, critics } = ddpgSettings("ddpg", DDPG_ROUTING);
  assertEquals([actionNoise, critics], [0.2, 1]);
});

Deno.test("without cloning, TD3+BC is DDPG or TD3 on data", () => {
  for (const [name, critics] of [["ddpg", 1], ["td3", 2]] as const) {
    const settings = offlineSettings("td3-bc", OFFLINE_WITHOUT_CLONING[name]);
    assertEquals(settings, { ...settings, critics, behaviourCloning: null });
  }
});
