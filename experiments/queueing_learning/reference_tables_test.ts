import { assertAlmostEquals, assertEquals } from "@std/assert";
import { koopmanModel } from "../../analysis/koopman/model.ts";
import { trajectoriesOf } from "../../analysis/koopman/trajectories.ts";
import { referenceSettlingTable } from "./reference_tables.ts";

Deno.test("referenceSettlingTable() has first visits and the original's bound", () => {
  const model = koopmanModel({
    kind: "reference",
    features: ["q"],
    interval: 5,
    encoderSizes: [1, 1],
    activation: "relu",
    scaling: { shift: Float64Array.of(0), scale: Float64Array.of(1) },
    encoder: Float32Array.of(1, 0),
    decoder: Float32Array.of(1, 0),
    matrix: Float64Array.of(0.9965),
    bias: Float64Array.of(0),
  }, trajectoriesOf({ q: [[20], [5]] }, 5));
  const { rows } = referenceSettlingTable(
    new Float64Array(300).fill(55),
    model,
    { epsilons: [1, 10] },
  );
  assertEquals(rows.map((row) => row[1]), [undefined, 0]);
  assertAlmostEquals(rows[1][2] as number, 8655, 20);
});
