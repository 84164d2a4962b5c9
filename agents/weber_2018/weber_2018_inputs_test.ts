import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { mean, standardDeviation } from "../../analysis/statistics.ts";
import { Random } from "../../core/random.ts";
import { rateAt, type RateTable } from "../../ffi/rate_table.ts";
import {
  type InputArea,
  inputRates,
  meanTotalRate,
} from "./weber_2018_inputs.ts";

const SQUARE: InputArea = {
  width: 1,
  depth: 1,
  periodic: false,
  pixelsX: 50,
  pixelsY: 50,
};
const LINE: InputArea = {
  width: 2,
  depth: undefined,
  periodic: true,
  pixelsX: 400,
  pixelsY: 1,
};

function inputs(
  area: InputArea,
  options: Partial<Parameters<typeof inputRates>[1]> = {},
) {
  return inputRates(area, {
    kind: "place",
    cells: 400,
    sigma: [0.05, 0.05],
    height: 1,
    fields: 1,
    random: new Random(3),
    ...options,
  });
}

function mapOf(table: RateTable, cell: number): number[] {
  return Array.from({ length: table.pixels }, (_, p) => rateAt(table, cell, p));
}

Deno.test("place-like inputs are Gaussians on a jittered lattice", () => {
  // A number of cells that fills a lattice: 20 x 20.
  const table = inputs(SQUARE);
  assertEquals(table.cells, 400);
  // Density over the area that reaches three sigma beyond the walls.
  const expected = 400 / 1.3 ** 2 * 2 * Math.PI * 0.05 ** 2;
  assertAlmostEquals(meanTotalRate(table), expected, 0.02 * expected);
  // A cell inside: its logarithm is a parabola with the width given.
  const map = mapOf(table, 210);
  const peak = map.indexOf(Math.max(...map));
  const second = (a: number, b: number, c: number) =>
    Math.log(map[a]) - 2 * Math.log(map[b]) + Math.log(map[c]);
  assertAlmostEquals(
    second(peak - 1, peak, peak + 1),
    -((0.02 / 0.05) ** 2),
    1e-5,
  );
  assertAlmostEquals(
    second(peak - 50, peak, peak + 50),
    -((0.02 / 0.05) ** 2),
    1e-5,
  );
});

Deno.test("the paper's numbers of inputs balance at its weights", () => {
  const area = { ...SQUARE, pixelsX: 25, pixelsY: 25 };
  const balanced = (
    kind: "place" | "dense",
    sizes: [number, number],
  ) => {
    const e = inputs(area, { kind, cells: sizes[0] });
    const i = inputs(area, { kind, cells: sizes[1], sigma: [0.1, 0.1] });
    return (meanTotalRate(e) - 1) / meanTotalRate(i);
  };
  assertAlmostEquals(balanced("place", [4900, 1225]), 1.48, 0.02);
  // A tenth as many dense inputs; the paper's 4.0 is of 4900 and 1225.
  assertAlmostEquals(balanced("dense", [490, 122]), (245 - 1) / 61, 1e-4);
});

Deno.test("periodic inputs are the same everywhere", () => {
  const table = inputs(LINE, { cells: 200 });
  const totals = new Float64Array(400);
  for (let cell = 0; cell < 200; cell++) {
    mapOf(table, cell).forEach((rate, p) => totals[p] += rate);
  }
  const expected = 200 / 2 * Math.sqrt(2 * Math.PI) * 0.05;
  assertAlmostEquals(mean(totals), expected, 1e-3 * expected);
  // The jitter of the lattice is all that differs, at the ends, too.
  assert(standardDeviation(totals) < 0.06 * expected);
  assert(Math.abs(totals[0] - totals[399]) < 0.1 * expected);
});

Deno.test("sparse inputs sum Gaussians, scattered ones reach less far", () => {
  const table = inputs(SQUARE, { kind: "sparse", cells: 60, fields: 100 });
  const density = 60 * 100 / 1.3 ** 2 * 2 * Math.PI * 0.05 ** 2;
  // 6000 Gaussians, of which 3550 lie inside: standard error 2 %.
  assertAlmostEquals(meanTotalRate(table), density, 0.1 * density);
  const scattered = inputs(SQUARE, { kind: "scattered", cells: 6000 });
  const reached = 6000 / 1.2 ** 2 * 2 * Math.PI * 0.05 ** 2;
  assertAlmostEquals(meanTotalRate(scattered), reached, 0.1 * reached);
});

Deno.test("dense inputs are smooth noise from 0, of mean a half", () => {
  for (const periodic of [false, true]) {
    const table = inputs({ ...SQUARE, periodic }, { kind: "dense", cells: 40 });
    const neighbours: number[] = [];
    for (let cell = 0; cell < 40; cell++) {
      const map = mapOf(table, cell);
      assertEquals(Math.min(...map), 0);
      assertAlmostEquals(mean(map), 0.5, 1e-6);
      const variance = standardDeviation(map) ** 2;
      const product = mean(
        map.map((rate, p) => (rate - 0.5) * (map[(p + 5) % 2500] - 0.5)),
      );
      neighbours.push(product / variance);
    }
    // Noise smoothed by sigma is correlated as exp(-d^2 / 4 sigma^2): at 0.1,
    // exp(-1), rows wrapped around included where the room is periodic.
    assertAlmostEquals(mean(neighbours), Math.exp(-1), 0.12);
  }
  const line = inputs({ ...LINE, periodic: false }, {
    kind: "dense",
    cells: 3,
  });
  assertAlmostEquals(mean(mapOf(line, 1)), 0.5, 1e-6);
});

Deno.test("rooms that are not square get as many rows as fit", () => {
  const table = inputs({ ...SQUARE, depth: 2, pixelsY: 100 }, { cells: 98 });
  // 1.3 by 2.3 units: 7 columns of 14.
  assertEquals(table.cells, 98);
  assertEquals(table.pixels, 5000);
});

Deno.test("most of the default place-like inputs are silent at a pixel", () => {
  const area = { ...SQUARE, pixelsX: 100, pixelsY: 100 };
  const sizes = [[4900, 0.05], [1225, 0.1]].map(([cells, sigma]) => {
    const { pixels, blocks, rates, starts } = inputs(area, {
      cells,
      sigma: [sigma, sigma],
    });
    return {
      blocks: blocks.length / pixels,
      bytes: rates.byteLength + blocks.byteLength + starts.byteLength,
    };
  });
  // Of 613 and 154 blocks of eight cells.
  assertAlmostEquals(sizes[0].blocks, 117, 1);
  assertAlmostEquals(sizes[1].blocks, 78, 1);
  assertAlmostEquals(sizes[0].bytes + sizes[1].bytes, 71e6, 0.5e6);
});
