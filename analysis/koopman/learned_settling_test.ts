import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { MODEL } from "./_test_model.ts";
import { learnedSettling } from "./learned_settling.ts";
import { koopmanModel } from "./model.ts";

Deno.test("learnedSettling() agrees with a rollout of each state", () => {
  for (const norm of ["latent", "feature"] as const) {
    const thresholds = norm === "latent" ? [0.5, 0.01] : [10, 0.2];
    const found = learnedSettling(MODEL, thresholds, { norm });
    const rest = MODEL.decode(MODEL.fixedPoint)[0];
    thresholds.forEach((threshold, k) => {
      for (const index of [0, 1, 37]) {
        const state = MODEL.data.series[0].slice(2 * index, 2 * index + 2);
        const latents = MODEL.rollout(MODEL.encode(state), 500);
        const far = Array.from(
          { length: 500 },
          (_, t) =>
            norm === "latent"
              ? Math.max(
                ...[0, 1].map((i) =>
                  Math.abs(latents[2 * t + i] - MODEL.fixedPoint[i])
                ),
              )
              : Math.abs(
                MODEL.decode(latents.slice(2 * t, 2 * t + 2))[0] - rest,
              ),
        );
        const last = far.findLastIndex((x) => x >= threshold);
        assertEquals(found[k].times[index], (last + 1) * MODEL.interval);
      }
    });
    assert(found[0].mean < found[1].mean);
  }
});

Deno.test("a slower model settles as much later as its timescale is longer", () => {
  const bias = new Float64Array(2);
  const diagonal = (a: number, b: number) =>
    koopmanModel(
      { ...MODEL, matrix: Float64Array.of(a, 0, 0, b), bias },
      MODEL.data,
    );
  const [fast] = learnedSettling(diagonal(0.81, 0.25), [1e-3]);
  const [slower] = learnedSettling(diagonal(0.9, 0.5), [1e-3]);
  assertAlmostEquals(slower.mean / fast.mean, 2, 0.05);
});

Deno.test("learnedSettling() refuses models that do not settle", () => {
  const matrix = Float64Array.of(1, 0, 0, 0.5);
  const stuck = koopmanModel({ ...MODEL, matrix }, MODEL.data);
  assertThrows(() => learnedSettling(stuck, [1]), RangeError, "modulus is 1");
  assertThrows(() => learnedSettling(MODEL, [-1]), RangeError, "above 0");
});
