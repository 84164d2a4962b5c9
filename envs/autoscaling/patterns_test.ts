import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  type LoadPattern,
  loadPattern,
  PATTERN_NAMES,
  recordedPattern,
} from "./patterns.ts";
import { service } from "./service.ts";

const SERVICE = service();

function values(pattern: LoadPattern, steps: Iterable<number>): number[] {
  const random = new Random(1);
  return Array.from(steps, (step) => pattern.influx(step, random));
}

function firstSteps(count: number): number[] {
  return Array.from({ length: count }, (_, step) => step);
}

Deno.test("loadPattern() gives the reference system's loads to the digit", () => {
  const steps = [0, 1, 5, 10, 15, 50, 100, 157, 200];
  const wanted: Record<string, number[]> = {
    SINE_CURVE: [2175, 2197, 2284, 2393, 2501, 3218, 4006, 4350, 4153],
    SINUSOIDAL: [2425, 2445, 2522, 2618, 2713, 3348, 4045, 4350, 4176],
    STEADY: Array(9).fill(2425),
    SPIKE: [1655, 1847, 2617, 3580, 2617, 1655, 1655, 1655, 1655],
  };
  for (const [name, loads] of Object.entries(wanted)) {
    assertEquals(values(loadPattern(name, SERVICE), steps), loads, name);
  }
});

Deno.test("loadPattern() covers the whole range over a cycle", () => {
  // No whole step meets the sine's lowest point, and loads are rounded up.
  const ranges: [string, number, number][] = [
    ["SINE_CURVE", 1, 4350],
    ["SINUSOIDAL", 501, 4350],
    ["STEADY", 2425, 2425],
    ["SPIKE", 1655, 3580],
  ];
  for (const [name, low, high] of ranges) {
    const pattern = loadPattern(name, SERVICE);
    const loads = values(pattern, firstSteps(2000));
    assertEquals([Math.min(...loads), Math.max(...loads)], [low, high], name);
    assert(loads.every(Number.isInteger));
    assert(pattern.deterministic && !pattern.daily);
  }
});

Deno.test("SPIKE falls as it rose, every 500 steps", () => {
  const pattern = loadPattern("SPIKE", SERVICE);
  const rise = values(pattern, firstSteps(11));
  const fall = values(pattern, firstSteps(11).map((step) => 20 - step));
  assertEquals(fall, rise);
  const linear = firstSteps(11).map((step) => Math.trunc(1655 + 192.5 * step));
  assertEquals(rise, linear);
  assertEquals(pattern.influx(510, new Random(0)), 3580);
});

/**
 * 20,000 draws. Mean and variance lie within 5.5 standard errors of the
 * truth but for 4e-8 of all seeds each.
 */
Deno.test("POISSON has mean and variance of the middle load", () => {
  const count = 20_000;
  const loads = values(loadPattern("POISSON", SERVICE), firstSteps(count));
  const mean = loads.reduce((a, b) => a + b) / count;
  const variance = loads.reduce((sum, x) => sum + (x - mean) ** 2, 0) /
    (count - 1);
  // Catches 2425.5 (a mean that is not truncated) no more, but 2435 for sure.
  assert(Math.abs(mean - 2425) < 5.5 * Math.sqrt(2425 / count), `${mean}`);
  // The variance of a variance is about 2 sigma^4 / n; catches 2425 + 10 %.
  const error = 2425 * Math.sqrt(2 / count);
  assert(Math.abs(variance - 2425) < 5.5 * error, `${variance}`);
  assert(loads.every((load) => Number.isInteger(load)));
});

Deno.test("POISSON stays within the service's loads", () => {
  const narrow = service({ minimumInflux: 90, maximumInflux: 110 });
  const loads = values(loadPattern("POISSON", narrow), firstSteps(1000));
  assertEquals(Math.min(...loads), 90);
  assertEquals(Math.max(...loads), 110);
});

/**
 * Chi-square of 40,000 draws in 11 equally wide values each: 10 degrees of
 * freedom exceed 50.0 once in 4e6 seeds. A range that leaves out its largest
 * value gives 4000 and more.
 */
Deno.test("RANDOM is uniform, both ends included", () => {
  const tiny = service({ minimumInflux: 5, maximumInflux: 15 });
  const count = 40_000;
  const seen = new Float64Array(11);
  const pattern = loadPattern("RANDOM", tiny);
  for (const load of values(pattern, firstSteps(count))) seen[load - 5]++;
  const expected = count / 11;
  const square = seen.reduce(
    (sum, times) => sum + (times - expected) ** 2 / expected,
    0,
  );
  assert(square < 50, `chi-square ${square}`);
});

Deno.test("loadPattern() draws from the stream that it is given", () => {
  for (const name of ["POISSON", "RANDOM"]) {
    const pattern = loadPattern(name, SERVICE);
    assert(!pattern.deterministic);
    const draw = (seed: number) => {
      const random = new Random(seed);
      return firstSteps(20).map((step) => pattern.influx(step, random));
    };
    assertEquals(draw(3), draw(3));
    assert(draw(3).join() !== draw(4).join());
  }
});

Deno.test("loadPattern() names the nearest pattern when the name is unknown", () => {
  const error = assertThrows(() => loadPattern("SPKE", SERVICE), RangeError);
  assertEquals(
    error.message,
    `Cannot read load pattern "SPKE": expected one of ${
      PATTERN_NAMES.join(", ")
    } (did you mean SPIKE?)`,
  );
  assertThrows(() => loadPattern("", SERVICE), RangeError);
});

Deno.test("recordedPattern() plays a trace again and again", () => {
  const requests = [3, 0, 5];
  const pattern = recordedPattern("site", requests);
  requests[0] = 99;
  assertEquals(values(pattern, firstSteps(7)), [3, 0, 5, 3, 0, 5, 3]);
  assertEquals(pattern.name, "site");
  assertEquals(pattern.periodSteps, 3);
  assert(pattern.daily && pattern.deterministic);
});

Deno.test("recordedPattern() refuses what is no load", () => {
  const cases: [number[], string][] = [
    [[], 'Cannot play the trace "site": it has no steps'],
    [[1, 2.5], 'Cannot play the trace "site": step 1 has 2.5 items'],
    [[-1], 'Cannot play the trace "site": step 0 has -1 items'],
    [[1, 2, NaN], 'Cannot play the trace "site": step 2 has NaN items'],
  ];
  for (const [requests, message] of cases) {
    assertThrows(() => recordedPattern("site", requests), RangeError, message);
  }
});
