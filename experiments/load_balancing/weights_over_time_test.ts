import { assertEquals, assertThrows } from "@std/assert";
import { weightsOverTime } from "./weights_over_time.ts";

const SPEC = {
  id: "MultiAgentLoadBalance-v1",
  options: { preset: "moderate", episodeSeconds: 1, actionType: "discrete" },
};

/** Both balancers double the weight of server 2. */
const POLICY = {
  observationSize: 2 * 7 * 5,
  actionSize: 2,
  act: (_: Float32Array, __: Uint8Array, actions: Int32Array | Float32Array) =>
    void actions.fill(2),
};

Deno.test("weightsOverTime() has a series for each server", () => {
  const weights = weightsOverTime(POLICY, SPEC, { seed: 1, agent: 1 });
  assertEquals(weights.map(({ length }) => length), new Array(7).fill(4));
  assertEquals([...weights[2]], [2, 2, 2, 2]);
  assertEquals([...weights[0]], [1, 1, 1, 1]);
});

Deno.test("weightsOverTime() refuses a balancer that there is not", () => {
  assertThrows(
    () => weightsOverTime(POLICY, SPEC, { seed: 1, agent: 2 }),
    RangeError,
    "balancer 2: expected 0 to 1",
  );
});
