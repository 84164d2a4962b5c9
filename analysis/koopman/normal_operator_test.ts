import { assert, assertAlmostEquals } from "@std/assert";
import { selectDevice } from "../../learning/devices.ts";
import * as tf from "../../learning/tensorflow.ts";
import { advance, operatorMatrix } from "./normal_operator.ts";
import { spectrum } from "./spectrum.ts";

await selectDevice("cpu", { parameters: 1, batchSize: 1 });

Deno.test("advance() is a power of operatorMatrix(), which is normal", async () => {
  const shape = { realModes: 1, pairs: 2, separation: 2 };
  const values = [-3, -1, -2, 0.4, 2.5];
  const matrix = operatorMatrix(values, shape);
  const found = spectrum({ size: 5, values: matrix });
  assertAlmostEquals(found.condition, 1, 1e-9);
  assert(found.eigenvalues[0].modulus < 1);
  assertAlmostEquals(
    found.eigenvalues[0].modulus,
    Math.exp(-Math.exp(-3)),
    1e-12,
  );
  let row = [1, 2, 3, 4, 5];
  for (let t = 0; t < 7; t++) {
    row = row.map((_, j) =>
      row.reduce((sum, x, i) => sum + x * matrix[i * 5 + j], 0)
    );
  }
  const ahead = advance(tf.tensor2d([[1, 2, 3, 4, 5]]), tf.tensor2d([[7]]), {
    ...shape,
    logRates: tf.tensor1d(values.slice(0, 3)),
    angles: tf.tensor1d(values.slice(3)),
  });
  (await ahead.data()).forEach((x, j) => assertAlmostEquals(x, row[j], 1e-5));
});
