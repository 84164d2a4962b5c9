import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { namedTopology } from "./named_topologies.ts";
import {
  diurnalTraffic,
  makeTraffic,
  matricesAt,
  recordedTraffic,
  type Traffic,
  type TrafficOptions,
} from "./traffic.ts";

const SEED10 = namedTopology("seed10");

function matrixOf(traffic: Traffic, interval: number): Float64Array {
  const matrix = new Float64Array(49);
  traffic.matrixAt(interval, matrix);
  return matrix;
}

Deno.test("an interval's matrix does not depend on what was asked before", () => {
  const one = diurnalTraffic(SEED10);
  const other = diurnalTraffic(SEED10);
  for (let i = 0; i < 300; i++) matrixOf(other, i);
  assertEquals(matrixOf(one, 299), matrixOf(other, 299));
});

Deno.test("another seed is other traffic", () => {
  const one = matrixOf(diurnalTraffic(SEED10, { seed: 1 }), 0);
  const other = matrixOf(diurnalTraffic(SEED10, { seed: 2 }), 0);
  assert(one.some((demand, i) => demand !== other[i]));
});

Deno.test("without noise a demand swings as a sine with its switch's phase", () => {
  const traffic = diurnalTraffic(SEED10, { noise: 0, amplitude: 0.5 });
  const day = Array.from({ length: 288 }, (_, i) => matrixOf(traffic, i));
  assertEquals(matrixOf(traffic, 288), day[0]);
  const peaks = [2, 4 * 7, 6 * 7 + 2].map((pair) => {
    const series = day.map((matrix) => matrix[pair]);
    const mean = series.reduce((a, b) => a + b) / 288;
    assertAlmostEquals(Math.max(...series) / mean, 1.5, 1e-3);
    assertAlmostEquals(Math.min(...series) / mean, 0.5, 1e-3);
    return series.indexOf(Math.max(...series));
  });
  assertEquals(new Set(peaks).size, 3);
});

Deno.test("noise is lognormal with mean 1", () => {
  const steady = diurnalTraffic(SEED10, { noise: 0, amplitude: 0 });
  const noisy = diurnalTraffic(SEED10, { noise: 0.3, amplitude: 0 });
  const mean = matrixOf(steady, 0);
  const logs: number[] = [];
  let sum = 0;
  for (let interval = 0; interval < 5000; interval++) {
    const matrix = matrixOf(noisy, interval);
    for (let k = 0; k < 49; k++) {
      if (mean[k] === 0) continue;
      sum += matrix[k] / mean[k];
      logs.push(Math.log(matrix[k] / mean[k]));
    }
  }
  // 60,000 draws, deviation 0.31: five deviations of the mean are 0.0063;
  // noise of median 1 would be off by 0.046.
  assertAlmostEquals(sum / logs.length, 1, 0.0063);
  const centre = logs.reduce((a, b) => a + b) / logs.length;
  const square = logs.reduce((total, x) => total + (x - centre) ** 2, 0);
  assertAlmostEquals(Math.sqrt(square / logs.length), 0.3, 0.0045);
});

Deno.test("recorded traffic is played again from its beginning", () => {
  const matrices = [new Array(49).fill(0), new Array(49).fill(0)];
  matrices[1][1] = 3;
  const traffic = recordedTraffic(SEED10, { matrices });
  assertEquals(matrixOf(traffic, 1)[1], 3);
  assertEquals(matrixOf(traffic, 2)[1], 0);
  assertEquals(matrixOf(traffic, 3)[1], 3);
});

Deno.test("matricesAt() tells the matrices of intervals", () => {
  const traffic = diurnalTraffic(SEED10);
  const matrices = matricesAt(traffic, SEED10, [7, 300]);
  assertEquals(matrices, [matrixOf(traffic, 7), matrixOf(traffic, 300)]);
});

Deno.test("idle traffic is none", () => {
  const traffic = makeTraffic(SEED10, { type: "idle" });
  assert(matrixOf(traffic, 7).every((demand) => demand === 0));
});

Deno.test("makeTraffic() refuses what makes no sense", () => {
  const cases: [TrafficOptions, string][] = [
    [{ amplitude: 1.5 }, "swing by 1.5"],
    [{ noise: -1 }, "deviation -1"],
    [{ load: 0 }, "load of 0"],
    [{ intervalsPerDay: 0 }, "0 intervals"],
    [{ seed: -1 }, "-1"],
    [{ type: "recorded", matrices: [] }, "no recorded matrices"],
    [{ type: "gravty" } as unknown as TrafficOptions, "gravty"],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => makeTraffic(SEED10, options), RangeError, message);
  }
  assertThrows(
    () => makeTraffic(SEED10, { type: "recorded", matrices: [[1]] }),
    TypeError,
  );
});
