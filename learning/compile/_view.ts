/**
 * Strided views: how an array is seen without being copied.
 *
 * @module
 */

/** Elements of a dense array, picked by an offset and a stride an axis. */
export interface View<Base> {
  /** The dense array. */
  readonly base: Base;
  /** Place of the first element. */
  readonly offset: number;
  /** Length along each axis. */
  readonly shape: readonly number[];
  /** Elements from one index of an axis to the next; may be 0 or negative. */
  readonly strides: readonly number[];
}

/** Number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Strides of a dense array, last axis fastest. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** All of a dense array. */
export function wholeView<Base extends { readonly shape: readonly number[] }>(
  base: Base,
): View<Base> {
  const { shape } = base;
  return { base, offset: 0, shape, strides: denseStrides(shape) };
}

/** Whether the elements lie behind one another, in order. */
export function isDense(view: View<unknown>): boolean {
  let expected = 1;
  for (let axis = view.shape.length - 1; axis >= 0; axis--) {
    const length = view.shape[axis];
    if (length === 0) return true;
    if (length !== 1 && view.strides[axis] !== expected) return false;
    expected *= length;
  }
  return true;
}

/** Lengths and strides with as few axes as describe the same elements. */
export function collapse(
  shape: readonly number[],
  strides: readonly number[],
): { shape: number[]; strides: number[] } {
  const lengths: number[] = [];
  const steps: number[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] === 1) continue;
    const last = lengths.length - 1;
    if (last >= 0 && steps[last] === strides[axis] * shape[axis]) {
      lengths[last] *= shape[axis];
      steps[last] = strides[axis];
    } else {
      lengths.push(shape[axis]);
      steps.push(strides[axis]);
    }
  }
  return { shape: lengths, strides: steps };
}

/**
 * The same elements under another shape, or `undefined` where that takes a
 * copy.
 */
export function reshapeView<Base>(
  view: View<Base>,
  shape: readonly number[],
): View<Base> | undefined {
  const { base, offset } = view;
  if (sizeOf(shape) === 0) {
    return { base, offset, shape, strides: denseStrides(shape) };
  }
  // Each collapsed axis must be a product of whole new axes.
  const from = collapse(view.shape, view.strides);
  const strides = new Array<number>(shape.length).fill(0);
  let axis = shape.length - 1;
  for (let i = from.shape.length - 1; i >= 0; i--) {
    let covered = 1;
    while (covered < from.shape[i]) {
      if (axis < 0 || from.shape[i] % (covered * shape[axis]) !== 0) {
        return undefined;
      }
      strides[axis] = from.strides[i] * covered;
      covered *= shape[axis];
      axis--;
    }
  }
  return { base, offset, shape, strides };
}

/** The axes in another order: new axis i is old axis `order[i]`. */
export function transposeView<Base>(
  view: View<Base>,
  order: readonly number[],
): View<Base> {
  return {
    base: view.base,
    offset: view.offset,
    shape: order.map((axis) => view.shape[axis]),
    strides: order.map((axis) => view.strides[axis]),
  };
}

/** A box of elements: from `begin`, `size` of them along each axis. */
export function sliceView<Base>(
  view: View<Base>,
  begin: readonly number[],
  size: readonly number[],
  steps: readonly number[] = size.map(() => 1),
): View<Base> {
  // Nothing has no place, which might lie behind the end.
  const isEmpty = sizeOf(size) === 0;
  return {
    base: view.base,
    offset: isEmpty ? 0 : view.strides.reduce(
      (sum, stride, axis) => sum + stride * begin[axis],
      view.offset,
    ),
    shape: size,
    strides: view.strides.map((stride, axis) => stride * steps[axis]),
  };
}

/** The axes given turned round. */
export function reverseView<Base>(
  view: View<Base>,
  axes: readonly number[],
): View<Base> {
  const turned = view.shape.map((_, axis) => axes.includes(axis));
  return sliceView(
    view,
    view.shape.map((length, axis) =>
      turned[axis] ? Math.max(0, length - 1) : 0
    ),
    view.shape,
    turned.map((is) => is ? -1 : 1),
  );
}

/** Axes of length 1 repeated, and new ones in front, as NumPy does. */
export function broadcastView<Base>(
  view: View<Base>,
  shape: readonly number[],
): View<Base> {
  const missing = shape.length - view.shape.length;
  const strides = shape.map((length, axis) => {
    const own = axis - missing;
    if (own < 0) return 0;
    return view.shape[own] === length ? view.strides[own] : 0;
  });
  return { base: view.base, offset: view.offset, shape, strides };
}

/** The shape that arrays of some shapes are broadcast to. */
export function broadcastShape(
  shapes: readonly (readonly number[])[],
): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const missing = rank - shape.length;
    shape.forEach((length, axis) => {
      if (length !== 1) result[axis + missing] = length;
    });
  }
  return result;
}

/** The axis given brought to the end, and the order that brings it back. */
export function moveToEnd<Base>(
  view: View<Base>,
  axis: number,
): { view: View<Base>; back: number[] } {
  const order = view.shape.map((_, i) => i).filter((i) => i !== axis);
  order.push(axis);
  const back = view.shape.map((_, i) => order.indexOf(i));
  return { view: transposeView(view, order), back };
}
