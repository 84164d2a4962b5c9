import { assertEquals } from "@std/assert";
import { QueueingControlEnv } from "./control_env.ts";
import { QUEUEING_CONTROL_FEATURES } from "./control_info.ts";

Deno.test("QUEUEING_CONTROL_FEATURES names each number of an observation", () => {
  const { observationSpace } = new QueueingControlEnv();
  assertEquals(observationSpace.shape, [QUEUEING_CONTROL_FEATURES.length]);
  assertEquals(
    new Set(QUEUEING_CONTROL_FEATURES).size,
    QUEUEING_CONTROL_FEATURES.length,
  );
});
