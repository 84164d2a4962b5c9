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
