import { assertAlmostEquals, assertEquals } from "@std/assert";
import { finiteQueue, finiteQueueSojourn } from "./finite_queue.ts";

function queue(load: number, places: number) {
  const state = { loss: NaN, meanNumber: NaN };
  finiteQueue(load, places, state);
  return state;
}

/** From the balance equations, with sums from the smallest term. */
function direct(load: number, places: number) {
  const terms = Array.from({ length: places + 1 }, (_, i) => i)
    .map((i) => load <= 1 ? load ** i : load ** (i - places));
  const sum = terms.toSorted((a, b) => a - b).reduce((a, b) => a + b);
  const weighted = terms.map((term, i) => term * i).toSorted((a, b) => a - b)
    .reduce((a, b) => a + b);
  return { loss: terms[places] / sum, meanNumber: weighted / sum };
}

Deno.test("sojourn times with room for 32 are those known", () => {
  assertAlmostEquals(finiteQueueSojourn(0.5, 32), 2.0, 5e-9 * 2);
  assertAlmostEquals(finiteQueueSojourn(0.8, 32), 4.9746, 5e-5);
  assertAlmostEquals(queue(0.8, 32).loss, 0.000159, 5e-7);
});

Deno.test("at load 1 one of K + 1 is lost, and half the places are taken", () => {
  for (const places of [1, 2, 32, 1000]) {
    assertAlmostEquals(queue(1, places).loss, 1 / (places + 1), 1e-12);
    assertAlmostEquals(queue(1, places).meanNumber, places / 2, 1e-9);
  }
});

Deno.test("the closed form and the balance equations agree at all loads", () => {
  for (const places of [1, 3, 32, 200]) {
    for (let load = 0.05; load < 3; load += 0.0101) {
      const { loss, meanNumber } = queue(load, places);
      const expected = direct(load, places);
      assertAlmostEquals(loss / expected.loss, 1, 1e-10);
      assertAlmostEquals(meanNumber / expected.meanNumber, 1, 1e-9);
    }
  }
});

Deno.test("nothing is lost or waits without load", () => {
  assertEquals(queue(0, 32), { loss: 0, meanNumber: 0 });
});

Deno.test("an overwhelmed queue is full and passes on what it can", () => {
  const { loss, meanNumber } = queue(1e6, 32);
  assertAlmostEquals(1e6 * (1 - loss), 1, 1e-6);
  assertAlmostEquals(meanNumber, 32, 1e-5);
});
