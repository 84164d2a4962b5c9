import { assertEquals, assertThrows } from "@std/assert";
import { writeArchive } from "../../core/archive.ts";
import { tinyModel } from "../models/_tiny_model.ts";
import { loadedFrom, writeSacBalancer } from "./_tiny_balancers.ts";
import { modelSettings } from "./model_settings.ts";

Deno.test("modelSettings() are the environment's, with changes", async () => {
  const agent = await loadedFrom((path) =>
    writeSacBalancer(path, { numServers: 2, actionType: "weightLevels" })
  );
  const settings = modelSettings(agent);
  assertEquals([...settings.capacities], [2, 4]);
  assertEquals(settings.actionType, "weightLevels");
  assertEquals(modelSettings(agent, { stepSeconds: 0.1 }).stepSeconds, 0.1);
});

Deno.test("modelSettings() refuses models that steer something else", async () => {
  const agent = await loadedFrom((path) => writeArchive(path, tinyModel()));
  assertThrows(() => modelSettings(agent), TypeError, "Autoscaling-v1");
});
