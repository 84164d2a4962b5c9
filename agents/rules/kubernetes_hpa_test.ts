import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  kubernetesHpa,
  type KubernetesHpaOptions,
  type StatefulRule,
} from "./kubernetes_hpa.ts";
import type { ServiceView } from "./service_view.ts";

const BASE: ServiceView = {
  step: 0,
  instances: 10,
  inFlight: 0,
  load: 0.8,
  queue: 0,
  influx: 696,
  capacityPerInstance: 87,
  minimumInstances: 2,
  maximumInstances: 100,
  stepSeconds: 15,
};
const NO_WINDOW: KubernetesHpaOptions = {
  behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
};
const DEMAND: KubernetesHpaOptions = {
  metrics: [{ source: "demand", target: 1 }],
};

Deno.test("kubernetesHpa() computes the documented recommendation", () => {
  const cases: [string, Partial<ServiceView>, KubernetesHpaOptions, number][] =
    [
      ["scales down to ceil(10 x 0.5 / 0.8)", { load: 0.5 }, NO_WINDOW, -3],
      ["scales up to ceil(10 x 1 / 0.8)", { load: 1 }, {}, 3],
      ["holds at the target", {}, NO_WINDOW, 0],
      ["holds at the lower tolerance", { load: 0.72 }, NO_WINDOW, 0],
      ["holds at the upper tolerance", { load: 0.88 }, {}, 0],
      ["acts below the tolerance", { load: 0.71 }, NO_WINDOW, -1],
      ["acts above the tolerance", { load: 0.89 }, {}, 2],
      [
        "keeps to a tolerance of its own",
        { load: 0.78, instances: 50 },
        { ...NO_WINDOW, tolerance: 0.01 },
        -1,
      ],
      ["keeps the minimum", { load: 0, instances: 4 }, NO_WINDOW, -2],
      ["keeps the maximum", { load: 1, instances: 95 }, {}, 5],
      [
        "counts starting instances as idle: within the tolerance",
        { load: 1, inFlight: 2 },
        {},
        0,
      ],
      [
        "counts starting instances as idle: less than enough",
        { load: 1, inFlight: 1 },
        {},
        2,
      ],
      [
        "counts starting instances as idle: more than enough",
        { load: 1, inFlight: 5 },
        {},
        0,
      ],
      [
        "leaves out instances that will go",
        { load: 0.4, inFlight: -2 },
        NO_WINDOW,
        -4,
      ],
      [
        "does nothing while none is ready",
        { load: 0, instances: 0, inFlight: 3 },
        NO_WINDOW,
        0,
      ],
      ["sees the queue by demand", { influx: 870, queue: 174 }, DEMAND, 2],
      ["doubles at most", { influx: 8700 }, DEMAND, 10],
      ["or adds four at most", { influx: 8700, instances: 2 }, DEMAND, 4],
      [
        "takes the largest of several metrics",
        { load: 0.5, influx: 87 * 13 },
        { metrics: [{ source: "load", target: 0.8 }, ...DEMAND.metrics!] },
        3,
      ],
    ];
  for (const [name, change, options, expected] of cases) {
    const actual = kubernetesHpa(options).decide({ ...BASE, ...change });
    assertEquals(actual, expected, name);
  }
});

/** Steps a service that does at once what the rule wants. */
function follow(
  rule: StatefulRule,
  loads: readonly number[],
  { stepSeconds = 15, instances = 10, from = 0 } = {},
): number[] {
  return loads.map((load, i) => {
    const view = { ...BASE, step: from + i, load, instances, stepSeconds };
    return instances += rule.decide(view);
  });
}

Deno.test("kubernetesHpa() scales down to the largest recommendation of 300 s", () => {
  // From 0 s the load wants 5 instances. The count at the start stands for
  // 300 s, that is for evaluations up to 285 s.
  const counts = follow(kubernetesHpa(), Array(22).fill(0.4));
  assertEquals(counts.slice(0, 20), Array(20).fill(10));
  assertEquals(counts[20], 5);

  // A peak in between renews the window: 7 of 0.56 / 0.8.
  const loads = Array(60).fill(0.4);
  loads[10] = 0.56;
  const renewed = follow(kubernetesHpa(), loads);
  assertEquals(renewed[19], 10);
  assertEquals(renewed[20], 7);
  assertEquals(renewed[29], 7);
  assert(renewed[31] < 7);
});

Deno.test("kubernetesHpa() needs two low steps when a step is 300 s", () => {
  const stepSeconds = 300;
  assertEquals(
    follow(kubernetesHpa(), [0.8, 0.4, 0.4, 0.8], { stepSeconds }),
    [10, 10, 5, 5],
  );
  assertEquals(
    follow(kubernetesHpa(), [0.8, 0.4, 0.8, 0.4, 1], { stepSeconds }),
    [10, 10, 10, 10, 13],
  );
});

Deno.test("kubernetesHpa() scales up to the smallest when asked to wait", () => {
  const rule = kubernetesHpa({
    behavior: { scaleUp: { stabilizationWindowSeconds: 45 } },
  });
  assertEquals(
    follow(rule, [0.8, 1, 1, 1, 1, 1, 1]),
    [10, 10, 10, 13, 13, 13, 17],
  );
});

Deno.test("kubernetesHpa() keeps to its scaling policies", () => {
  const pods = (value: number, periodSeconds = 15) =>
    ({ type: "Pods", value, periodSeconds }) as const;
  const percent = (value: number, periodSeconds = 15) =>
    ({ type: "Percent", value, periodSeconds }) as const;
  const down = (load: number, scaleDown: object) =>
    follow(
      kubernetesHpa({
        behavior: {
          scaleDown: { stabilizationWindowSeconds: 0, ...scaleDown },
        },
      }),
      Array(4).fill(load),
      { instances: 40 },
    );
  const up = (scaleUp: object) =>
    follow(kubernetesHpa({ behavior: { scaleUp } }), Array(4).fill(1));
  assertEquals(down(0, { policies: [pods(5)] }), [35, 30, 25, 20]);
  // trunc(40 x 0.9) and so on.
  assertEquals(down(0, { policies: [percent(10)] }), [36, 32, 28, 25]);
  assertEquals(
    down(0, { policies: [percent(10), pods(5)] }),
    [35, 30, 25, 20],
  );
  assertEquals(
    down(0, { policies: [percent(10), pods(5)], selectPolicy: "Min" }),
    [36, 32, 28, 25],
  );
  assertEquals(down(0, { selectPolicy: "Disabled" }), [40, 40, 40, 40]);
  // Six in any 45 s.
  assertEquals(down(0, { policies: [pods(6, 45)] }), [34, 34, 34, 28]);
  assertEquals(up({ policies: [pods(1)] }), [11, 12, 13, 14]);
  // ceil(10 x 1.1), ceil(11 x 1.1) and so on.
  assertEquals(up({ policies: [percent(10)] }), [11, 13, 15, 17]);
  assertEquals(up({ selectPolicy: "Disabled" }), [10, 10, 10, 10]);
});

Deno.test("kubernetesHpa() counts what was really changed against its policies", () => {
  // The caller lets one instance at a time through.
  const rule = kubernetesHpa({
    behavior: {
      scaleUp: {
        policies: [{ type: "Pods", value: 3, periodSeconds: 30 }],
      },
    },
  });
  const view = { ...BASE, load: 1 };
  assertEquals(rule.decide(view), 3);
  assertEquals(rule.decide({ ...view, step: 1, inFlight: 1 }), 2);
});

Deno.test("kubernetesHpa() evaluates once in a loop", () => {
  const rule = kubernetesHpa();
  assertEquals(
    follow(rule, Array(7).fill(1), { stepSeconds: 5 }),
    [13, 13, 13, 17, 17, 17, 22],
  );
});

Deno.test("kubernetesHpa() goes on from a saved state and begins anew on reset", () => {
  const loads = Array.from({ length: 60 }, (_, i) => 0.6 + 0.4 * Math.sin(i));
  const rule = kubernetesHpa();
  const whole = follow(rule, loads);
  rule.reset();
  assertEquals(follow(rule, loads), whole);
  rule.reset();
  const first = follow(rule, loads.slice(0, 25));
  const other = kubernetesHpa();
  other.loadState(structuredClone(rule.saveState()));
  const rest = follow(other, loads.slice(25), {
    from: 25,
    instances: first[24],
  });
  assertEquals([...first, ...rest], whole);
  const fresh = kubernetesHpa();
  fresh.loadState(structuredClone(kubernetesHpa().saveState()));
  assertEquals(follow(fresh, loads), whole);
});

Deno.test("kubernetesHpa() refuses options outside their range", () => {
  const pods = { type: "Pods", value: 1, periodSeconds: 15 } as const;
  const cases: KubernetesHpaOptions[] = [
    { metrics: [] },
    { metrics: [{ source: "load", target: 0 }] },
    { tolerance: -0.1 },
    { loopSeconds: NaN },
    { behavior: { scaleUp: { policies: [] } } },
    { behavior: { scaleDown: { policies: [{ ...pods, value: -1 }] } } },
    { behavior: { scaleDown: { policies: [{ ...pods, periodSeconds: 0 }] } } },
    { behavior: { scaleDown: { stabilizationWindowSeconds: -1 } } },
  ];
  for (const options of cases) {
    const { message } = assertThrows(() => kubernetesHpa(options), RangeError);
    assert(/^Cannot .*: expected/.test(message), message);
  }
});
