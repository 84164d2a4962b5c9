import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { createArrival } from "./arrival.ts";
import {
  createTraffic,
  type FlowTrace,
  type LoadTrace,
  type TrafficOptions,
  type TrafficSetting,
} from "./env_traffic.ts";

const SETTING: TrafficSetting = { capacity: 10, defaultLoad: 0.5 };

/** Jobs every 0.5 s, of 1 s of work each: 2 a second, a load of 0.2. */
const TRACE: FlowTrace = {
  name: "steady",
  times: Float64Array.from({ length: 100 }, (_, i) => 50 + i / 2),
  work: new Float64Array(100).fill(1),
  ioWork: new Float64Array(100),
  kinds: Uint8Array.from({ length: 100 }, (_, i) => i % 2),
};

const COUNTS: LoadTrace = {
  name: "counts",
  secondsPerSample: 1,
  requests: Float64Array.of(1, 3),
};

function firstArrivals(
  options: TrafficOptions,
  { setting = SETTING, seed = 1, count = 2000 } = {},
) {
  const { source, load } = createTraffic(options, setting)
    .begin(new Random(seed));
  const into = createArrival();
  const times: number[] = [];
  let work = 0;
  while (times.length < count && source.next(into)) {
    times.push(into.time);
    work += into.work;
  }
  return { times, load, offered: work / times.at(-1)! / setting.capacity };
}

const WITH_LOAD: TrafficSetting = { ...SETTING, load: 0.8 };

// 20,000 jobs: the offered load of exponential gaps and works has a standard
// deviation of sqrt(2 / 20,000) = 1 % (lognormal pages with c^2 of 1 in a mix:
// 1.5 %); 6 of them are 1e-8. A load of the wrong capacity would be seen.
const OFFERED: [string, TrafficOptions, TrafficSetting, number][] = [
  ["Poisson traffic by default", { type: "poisson" }, SETTING, 0.5],
  ["Poisson traffic at a load", { type: "poisson" }, WITH_LOAD, 0.8],
  [
    "Poisson traffic at a rate",
    {
      type: "poisson",
      rate: 20,
      jobs: { work: { law: "exponential", mean: 0.2 } },
    },
    SETTING,
    0.4,
  ],
  [
    "Poisson traffic at a changing rate",
    {
      type: "poisson",
      rate: {
        profile: "stepped",
        steps: [{ start: 0, rate: 10 }, { start: 1, rate: 30 }],
        periodSeconds: 2,
      },
      jobs: { work: { law: "exponential", mean: 0.2 } },
    },
    SETTING,
    0.4,
  ],
  ["Wikipedia-like traffic", { type: "wiki" }, WITH_LOAD, 0.8],
  [
    "recorded traffic as it is",
    { type: "recorded", trace: TRACE },
    SETTING,
    0.2,
  ],
  [
    "recorded traffic at a rate",
    {
      type: "recorded",
      trace: TRACE,
      rate: 4,
    },
    SETTING,
    0.4,
  ],
  [
    "recorded traffic at a load",
    {
      type: "recorded",
      trace: TRACE,
      start: "random",
    },
    WITH_LOAD,
    0.8,
  ],
  [
    "counts as they are",
    {
      type: "counted",
      trace: COUNTS,
      jobs: { work: { law: "exponential", mean: 2 } },
    },
    SETTING,
    0.4,
  ],
  ["counts at a load", { type: "counted", trace: COUNTS }, WITH_LOAD, 0.8],
];

for (const [name, options, setting, expected] of OFFERED) {
  Deno.test(`createTraffic() offers the right load with ${name}`, () => {
    const { load, offered } = firstArrivals(options, {
      setting,
      count: 20_000,
    });
    assertAlmostEquals(load, expected, 1e-6);
    assert(Math.abs(offered / expected - 1) < 0.09, `${offered}`);
    assertAlmostEquals(
      createTraffic(options, setting).largestLoad,
      expected,
      1e-6,
    );
  });
}

Deno.test("createTraffic() begins recorded traffic at its first job or at any", () => {
  const first = firstArrivals({ type: "recorded", trace: TRACE });
  assertEquals(first.times.slice(0, 3), [0, 0.5, 1]);
  const kinds = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const { source } = createTraffic({
      type: "recorded",
      trace: TRACE,
      start: "random",
    }, SETTING).begin(new Random(seed));
    const into = createArrival();
    source.next(into);
    assertAlmostEquals(into.time, 0, 1e-12);
    kinds.add(into.kind);
  }
  assertEquals(kinds.size, 2);
});

Deno.test("createTraffic() draws a load for each episode", () => {
  const load = { low: 0.8, high: 0.95 };
  const traffic = createTraffic({ type: "wiki" }, { ...SETTING, load });
  const random = new Random(1);
  const loads = Array.from({ length: 50 }, () => traffic.begin(random).load);
  assert(loads.every((each) => each >= 0.8 && each < 0.95));
  assert(new Set(loads).size > 40);
  assertEquals([traffic.largestLoad, [...traffic.kinds]], [
    0.95,
    ["page", "static"],
  ]);
});

Deno.test("createTraffic() goes on from saved sources", () => {
  const cases: TrafficOptions[] = [
    { type: "recorded", trace: TRACE, start: "random" },
    { type: "counted", trace: COUNTS, start: "random" },
    { type: "wiki" },
  ];
  for (const options of cases) {
    const traffic = createTraffic(options, SETTING);
    const { source } = traffic.begin(new Random(3));
    const into = createArrival();
    for (let i = 0; i < 10; i++) source.next(into);
    const { source: other } = traffic.begin(new Random(3));
    other.loadState(source.saveState());
    source.next(into);
    const again = createArrival();
    other.next(again);
    assertEquals(again, into);
  }
});

const BAD = { ...TRACE, times: Float64Array.of(1, 3, 2) };
const REFUSED: [TrafficOptions, Partial<TrafficSetting>, string][] = [
  [{ type: "poisson", rate: 0 }, {}, "rate 0"],
  [{ type: "poisson", rate: 5 }, { load: 0.5 }, "rate of 5"],
  [{ type: "poisson" }, { load: NaN }, "load of NaN"],
  [{ type: "wiki", pageShare: 1 }, {}, "page share of 1"],
  [{ type: "recorded", trace: BAD }, {}, "2 after 3 at job 2"],
  [
    { type: "recorded", trace: TRACE, start: "last" as "first" },
    {},
    '"last"',
  ],
  [
    { type: "counted", trace: { ...COUNTS, requests: Float64Array.of(0) } },
    { load: 0.5 },
    "",
  ],
  [
    { type: "custom", make: () => ({}) as never },
    { load: 0.5 },
    "load of 0.5",
  ],
  [{ type: "pareto" } as unknown as TrafficOptions, {}, '"pareto"'],
];

for (const [options, setting, words] of REFUSED) {
  Deno.test(`createTraffic() refuses ${options.type} traffic with ${words || "no jobs"}`, () => {
    assertThrows(
      () =>
        createTraffic(options, { ...SETTING, ...setting })
          .begin(new Random(1)),
      RangeError,
      words,
    );
  });
}
