/**
 * Kernels that reduce axes, and products of matrices.
 *
 * @module
 */
import { axesOf, axisOf } from "./_array_kernels.ts";
import { activation, computingType } from "./_elementwise_kernels.ts";
import {
  type ArrayView,
  cast,
  constant,
  dense,
  map,
  node,
  product,
  reduce,
  type Reduction,
  reshape,
} from "./_graph.ts";
import type { KernelCall, Lowering } from "./_lowering.ts";
import { NotCovered } from "./not_covered.ts";
import {
  broadcastShape,
  broadcastView,
  moveToEnd,
  sizeOf,
  transposeView,
} from "./_view.ts";

function reduced(
  call: KernelCall,
  reduction: Reduction,
  operand: ArrayView,
): ArrayView {
  const { graph, attributes, outputs: [{ dtype, shape }] } = call;
  const first = reduction === "MAX" || reduction === "MIN";
  if (first && sizeOf(operand.shape) === 0) {
    // tfjs begins with the first element, of which there is none.
    return constant(graph, new Array(sizeOf(shape)).fill(NaN), {
      shape,
      dtype,
    });
  }
  const axis = attributes.reductionIndices ?? attributes.axis;
  const result = reduce(graph, operand, {
    reduction,
    axes: axesOf(axis, operand.shape.length),
    keep: false,
  });
  return cast(graph, reshape(graph, result, shape), dtype);
}

function reduction(kind: Reduction): Lowering {
  return (call) => {
    const [x] = call.inputs;
    return [reduced(call, kind, cast(call.graph, x, computingType(x)))];
  };
}

function extreme(kind: "MAX" | "MIN"): Lowering {
  return (call) => {
    const { graph, inputs: [x], attributes, outputs: [{ shape }] } = call;
    const axis = axisOf(attributes.axis, x.shape.length);
    const outer = sizeOf(x.shape.slice(0, axis));
    const inner = sizeOf(x.shape.slice(axis + 1));
    const typed = cast(graph, x, computingType(x));
    const source = reshape(graph, typed, [outer, x.shape[axis], inner]);
    const result = node(graph, {
      kind: "argument",
      extreme: kind,
      source: dense(graph, source),
    }, { shape: [outer, inner], dtype: "int32" });
    return [reshape(graph, result, shape)];
  };
}

function scan(kind: "SUM" | "PRODUCT"): Lowering {
  return (call) => {
    const { graph, inputs: [x], attributes, outputs: [{ dtype }] } = call;
    const axis = axisOf(attributes.axis, x.shape.length);
    const { view, back } = moveToEnd(cast(graph, x, dtype), axis);
    const length = x.shape[axis];
    const rows = sizeOf(view.shape.slice(0, -1));
    const result = node(graph, {
      kind: "scan",
      reduction: kind,
      exclusive: Boolean(attributes.exclusive),
      reverse: Boolean(attributes.reverse),
      source: dense(graph, reshape(graph, view, [rows, length])),
    }, { shape: [rows, length], dtype });
    return [transposeView(reshape(graph, result, view.shape), back)];
  };
}

/** The last two axes exchanged, where that is asked for. */
function oriented(view: ArrayView, transposed: boolean): ArrayView {
  const rank = view.shape.length;
  const order = view.shape.map((_, axis) => axis);
  if (transposed) order.push(...order.splice(rank - 2).reverse());
  return transposeView(view, order);
}

function matrixProduct(call: KernelCall): ArrayView {
  const { graph, inputs, attributes } = call;
  const { transposeA, transposeB } = attributes as Record<string, boolean>;
  const a = oriented(cast(graph, inputs[0], "float32"), transposeA);
  const b = oriented(cast(graph, inputs[1], "float32"), transposeB);
  const batches = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [first, second] = batches.map(sizeOf);
  if (first !== 1 && second !== 1 && `${batches[0]}` !== `${batches[1]}`) {
    // tfjs's own kernels repeat the shorter batch, which is no broadcast.
    throw new NotCovered(`batches of shapes [${batches.join("] and [")}]`);
  }
  const outer = broadcastShape(batches);
  return product(
    graph,
    broadcastView(a, [...outer, ...a.shape.slice(-2)]),
    broadcastView(b, [...outer, ...b.shape.slice(-2)]),
  );
}

/** Kernels that reduce axes, and products of matrices. */
export const REDUCTION_KERNELS: Readonly<Record<string, Lowering>> = {
  All: (
    call,
  ) => [reduced(call, "MIN", cast(call.graph, call.inputs[0], "bool"))],
  Any: (
    call,
  ) => [reduced(call, "MAX", cast(call.graph, call.inputs[0], "bool"))],
  ArgMax: extreme("MAX"),
  ArgMin: extreme("MIN"),
  Cumprod: scan("PRODUCT"),
  Cumsum: scan("SUM"),
  Max: reduction("MAX"),
  Min: reduction("MIN"),
  Prod: reduction("PRODUCT"),
  Sum: reduction("SUM"),
  Mean(call) {
    const { graph, inputs: [x], outputs: [{ shape }] } = call;
    const count = sizeOf(x.shape) / sizeOf(shape);
    const shares = map(graph, "DIV", {
      operands: [
        cast(graph, x, "float32"),
        constant(graph, [count], { shape: [], dtype: "float32" }),
      ],
      shape: x.shape,
      dtype: "float32",
    });
    return [reduced(call, "SUM", shares)];
  },
  Softmax(call) {
    const { graph, inputs: [logits], attributes, outputs: [output] } = call;
    const { shape, dtype } = output;
    const axes = [axisOf(attributes.dim, shape.length)];
    const over = (reduction: Reduction, operand: ArrayView) =>
      reduce(graph, operand, { reduction, axes, keep: true });
    const apply = (op: string, ...operands: ArrayView[]) =>
      map(graph, op, { operands, shape, dtype });
    const powers = apply("EXP", apply("SUB", logits, over("MAX", logits)));
    return [apply("DIV", powers, over("SUM", powers))];
  },
  BatchMatMul: (call) => [matrixProduct(call)],
  _FusedMatMul(call) {
    const { graph, inputs, attributes, outputs: [{ shape, dtype }] } = call;
    const [, , bias, slopes] = inputs;
    if (attributes.activation === "prelu" && slopes === undefined) {
      throw new NotCovered("prelu without slopes");
    }
    const products = matrixProduct(call);
    const sums = bias === undefined ? products : map(graph, "ADD", {
      operands: [products, bias],
      shape,
      dtype,
    });
    const name = (attributes.activation ?? "linear") as string;
    return [activation(call, name, { x: sums, slopes })];
  },
};
