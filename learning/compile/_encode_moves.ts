/**
 * Instructions that move elements: copies, gathers, scans.
 *
 * @module
 */
import * as symbols from "../../ffi/_symbols.ts";
import { type ArrayView, dtypeOf, type Node, type Piece } from "./_graph.ts";
import {
  bits,
  createLoop,
  type Instruction,
  instruction,
  load,
  loopWords,
  register,
  store,
  storeKind,
} from "./_loop_words.ts";
import type { Layout } from "./_memory.ts";
import { collapse, sizeOf } from "./_view.ts";

/** A copy of a view to a place. */
export function encodeCopy(
  value: ArrayView,
  to: { address: number; strides: readonly number[] },
  layout: Layout,
): Instruction {
  const { shape } = value;
  const joint = commonAxes(shape, value.strides, to.strides);
  const loop = createLoop(joint);
  const register = load(loop, value, layout);
  store(loop, {
    register,
    kind: dtypeOf(value) === "float32" ? symbols.STORE_F32 : symbols.STORE_I32,
    view: { base: value.base, offset: 0, shape, strides: to.strides },
    address: to.address,
  });
  const count = sizeOf(shape);
  return {
    words: loopWords(loop),
    text: `[${loop.dims.join(" x ")}] copy`,
    reads: count,
    writes: count,
    operations: 0,
    origins: [value.base.origin],
  };
}

/** Axes of a shape, joined where that suits both of two strides. */
function commonAxes(
  shape: readonly number[],
  a: readonly number[],
  b: readonly number[],
): number[] {
  if (sizeOf(shape) === 0) return [0];
  const bounds = new Set<number>();
  for (const strides of [a, b]) {
    let bound = 1;
    for (const length of collapse(shape, strides).shape.toReversed()) {
      bounds.add(bound *= length);
    }
  }
  const sorted = [...bounds].sort((x, y) => x - y);
  return sorted.map((bound, i) => bound / (sorted[i - 1] ?? 1)).reverse();
}

/** What lies between the pieces of an assembled array. */
export function encodeFill(
  node: Node & { kind: "assemble" },
  layout: Layout,
): Instruction[] {
  if (node.fill === undefined) return [];
  const size = sizeOf(node.shape);
  const loop = createLoop([size]);
  const { index } = register(loop, "fill");
  loop.constants.push([index, bits(node.fill, node.dtype)]);
  loop.stores.push([index, storeKind(node), layout.addressOf(node), 1]);
  return [{
    words: loopWords(loop),
    text: `[${size}] fill with ${node.fill}`,
    reads: 0,
    writes: size,
    operations: 0,
    origins: [node.origin],
  }];
}

/** Copies a piece to its place, unless it is computed there. */
export function encodePiece(
  node: Node,
  piece: Piece,
  layout: Layout,
): Instruction[] {
  if (layout.isInPlace(piece)) return [];
  const { value, offset, strides } = piece;
  const address = layout.addressOf(node) + offset;
  return [encodeCopy(value, { address, strides }, layout)];
}

/** What is neither a loop nor a product. */
export function encodeMove(node: Node, layout: Layout): Instruction {
  const address = layout.addressOf(node);
  const at = (view: ArrayView) => layout.addressOf(view.base) + view.offset;
  const describe = (
    words: number[],
    text: string,
    reads: number,
  ): Instruction => ({
    words,
    text,
    reads,
    writes: sizeOf(node.shape),
    operations: reads,
    origins: [node.origin],
  });
  const type = node.dtype === "float32" ? symbols.DTYPE_F32 : symbols.DTYPE_I32;
  switch (node.kind) {
    case "gather": {
      const { source, indices } = node;
      const [outer, axis, inner] = source.shape;
      const [batch, count] = indices.shape;
      return describe(
        instruction(symbols.PLAN_GATHER, [
          outer,
          count,
          inner,
          axis,
          at(source),
          at(indices),
          batch === 1 ? 0 : count,
          address,
        ]),
        `gather ${count} of ${axis}`,
        sizeOf(node.shape),
      );
    }
    case "scatter": {
      const { source, indices } = node;
      const [count, inner] = source.shape;
      const [segments] = node.shape;
      return describe(
        instruction(symbols.PLAN_SCATTER_ADD, [
          count,
          inner,
          segments,
          at(source),
          at(indices),
          address,
        ]),
        `add ${count} to ${segments}`,
        sizeOf(source.shape),
      );
    }
    case "argument": {
      const { source, extreme } = node;
      const float = dtypeOf(source) === "float32";
      return describe(
        instruction(symbols.PLAN_ARG, [
          extreme === "MAX" ? symbols.ARG_MAX : symbols.ARG_MIN,
          float ? symbols.DTYPE_F32 : symbols.DTYPE_I32,
          ...source.shape,
          at(source),
          address,
        ]),
        `index of the ${extreme.toLowerCase()} of [${source.shape}]`,
        sizeOf(source.shape),
      );
    }
    case "scan": {
      const { source, reduction, exclusive, reverse } = node;
      return describe(
        instruction(symbols.PLAN_SCAN, [
          reduction === "SUM" ? symbols.SCAN_SUM : symbols.SCAN_PRODUCT,
          type,
          Number(exclusive),
          Number(reverse),
          ...source.shape,
          at(source),
          address,
        ]),
        `running ${reduction.toLowerCase()} of [${source.shape}]`,
        sizeOf(source.shape),
      );
    }
    default:
      throw new Error(`Cannot encode a node of kind ${node.kind}`);
  }
}
