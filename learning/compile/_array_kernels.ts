/**
 * Kernels that move elements: slices, transpositions, joins, gathers.
 *
 * @module
 */
import { slice_util } from "../tensorflow.ts";
import {
  type ArrayView,
  cast,
  constant,
  dense,
  type Graph,
  map,
  node,
  type Piece,
  reshape,
} from "./_graph.ts";
import type { KernelCall, Lowering } from "./_lowering.ts";
import { NotCovered } from "./not_covered.ts";
import {
  broadcastView,
  denseStrides,
  reverseView,
  sizeOf,
  sliceView,
  transposeView,
} from "./_view.ts";

/** An axis counted from the front. */
export function axisOf(axis: unknown, rank: number): number {
  const given = (Array.isArray(axis) ? axis[0] : axis) as number;
  return given < 0 ? given + rank : given;
}

/** A dense array made of pieces that lie one behind the other on an axis. */
function join(
  call: KernelCall,
  parts: readonly ArrayView[],
  axis: number,
): ArrayView {
  const { graph, outputs: [{ shape, dtype }] } = call;
  const strides = denseStrides(shape);
  let place = 0;
  const pieces = parts.map((part): Piece => {
    const value = cast(graph, part, dtype);
    const piece = { value, offset: place * strides[axis], strides };
    place += part.shape[axis];
    return piece;
  }).filter(({ value }) => sizeOf(value.shape) > 0);
  return node(graph, { kind: "assemble", fill: undefined, pieces }, {
    shape,
    dtype,
  });
}

function insertAxis(
  graph: Graph,
  view: ArrayView,
  axis: number,
): ArrayView {
  return reshape(graph, view, view.shape.toSpliced(axis, 0, 1));
}

/** The same values under the result's shape. */
const reshaped: Lowering = (call) => [
  reshape(call.graph, call.inputs[0], call.outputs[0].shape),
];

function asFourAxes(
  call: KernelCall,
): { source: ArrayView; indices: ArrayView } {
  const { graph, inputs: [x, indices], attributes } = call;
  const axis = axisOf(attributes.axis, x.shape.length);
  const batchDims = axisOf(attributes.batchDims ?? 0, indices.shape.length);
  const batch = sizeOf(x.shape.slice(0, batchDims));
  const outer = sizeOf(x.shape.slice(batchDims, axis));
  if (batch > 1 && outer > 1) {
    throw new NotCovered(`batchDims ${batchDims} before axis ${axis}`);
  }
  const inner = sizeOf(x.shape.slice(axis + 1));
  const whole = cast(graph, indices, "int32");
  return {
    source: reshape(graph, x, [batch * outer, x.shape[axis], inner]),
    indices: reshape(graph, whole, [batch, sizeOf(indices.shape) / batch]),
  };
}

/** Kernels that move elements. */
export const ARRAY_KERNELS: Readonly<Record<string, Lowering>> = {
  Concat(call) {
    const { inputs, attributes, outputs: [{ shape }] } = call;
    return [join(call, inputs, axisOf(attributes.axis, shape.length))];
  },
  ExpandDims: reshaped,
  Reshape: reshaped,
  Identity: (call) => [call.inputs[0]],
  GatherV2(call) {
    const { graph, outputs: [{ shape, dtype }] } = call;
    const { source, indices } = asFourAxes(call);
    const [outer, , inner] = source.shape;
    const result = node(graph, {
      kind: "gather",
      source: dense(graph, source),
      indices: dense(graph, indices),
    }, { shape: [outer, indices.shape[1], inner], dtype });
    return [reshape(graph, result, shape)];
  },
  OneHot(call) {
    const { graph, inputs: [indices], attributes, outputs: [output] } = call;
    const { depth, onValue, offValue } = attributes as Record<string, number>;
    const { shape, dtype } = output;
    const places = node(graph, { kind: "iota" }, {
      shape: [],
      dtype: "int32",
    });
    const at = insertAxis(
      graph,
      cast(graph, indices, "int32"),
      indices.shape.length,
    );
    const hit = map(graph, "EQ_I", {
      operands: [at, { ...places, shape: [depth], strides: [1] }],
      shape,
      dtype: "bool",
    });
    const value = (is: number) => constant(graph, [is], { shape: [], dtype });
    return [map(graph, "SELECT", {
      operands: [hit, value(onValue), value(offValue)],
      shape,
      dtype,
    })];
  },
  Pack(call) {
    const { graph, inputs, attributes, outputs: [{ shape }] } = call;
    const axis = axisOf(attributes.axis, shape.length);
    const parts = inputs.map((input) => insertAxis(graph, input, axis));
    return [join(call, parts, axis)];
  },
  PadV2(call) {
    const { graph, inputs: [x], attributes, outputs: [output] } = call;
    const { shape, dtype } = output;
    const paddings = attributes.paddings as [number, number][];
    const strides = denseStrides(shape);
    const offset = strides.reduce(
      (sum, stride, axis) => sum + stride * paddings[axis][0],
      0,
    );
    const pieces = sizeOf(x.shape) > 0 ? [{ value: x, offset, strides }] : [];
    const fill = (attributes.constantValue ?? 0) as number;
    return [node(graph, { kind: "assemble", fill, pieces }, { shape, dtype })];
  },
  Reverse(call) {
    const [x] = call.inputs;
    return [reverseView(x, axesOf(call.attributes.dims, x.shape.length))];
  },
  Slice(call) {
    const [x] = call.inputs;
    const { begin, size } = call.attributes as Record<string, number[]>;
    const [from, count] = slice_util.parseSliceParams(
      { shape: [...x.shape], rank: x.shape.length } as never,
      begin,
      size,
    );
    return [sliceView(x, from, count)];
  },
  SplitV(call) {
    const { inputs: [x], attributes } = call;
    const axis = axisOf(attributes.axis, x.shape.length);
    const begin = x.shape.map(() => 0);
    return call.outputs.map(({ shape }) => {
      const part = sliceView(x, begin, shape);
      begin[axis] += shape[axis];
      return part;
    });
  },
  StridedSlice(call) {
    const { graph, inputs: [x], attributes, outputs: [output] } = call;
    const given = attributes as Record<string, never>;
    const { begin, end, strides, finalShapeSparse } = slice_util.sliceInfo(
      [...x.shape],
      given.begin,
      given.end,
      given.strides,
      given.beginMask,
      given.endMask,
      given.ellipsisMask,
      given.newAxisMask,
      given.shrinkAxisMask,
    );
    const size = begin.map((from, axis) =>
      Math.max(0, Math.ceil((end[axis] - from) / strides[axis]))
    );
    if (sizeOf(size) !== sizeOf(finalShapeSparse)) {
      throw new NotCovered(`the slice ${begin} to ${end} in steps ${strides}`);
    }
    const part = sliceView(x, begin, size, strides);
    return [reshape(graph, part, output.shape)];
  },
  Tile(call) {
    const { graph, inputs: [x], attributes, outputs: [{ shape }] } = call;
    const reps = attributes.reps as number[];
    // Each repeated axis takes two of a loop, which has six.
    const steps = x.shape.length <= 3
      ? [reps]
      : reps.map((times, axis) => reps.map((_, i) => i === axis ? times : 1));
    const result = steps.reduce((view, times) => {
      const apart = view.shape.flatMap((length) => [1, length]);
      const repeated = view.shape.flatMap((length, i) => [times[i], length]);
      return reshape(
        graph,
        broadcastView(reshape(graph, view, apart), repeated),
        view.shape.map((length, i) => times[i] * length),
      );
    }, x);
    return [reshape(graph, result, shape)];
  },
  Transpose(call) {
    return [transposeView(call.inputs[0], call.attributes.perm as number[])];
  },
  Unpack(call) {
    const { inputs: [x], attributes, outputs } = call;
    const axis = axisOf(attributes.axis, x.shape.length);
    const size = x.shape.with(axis, 1);
    return outputs.map((_, i) => {
      const part = sliceView(
        x,
        x.shape.map((_, a) => a === axis ? i : 0),
        size,
      );
      return {
        ...part,
        shape: part.shape.toSpliced(axis, 1),
        strides: part.strides.toSpliced(axis, 1),
      };
    });
  },
  UnsortedSegmentSum(call) {
    const { graph, inputs: [x, ids], outputs: [output] } = call;
    const { shape, dtype } = output;
    if (dtype !== "float32") throw new NotCovered(`elements of type ${dtype}`);
    const count = sizeOf(ids.shape);
    const inner = sizeOf(x.shape.slice(ids.shape.length));
    const result = node(graph, {
      kind: "scatter",
      source: dense(graph, reshape(graph, x, [count, inner])),
      indices: dense(graph, reshape(graph, cast(graph, ids, "int32"), [count])),
    }, { shape: [shape[0], inner], dtype });
    return [reshape(graph, result, shape)];
  },
};

/** Axes as tfjs's kernels name them: one, several, or all where undefined. */
export function axesOf(axis: unknown, rank: number): number[] {
  if (axis === undefined || axis === null) {
    return Array.from({ length: rank }, (_, i) => i);
  }
  return (Array.isArray(axis) ? axis as number[] : [axis as number]).map(
    (each) => axisOf(each, rank),
  );
}
