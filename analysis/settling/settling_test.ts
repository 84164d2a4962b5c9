import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  plateau,
  recoveryTime,
  settlingTime,
  timeIntoBand,
} from "./settling.ts";

/** 10 before a fault in 20 to 30, then from 90 to a level like e^(-t/20). */
const path = (level: number) =>
  Float64Array.from({ length: 401 }, (_, i) => {
    const t = i / 2;
    if (t < 20) return 10;
    if (t < 30) return 90;
    return level + (90 - level) * Math.exp(-(t - 30) / 20);
  });

const TIMES = { interval: 0.5, from: 30, epsilon: 4 };

Deno.test("settling is to the plateau after, recovery to the one before", () => {
  const back = path(10);
  const settled = settlingTime(back, TIMES);
  assertAlmostEquals(settled.plateau, 10, 0.2);
  assertAlmostEquals(settled.time, 20 * Math.log(80 / 4), 1);
  const recovered = recoveryTime(back.subarray(60), 14, {
    interval: 0.5,
    dwell: 5,
  });
  assertEquals(recovered.censored, false);
  assertAlmostEquals(recovered.time, 20 * Math.log(80 / 4), 1);
});

Deno.test("a path may settle and never recover", () => {
  const stuck = path(70);
  const settled = settlingTime(stuck, TIMES);
  assertAlmostEquals(settled.plateau, 70, 0.2);
  assertAlmostEquals(settled.time, 20 * Math.log(20 / 4), 1);
  assertEquals(
    recoveryTime(stuck.subarray(60), 14, { interval: 0.5, dwell: 5 }),
    { time: 170, censored: true },
  );
});

Deno.test("every later sample must lie in the band", () => {
  const path = Float64Array.of(0, 9, 5, 9, 5, 5, 5, 5, 5, 5, 5);
  const options = { interval: 1, from: 0, epsilon: 1 };
  assertEquals(timeIntoBand(path, 5, options).time, 4);
  // A single visit is not settling, nor is what holds for too short a time.
  assertEquals(timeIntoBand(path, 9, options).censored, true);
  assertEquals(timeIntoBand(path, 5, { ...options, hold: 8 }).censored, true);
});

Deno.test("a visit is no recovery where it has to last", () => {
  const path = Float64Array.of(90, 3, 90, 3, 3, 3);
  assertEquals(recoveryTime(path, 3, { interval: 1, dwell: 0 }).time, 1);
  assertEquals(recoveryTime(path, 3, { interval: 1, dwell: 2 }).time, 3);
  assertEquals(recoveryTime(path, 2, { interval: 1, dwell: 0 }).censored, true);
});

Deno.test("plateau() is the mean over its window", () => {
  const values = Float64Array.of(1, 2, 3, 4);
  assertEquals(plateau(values, { interval: 2, from: 2, to: 6 }), 2.5);
  assertThrows(
    () => plateau(values, { interval: 2, from: 7, to: 9 }),
    RangeError,
    "at least one",
  );
});

Deno.test("timeIntoBand() refuses a band without width", () => {
  const options = { interval: 1, from: 0, epsilon: 0 };
  assertThrows(
    () => timeIntoBand([1, 2], 1, options),
    RangeError,
    "width above 0",
  );
});
