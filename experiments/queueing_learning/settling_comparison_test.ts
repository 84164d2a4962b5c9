import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { koopmanModel } from "../../analysis/koopman/model.ts";
import { trajectoriesOf } from "../../analysis/koopman/trajectories.ts";
import {
  compareSettling,
  settlingFigure,
  settlingTable,
} from "./settling_comparison.ts";

const TAU = 50;

/** A queue that falls from 90 to 10 after a fault that ends at 100. */
const PATH = {
  mean: Float64Array.from(
    { length: 601 },
    (_, t) => t < 100 ? 10 : 10 + 80 * Math.exp(-(t - 100) / TAU),
  ),
  standardError: new Float64Array(601).fill(0.5),
  interval: 1,
  faultEnd: 100,
  runs: 40,
};

/** The exact model of it: z = q - 10. */
const MODEL = koopmanModel({
  kind: "default",
  features: ["q"],
  interval: 1,
  encoderSizes: [1, 1],
  activation: "tanh",
  scaling: { shift: Float64Array.of(10), scale: Float64Array.of(1) },
  encoder: Float32Array.of(1, 0),
  decoder: Float32Array.of(1, 0),
  matrix: Float64Array.of(Math.exp(-1 / TAU)),
  bias: Float64Array.of(0),
}, trajectoriesOf({ q: [PATH.mean.slice(0, 100), PATH.mean.slice(100)] }, 1));

Deno.test("the bound of an exact model is the empirical time", () => {
  const { rows, bound, standardError } = compareSettling(PATH, MODEL, {
    epsilons: [
      1,
      4,
      20,
    ],
  });
  assertAlmostEquals(standardError, 0.5, 1e-9);
  assertAlmostEquals(bound.diameter, 80, 0.1);
  for (const { epsilon, empirical, boundFromFault, factor } of rows) {
    assertAlmostEquals(empirical.time, TAU * Math.log(80 / epsilon), 2);
    assertAlmostEquals(boundFromFault, TAU * Math.log(80 / epsilon), 1);
    assert(factor > 0.98 && factor < 1.05);
  }
  assertEquals(rows.map(({ resolvable }) => resolvable), [false, true, true]);
});

Deno.test("the table marks what runs cannot resolve and what never settles", () => {
  const cut = { ...PATH, mean: PATH.mean.slice(0, 160) };
  const comparison = compareSettling(cut, MODEL, { epsilons: [1, 4] });
  const { rows } = settlingTable(comparison, PATH);
  assertEquals(
    rows[0].at(-1),
    "not resolvable with 40 runs; did not settle within the horizon",
  );
  assertEquals(rows[0][1], undefined);
  const lines =
    settlingFigure(compareSettling(PATH, MODEL, { epsilons: [1, 4] })).data;
  assertEquals((lines[0].y as (number | null)[])[0], null);
});
