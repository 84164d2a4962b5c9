import { assertEquals } from "@std/assert";
import { nearestName } from "./nearest_name.ts";

const NAMES = ["seed", "seeds", "timesteps", "load-pattern", "eval", "out"];

Deno.test("nearestName() finds what was misspelt", () => {
  const cases: [string, string | undefined][] = [
    ["timestep", "timesteps"],
    ["tiemsteps", "timesteps"],
    ["LOAD_PATERN", "load-pattern"],
    ["stpes", undefined],
    ["sede", "seed"],
    ["ouut", "out"],
    ["otu", "out"],
    ["seed", "seed"],
    ["seedss", "seeds"],
    ["elav", undefined],
    ["evall", "eval"],
    ["load", "load-pattern"],
    ["oud", "out"],
  ];
  for (const [given, expected] of cases) {
    assertEquals(nearestName(given, NAMES), expected, given);
  }
});

Deno.test("nearestName() suggests nothing when everything is far", () => {
  for (const given of ["", "x", "lo", "colour", "z".repeat(100_000)]) {
    assertEquals(nearestName(given, NAMES), undefined, given.slice(0, 20));
  }
  assertEquals(nearestName("seed", []), undefined);
});

Deno.test("nearestName() takes the nearest, and the first of equals", () => {
  assertEquals(nearestName("stead", ["steady", "stead"]), "stead");
  assertEquals(nearestName("cat", ["bat", "hat"]), "bat");
});
