/**
 * Instructions for the native library, word by word; `ffi/src/plan/` has the
 * format.
 *
 * @module
 */
import * as symbols from "../../ffi/_symbols.ts";
import {
  type ArrayView,
  type DType,
  dtypeOf,
  type Node,
  uniformValue,
} from "./_graph.ts";
import type { Layout } from "./_memory.ts";
import { denseStrides, reshapeView, sizeOf } from "./_view.ts";

/** One instruction, in words and for the eye. */
export interface Instruction {
  /** As the library reads it. */
  readonly words: readonly number[];
  /** What it does, in a line. */
  readonly text: string;
  /** Words that it reads. */
  readonly reads: number;
  /** Words that it writes. */
  readonly writes: number;
  /** Additions, multiplications and function calls. */
  readonly operations: number;
  /** The kernels that it came from, in order. */
  readonly origins: readonly string[];
}

/** Codes of operations and stores, by name. */
export const CODES = symbols as unknown as Readonly<Record<string, number>>;

/** A number's bits, as its type has them. */
export function bits(value: number, dtype: DType): number {
  if (dtype !== "float32") return value >>> 0;
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

/** An instruction with its length in front. */
export function instruction(
  opcode: number,
  payload: readonly number[],
): number[] {
  return [opcode, payload.length + 2, ...payload.map((word) => word >>> 0)];
}

/** An elementwise instruction that is being written. */
export interface Loop {
  readonly dims: readonly number[];
  readonly loads: number[][];
  readonly constants: number[][];
  readonly operations: number[][];
  readonly stores: number[][];
  readonly registers: Map<string, number>;
  count: number;
}

/** A loop without contents. */
export function createLoop(dims: readonly number[]): Loop {
  return {
    dims,
    loads: [],
    constants: [],
    operations: [],
    stores: [],
    registers: new Map(),
    count: 0,
  };
}

/** A loop as the library reads it. */
export function loopWords(loop: Loop): number[] {
  const { dims, loads, constants, operations, stores, count } = loop;
  return instruction(symbols.PLAN_MAP, [
    dims.length,
    loads.length,
    constants.length,
    operations.length,
    stores.length,
    count,
    ...dims,
    ...[...loads, ...constants, ...operations, ...stores].flat(),
  ]);
}

/** A register for what a key names, and whether it is a new one. */
export function register(
  loop: Loop,
  key: string,
): { index: number; isNew: boolean } {
  const known = loop.registers.get(key);
  if (known !== undefined) return { index: known, isNew: false };
  const index = loop.count++;
  loop.registers.set(key, index);
  return { index, isNew: true };
}

function stridesIn(loop: Loop, view: ArrayView): readonly number[] {
  // Without elements, only where a reduction writes its identity matters.
  if (sizeOf(loop.dims) === 0) {
    const same = view.strides.length === loop.dims.length;
    return same ? view.strides : loop.dims.map(() => 0);
  }
  const strides = reshapeView(view, loop.dims)?.strides;
  if (strides === undefined) {
    throw new Error(`Cannot lay [${view.shape}] over a loop of [${loop.dims}]`);
  }
  return strides;
}

/** The register that a view is loaded to, once. */
export function load(loop: Loop, view: ArrayView, layout: Layout): number {
  const value = uniformValue(view);
  if (value !== undefined) {
    const dtype = dtypeOf(view);
    const pattern = bits(value, dtype);
    const { index, isNew } = register(loop, `constant ${pattern}`);
    if (isNew) loop.constants.push([index, pattern]);
    return index;
  }
  const iota = view.base.kind === "iota";
  const kind = iota ? symbols.LOAD_IOTA : symbols.LOAD_MEMORY;
  const offset = view.offset + (iota ? 0 : layout.addressOf(view.base));
  const strides = stridesIn(loop, view);
  const key = `load ${kind} ${offset} ${strides}`;
  const { index, isNew } = register(loop, key);
  if (isNew) loop.loads.push([index, kind, offset, ...strides]);
  return index;
}

/** How a node's results are stored. */
export function storeKind(node: Node): number {
  const type = node.dtype === "float32" ? "F32" : "I32";
  return CODES[
    node.kind === "reduce" ? `STORE_${node.reduction}_${type}` : `STORE_${type}`
  ];
}

/** Stores a register through a view. */
export function store(
  loop: Loop,
  at: { register: number; kind: number; view: ArrayView; address: number },
): void {
  loop.stores.push([
    at.register,
    at.kind,
    at.address + at.view.offset,
    ...stridesIn(loop, at.view),
  ]);
}

/** All of a node. */
export function wholeOf(node: Node): ArrayView {
  const { shape } = node;
  return { base: node, offset: 0, shape, strides: denseStrides(shape) };
}

/** Elements that a load or a store touches. */
export function touched(loop: Loop, words: readonly number[]): number {
  return sizeOf(loop.dims.filter((_, axis) => words[3 + axis] !== 0));
}
