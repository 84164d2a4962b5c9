/**
 * Shapes of what kernels compute, for those that are not run while a step is
 * recorded. All take floats and give floats.
 *
 * @module
 */
import { broadcastShape } from "./_view.ts";

/** The shape of a kernel's result, by its operands' shapes and attributes. */
export type ShapeOf = (
  shapes: readonly (readonly number[])[],
  attributes: Readonly<Record<string, unknown>>,
) => number[];

const broadcast: ShapeOf = (shapes) => [...broadcastShape(shapes)];

const product: ShapeOf = ([a, b], { transposeA, transposeB }) => [
  ...broadcastShape([a.slice(0, -2), b.slice(0, -2)]),
  a.at(transposeA ? -1 : -2)!,
  b.at(transposeB ? -2 : -1)!,
];

const transposed: ShapeOf = ([shape], { perm }) =>
  (perm as number[]).map((axis) => shape[axis]);

const summed: ShapeOf = ([shape], { axis, keepDims }) => {
  // tfjs's kernels take no axis for all of them.
  const given = (axis ?? shape.map((_, i) => i)) as number | number[];
  const axes = [given].flat().map((one) => one < 0 ? one + shape.length : one);
  return shape.flatMap((size, i) =>
    !axes.includes(i) ? [size] : keepDims ? [1] : []
  );
};

const ELEMENTWISE = ["Add", "Sub", "Multiply", "RealDiv", "Maximum", "Minimum"]
  .concat("Sigmoid", "Tanh", "Relu", "Elu", "Exp", "Log", "Sqrt", "Square")
  .concat("Neg", "Softplus");

/** Kernels that are not run, by name. */
export const SKIPPED: Readonly<Record<string, ShapeOf>> = {
  ...Object.fromEntries(ELEMENTWISE.map((name) => [name, broadcast])),
  BatchMatMul: product,
  _FusedMatMul: product,
  Sum: summed,
  Transpose: transposed,
};
