import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { driftField, driftFigure } from "./drift_field.ts";
import { queueingChain } from "./queueing_chain.ts";

const QUEUEING = queueingChain({
  arrivalRate: 9.5,
  serviceRate: 10,
  queueStates: 100,
  orbitStates: 20,
});

Deno.test("driftField() is arrivals less services, and leaves the ends", () => {
  const { queue, orbit } = driftField(QUEUEING);
  const { state } = QUEUEING;
  assertAlmostEquals(queue[state(0, 0)], 9.5, 1e-12);
  assertAlmostEquals(queue[state(10, 0)], -0.5, 1e-3);
  // Ten jobs of the orbit come back at 3 / 36 each.
  assertAlmostEquals(queue[state(10, 10)], -0.5 + 10 * 3 / 36, 1e-3);
  assertAlmostEquals(orbit[state(10, 10)], -10 / 9, 1e-3);
  assertAlmostEquals(queue[state(99, 0)], -10, 1e-12);
  // Four of five time out: the orbit fills at nearly alpha lambda.
  assert(orbit[state(98, 0)] > 1.8);
});

Deno.test("driftFigure() has a cell for each state, and arrows", () => {
  const { data } = driftFigure(QUEUEING, { columns: 5, rows: 4 });
  const [map, arrows] = data;
  assertEquals(map.type, "heatmap");
  const z = map.z as number[][];
  assertEquals([z.length, z[0].length], [20, 100]);
  assertEquals((arrows.x as number[]).length, 5 * 4 * 7);
});
