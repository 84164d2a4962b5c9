import { assertEquals } from "@std/assert";
import { PPO_QUEUEING, PPO_QUEUEING_COPIES } from "./queueing.ts";

Deno.test("PPO's minibatch divides its rollout", () => {
  const rows = PPO_QUEUEING.nSteps! * PPO_QUEUEING_COPIES;
  assertEquals(rows % PPO_QUEUEING.batchSize!, 0);
});
