import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { KOLMOGOROV_LIMIT, kolmogorovScore } from "./_distribution_tests.ts";
import { SIZE_LAW_NAMES, sizeLaw, type SizeLawOptions } from "./job_sizes.ts";

/** Laws with a density, with their squared variation by hand. */
const CONTINUOUS: [SizeLawOptions, number][] = [
  [{ law: "uniform", mean: 3 }, 1 / 3],
  [{ law: "uniform", mean: 0.2, squaredVariation: 0.1 }, 0.1],
  [{ law: "exponential", mean: 0.2 }, 1],
  [{ law: "lognormal", mean: 0.2 }, 1],
  [{ law: "lognormal", mean: 5, squaredVariation: 9 }, 9],
  [{ law: "pareto", mean: 300 }, 0.8],
  [{ law: "pareto", mean: 0.2, shape: 3 }, 1 / 3],
  [{ law: "pareto", mean: 0.2, squaredVariation: 4 }, 4],
  [{ law: "boundedPareto", mean: 1, squaredVariation: 10 }, 10],
  [{ law: "boundedPareto", mean: 1, shape: 3, squaredVariation: 0.3 }, 0.3],
  [{ law: "hyperExponential", mean: 0.2 }, 4],
  [{ law: "hyperExponential", mean: 2, squaredVariation: 25 }, 25],
  [{ law: "weibull", mean: 0.1 }, 1],
  [{ law: "weibull", mean: 2, shape: 0.5 }, 5],
  [{ law: "weibull", mean: 2, shape: 2 }, 4 / Math.PI - 1],
];

/** Integrals of the tail: E X and E X^2 of a law without regard to its draws. */
function momentsOfTail(cumulative: (x: number) => number): [number, number] {
  let [first, second] = [0, 0];
  const step = 1 / 1024;
  for (let s = -40; s < 60; s += step) {
    const x = Math.exp(s);
    const tail = (1 - cumulative(x)) * x * step; // dx = x ds
    first += tail;
    second += 2 * x * tail;
  }
  return [first, second];
}

function draws(options: SizeLawOptions, count: number, seed = 1): Float64Array {
  const law = sizeLaw(options);
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => law.draw(random));
}

Deno.test("sizeLaw() knows its moments in closed form", () => {
  for (const [options, squaredVariation] of CONTINUOUS) {
    const law = sizeLaw(options);
    const what = JSON.stringify(options);
    assertEquals(law.mean, options.mean, what);
    assertAlmostEquals(law.squaredVariation / squaredVariation, 1, 1e-12, what);
    assertAlmostEquals(
      law.secondMoment / (law.mean ** 2 * (1 + squaredVariation)),
      1,
      1e-12,
      what,
    );
  }
});

Deno.test("sizeLaw() has moments that are the integrals of its tail", () => {
  for (const [options] of CONTINUOUS) {
    const law = sizeLaw(options);
    const [first, second] = momentsOfTail(law.cumulative);
    const what = JSON.stringify(options);
    assertAlmostEquals(first / law.mean, 1, 2e-3, what);
    // Rounding of 1 - F cuts the tail of a Pareto law at 1e-16, too early for
    // its second moment.
    if (options.law === "pareto") continue;
    assertAlmostEquals(second / law.secondMoment, 1, 3e-3, what);
  }
});

/**
 * 200,000 draws a law, probability 1e-6 of a false alarm each: the limit on
 * the distance is 0.006. A mean that is off by 2 % moves an exponential law by
 * 0.0074, a lognormal law that ignores its variation (that of SimLB does) by
 * more than 0.1, a bounded Pareto law without its bound by 0.03.
 */
for (const [options] of CONTINUOUS) {
  Deno.test(`sizeLaw() draws from ${JSON.stringify(options)}`, () => {
    const sample = draws(options, 200_000);
    const score = kolmogorovScore(sample, sizeLaw(options).cumulative);
    assert(score < KOLMOGOROV_LIMIT, `score ${score}`);
  });
}

Deno.test("the test of draws catches a mean that is off by 2 %", () => {
  const sample = draws({ law: "exponential", mean: 0.2 }, 200_000);
  const wrong = sizeLaw({ law: "exponential", mean: 0.204 });
  assert(kolmogorovScore(sample, wrong.cumulative) > KOLMOGOROV_LIMIT);
});

Deno.test("sizeLaw() draws one size where sizes do not vary", () => {
  for (
    const options of [
      { law: "deterministic", mean: 0.3 },
      { law: "uniform", mean: 0.3, squaredVariation: 0 },
      { law: "lognormal", mean: 0.3, squaredVariation: 0 },
    ] as const
  ) {
    const law = sizeLaw(options);
    assertEquals(draws(options, 5), new Float64Array(5).fill(0.3));
    assertEquals(law.squaredVariation, 0);
    assertEquals([law.cumulative(0.299), law.cumulative(0.3)], [0, 1]);
  }
});

Deno.test("sizeLaw() has an infinite variance where a Pareto tail has one", () => {
  for (const shape of [1.1, 1.5, 2]) {
    const law = sizeLaw({ law: "pareto", mean: 300, shape });
    assertEquals(law.secondMoment, Infinity);
    assertEquals(law.squaredVariation, Infinity);
    assertAlmostEquals(law.cumulative(300 * (shape - 1) / shape), 0);
  }
  // The sizes of Park's load balancer: shape 1.5, from 100.
  const park = sizeLaw({ law: "pareto", mean: 300, shape: 1.5 });
  assertAlmostEquals(park.cumulative(400), 1 - 0.25 ** 1.5, 1e-12);
});

Deno.test("sizeLaw() keeps a bounded Pareto law within its range", () => {
  // Crovella's example has shape 1, where the mean takes a logarithm.
  for (const shape of [0.5, 1, 1.1, 2, 2.5]) {
    const options = {
      law: "boundedPareto",
      mean: 1,
      shape,
      range: 50,
    } as const;
    const law = sizeLaw(options);
    const sample = draws(options, 20_000);
    const least = sample.reduce((a, b) => Math.min(a, b));
    const most = sample.reduce((a, b) => Math.max(a, b));
    assert(law.cumulative(least) >= 0 && most / least <= 50 * (1 + 1e-12));
    assert(law.cumulative(0.999 * least) < 1e-3);
    const [first, second] = momentsOfTail(law.cumulative);
    assertAlmostEquals(first, 1, 2e-3);
    assertAlmostEquals(second / law.secondMoment, 1, 3e-3);
    const score = kolmogorovScore(sample, law.cumulative);
    assert(score < KOLMOGOROV_LIMIT, `shape ${shape}: score ${score}`);
  }
});

Deno.test("sizeLaw() takes the phases of a hyper-exponential law", () => {
  const phases = [
    { probability: 0.5, mean: 1 },
    { probability: 0.25, mean: 2 },
    { probability: 0.25, mean: 4 },
  ];
  const law = sizeLaw({ law: "hyperExponential", phases });
  assertEquals(law.mean, 2);
  assertEquals(law.secondMoment, 2 * (0.5 + 1 + 4));
  const sample = draws({ law: "hyperExponential", phases }, 100_000);
  assert(kolmogorovScore(sample, law.cumulative) < KOLMOGOROV_LIMIT);
});

Deno.test("sizeLaw() balances the phases of a hyper-exponential law", () => {
  const law = sizeLaw({
    law: "hyperExponential",
    mean: 1,
    squaredVariation: 1,
  });
  const plain = sizeLaw({ law: "exponential", mean: 1 });
  for (const x of [0.1, 1, 5]) {
    assertAlmostEquals(law.cumulative(x), plain.cumulative(x), 1e-15);
  }
  const wild = sizeLaw({
    law: "hyperExponential",
    mean: 1,
    squaredVariation: 1e12,
  });
  assertAlmostEquals(wild.squaredVariation / 1e12, 1, 1e-9);
});

Deno.test("sizeLaw() draws the same sizes from the same seed", () => {
  for (const [options] of CONTINUOUS) {
    assertEquals(draws(options, 50, 7), draws(options, 50, 7));
    assert(draws(options, 50, 7).join() !== draws(options, 50, 8).join());
  }
});

Deno.test("sizeLaw() refuses what is no law", () => {
  const cases: [unknown, string][] = [
    [{ law: "paretto", mean: 1 }, '"paretto"'],
    [{ law: "paretto", mean: 1 }, "did you mean pareto?"],
    [{ mean: 1 }, "from undefined, expected deterministic"],
    [{ law: "exponential", mean: 0 }, "mean 0, expected a finite number"],
    [{ law: "exponential", mean: -1 }, "mean -1"],
    [{ law: "exponential", mean: NaN }, "mean NaN"],
    [{ law: "exponential", mean: Infinity }, "mean Infinity"],
    [{ law: "exponential" }, "mean undefined"],
    [{ law: "hyperExponential" }, "mean undefined"],
    [{ law: "uniform", mean: 1, squaredVariation: 0.34 }, "0 to 1/3"],
    [{ law: "uniform", mean: 1, squaredVariation: NaN }, "NaN"],
    [{ law: "lognormal", mean: 1, squaredVariation: -1 }, "-1"],
    [{ law: "lognormal", mean: 1, squaredVariation: Infinity }, "Infinity"],
    [{ law: "pareto", mean: 1, shape: 1 }, "shape 1, expected"],
    [{ law: "pareto", mean: 1, shape: 3, squaredVariation: 2 }, "both shape"],
    [{ law: "pareto", mean: 1, squaredVariation: 0 }, "squaredVariation 0"],
    [{ law: "boundedPareto", mean: 1, range: 1 }, "range 1, expected"],
    [{ law: "boundedPareto", mean: 1, shape: 0 }, "shape 0"],
    [
      { law: "boundedPareto", mean: 1, shape: 3, squaredVariation: 0.34 },
      "squaredVariation 0.34 and shape 3",
    ],
    [
      { law: "boundedPareto", mean: 1, range: 9, squaredVariation: 2 },
      "both range",
    ],
    [
      { law: "hyperExponential", mean: 1, squaredVariation: 0.9 },
      "squaredVariation 0.9, expected a finite number from 1",
    ],
    [{ law: "hyperExponential", phases: [] }, "sum to 0"],
    [
      { law: "hyperExponential", phases: [{ probability: 0.5, mean: 1 }] },
      "sum to 0.5",
    ],
    [
      { law: "hyperExponential", phases: [{ probability: 1, mean: 0 }] },
      "mean 0",
    ],
    [
      {
        law: "hyperExponential",
        mean: 1,
        phases: [{ probability: 1, mean: 1 }],
      },
      "phases alone",
    ],
  ];
  for (const [options, message] of cases) {
    assertThrows(
      () => sizeLaw(options as SizeLawOptions),
      RangeError,
      message,
    );
  }
  assertEquals(SIZE_LAW_NAMES.length, 8);
});
