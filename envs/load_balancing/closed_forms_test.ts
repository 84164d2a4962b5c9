import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import {
  lossProbability,
  meanTime,
  meanTimeInOrder,
  meanTimeOfChoices,
  meanTimeOfOnePlusBeta,
  meanTimeShared,
  timeQuantile,
} from "./closed_forms.ts";

Deno.test("meanTime() has the known values of one and of four cores", () => {
  for (
    const [load, one, four] of [
      [0.8, 5, 1.746],
      [0.9, 10, 2.969],
      [0.95, 20, 5.457],
    ]
  ) {
    assertAlmostEquals(meanTime({ arrivalRate: load, meanWork: 1 }), one, 1e-9);
    assertAlmostEquals(
      meanTime({ arrivalRate: 4 * load, meanWork: 1, cores: 4 }),
      four,
      5e-4,
    );
  }
});

Deno.test("meanTimeInOrder() is that of M/M/1 for exponential work, less for equal, more for spread work", () => {
  const queue = { arrivalRate: 4, meanWork: 0.2 };
  assertAlmostEquals(meanTimeInOrder(queue, 1), meanTime(queue), 1e-12);
  assertAlmostEquals(meanTimeInOrder(queue, 0), 0.6, 1e-12);
  assertAlmostEquals(meanTimeInOrder(queue, 4), 2.2, 1e-12);
});

Deno.test("meanTimeShared() is in proportion to a flow's work", () => {
  const queue = { arrivalRate: 0.9, meanWork: 1 };
  assertAlmostEquals(meanTimeShared(queue), 10, 1e-12);
  assertAlmostEquals(meanTimeShared(queue, 0.25), 2.5, 1e-12);
});

Deno.test("timeQuantile() has the known 95th percentiles", () => {
  for (const [load, expected] of [[0.8, 14.98], [0.9, 29.96], [0.95, 59.9]]) {
    assertAlmostEquals(
      timeQuantile({ arrivalRate: load, meanWork: 1 }, 0.95),
      expected,
      0.02,
    );
  }
});

Deno.test("lossProbability() equals the sum formula, and Erlang's B without a line", () => {
  const queue = { arrivalRate: 3, meanWork: 0.5, cores: 2 };
  // States 0 to 4 have weights 1, 1.5, 1.125, 0.84375, 0.6328125.
  assertAlmostEquals(
    lossProbability(queue, 4),
    0.6328125 / (1 + 1.5 + 1.125 + 0.84375 + 0.6328125),
    1e-14,
  );
  assertAlmostEquals(lossProbability(queue, 2), 1.125 / 3.625, 1e-14);
  assertEquals(lossProbability({ arrivalRate: 0, meanWork: 1 }, 3), 0);
});

Deno.test("meanTimeOfChoices() has the known values", () => {
  for (
    const [load, choices, expected] of [
      [0.5, 2, 1.266],
      [0.8, 2, 1.947],
      [0.9, 2, 2.614],
      [0.8, 1, 5],
      [0, 3, 1],
    ]
  ) assertAlmostEquals(meanTimeOfChoices(load, choices), expected, 1e-3);
  assertEquals(meanTimeOfChoices(1, 2), Infinity);
});

Deno.test("meanTimeOfOnePlusBeta() lies between one and two choices, and ends at them", () => {
  for (const load of [0, 0.3, 0.8, 0.95]) {
    for (const [beta, choices] of [[0, 1], [1, 2]]) {
      assertAlmostEquals(
        meanTimeOfOnePlusBeta(load, beta),
        meanTimeOfChoices(load, choices),
        1e-12,
      );
    }
  }
  // s(1) = 0.5 and s(2) = 0.5 (0.25 + 0.125) by hand, and so on.
  const s = [0.5, 0.1875, 0.0556640625];
  const rest = meanTimeOfOnePlusBeta(0.5, 0.5) - (s[0] + s[1] + s[2]) / 0.5;
  assert(rest > 0 && rest < 0.05, `${rest}`);
  assertEquals(meanTimeOfOnePlusBeta(1, 0.5), Infinity);
});

Deno.test("closed forms are infinite at full load and refuse values outside their range", () => {
  const full = { arrivalRate: 2, meanWork: 0.5 };
  const queue = { arrivalRate: 1, meanWork: 0.5 };
  for (const time of [meanTime(full), meanTimeInOrder(full, 1)]) {
    assertEquals(time, Infinity);
  }
  assertEquals(meanTimeShared(full), Infinity);
  for (
    const fails of [
      () => meanTime({ arrivalRate: -1, meanWork: 1 }),
      () => meanTime({ arrivalRate: 1, meanWork: 0 }),
      () => meanTime({ arrivalRate: NaN, meanWork: 1 }),
      () => meanTime({ ...queue, cores: 1.5 }),
      () => meanTimeInOrder(queue, -1),
      () => timeQuantile(queue, 1),
      () => lossProbability({ ...queue, cores: 3 }, 2),
      () => meanTimeOfChoices(0.5, 0),
      () => meanTimeOfChoices(NaN, 2),
      () => meanTimeOfOnePlusBeta(-1, 0.5),
      () => meanTimeOfOnePlusBeta(0.5, 1.1),
    ]
  ) assertThrows(fails, RangeError, "Cannot compute");
});
