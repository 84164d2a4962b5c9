/**
 * Loops: what a cluster of nodes computes element by element.
 *
 * @module
 */
import { type Cluster, operandsOf, reductionView } from "./_fusion.ts";
import type { ArrayView, Node } from "./_graph.ts";
import {
  CODES,
  createLoop,
  type Instruction,
  load,
  type Loop,
  loopWords,
  store,
  storeKind,
  touched,
  wholeOf,
} from "./_loop_words.ts";
import type { Layout } from "./_memory.ts";
import { sizeOf } from "./_view.ts";

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
export function encodeLoop(
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
