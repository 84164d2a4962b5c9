/**
 * Instructions for the native library, word by word; `ffi/src/plan/` has the
 * format.
 *
 * @module
 */
import * as symbols from "../../ffi/_symbols.ts";
import { type Cluster, operandsOf, reductionView } from "./fusion.ts";
import {
  type ArrayView,
  type DType,
  dtypeOf,
  type Node,
  type Piece,
  uniformValue,
} from "./graph.ts";
import { type Layout, storedNodes } from "./memory.ts";
import type { Schedule } from "./schedule.ts";
import { collapse, denseStrides, reshapeView, sizeOf } from "./view.ts";

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

const CODES = symbols as unknown as Readonly<Record<string, number>>;

/** A number's bits, as its type has them. */
function bits(value: number, dtype: DType): number {
  if (dtype !== "float32") return value >>> 0;
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

function instruction(
  opcode: number,
  payload: readonly number[],
): number[] {
  return [opcode, payload.length + 2, ...payload.map((word) => word >>> 0)];
}

/** An elementwise instruction that is being written. */
interface Loop {
  readonly dims: readonly number[];
  readonly loads: number[][];
  readonly constants: number[][];
  readonly operations: number[][];
  readonly stores: number[][];
  readonly registers: Map<string, number>;
  count: number;
}

function createLoop(dims: readonly number[]): Loop {
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

function loopWords(loop: Loop): number[] {
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
function register(loop: Loop, key: string): { index: number; isNew: boolean } {
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

function load(loop: Loop, view: ArrayView, layout: Layout): number {
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

function storeKind(node: Node): number {
  const type = node.dtype === "float32" ? "F32" : "I32";
  return CODES[
    node.kind === "reduce" ? `STORE_${node.reduction}_${type}` : `STORE_${type}`
  ];
}

function store(
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

/** Lengths of a loop's axes. */
function dimsOf(cluster: Cluster): readonly number[] {
  if (cluster.size === 0) {
    const [node] = cluster.nodes;
    return node.kind === "reduce" ? node.operand.shape : node.shape;
  }
  const dims = cluster.bounds.map((bound, i) =>
    bound / (cluster.bounds[i - 1] ?? 1)
  );
  return dims.reverse();
}

/** What a loop's nodes compute, without the product before it. */
function encodeLoop(
  cluster: Cluster,
  layout: Layout,
  stored: ReadonlySet<Node>,
): Instruction {
  const loop = createLoop(dimsOf(cluster));
  const results = new Map<Node, number>();
  const names: string[] = [];
  const taken = factorsOf(cluster, stored);
  const registerOf = (view: ArrayView) =>
    results.get(view.base) ?? load(loop, view, layout);
  for (const node of cluster.nodes) {
    if (node.kind === "product" || taken.absorbed.has(node)) continue;
    const factors = taken.sums.get(node);
    if (factors !== undefined) {
      const operands = [...factors.factors, factors.term].map(registerOf);
      results.set(node, operation(loop, "MULTIPLY_ADD", operands));
      names.push("mul and add");
      storeResult(node);
      continue;
    }
    const registers = operandsOf(node).map(registerOf);
    if (node.kind === "reduce") {
      store(loop, {
        register: registers[0],
        kind: storeKind(node),
        view: reductionView(node),
        address: layout.addressOf(node),
      });
      names.push(`${node.reduction.toLowerCase()} over axes`);
      continue;
    }
    if (node.kind !== "map") continue;
    const copied = node.op === "COPY";
    const result = copied ? registers[0] : operation(loop, node.op, registers);
    results.set(node, result);
    names.push(node.op.toLowerCase());
    storeResult(node);
  }
  function storeResult(node: Node): void {
    if (!stored.has(node)) return;
    store(loop, {
      register: results.get(node)!,
      kind: storeKind(node),
      view: wholeOf(node),
      address: layout.addressOf(node),
    });
  }
  return {
    words: loopWords(loop),
    text: `[${loop.dims.join(" x ")}] ${names.join(", ")}`,
    reads: loop.loads.reduce((sum, words) => sum + touched(loop, words), 0),
    writes: loop.stores.reduce((sum, words) => sum + touched(loop, words), 0),
    operations: sizeOf(loop.dims) *
      (loop.operations.length +
        cluster.nodes.filter(({ kind }) => kind === "reduce").length),
    origins: cluster.nodes.map(({ origin }) => origin),
  };
}

/** Elements that a load or a store touches. */
function touched(loop: Loop, words: readonly number[]): number {
  return sizeOf(loop.dims.filter((_, axis) => words[3 + axis] !== 0));
}

function operation(
  loop: Loop,
  op: string,
  operands: readonly number[],
): number {
  const code = CODES[`OP_${op}`];
  if (code === undefined) throw new Error(`Cannot encode the operation ${op}`);
  const [a, b = 0, c = 0] = operands;
  const result = loop.count++;
  loop.operations.push([code, result, a, b, c]);
  return result;
}

/** A sum of a product and a term, which is one pass over the block. */
interface MultiplyAdd {
  readonly factors: readonly ArrayView[];
  readonly term: ArrayView;
}

/** Products that nothing but a sum of the same loop reads. */
function factorsOf(
  cluster: Cluster,
  stored: ReadonlySet<Node>,
): { absorbed: ReadonlySet<Node>; sums: ReadonlyMap<Node, MultiplyAdd> } {
  const inside = new Set(cluster.nodes);
  const reads = new Map<Node, number>();
  for (const node of cluster.nodes) {
    for (const { base } of operandsOf(node)) {
      reads.set(base, (reads.get(base) ?? 0) + 1);
    }
  }
  const absorbed = new Set<Node>();
  const sums = new Map<Node, MultiplyAdd>();
  for (const node of cluster.nodes) {
    if (node.kind !== "map" || node.op !== "ADD") continue;
    const at = node.operands.findIndex(({ base }) =>
      base.kind === "map" && base.op === "MUL" && inside.has(base) &&
      !stored.has(base) && reads.get(base) === 1
    );
    const factor = node.operands[at]?.base;
    if (factor?.kind !== "map") continue;
    absorbed.add(factor);
    sums.set(node, { factors: factor.operands, term: node.operands[1 - at] });
  }
  return { absorbed, sums };
}

function wholeOf(node: Node): ArrayView {
  const { shape } = node;
  return { base: node, offset: 0, shape, strides: denseStrides(shape) };
}

function encodeProduct(
  node: Node & { kind: "product" },
  layout: Layout,
  epilogue: boolean,
): Instruction {
  const { a, b } = node;
  const [batch, m, k] = a.shape;
  const n = b.shape[2];
  const words = instruction(symbols.PLAN_PRODUCT, [
    epilogue ? symbols.PRODUCT_EPILOGUE : 0,
    batch,
    m,
    n,
    k,
    ...[a, b].flatMap((view) => [
      layout.addressOf(view.base) + view.offset,
      ...view.strides,
    ]),
    layout.addressOf(node),
    m * n,
    n,
  ]);
  const rows = batch === 1 ? "" : `${batch} times `;
  return {
    words,
    text: `${rows}[${m} x ${k}] times [${k} x ${n}]`,
    reads: batch * (m * k + k * n),
    writes: batch * m * n,
    operations: 2 * batch * m * k * n,
    origins: [node.origin],
  };
}

/** A copy of a view to a place. */
function encodeCopy(
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

function encodeFill(
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

function encodePiece(
  node: Node,
  piece: Piece,
  layout: Layout,
): Instruction[] {
  if (layout.isInPlace(piece)) return [];
  const { value, offset, strides } = piece;
  const address = layout.addressOf(node) + offset;
  return [encodeCopy(value, { address, strides }, layout)];
}

function encodeMove(node: Node, layout: Layout): Instruction {
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

function encodeCluster(
  cluster: Cluster,
  layout: Layout,
  stored: ReadonlySet<Node>,
): Instruction[] {
  const { product } = cluster;
  const [node] = cluster.nodes;
  if (product?.kind === "product") {
    const epilogue = cluster.nodes.length > 1;
    return [
      encodeProduct(product, layout, epilogue),
      ...epilogue ? [encodeLoop(cluster, layout, stored)] : [],
    ];
  }
  if (cluster.size !== undefined) return [encodeLoop(cluster, layout, stored)];
  if (node.kind === "assemble") {
    return [
      ...encodeFill(node, layout),
      ...node.pieces.flatMap((piece) => encodePiece(node, piece, layout)),
    ];
  }
  return [encodeMove(node, layout)];
}

/**
 * All instructions of a plan, in order.
 *
 * @param schedule What runs.
 * @param layout Where everything lies.
 */
export function encode(schedule: Schedule, layout: Layout): Instruction[] {
  const stored = storedNodes(schedule);
  const instructions = schedule.clusters.flatMap((cluster) =>
    encodeCluster(cluster, layout, stored)
  );
  const copies = schedule.copies.map(({ from, variable }) =>
    encodeCopy(from, {
      address: layout.variables[variable],
      strides: denseStrides(from.shape),
    }, layout)
  );
  return [...instructions, ...copies];
}

/**
 * The words of a plan.
 *
 * @param instructions From {@linkcode encode}.
 * @param arenaWords Length of the arena.
 */
export function planWords(
  instructions: readonly Instruction[],
  arenaWords: number,
): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([
    symbols.PLAN_MAGIC,
    symbols.PLAN_VERSION,
    arenaWords,
    instructions.length,
    ...instructions.flatMap(({ words }) => words),
  ]);
}
