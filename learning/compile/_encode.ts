/**
 * A schedule as instructions for the native library.
 *
 * @module
 */
import * as symbols from "../../ffi/_symbols.ts";
import { encodeLoop } from "./_encode_loop.ts";
import {
  encodeCopy,
  encodeFill,
  encodeMove,
  encodePiece,
} from "./_encode_moves.ts";
import type { Cluster } from "./_fusion.ts";
import type { Node } from "./_graph.ts";
import { type Instruction, instruction } from "./_loop_words.ts";
import { type Layout, storedNodes } from "./_memory.ts";
import type { Schedule } from "./_schedule.ts";
import { denseStrides } from "./_view.ts";

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
