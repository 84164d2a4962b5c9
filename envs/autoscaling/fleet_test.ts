import { assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  billedTime,
  committedInstances,
  createFleet,
  createFleetRules,
  type Fleet,
  resetFleet,
  stepFleet,
} from "./fleet.ts";
import { type AutoscalingOptions, autoscalingSettings } from "./options.ts";
import { loadPattern, recordedPattern } from "./patterns.ts";
import { service } from "./service.ts";

/** A fleet after some changes, and its settings. */
function steer(options: AutoscalingOptions, deltas: readonly number[]) {
  const settings = autoscalingSettings(options);
  const rules = createFleetRules(settings);
  const fleet = createFleet(rules);
  const random = new Random(0);
  resetFleet(fleet, rules, random);
  for (const delta of deltas) stepFleet(fleet, rules, delta, random);
  return { fleet, settings };
}

/** Steps of launch, oldest first. */
function births({ births, oldest, instances }: Fleet): number[] {
  return Array.from(
    { length: instances },
    (_, i) => births[(oldest + i) % births.length],
  );
}

const SMALL: AutoscalingOptions = {
  pattern: recordedPattern("none", [0]),
  service: { minimumInstances: 1, initialInstances: 2, maximumInstances: 4 },
};

Deno.test("stepFleet() carries changes out one step late, the oldest going first", () => {
  const plan = [1, 1, -1, -1, 1, 1, -2, 2, 0];
  const seen = plan.map((_, i) =>
    births(steer(SMALL, plan.slice(0, i + 1)).fleet)
  );
  assertEquals(seen, [
    [0, 0],
    [0, 0, 2],
    [0, 0, 2, 3],
    [0, 2, 3],
    [2, 3],
    [2, 3, 6],
    [2, 3, 6, 7],
    [6, 7],
    [6, 7, 9, 9],
  ]);
});

Deno.test("stepFleet() refuses a change that goes only partly", () => {
  assertEquals(steer(SMALL, [3, 0]).fleet.instances, 2);
  assertEquals(steer(SMALL, [-2, 0]).fleet.instances, 2);
  assertEquals(steer(SMALL, [-1, 0]).fleet.instances, 1);
});

Deno.test("committedInstances() counts what will happen", () => {
  const cases: [number[], number][] = [[[2], 4], [[3], 2], [[-1], 1], [
    [1, 0],
    3,
  ]];
  for (const [plan, committed] of cases) {
    const { fleet, settings } = steer(SMALL, plan);
    assertEquals(committedInstances(fleet, settings), committed);
  }
});

Deno.test("billedTime() bills short lives a minute and an hour", () => {
  const options: AutoscalingOptions = {
    ...SMALL,
    service: { ...SMALL.service, stepSeconds: 25 },
  };
  const billed = (plan: number[]) => {
    const { fleet, settings } = steer(options, plan);
    return { ...billedTime(fleet, settings) };
  };
  assertEquals(billed([]), { seconds: 120, hours: 2 });
  assertEquals(billed([0, 0, 0]), { seconds: 150, hours: 2 });
  // Launched at step 2; at step 4 one of the first goes.
  assertEquals(billed([1, 0, -1, 0]), { seconds: 260, hours: 3 });
  assertEquals(billed(Array(145).fill(0)), { seconds: 2 * 3625, hours: 4 });
});

Deno.test("stepFleet() plays patterns beyond the steps that are tabulated", () => {
  const { fleet, settings } = steer(
    { mode: "reference", pattern: "SINUSOIDAL" },
    Array(8300).fill(0),
  );
  const pattern = loadPattern("SINUSOIDAL", service());
  assertEquals(fleet.influx, pattern.influx(8300, new Random(0)));
  assertEquals(settings.pattern.name, "SINUSOIDAL");
});
