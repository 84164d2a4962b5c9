import { assertAlmostEquals, assertEquals } from "@std/assert";
import { koopmanModel } from "../../analysis/koopman/model.ts";
import { trajectoriesOf } from "../../analysis/koopman/trajectories.ts";
import {
  jointSettling,
  learnedFigure,
  learnedTable,
  settleModel,
} from "./learned_settling_report.ts";

/** z = q, z' = 0.9 z + b: at rest at 10 b. */
const model = (bias: number, modulus = 0.9) =>
  koopmanModel({
    kind: "reference",
    features: ["q"],
    interval: 5,
    encoderSizes: [1, 1],
    activation: "relu",
    scaling: { shift: Float64Array.of(0), scale: Float64Array.of(1) },
    encoder: Float32Array.of(1, 0),
    decoder: Float32Array.of(1, 0),
    matrix: Float64Array.of(modulus),
    bias: Float64Array.of(bias),
  }, trajectoriesOf({ q: [[20], [5]] }, 5));

/** First step with 0.9^t distance < delta, in steps. */
const steps = (distance: number, delta: number) =>
  Math.floor(Math.log(delta / distance) / Math.log(0.9)) + 1;

Deno.test("settleModel() counts from the fixed point, the reference from zero", () => {
  const found = settleModel(model(1), [0.5], { norm: "latent" })[0];
  assertEquals(found.mean, 5 * steps(10, 0.5));
  const original =
    settleModel(model(1), [0.5], { norm: "latent", mode: "reference" })[0];
  assertAlmostEquals(original.mean, 10 * steps(20, 0.5), 1e-9);
});

Deno.test("the slowest server counts for a line", () => {
  const servers = [model(1), model(1, 0.99)].map((one) =>
    settleModel(one, [0.5, 1], { norm: "feature" })
  );
  assertEquals(jointSettling(servers), servers[1]);
  const named = servers.map((settled, i) => ({
    name: `server ${i + 1}`,
    settled,
  }));
  const { rows } = learnedTable(named, { norm: "feature" });
  assertEquals(rows.map(([name, delta]) => [name, delta]), [
    ["server 1", 0.5],
    ["server 1", 1],
    ["server 2", 0.5],
    ["server 2", 1],
  ]);
  assertEquals(learnedFigure(named, { norm: "feature" }).data.length, 4);
});
