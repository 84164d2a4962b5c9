import { assertEquals, assertThrows } from "@std/assert";
import { recordedArrays } from "./recorded_arrays.ts";

const one = { shape: [1], data: Float32Array.of(1) };
const two = { shape: [1], data: Float32Array.of(2) };

Deno.test("recordedArrays() knows the names of others", () => {
  assertEquals(
    recordedArrays({ observations: one, actions: two, dones: one, infos: two }),
    { states: one, actions: two, terminals: one },
  );
});

Deno.test("recordedArrays() refuses one array under two names", () => {
  assertThrows(
    () => recordedArrays({ states: one, obs: two }),
    TypeError,
    "it holds both states and obs",
  );
});

Deno.test("recordedArrays() takes time limits out of Stable-Baselines3's dones", () => {
  const flags = (...values: number[]) => ({
    shape: [values.length],
    data: Uint8Array.from(values),
  });
  const [ended, cut] = [flags(0, 1, 1, 0), flags(0, 0, 1, 0)];
  const { terminals } = recordedArrays({ dones: ended, timeouts: cut });
  assertEquals([...terminals.data], [0, 1, 0, 0]);
  // Where both are told apart already, an end at the limit is an end.
  for (const name of ["terminals", "terminations"]) {
    const { terminals } = recordedArrays({ [name]: ended, truncations: cut });
    assertEquals([...terminals.data], [0, 1, 1, 0]);
  }
});
