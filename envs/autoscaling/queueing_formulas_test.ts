import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  createErlangTable,
  erlangB,
  erlangC,
  type FluidStep,
  fluidWait,
  meanWait,
  type MultiServerQueue,
  waitExceedance,
  waitQuantile,
} from "./queueing_formulas.ts";

Deno.test("erlangB() equals the sum formula", () => {
  for (const [offeredLoad, servers] of [[0.3, 1], [2, 3], [7.5, 10], [20, 5]]) {
    let term = 1;
    let sum = 1;
    for (let k = 1; k <= servers; k++) sum += term *= offeredLoad / k;
    assertAlmostEquals(erlangB(offeredLoad, servers), term / sum, 1e-14);
  }
});

Deno.test("erlangC() reaches the published values of 50 servers", () => {
  assertAlmostEquals(erlangC(40, 50), 0.08695, 5e-6);
  assertAlmostEquals(erlangC(45, 50), 0.36386, 5e-6);
  assertAlmostEquals(erlangC(49, 50), 0.83826, 5e-6);
});

Deno.test("erlangC() is the utilisation when there is one server", () => {
  for (const load of [0, 0.1, 0.5, 0.999]) {
    assertAlmostEquals(erlangC(load, 1), load, 1e-15);
  }
});

Deno.test("erlangC() neither overflows nor leaves 0 to 1 when servers are many", () => {
  for (const servers of [0, 1, 170, 1000, 20_000]) {
    for (const ratio of [0, 0.01, 0.9, 0.999999, 1, 3]) {
      const probability = erlangC(ratio * servers, servers);
      assert(probability >= 0 && probability <= 1, `${servers} ${ratio}`);
    }
  }
  assertEquals(erlangC(50, 50), 1);
  assertEquals(erlangC(0, 0), 1);
});

Deno.test("waits are infinite when the servers cannot keep up", () => {
  for (const arrivalRate of [10, 11]) {
    const queue = { arrivalRate, serviceRate: 1, servers: 10 };
    assertEquals(meanWait(queue), Infinity);
    assertEquals(waitQuantile(queue, 0.5), Infinity);
    assertEquals(waitExceedance(queue, 1e9), 1);
  }
});

Deno.test("waitQuantile() is zero when fewer than that share wait", () => {
  const queue = { arrivalRate: 40, serviceRate: 1, servers: 50 };
  assertEquals(waitQuantile(queue, 0.9), 0);
  assert(waitQuantile(queue, 0.92) > 0);
});

Deno.test("waitQuantile() is the inverse of waitExceedance()", () => {
  const queue = { arrivalRate: 3915 / 300, serviceRate: 0.29, servers: 50 };
  for (const probability of [0.7, 0.95, 0.99]) {
    const wait = waitQuantile(queue, probability);
    assertAlmostEquals(waitExceedance(queue, wait), 1 - probability, 1e-12);
  }
  // Mean = integral of the exceedance.
  let integral = 0;
  for (let t = 0.005; t < 60; t += 0.01) {
    integral += 0.01 * waitExceedance(queue, t);
  }
  assertAlmostEquals(integral, meanWait(queue), 1e-5);
});

/**
 * Kiefer and Wolfowitz's recursion, by keeping when each server is free.
 * Returns the waits of `count` arrivals after `warmUp` others.
 */
function simulateWaits(
  queue: MultiServerQueue,
  { count, warmUp, random }: { count: number; warmUp: number; random: Random },
): Float64Array {
  const freeAt = new Float64Array(queue.servers);
  const waits = new Float64Array(count);
  let now = 0;
  for (let i = -warmUp; i < count; i++) {
    now += random.exponential(queue.arrivalRate);
    let server = 0;
    for (let s = 1; s < freeAt.length; s++) {
      if (freeAt[s] < freeAt[server]) server = s;
    }
    const start = Math.max(now, freeAt[server]);
    freeAt[server] = start + random.exponential(queue.serviceRate);
    if (i >= 0) waits[i] = start - now;
  }
  return waits;
}

Deno.test("formulas agree with a discrete-event simulation", () => {
  // 100 independent runs of 4,000 arrivals after 2,000 of warm-up, for each of
  // 2 queues and 4 statistics. The mean of 100 runs lies more than 6 standard
  // errors (Student, 99 degrees) from the truth with probability 3e-8, so 8
  // comparisons alarm falsely with less than 1e-6. Standard errors are 0.2 to
  // 5 % of the values, so this catches the loss formula (Erlang B: 0.20 for
  // 0.55) and constant service times (half the mean wait).
  const runs = 100;
  for (
    const queue of [
      { arrivalRate: 4, serviceRate: 1, servers: 5 },
      { arrivalRate: 17, serviceRate: 1, servers: 20 },
    ]
  ) {
    const limit = 0.7;
    const p90 = waitQuantile(queue, 0.9);
    const expected = [
      erlangC(queue.arrivalRate / queue.serviceRate, queue.servers),
      meanWait(queue),
      waitExceedance(queue, limit),
      0.1,
    ];
    const sums = new Float64Array(4);
    const squares = new Float64Array(4);
    const root = new Random(2024 + queue.servers);
    for (let run = 0; run < runs; run++) {
      const waits = simulateWaits(queue, {
        count: 4000,
        warmUp: 2000,
        random: root.split(),
      });
      const share = (above: number) =>
        waits.reduce((n, wait) => n + (wait > above ? 1 : 0), 0) / waits.length;
      const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
      [share(0), mean, share(limit), share(p90)].forEach((value, i) => {
        sums[i] += value;
        squares[i] += value * value;
      });
    }
    expected.forEach((value, i) => {
      const mean = sums[i] / runs;
      const variance = (squares[i] / runs - mean * mean) / (runs - 1);
      const deviation = (mean - value) / Math.sqrt(variance);
      assert(
        Math.abs(deviation) < 6,
        `statistic ${i} of ${queue.servers} servers: ${mean} for ${value}, ${deviation} standard errors`,
      );
    });
  }
});

Deno.test("createErlangTable() returns erlangC() whether kept or not", () => {
  for (const maximumRows of [undefined, 0, 3]) {
    const table = createErlangTable({
      maximumServers: 100,
      serviceRate: 87,
      maximumRows,
    });
    for (const arrivals of [0, 1, 500, 2175, 4349, 8699, 8700, 20_000, 1]) {
      for (const servers of [0, 1, 2, 25, 50, 100]) {
        assertEquals(
          table.waitProbability(arrivals, servers),
          erlangC(arrivals / 87, servers),
          `${arrivals} ${servers}`,
        );
      }
    }
  }
});

/** Mean wait and share over the limit, summed over many moments of the step. */
function bySumming(step: FluidStep): { mean: number; over: number } {
  const count = 200_000;
  let mean = 0;
  let over = 0;
  for (let i = 0; i < count; i++) {
    const u = (i + 0.5) / count * step.duration;
    const backlog = step.backlog + (step.arrivalRate - step.capacityRate) * u;
    const wait = Math.max(0, backlog) / step.capacityRate;
    mean += wait / count;
    if (wait > step.limit) over += 1 / count;
  }
  return { mean, over };
}

Deno.test("fluidWait() equals a sum over the moments of the step", () => {
  const cases: [string, FluidStep][] = [
    ["grows from nothing", f(0, 20, 10, 5)],
    ["grows past the limit", f(30, 12, 10, 20)],
    ["always over the limit", f(1e5, 12, 10, 20)],
    ["shrinks past the limit", f(3000, 4, 10, 200)],
    ["is emptied within the step", f(600, 4, 10, 30)],
    ["is emptied, limit zero", f(600, 4, 10, 0)],
    ["stays", f(500, 10, 10, 20)],
    ["never over the limit", f(50, 9, 10, 20)],
    ["has no arrivals", f(50, 0, 10, 2)],
    ["has neither backlog nor overload", f(0, 9, 10, 0)],
  ];
  for (const [name, step] of cases) {
    const expected = bySumming(step);
    const actual = fluidWait(step);
    assertAlmostEquals(actual.meanWait, expected.mean, 1e-5, name);
    assertAlmostEquals(actual.fractionOverLimit, expected.over, 1e-5, name);
    const end = step.backlog +
      (step.arrivalRate - step.capacityRate) * step.duration;
    assertAlmostEquals(actual.backlogAtEnd, Math.max(0, end), 1e-9, name);
    assertAlmostEquals(
      actual.maximumWait,
      Math.max(step.backlog, end, 0) / step.capacityRate,
      1e-9,
      name,
    );
  }
});

function f(
  backlog: number,
  arrivalRate: number,
  capacityRate: number,
  limit: number,
): FluidStep {
  return { backlog, arrivalRate, capacityRate, duration: 300, limit };
}

Deno.test("fluidWait() agrees with items served one by one", () => {
  // No randomness: evenly spaced items differ from a fluid by one item's
  // service time at most.
  for (const [backlog, arrivalRate] of [[900, 3], [900, 30], [0, 12]]) {
    const step = f(backlog, arrivalRate, 10, 40);
    let freeAt = backlog / step.capacityRate;
    let mean = 0;
    let over = 0;
    const count = arrivalRate * step.duration;
    for (let i = 0; i < count; i++) {
      const now = (i + 0.5) / arrivalRate;
      const wait = Math.max(0, freeAt - now);
      freeAt = Math.max(freeAt, now) + 1 / step.capacityRate;
      mean += wait / count;
      if (wait > step.limit) over += 1 / count;
    }
    const actual = fluidWait(step);
    assertAlmostEquals(actual.meanWait, mean, 1 / step.capacityRate);
    assertAlmostEquals(actual.fractionOverLimit, over, 0.005);
  }
});

Deno.test("fluidWait() writes into the result it is given", () => {
  const result = fluidWait(f(1, 1, 1, 0));
  assert(fluidWait(f(600, 4, 10, 30), result) === result);
  assertEquals(result.maximumWait, 60);
});

Deno.test("queue functions refuse values outside their range", () => {
  const queue = { arrivalRate: 1, serviceRate: 1, servers: 2 };
  const step = f(1, 1, 1, 1);
  const cases: (() => unknown)[] = [
    () => erlangB(-1, 2),
    () => erlangB(NaN, 2),
    () => erlangB(Infinity, 2),
    () => erlangC(1, 1.5),
    () => erlangC(1, -1),
    () => meanWait({ ...queue, serviceRate: 0 }),
    () => meanWait({ ...queue, arrivalRate: -1 }),
    () => waitQuantile(queue, 1),
    () => waitQuantile(queue, -0.1),
    () => waitExceedance(queue, -1),
    () => waitExceedance(queue, NaN),
    () => createErlangTable({ maximumServers: 0, serviceRate: 1 }),
    () => createErlangTable({ maximumServers: 1, serviceRate: 0 }),
    () => fluidWait({ ...step, backlog: -1 }),
    () => fluidWait({ ...step, arrivalRate: NaN }),
    () => fluidWait({ ...step, capacityRate: 0 }),
    () => fluidWait({ ...step, duration: 0 }),
    () => fluidWait({ ...step, limit: -1 }),
  ];
  for (const attempt of cases) {
    const error = assertThrows(attempt, RangeError);
    assert(/^Cannot .*: expected .*[^.]$/.test(error.message), error.message);
  }
});
