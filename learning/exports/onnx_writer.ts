/**
 * Policies as ONNX models.
 *
 * @module
 */
import {
  encodeOnnx,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
  type OnnxType,
  type OnnxValue,
} from "../../core/onnx.ts";
import { LOADSTAR_VERSION } from "../../core/version.ts";
import { LEAKY_SLOPE } from "../activations.ts";
import type {
  Activation,
  Bounds,
  DecisionWriter,
  NetworkWriter,
} from "./network_writer.ts";

/** Version of ONNX's operators that is written; runtimes since 2020 know it. */
export const ONNX_OPSET = 13;

/** Something that a model computes: `size` values a row. */
export interface OnnxRow {
  /** What nodes call it. */
  readonly name: string;
  /** Type of its values. */
  readonly type: OnnxType;
  /** Values a row. */
  readonly size: number;
}

/** What an ONNX model says of itself. */
export interface OnnxNotes {
  /** What it is called. */
  readonly name: string;
  /** What it is, in words. */
  readonly description: string;
  /** What else is to be said, as text. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Writes an ONNX model. */
export interface OnnxWriter extends NetworkWriter<OnnxRow> {
  /** ONNX has decisions. */
  readonly decisions: DecisionWriter<OnnxRow>;
  /** What goes in so far. */
  readonly inputs: readonly OnnxValue[];
  /** What comes out so far. */
  readonly outputs: readonly OnnxValue[];
  /** The bytes of the `.onnx` file. */
  encode(notes: OnnxNotes): Uint8Array;
}

/** In place of forbidden values: no infinity, so that nothing becomes NaN. */
const FORBIDDEN = -3.4e38;

/** A writer of an ONNX model with nothing in it. Rows are named `batch`. */
export function createOnnxWriter(): OnnxWriter {
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const tensors: OnnxTensor[] = [];
  const nodes: OnnxNode[] = [];
  /** Arrays that were written already, by what holds their elements. */
  const written = new Map<unknown, string>();

  function constant(
    data: OnnxTensor["data"],
    shape: readonly number[] = [data.length],
  ): string {
    let name = written.get(data);
    if (name === undefined) {
      name = `constant_${tensors.length}`;
      tensors.push({ name, shape, data });
      written.set(data, name);
    }
    return name;
  }

  const floats = (values: ArrayLike<number>, shape?: readonly number[]) =>
    constant(
      values instanceof Float32Array ? values : Float32Array.from(values),
      shape,
    );
  const wholes = (values: readonly number[]) =>
    constant(BigInt64Array.from(values, BigInt));

  /** Appends an operation and returns the name of its result. */
  function node(
    operator: string,
    taken: readonly string[],
    attributes: Record<string, OnnxAttribute> = {},
  ): string {
    const name = `value_${nodes.length}`;
    nodes.push({ operator, inputs: taken, outputs: [name], attributes });
    return name;
  }

  const like = (row: OnnxRow, name: string): OnnxRow => ({ ...row, name });

  function given(
    name: string,
    { type, size, description }: {
      type: OnnxType;
      size: number;
      description: string;
    },
  ): OnnxRow {
    inputs.push({ name, type, shape: ["batch", size], description });
    return { name, type, size };
  }

  function cast(row: OnnxRow, type: "float" | "int64" | "double"): OnnxRow {
    if (row.type === type) return row;
    const to = { float: 1, int64: 7, double: 11 }[type];
    return { ...row, type, name: node("Cast", [row.name], { to }) };
  }

  function slice(row: OnnxRow, start: number, size: number): OnnxRow {
    if (start === 0 && size === row.size) return row;
    const name = node("Slice", [
      row.name,
      wholes([start]),
      wholes([start + size]),
      wholes([1]),
    ]);
    return { ...row, name, size };
  }

  function concat(parts: readonly OnnxRow[]): OnnxRow {
    if (parts.length === 1) return parts[0];
    const names = parts.map(({ name }) => name);
    return {
      name: node("Concat", names, { axis: 1 }),
      type: parts[0].type,
      size: parts.reduce((sum, part) => sum + part.size, 0),
    };
  }

  function activate(row: OnnxRow, activation: Activation): OnnxRow {
    const x = row.name;
    switch (activation) {
      case "identity":
        return row;
      case "relu":
        return like(row, node("Relu", [x]));
      case "tanh":
        return like(row, node("Tanh", [x]));
      case "elu":
        return like(row, node("Elu", [x], { alpha: { float: 1 } }));
      case "sigmoid":
        return like(row, node("Sigmoid", [x]));
      case "softplus":
        return like(row, node("Softplus", [x]));
      case "leakyRelu": {
        const alpha = { float: LEAKY_SLOPE };
        return like(row, node("LeakyRelu", [x], { alpha }));
      }
      case "silu":
        return like(row, node("Mul", [x, node("Sigmoid", [x])]));
      case "gelu": {
        const scaled = node("Mul", [x, floats([Math.SQRT1_2])]);
        const share = node("Add", [node("Erf", [scaled]), floats([1])]);
        const half = node("Mul", [x, floats([0.5])]);
        return like(row, node("Mul", [half, share]));
      }
    }
  }

  function output(name: string, row: OnnxRow, description: string): void {
    nodes.push({
      operator: "Identity",
      inputs: [row.name],
      outputs: [name],
    });
    const { type, size } = row;
    outputs.push({ name, type, shape: ["batch", size], description });
  }

  const clamp = (row: OnnxRow, { low, high }: Bounds): OnnxRow =>
    like(
      row,
      node("Min", [node("Max", [row.name, floats(low)]), floats(high)]),
    );

  /** Values, with forbidden ones far below all others. */
  function allowed(values: OnnxRow, mask: OnnxRow | undefined): string {
    if (mask === undefined) return values.name;
    const forbidden = values.type === "double"
      ? constant(Float64Array.of(FORBIDDEN))
      : floats([FORBIDDEN]);
    return node("Where", [mask.name, values.name, forbidden]);
  }

  const decisions: DecisionWriter<OnnxRow> = {
    mask: (name, size, description) =>
      given(name, { type: "boolean", size, description }),
    choose(values, { sizes, stride, mask }) {
      let place = 0;
      const chosen = sizes.map((size, choice): OnnxRow => {
        const own = slice(values, choice * stride, size);
        const rest = allowed(own, mask && slice(mask, place, size));
        place += size;
        const name = node("ArgMax", [rest], { axis: 1, keepdims: 1 });
        return { name, type: "int64", size: 1 };
      });
      return concat(chosen);
    },
    oneHot(choices, depth) {
      const ones = node("OneHot", [
        choices.name,
        wholes([depth]),
        floats([0, 1]),
      ]);
      const size = choices.size * depth;
      const name = node("Reshape", [ones, wholes([-1, size])]);
      return { name, type: "float", size };
    },
    outputChoices(name, choices, description) {
      if (choices.size > 1) return output(name, choices, description);
      nodes.push({
        operator: "Reshape",
        inputs: [choices.name, wholes([-1])],
        outputs: [name],
      });
      outputs.push({ name, type: "int64", shape: ["batch"], description });
    },
    softmax: (values, mask) =>
      like(values, node("Softmax", [allowed(values, mask)], { axis: 1 })),
    clamp,
    countReached(input, bounds) {
      const limits = constant(Float64Array.from(bounds), [1, bounds.length]);
      const reached = node("GreaterOrEqual", [
        cast(input, "double").name,
        limits,
      ]);
      const ones = node("Cast", [reached], { to: 7 });
      const name = node("ReduceSum", [ones, wholes([1])], { keepdims: 1 });
      return { name, type: "int64", size: 1 };
    },
    toWhole: (input) => cast(input, "int64"),
    weigh(numbers, factors) {
      const weighed = node("Mul", [numbers.name, wholes(factors)]);
      const name = node("ReduceSum", [weighed, wholes([1])], { keepdims: 1 });
      return { name, type: "int64", size: 1 };
    },
    lookUp(table, rows) {
      const [, size] = table.shape;
      const numbers = node("Reshape", [rows.name, wholes([-1])]);
      const data = table.data as Float64Array;
      const name = node("Gather", [constant(data, table.shape), numbers], {
        axis: 0,
      });
      return { name, type: "double", size };
    },
    toFloat: (input) => cast(input, "float"),
  };

  return {
    inputs,
    outputs,
    decisions,
    input: (name, size, description) =>
      given(name, { type: "float", size, description }),
    output,
    dense(input, { weight, bias }) {
      const [, size] = weight.shape;
      const name = node("Gemm", [
        input.name,
        floats(weight.data as Float32Array, weight.shape),
        floats(bias.data as Float32Array),
      ]);
      return { name, type: "float", size };
    },
    activate,
    add: (a, b) => like(a, node("Add", [a.name, b.name])),
    multiply: (a, b) => like(a, node("Mul", [a.name, b.name])),
    concat,
    slice,
    normalise(input, { mean, deviation, limit }) {
      // In 64 bits, as acting does: means may be large and deviations small.
      const doubles = (values: ArrayLike<number>) =>
        constant(Float64Array.from(values));
      const centred = node("Sub", [cast(input, "double").name, doubles(mean)]);
      const name = node("Div", [centred, doubles(deviation)]);
      const scaled = cast({ ...input, name, type: "double" }, "float");
      const bounds = {
        low: new Float32Array(input.size).fill(-limit),
        high: new Float32Array(input.size).fill(limit),
      };
      return clamp(scaled, bounds);
    },
    scale(input, bounds) {
      const half = bounds.high.map((high, i) => (high - bounds.low[i]) / 2);
      const middle = bounds.low.map((low, i) => low + half[i]);
      const wide = node("Mul", [input.name, floats(half)]);
      const name = node("Add", [wide, floats(middle)]);
      return clamp({ ...input, name }, bounds);
    },
    encode: ({ name, description, metadata }) =>
      encodeOnnx({
        name,
        description,
        metadata,
        producer: ["Loadstar", LOADSTAR_VERSION],
        opset: ONNX_OPSET,
        inputs,
        outputs,
        tensors,
        nodes,
      }),
  };
}
