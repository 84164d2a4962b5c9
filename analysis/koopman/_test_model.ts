/**
 * A model whose numbers can be checked by hand.
 *
 * @module
 */
import { relaxation } from "./_test_relaxation.ts";
import { koopmanModel } from "./model.ts";

const data = relaxation({ noise: 0, seed: 0 });

/** Linear: z = (x - shift) / scale, stretched by 1 and 2, plus (0.5, 0). */
export const MODEL = koopmanModel({
  kind: "default",
  features: ["q", "l"],
  interval: 5,
  encoderSizes: [2, 2],
  activation: "tanh",
  scaling: { shift: Float64Array.of(50, 8), scale: Float64Array.of(20, 4) },
  encoder: Float32Array.of(1, 0, 0, 2, 0.5, 0),
  decoder: Float32Array.of(1, 0, 0, 0.5, -0.5, 0),
  matrix: Float64Array.of(0.9, 0.1, 0, 0.5),
  bias: Float64Array.of(0.05, 0),
}, data);
