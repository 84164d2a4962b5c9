/**
 * Which nodes are computed together.
 *
 * A loop runs over elements, block by block: each block's values are loaded,
 * taken through all operations, and stored or reduced. Nodes of as many
 * elements join in one loop where each reads what the others made at the very
 * same place. A product of matrices may stand in front of a loop, which then
 * runs over its rows while they are in the processor's nearest cache.
 *
 * @module
 */
import {
  type ArrayView,
  collapsedShape,
  isWhole,
  type Node,
  uniformValue,
} from "./_graph.ts";
import { sizeOf } from "./_view.ts";

/** Nodes that are computed together. */
export interface Cluster {
  /** In an order in which they can be computed. */
  nodes: Node[];
  /** Elements that a loop runs over; undefined for what is no loop. */
  size: number | undefined;
  /** The product that the loop follows. */
  product: Node | undefined;
  /** Clusters that run before; may name ones that have merged. */
  dependencies: Set<Cluster>;
  /** Clusters that run after; may name ones that have merged. */
  dependents: Set<Cluster>;
  /** The youngest node of it and of all that run before it. */
  latest: number;
  /** The cluster that this one has merged into. */
  merged: Cluster | undefined;
  /**
   * Products of the last lengths of the loop's axes, which grow and divide one
   * another; the last is the size.
   */
  bounds: number[];
}

/** Axes that a loop of the library may have. */
const MOST_AXES = 6;
/** Registers of the library are 64; a node or a load takes one at most. */
const MOST_REGISTERS = 60;

/** What a node reads. */
export function operandsOf(node: Node): readonly ArrayView[] {
  switch (node.kind) {
    case "map":
      return node.operands;
    case "reduce":
      return [node.operand];
    case "product":
      return [node.a, node.b];
    case "assemble":
      return node.pieces.map(({ value }) => value);
    case "gather":
    case "scatter":
      return [node.source, node.indices];
    case "argument":
    case "scan":
      return [node.source];
    default:
      return [];
  }
}

/** Whether nothing computes a node. */
export function isLeaf({ kind }: Node): boolean {
  return kind === "input" || kind === "variable" || kind === "constant" ||
    kind === "iota";
}

/** The nodes that some results take, in order. */
export function liveNodes(
  nodes: readonly Node[],
  results: readonly Node[],
): Node[] {
  const live = new Set(results);
  for (const node of nodes.toReversed()) {
    if (!live.has(node)) continue;
    for (const { base } of operandsOf(node)) live.add(base);
  }
  return nodes.filter((node) => live.has(node));
}

/** The view that a reduction writes its results through, with strides 0. */
export function reductionView(
  node: Node & { kind: "reduce" },
): ArrayView {
  const { shape } = node.operand;
  const strides = new Array<number>(shape.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (node.reduced[axis]) continue;
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return { base: node, offset: 0, shape, strides };
}

function loopSize(node: Node): number | undefined {
  if (node.kind === "map" || node.kind === "product") return sizeOf(node.shape);
  if (node.kind === "reduce") return sizeOf(node.operand.shape);
  return undefined;
}

/** The bounds that reading and writing a node's elements asks for. */
function boundsOf(node: Node): number[] {
  if (node.kind === "product") return [sizeOf(node.shape)];
  const views = [...operandsOf(node)];
  if (node.kind === "reduce") views.push(reductionView(node));
  return views.reduce<number[]>((bounds, view) => {
    let bound = 1;
    const own = collapsedShape(view).toReversed().map((length) =>
      bound *= length
    );
    return [...bounds, ...own];
  }, [loopSize(node) ?? 0]);
}

/** Bounds that serve both, or `undefined` where there are none. */
function joinBounds(
  a: readonly number[],
  b: readonly number[],
): number[] | undefined {
  const bounds = [...new Set([...a, ...b])].filter((bound) => bound > 1)
    .sort((x, y) => x - y);
  const fit = bounds.every((bound, i) =>
    i === 0 || bound % bounds[i - 1] === 0
  );
  return fit && bounds.length <= MOST_AXES ? bounds : undefined;
}

function current(cluster: Cluster): Cluster {
  let found = cluster;
  while (found.merged) found = found.merged;
  return found;
}

/** Whether one of some clusters runs, through any others, after another. */
function dependOn(clusters: Cluster[], on: Cluster): boolean {
  const seen = new Set<Cluster>();
  for (let next = clusters.pop(); next; next = clusters.pop()) {
    if (next === on) return true;
    // What runs after it has a node that is as young.
    if (next.latest < on.latest || seen.has(next)) continue;
    seen.add(next);
    for (const each of next.dependencies) clusters.push(current(each));
  }
  return false;
}

/** Lets all that run after a cluster know of its youngest node. */
function raise(cluster: Cluster, latest: number): void {
  const waiting = [cluster];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.latest >= latest) continue;
    next.latest = latest;
    for (const each of next.dependents) waiting.push(current(each));
  }
}

/** Has one cluster run after another. */
function order(after: Cluster, before: Cluster): void {
  after.dependencies.add(before);
  before.dependents.add(after);
  raise(after, before.latest);
}

/** Whether a node's operands in a cluster are of the same place only. */
function readsInPlace(node: Node, cluster: ReadonlySet<Node>): boolean {
  return operandsOf(node).every((view) =>
    !cluster.has(view.base) ||
    node.kind !== "product" && view.base.kind !== "reduce" && isWhole(view)
  );
}

/** Clusters that a cluster reads directly, but for another one. */
function others(cluster: Cluster, but: Cluster): Cluster[] {
  return [...cluster.dependencies].map(current).filter((each) =>
    each !== but && each !== cluster
  );
}

/** An upper bound of the registers that a loop of some nodes takes. */
function registersOf(nodes: readonly Node[]): number {
  const inside = new Set(nodes);
  const outside = new Set<string>();
  for (const node of nodes) {
    for (const view of operandsOf(node)) {
      if (inside.has(view.base) && view.base.kind !== "product") continue;
      outside.add(
        `${view.base.id} ${view.offset} ${view.shape} ${view.strides}`,
      );
    }
  }
  return nodes.length + outside.size;
}

/** Joins two clusters where that changes no result. */
function merge(a: Cluster, b: Cluster): Cluster | undefined {
  if (a === b) return a;
  if (a.size === undefined || a.size !== b.size || a.size === 0) {
    return undefined;
  }
  if (a.product && b.product) return undefined;
  const bounds = joinBounds(a.bounds, b.bounds);
  if (bounds === undefined) return undefined;
  const inA = new Set(a.nodes);
  const inB = new Set(b.nodes);
  if (
    !b.nodes.every((node) => readsInPlace(node, inA)) ||
    !a.nodes.every((node) => readsInPlace(node, inB)) ||
    dependOn(others(b, a), a) || dependOn(others(a, b), b)
  ) {
    return undefined;
  }
  const nodes = [...a.nodes, ...b.nodes].sort((x, y) => x.id - y.id);
  if (registersOf(nodes) > MOST_REGISTERS) return undefined;
  a.nodes = nodes;
  a.bounds = bounds;
  a.product ??= b.product;
  for (const each of b.dependencies) a.dependencies.add(each);
  for (const each of b.dependents) a.dependents.add(each);
  b.merged = a;
  const latest = Math.max(a.latest, b.latest);
  a.latest = latest;
  for (const each of a.dependents) raise(current(each), latest);
  return a;
}

/**
 * Puts nodes into clusters.
 *
 * @param nodes What is to be computed, in order, leaves among them.
 * @returns Clusters, in no order.
 */
export function fuse(nodes: readonly Node[]): Cluster[] {
  const clusters: Cluster[] = [];
  const clusterOf = new Map<Node, Cluster>();
  const readers = new Map<Node, Set<Cluster>>();
  for (const node of nodes) {
    if (isLeaf(node)) continue;
    const operands = operandsOf(node).filter((view) =>
      uniformValue(view) === undefined
    );
    const sources = operands.flatMap(({ base }) => {
      const found = clusterOf.get(base);
      return found ? [current(found)] : [];
    });
    let cluster: Cluster = {
      nodes: [node],
      size: loopSize(node),
      product: node.kind === "product" ? node : undefined,
      dependencies: new Set(),
      dependents: new Set(),
      latest: node.id,
      merged: undefined,
      bounds: joinBounds(boundsOf(node), []) ?? [],
    };
    for (const source of sources) order(cluster, source);
    clusters.push(cluster);
    clusterOf.set(node, cluster);
    if (node.kind !== "product") {
      // The latest first: of two products, the loop follows the second.
      const candidates = new Set([
        ...sources.toReversed(),
        ...operands.flatMap(({ base }) => [...readers.get(base) ?? []]),
      ]);
      for (const candidate of candidates) {
        cluster = merge(current(candidate), cluster) ?? cluster;
      }
    }
    for (const { base } of operands) {
      const known = readers.get(base) ?? new Set();
      readers.set(base, known.add(cluster));
    }
  }
  return clusters.filter((cluster) => cluster.merged === undefined);
}

/**
 * Makes a cluster wait for another, where that one does not wait for it.
 *
 * @param cluster Runs afterwards.
 * @param other Runs before.
 * @returns Whether it could be done.
 */
export function waitFor(cluster: Cluster, other: Cluster): boolean {
  if (dependOn([other], cluster)) return false;
  order(cluster, other);
  return true;
}

/**
 * Clusters in an order in which they can run, near to the recorded one.
 *
 * @param clusters From {@linkcode fuse}.
 */
export function inOrder(clusters: readonly Cluster[]): Cluster[] {
  const ordered: Cluster[] = [];
  const visited = new Set<Cluster>();
  const byAge = (all: Iterable<Cluster>) =>
    [...all].sort((a, b) => a.nodes[0].id - b.nodes[0].id);
  const visit = (cluster: Cluster) => {
    if (visited.has(cluster)) return;
    visited.add(cluster);
    for (const each of byAge([...cluster.dependencies].map(current))) {
      visit(each);
    }
    ordered.push(cluster);
  };
  for (const cluster of byAge(clusters)) visit(cluster);
  return ordered;
}
