import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { contains } from "../../core/spaces.ts";
import { AutoscalingEnv } from "./autoscaling_env.ts";
import {
  DEFAULT_FEATURES,
  featureNames,
  observationSpace,
  REFERENCE_FEATURES,
} from "./observation.ts";
import { type AutoscalingOptions, autoscalingSettings } from "./options.ts";
import { recordedPattern } from "./patterns.ts";

/** What is seen after some actions, by name. */
function look(
  options: AutoscalingOptions,
  actions: readonly number[],
): Record<string, number> {
  const env = new AutoscalingEnv(options);
  let { observation } = env.reset({ seed: 0 });
  for (const action of actions) ({ observation } = env.step(action));
  const names = featureNames(env.settings);
  assertEquals(observation.length, names.length);
  return Object.fromEntries(names.map((name, i) => [name, observation[i]]));
}

function assertSeen(
  seen: Record<string, number>,
  wanted: Record<string, number>,
): void {
  assertEquals(Object.keys(seen).sort(), Object.keys(wanted).sort());
  for (const [name, value] of Object.entries(wanted)) {
    assertAlmostEquals(seen[name], value, 1e-6, name);
  }
}

Deno.test("writeObservation() shows the original's numbers in reference mode", () => {
  // Two steps after an add: 51 run, 50 have served 2219 of 4350.
  assertEquals(look({ mode: "reference" }, [2, 1]), {
    "instances / maximum": Math.fround(0.51),
    "load": Math.fround(0.52),
    "capacity (items)": 4350,
    "influx (items)": 2219,
    "queue (items)": 0,
  });
  assertEquals(look({ mode: "reference" }, []), {
    "instances / maximum": 0.5,
    "load": 0,
    "capacity (items)": 4350,
    "influx (items)": 2175,
    "queue (items)": 0,
  });
});

/** Ten items an instance; 95, 107, 130 items arrive. */
const SMALL: AutoscalingOptions = {
  pattern: { ...recordedPattern("site", [95, 107, 130]), daily: false },
  service: {
    minimumInstances: 1,
    initialInstances: 10,
    maximumInstances: 20,
    capacityPerInstance: 10,
    minimumInflux: 0,
    maximumInflux: 200,
    queueLimit: 1000,
  },
  actionDeltas: [-2, -1, 0, 1],
  cooldownSteps: 4,
};

Deno.test("writeObservation() shows features of order one in default mode", () => {
  // 107 arrive and 100 are served; an instance has been asked for.
  assertSeen(look(SMALL, [3]), {
    "instances / maximum": 0.5,
    "load": 1,
    "influx / largest influx": 107 / 200,
    "log queue / log limit": Math.log(8) / Math.log(1001),
    "pending change / largest change": 1 / 2,
    "committed instances / maximum": 11 / 20,
    "demand over committed capacity": ((107 + 7) / 110 - 1) / 0.05,
    "growth of the influx": (107 - 95) / 10 / 0.25,
    "cooldown left": 1,
  });
  // Then 130 + 7 arrive and 100 are served.
  assertSeen(look(SMALL, [3, 2]), {
    "instances / maximum": 11 / 20,
    "load": 1,
    "influx / largest influx": 130 / 200,
    "log queue / log limit": Math.log(38) / Math.log(1001),
    "pending change / largest change": 0,
    "committed instances / maximum": 11 / 20,
    "demand over committed capacity": 5, // 10.5 before it is clipped
    "growth of the influx": 5, // 9.2
    "cooldown left": 3 / 4,
  });
});

Deno.test("writeObservation() shows removals and changes that will be refused", () => {
  const shrinking = look(SMALL, [0]);
  assertEquals(shrinking["pending change / largest change"], -1);
  assertAlmostEquals(shrinking["committed instances / maximum"], 0.4, 1e-6);
  const service = { ...SMALL.service, minimumInstances: 9 };
  const refused = look({ ...SMALL, service }, [0]);
  assertEquals(refused["pending change / largest change"], 0);
  assertEquals(refused["committed instances / maximum"], 0.5);
});

Deno.test("writeObservation() shows booting instances as committed", () => {
  const bootDelay = { distribution: "constant", meanSeconds: 5000 } as const;
  const seen = look({ ...SMALL, cooldownSteps: 0, bootDelay }, [3, 3, 2]);
  assertEquals(seen["instances / maximum"], 0.5);
  assertEquals(seen["pending change / largest change"], 1);
  assertAlmostEquals(seen["committed instances / maximum"], 0.6, 1e-6);
  assertEquals(seen["cooldown left"], 0);
});

Deno.test("writeObservation() shows the time of day of a recorded load", () => {
  const pattern = recordedPattern("site", new Int32Array(288).fill(100));
  const quarter = look({ pattern }, Array(72).fill(1));
  assertEquals(Object.keys(quarter).length, DEFAULT_FEATURES.length + 2);
  assertAlmostEquals(quarter["sine of the day"], 1, 1e-6);
  assertAlmostEquals(quarter["cosine of the day"], 0, 1e-6);
});

Deno.test("observationSpace() holds whatever happens", () => {
  const bootDelay = { distribution: "exponential", meanSeconds: 810 } as const;
  const cases: AutoscalingOptions[] = [
    {},
    { mode: "reference" },
    { pattern: "RANDOM", randomStart: true, actionDeltas: [-9, 0, 9] },
    { pattern: recordedPattern("flood", [0, 200_000]), bootDelay },
    SMALL,
  ];
  for (const options of cases) {
    const env = new AutoscalingEnv(options);
    const random = new Random(1);
    assert(contains(env.observationSpace, env.reset({ seed: 2 }).observation));
    for (let step = 0; step < 1000; step++) {
      const action = random.integer(0, env.actionSpace.n - 1);
      const { observation, terminated, truncated } = env.step(action);
      assert(contains(env.observationSpace, observation), `${observation}`);
      if (terminated || truncated) env.reset();
    }
  }
});

Deno.test("observationSpace() has the size of the names", () => {
  const reference = autoscalingSettings({ mode: "reference" });
  assertEquals(featureNames(reference), [...REFERENCE_FEATURES]);
  assertEquals(observationSpace(reference).shape, [5]);
  const space = observationSpace(autoscalingSettings());
  assertEquals(space.shape, [9]);
  assertEquals([space.low[0], space.high[0]], [-5, 5]);
});
