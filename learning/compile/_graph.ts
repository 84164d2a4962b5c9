/**
 * What a step computes: a graph of dense arrays in single assignment.
 *
 * Nodes are hashed when they are made, so that an expression that occurs twice
 * is one node. Slices, transpositions, reversals and broadcasts are views of
 * nodes and never nodes by themselves.
 *
 * @module
 */
import type { DType } from "./specs.ts";
import {
  broadcastView,
  collapse,
  isDense,
  reshapeView,
  sizeOf,
  type View,
  wholeView,
} from "./_view.ts";

export type { DType };

/** How a reduction combines elements. */
export type Reduction = "SUM" | "MAX" | "MIN" | "PRODUCT";

/** A part of an assembled array. */
export interface Piece {
  /** Its elements. */
  readonly value: ArrayView;
  /** Place of the first in the assembled array. */
  readonly offset: number;
  /** Steps in the assembled array along each axis of the piece. */
  readonly strides: readonly number[];
}

/** How a node's elements come about. */
export type Source =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "variable"; readonly index: number }
  | { readonly kind: "constant"; readonly values: Float32Array | Int32Array }
  /** Whole numbers 0, 1, 2, ... of unlimited length; only its views count. */
  | { readonly kind: "iota" }
  | {
    readonly kind: "map";
    readonly op: string;
    readonly operands: readonly ArrayView[];
  }
  | {
    readonly kind: "reduce";
    readonly reduction: Reduction;
    readonly operand: ArrayView;
    /** For each axis of the operand, whether it is reduced. */
    readonly reduced: readonly boolean[];
  }
  /** Shapes [batch, m, k], [batch, k, n] and [batch, m, n]. */
  | { readonly kind: "product"; readonly a: ArrayView; readonly b: ArrayView }
  | {
    readonly kind: "assemble";
    /** What lies between the pieces; undefined where nothing does. */
    readonly fill: number | undefined;
    readonly pieces: readonly Piece[];
  }
  /** Shapes [outer, axis, inner], [1 or outer, count], [outer, count, inner]. */
  | {
    readonly kind: "gather";
    readonly source: ArrayView;
    readonly indices: ArrayView;
  }
  /** Shapes [count, inner], [count] and [segments, inner]. */
  | {
    readonly kind: "scatter";
    readonly source: ArrayView;
    readonly indices: ArrayView;
  }
  /** Shapes [outer, length, inner] and [outer, inner]. */
  | {
    readonly kind: "argument";
    readonly extreme: "MAX" | "MIN";
    readonly source: ArrayView;
  }
  /** Shapes [outer, length]. */
  | {
    readonly kind: "scan";
    readonly reduction: "SUM" | "PRODUCT";
    readonly exclusive: boolean;
    readonly reverse: boolean;
    readonly source: ArrayView;
  };

/** A dense array of the graph. */
export type Node = Source & {
  /** Its place in {@linkcode Graph.nodes}. */
  readonly id: number;
  /** Length along each axis. */
  readonly shape: readonly number[];
  /** Type of its elements. */
  readonly dtype: DType;
  /** The tfjs kernel that it came from, and its line where that is known. */
  readonly origin: string;
};

/** Some elements of a node. */
export type ArrayView = View<Node>;

/** A graph that is being built. */
export interface Graph {
  /** Nodes in an order in which they can be computed. */
  readonly nodes: Node[];
  /** Nodes by what they are. */
  readonly known: Map<string, Node>;
  /** Written to each node that is made. */
  origin: string;
}

/** An empty graph. */
export function createGraph(): Graph {
  return { nodes: [], known: new Map(), origin: "" };
}

/** The type of a view's elements. */
export function dtypeOf(view: ArrayView): DType {
  return view.base.dtype;
}

function viewKey(view: ArrayView): string {
  return `${view.base.id}@${view.offset}[${view.shape}](${view.strides})`;
}

function sourceKey(source: Source): string {
  switch (source.kind) {
    case "input":
      return source.name;
    case "variable":
      return `${source.index}`;
    case "constant":
      return Array.from(new Uint32Array(source.values.slice().buffer)).join();
    case "iota":
      return "";
    case "map":
      return source.op + source.operands.map(viewKey).join("|");
    case "reduce":
      return source.reduction + source.reduced.join() + viewKey(source.operand);
    case "product":
      return viewKey(source.a) + viewKey(source.b);
    case "assemble":
      return `${source.fill}` +
        source.pieces.map((piece) =>
          `${piece.offset}(${piece.strides})${viewKey(piece.value)}`
        ).join("|");
    case "gather":
    case "scatter":
      return viewKey(source.source) + viewKey(source.indices);
    case "argument":
      return source.extreme + viewKey(source.source);
    case "scan":
      return `${source.reduction}${source.exclusive}${source.reverse}${
        viewKey(source.source)
      }`;
  }
}

/**
 * All of a node of which there is one.
 *
 * @param graph Where it is looked for, and added.
 * @param source How it comes about.
 * @param array Its shape and type.
 */
export function node(
  graph: Graph,
  source: Source,
  array: { shape: readonly number[]; dtype: DType },
): ArrayView {
  const key = `${source.kind} ${array.dtype} [${array.shape}] ${
    sourceKey(source)
  }`;
  let found = graph.known.get(key);
  if (found === undefined) {
    const { shape, dtype } = array;
    const { origin } = graph;
    found = { ...source, shape, dtype, origin, id: graph.nodes.length };
    graph.nodes.push(found);
    graph.known.set(key, found);
  }
  return wholeView(found);
}

/**
 * A constant array; one number where all elements are alike.
 *
 * @param graph Where it is added.
 * @param values Converted to the type.
 * @param array Its shape and type.
 */
export function constant(
  graph: Graph,
  values: ArrayLike<number>,
  array: { shape: readonly number[]; dtype: DType },
): ArrayView {
  const { shape, dtype } = array;
  const typed = dtype === "float32"
    ? Float32Array.from(values)
    : Int32Array.from(values);
  const alike = typed.every((value) => Object.is(value, typed[0]));
  if (!alike || typed.length === 0) {
    return node(graph, { kind: "constant", values: typed }, array);
  }
  const one = typed.slice(0, 1);
  const view = node(graph, { kind: "constant", values: one }, {
    shape: [],
    dtype,
  });
  return broadcastView(view, shape);
}

/** The number that all elements of a constant are, if they are alike. */
export function uniformValue(view: ArrayView): number | undefined {
  const { base } = view;
  if (base.kind !== "constant" || base.values.length !== 1) return undefined;
  return base.values[0];
}

function isOne(view: ArrayView): boolean {
  return uniformValue(view) === 1;
}

/** The operand that an operation leaves as it is, bit by bit. */
function unchanged(
  op: string,
  operands: readonly ArrayView[],
): ArrayView | undefined {
  const [first, second] = operands;
  if (op === "MUL" && isOne(first)) return second;
  if ((op === "MUL" || op === "DIV") && isOne(second)) return first;
  if (op === "SUB" && Object.is(uniformValue(second), 0)) return first;
  return undefined;
}

/**
 * An operation on each element.
 *
 * @param graph Where it is added.
 * @param op Its name among the library's operations, or `COPY`.
 * @param options Operands, which are broadcast to the shape, and the type of
 * the result.
 */
export function map(
  graph: Graph,
  op: string,
  options: {
    operands: readonly ArrayView[];
    shape: readonly number[];
    dtype: DType;
  },
): ArrayView {
  const { shape, dtype } = options;
  const operands = options.operands.map((view) => broadcastView(view, shape));
  return unchanged(op, operands) ??
    node(graph, { kind: "map", op, operands }, { shape, dtype });
}

/** The view itself where its elements lie in order, else a copy of them. */
export function dense(graph: Graph, view: ArrayView): ArrayView {
  if (isDense(view) && view.base.kind !== "iota") return view;
  return map(graph, "COPY", {
    operands: [view],
    shape: view.shape,
    dtype: dtypeOf(view),
  });
}

/** The same elements under another shape, copied where it takes that. */
export function reshape(
  graph: Graph,
  view: ArrayView,
  shape: readonly number[],
): ArrayView {
  return reshapeView(view, shape) ??
    reshapeView(dense(graph, view), shape)!;
}

const CASTS: Readonly<Record<string, string>> = {
  "float32 int32": "F_TO_I",
  "float32 bool": "F_TO_BOOL",
  "int32 float32": "I_TO_F",
  "int32 bool": "I_TO_BOOL",
  "bool float32": "I_TO_F",
  "bool int32": "COPY",
};

/** The elements as another type. */
export function cast(graph: Graph, view: ArrayView, dtype: DType): ArrayView {
  const from = dtypeOf(view);
  if (from === dtype) return view;
  const value = uniformValue(view);
  if (value !== undefined) {
    const converted = dtype === "bool" ? Number(value !== 0) : value;
    return constant(graph, new Array(sizeOf(view.shape)).fill(converted), {
      shape: view.shape,
      dtype,
    });
  }
  return map(graph, CASTS[`${from} ${dtype}`], {
    operands: [view],
    shape: view.shape,
    dtype,
  });
}

/**
 * A reduction over some axes.
 *
 * @param graph Where it is added.
 * @param operand What is reduced.
 * @param options How, over which axes, and whether they stay with length 1.
 */
export function reduce(
  graph: Graph,
  operand: ArrayView,
  options: { reduction: Reduction; axes: readonly number[]; keep: boolean },
): ArrayView {
  const { reduction, axes, keep } = options;
  const reduced = operand.shape.map((_, axis) => axes.includes(axis));
  const kept = operand.shape.filter((_, axis) => !reduced[axis]);
  const shape = keep
    ? operand.shape.map((length, axis) => reduced[axis] ? 1 : length)
    : kept;
  const result = reduced.includes(true)
    ? node(graph, { kind: "reduce", reduction, operand, reduced }, {
      shape: kept,
      dtype: dtypeOf(operand),
    })
    : operand;
  return reshape(graph, result, shape);
}

/** One axis in place of all but the last two. */
function batched(graph: Graph, view: ArrayView): ArrayView {
  const matrix = view.shape.slice(-2);
  const outer = sizeOf(view.shape.slice(0, -2));
  return reshape(graph, view, [outer, ...matrix]);
}

/**
 * A product of matrices, or of batches of them.
 *
 * @param graph Where it is added.
 * @param a Shape [..., m, k].
 * @param b Shape [..., k, n], of the same length in front.
 */
export function product(
  graph: Graph,
  a: ArrayView,
  b: ArrayView,
): ArrayView {
  const outer = a.shape.slice(0, -2);
  const [m] = a.shape.slice(-2);
  const [, n] = b.shape.slice(-2);
  const left = batched(graph, a);
  const right = batched(graph, b);
  const count = left.shape[0];
  // A batch whose right side is one matrix is one product of more rows.
  const rows = right.strides[0] === 0
    ? reshapeView(left, [1, count * m, left.shape[2]])
    : undefined;
  const source = rows
    ? { kind: "product" as const, a: rows, b: firstOf(right) }
    : { kind: "product" as const, a: left, b: right };
  const result = node(graph, source, {
    shape: [source.a.shape[0], source.a.shape[1], n],
    dtype: "float32",
  });
  return reshape(graph, result, [...outer, m, n]);
}

function firstOf(view: ArrayView): ArrayView {
  return { ...view, shape: [1, ...view.shape.slice(1)] };
}

/** Whether a view reads each element of its node once, in order. */
export function isWhole(view: ArrayView): boolean {
  return view.offset === 0 && sizeOf(view.shape) === sizeOf(view.base.shape) &&
    isDense(view) && view.base.kind !== "iota";
}

/** Lengths of a view's axes after those that belong together were joined. */
export function collapsedShape(view: ArrayView): number[] {
  return collapse(view.shape, view.strides).shape;
}
