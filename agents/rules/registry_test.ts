import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { pendingAware } from "./pending_aware.ts";
import { createRule, RULE_NAMES } from "./registry.ts";
import type { Rule, ServiceView } from "./service_view.ts";
import { targetTracking } from "./target_tracking.ts";
import { threshold } from "./threshold.ts";

const MAXIMUM_INFLUX = 4350;
const CAPACITY = 87;

/** The reference service on SINE_CURVE, as plain as can be. */
function reference(rule: Rule): { score: number; steps: number } {
  let [instances, queue, load, pending, score] = [50, 0, 0, 0, 0];
  const influxAt = (t: number) =>
    Math.ceil((Math.sin(0.01 * t) + 1) * MAXIMUM_INFLUX / 2);
  rule.reset();
  for (let t = 1; t <= 200; t++) {
    const view: ServiceView = {
      step: t - 1,
      instances,
      inFlight: pending,
      load,
      queue,
      influx: influxAt(t - 1),
      capacityPerInstance: CAPACITY,
      minimumInstances: 2,
      maximumInstances: 100,
      stepSeconds: 300,
    };
    const change = Math.sign(rule.decide(view));
    const total = influxAt(t) + queue;
    const capacity = instances * CAPACITY;
    const done = Math.min(total, capacity);
    load = Math.ceil(done / capacity * 100) / 100;
    queue = total - done;
    const allowed = instances + pending >= 2 && instances + pending <= 100;
    if (allowed) instances += pending;
    pending = change;
    score += -(1 - load) * instances / 100 - queue / (1 + queue) -
      (allowed ? 0 : 0.1);
    if (queue > 10 * MAXIMUM_INFLUX) return { score, steps: t };
  }
  return { score, steps: 200 };
}

Deno.test("rules reach their known returns on the reference service", () => {
  const cases: [Rule, number, number][] = [
    [createRule("threshold"), -27.9537, 5e-5],
    [createRule("hold"), -14.025, 5e-5],
    [createRule("always-add"), -115.5955, 5e-5],
    [createRule("always-remove"), -31.738, 5e-4],
    [createRule("pending-aware"), -4.3175, 5e-5],
    [createRule("target-tracking"), -6.34, 5e-3],
    [targetTracking({ utilisation: 0.95 }), -6.9, 5e-3],
    [targetTracking({ utilisation: 0.9 }), -11.595, 5e-3],
    [targetTracking({ utilisation: 0.8 }), -22.7, 5e-2],
    [targetTracking({ utilisation: 1 }), -86.5, 5e-2],
  ];
  for (const [rule, expected, tolerance] of cases) {
    const { score, steps } = reference(rule);
    assertAlmostEquals(score, expected, tolerance, rule.name);
    assertEquals(steps, rule.name === "always-remove" ? 50 : 200);
  }
});

Deno.test("rules ask for as many instances as they need", () => {
  const view: ServiceView = {
    step: 3,
    instances: 10,
    inFlight: 2,
    load: 1,
    queue: 870,
    influx: 870,
    capacityPerInstance: 87,
    minimumInstances: 2,
    maximumInstances: 100,
    stepSeconds: 300,
  };
  assertEquals(targetTracking({ utilisation: 0.5 }).decide(view), 30);
  assertEquals(pendingAware().decide(view), 9);
  assertEquals(pendingAware({ spare: 3 }).decide(view), 11);
  assertEquals(threshold().decide(view), 1);
  assertEquals(threshold().decide({ ...view, load: 0.8, queue: 100 }), 0);
  assertEquals(threshold().decide({ ...view, load: 0.39, queue: 1 }), 0);
  assertEquals(threshold().decide({ ...view, load: 0.39, queue: 0 }), -1);
  assertEquals(threshold().decide({ ...view, load: 0.4, queue: 0 }), 0);
});

Deno.test("createRule() knows every name, however it is spelt", () => {
  for (const name of RULE_NAMES) {
    assertEquals(createRule(name).name, name);
    assertEquals(
      createRule(name.toUpperCase().replaceAll("-", "_")).name,
      name,
    );
  }
});

Deno.test("createRule() names the nearest rule when there is none", () => {
  for (
    const [name, nearest] of [["treshold", "threshold"], ["hpa", "hold"]]
  ) {
    const { message } = assertThrows(() => createRule(name), RangeError);
    assertEquals(
      message,
      `Cannot find rule "${name}": expected one of threshold, hold, always-add, always-remove, random, target-tracking, pending-aware, kubernetes-hpa; the nearest is "${nearest}"`,
    );
  }
  assertThrows(() => createRule("constructor"), RangeError);
});

Deno.test("rules refuse options outside their range", () => {
  for (
    const attempt of [
      () => threshold({ lowLoad: 0.9 }),
      () => threshold({ highLoad: NaN }),
      () => targetTracking({ utilisation: 0 }),
      () => targetTracking({ utilisation: 1.1 }),
      () => pendingAware({ spare: 0.5 }),
    ]
  ) assertThrows(attempt, RangeError, ": expected");
});
