import { assertEquals } from "@std/assert";
import { alwaysAdd, alwaysRemove, hold } from "./constant.ts";
import type { ServiceView } from "./service_view.ts";

const VIEW: ServiceView = {
  step: 3,
  instances: 50,
  inFlight: 0,
  load: 0.5,
  queue: 0,
  influx: 2000,
  capacityPerInstance: 87,
  minimumInstances: 2,
  maximumInstances: 100,
  stepSeconds: 300,
};

Deno.test("constant rules want the same change whatever they see", () => {
  const views = [VIEW, { ...VIEW, queue: 1e6, load: 1 }, { ...VIEW, load: 0 }];
  assertEquals(views.map((view) => hold().decide(view)), [0, 0, 0]);
  assertEquals(views.map((view) => alwaysAdd().decide(view)), [1, 1, 1]);
  assertEquals(views.map((view) => alwaysRemove().decide(view)), [-1, -1, -1]);
});
