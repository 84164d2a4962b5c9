import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { createGruCell } from "../gru_cell.ts";
import { gruLayout, initialGruParameters } from "../gru_layout.ts";
import { initialParameters, mlpLayout } from "../networks.ts";
import { namedArrays } from "../parameters.ts";
import { createPerceptron } from "../perceptron.ts";
import {
  denseArrays,
  type NetworkWriter,
  writeGruStep,
  writePerceptron,
} from "./network_writer.ts";

type Row = Float64Array;

/** Computes what is written, on one row. */
const computing = {
  dense: (input: Row, { weight, bias }) =>
    Float64Array.from(
      bias.data as Float32Array,
      (sum, j) =>
        input.reduce(
          (total, value, i) =>
            total +
            value * (weight.data as Float32Array)[i * weight.shape[1] + j],
          sum,
        ),
    ),
  activate: (input: Row, activation) =>
    input.map((x) =>
      activation === "tanh"
        ? Math.tanh(x)
        : activation === "relu"
        ? Math.max(0, x)
        : 1 / (1 + Math.exp(-x))
    ),
  add: (a: Row, b: Row) => a.map((value, i) => value + b[i]),
  multiply: (a: Row, b: Row) => a.map((value, i) => value * b[i]),
} as NetworkWriter<Row>;

Deno.test("writePerceptron() writes what createPerceptron() computes", () => {
  const sizes = [3, 8, 5, 2];
  const layout = mlpLayout("q", sizes);
  const parameters = initialParameters(layout, new Random(1));
  const input = Float32Array.of(0.3, -2, 1);
  const expected = new Float32Array(2);
  createPerceptron(sizes, "relu", { parameters }).forward(input, expected);
  const written = writePerceptron(computing, Float64Array.from(input), {
    arrays: namedArrays(parameters, layout),
    prefix: "q",
    layers: 3,
    activation: "relu",
  });
  written.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-6));
});

Deno.test("writeGruStep() writes what createGruCell() computes", () => {
  const layout = gruLayout("m", 4, 6);
  const parameters = initialGruParameters(layout, new Random(2));
  const cell = createGruCell(4, 6, { parameters });
  const arrays = namedArrays(parameters, layout);
  const random = new Random(3);
  const state = new Float32Array(6);
  for (let step = 0; step < 5; step++) {
    const input = Float32Array.from({ length: 4 }, () => random.normal());
    const written = writeGruStep(computing, {
      input: Float64Array.from(input),
      state: Float64Array.from(state),
    }, { arrays, prefix: "m" });
    cell.forward(input, state);
    written.forEach((value, i) => assertAlmostEquals(value, state[i], 1e-6));
  }
});

Deno.test("denseArrays() names what is missing", () => {
  assertThrows(
    () => denseArrays({}, "q.0"),
    TypeError,
    "expected the arrays q.0.weight and q.0.bias",
  );
  const bias = { shape: [1], data: new Float32Array(1) };
  const weight = { shape: [1, 1], data: new Float32Array(1) };
  assertEquals(denseArrays({ "a.weight": weight, "a.bias": bias }, "a"), {
    weight,
    bias,
  });
});
