import { assert, assertEquals, assertThrows } from "@std/assert";
import { type AutoscalingOptions, autoscalingSettings } from "./options.ts";
import { recordedPattern } from "./patterns.ts";
import { REFERENCE_SERVICE } from "./service.ts";

Deno.test("autoscalingSettings() fills in the defaults of either mode", () => {
  const made = autoscalingSettings();
  assertEquals({ ...made, pattern: made.pattern.name }, {
    mode: "default",
    service: REFERENCE_SERVICE,
    pattern: "SINE_CURVE",
    episodeSteps: 200,
    actionDeltas: [-1, 0, 1],
    largestChange: 1,
    randomStart: false,
    bootDelay: undefined,
    cooldownSteps: 0,
    maskActions: false,
    reward: "reference",
    waitLimitSeconds: 10,
    violationPrice: 0.001,
    failurePenalty: 0,
    metrics: true,
  });
  const reference = autoscalingSettings({ mode: "reference" });
  assertEquals(reference.episodeSteps, Infinity);
  assertEquals(reference.metrics, false);
  const cost = autoscalingSettings({ reward: "cost" });
  assertEquals(cost.failurePenalty, 870); // 0.001 x 4350 x 200
});

Deno.test("autoscalingSettings() keeps what it is told", () => {
  const pattern = recordedPattern("site", [1, 2]);
  const made = autoscalingSettings({
    pattern,
    service: { pricePerHour: 1 },
    actionDeltas: [0, -4, 2],
    episodeSteps: 7,
    reward: "cost",
    violationPrice: 2,
  });
  assert(made.pattern === pattern);
  assertEquals(made.service.pricePerHour, 1);
  assertEquals(made.largestChange, 4);
  assertEquals(made.failurePenalty, 2 * 4350 * 7);
});

Deno.test("autoscalingSettings() counts waits where the reward needs them", () => {
  const cost = autoscalingSettings({ mode: "reference", reward: "cost" });
  assert(cost.metrics);
  assert(!autoscalingSettings({ metrics: false }).metrics);
  assertThrows(
    () => autoscalingSettings({ reward: "cost", metrics: false }),
    RangeError,
    "Cannot price violations without metrics: expected metrics true with the reward cost",
  );
});

Deno.test("autoscalingSettings() refuses options that make no sense", () => {
  const boot = (changes: object) => ({
    bootDelay: { distribution: "exponential", meanSeconds: 97, ...changes },
  });
  const cases: [unknown, string][] = [
    [{ mode: "refrence" }, 'Cannot use mode "refrence": expected default or'],
    [{ reward: "money" }, 'Cannot use reward "money": expected reference or'],
    [{ pattern: "SINE" }, 'Cannot read load pattern "SINE"'],
    [{ episodeSteps: 0 }, "Cannot run episodes of 0 steps"],
    [{ episodeSteps: -5 }, "Cannot run episodes of -5 steps"],
    [{ episodeSteps: 1.5 }, "Cannot run episodes of 1.5 steps"],
    [{ episodeSteps: NaN }, "Cannot run episodes of NaN steps"],
    [{ actionDeltas: [0] }, "Cannot use the actions [0]"],
    [{ actionDeltas: [-1, 1] }, "Cannot use the actions [-1,1]"],
    [{ actionDeltas: [0, 1, 1] }, "Cannot use the actions [0,1,1]"],
    [{ actionDeltas: [0, 0.5] }, "Cannot use the actions [0,0.5]"],
    [{ cooldownSteps: -1 }, "Cannot cool down for -1 steps"],
    [{ cooldownSteps: 0.5 }, "Cannot cool down for 0.5 steps"],
    [boot({ meanSeconds: -1 }), "Cannot boot with"],
    [boot({ meanSeconds: Infinity }), "Cannot boot with"],
    [boot({ distribution: "uniform" }), "Cannot boot with"],
    [boot({ variation: 0 }), "Cannot boot with"],
    [{ waitLimitSeconds: -1 }, "Cannot price waits over -1 s"],
    [{ violationPrice: NaN }, "at NaN dollars"],
    [{ failurePenalty: -2 }, "-2 for a failure"],
    [{ service: { minimumInstances: 0 } }, "Cannot scale from 0"],
  ];
  for (const [options, message] of cases) {
    assertThrows(
      () => autoscalingSettings(options as AutoscalingOptions),
      RangeError,
      message,
    );
  }
});
