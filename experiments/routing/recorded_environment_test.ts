import { assertEquals, assertThrows } from "@std/assert";
import {
  recordedEnvironment,
  type RecordedSteps,
} from "./recorded_environment.ts";

function steps(
  more: Partial<RecordedSteps> & { action?: number; observationSize?: number },
): RecordedSteps {
  const { action = 0.4, observationSize = 12, ...rest } = more;
  return {
    data: {
      rows: 1,
      observationSize,
      actionSize: 10,
      observations: new Float32Array(observationSize),
      actions: new Float32Array(10).fill(action),
    },
    digest: "",
    episodeIds: undefined,
    options: undefined,
    ...rest,
  };
}

Deno.test("the environment is the one that the file names", () => {
  const options = { linkCount: 10, actionScale: 0.25, mode: "default" };
  const found = recordedEnvironment("a.npz", steps({ options, action: 1 }), {
    mode: "reference",
  });
  assertEquals(found, { id: "SDN-v1", options });
});

Deno.test("states and actions alone are of as many links", () => {
  for (const mode of ["default", "reference"] as const) {
    assertEquals(
      recordedEnvironment("a.npz", steps({}), { mode }).options,
      { linkCount: 10, mode },
    );
  }
});

Deno.test("recordedEnvironment() refuses what does not fit", () => {
  assertThrows(
    () =>
      recordedEnvironment("a.npz", steps({ action: 0.6 }), {
        mode: "reference",
      }),
    RangeError,
    'Cannot learn from "a.npz": its action in row 0 holds 0.6',
  );
  assertThrows(
    () =>
      recordedEnvironment("a.npz", steps({ observationSize: 30 }), {
        mode: "default",
      }),
    TypeError,
    "30 values",
  );
});
