/**
 * Where everything lies in a plan's arena.
 *
 * @module
 */
import { type Cluster, isLeaf, operandsOf } from "./_fusion.ts";
import { isWhole, type Node, type Piece, uniformValue } from "./_graph.ts";
import type { Recording } from "./_recorder.ts";
import type { Schedule } from "./_schedule.ts";
import { isDense, sizeOf } from "./_view.ts";

/** A range of the arena that nodes share. */
interface Storage {
  /** Words. */
  size: number;
  /** The nodes that lie in it. */
  nodes: Node[];
  /** First word in the arena. */
  address: number;
  /** Whether it keeps its place between runs. */
  fixed: boolean;
}

/** Where a node's elements lie. */
interface Location {
  storage: Storage;
  /** Words from the storage's first. */
  offset: number;
}

/** Where everything lies. */
export interface Layout {
  /** Words of the arena. */
  readonly words: number;
  /** First word of each variable. */
  readonly variables: readonly number[];
  /** First word of each input. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Constants and their first words. */
  readonly constants: readonly {
    address: number;
    values: Float32Array | Int32Array;
  }[];
  /** First word of a node's elements; -1 for one that lies nowhere. */
  readonly addressOf: (node: Node) => number;
  /** Whether a piece is computed in its place and need not be copied. */
  readonly isInPlace: (piece: Piece) => boolean;
}

/** Words that ranges begin at a multiple of: one line of the cache. */
const ALIGNMENT = 16;

function aligned(words: number): number {
  return Math.ceil(words / ALIGNMENT) * ALIGNMENT;
}

/** First and last use of nodes, by the clusters' order. */
interface Lifetimes {
  made: Map<Node, number>;
  last: Map<Node, number>;
}

function lifetimes(schedule: Schedule): Lifetimes {
  const made = new Map<Node, number>();
  const last = new Map<Node, number>();
  schedule.clusters.forEach(({ nodes }, time) => {
    for (const node of nodes) {
      made.set(node, time);
      last.set(node, Math.max(time, last.get(node) ?? 0));
      for (const { base } of operandsOf(node)) last.set(base, time);
    }
  });
  for (const { base } of schedule.outputs) last.set(base, Infinity);
  for (const { from } of schedule.copies) last.set(from.base, Infinity);
  return { made, last };
}

/** Nodes that have to lie in memory: other clusters read them, or results. */
export function storedNodes(schedule: Schedule): ReadonlySet<Node> {
  const stored = new Set<Node>(schedule.inPlace.keys());
  for (const { base } of schedule.outputs) stored.add(base);
  for (const { from } of schedule.copies) stored.add(from.base);
  for (const { nodes, product } of schedule.clusters) {
    const inside = new Set(nodes);
    if (product) stored.add(product);
    for (const node of nodes) {
      // Only loops hand values on without storing them.
      if (node.kind === "reduce") stored.add(node);
      for (const { base } of operandsOf(node)) {
        if (!inside.has(base)) stored.add(base);
      }
    }
  }
  return stored;
}

/** The storage of a node that dies here and may be written over. */
function reusable(
  node: Node,
  cluster: Cluster,
  context: {
    time: number;
    last: Map<Node, number>;
    locations: Map<Node, Location>;
  },
): Storage | undefined {
  if (node.kind !== "map") return undefined;
  const { time, last, locations } = context;
  const reads = cluster.nodes.flatMap((reader) =>
    operandsOf(reader).map((view) => ({ reader, view }))
  );
  for (const { view: { base } } of reads) {
    const storage = locations.get(base)?.storage;
    const dies = storage !== undefined && !storage.fixed &&
      storage.nodes.length === 1 && last.get(base) === time &&
      storage.size === sizeOf(node.shape);
    if (!dies) continue;
    const samePlace = reads.every(({ reader, view }) =>
      view.base !== base || reader.kind !== "product" && isWhole(view)
    );
    if (samePlace) return storage;
  }
  return undefined;
}

/** Puts pieces where the arrays are assembled from them. */
function placePieces(
  assembled: Node & { kind: "assemble" },
  at: Location,
  context: { locations: Map<Node, Location>; inPlace: Set<Piece> },
): void {
  if (assembled.fill !== undefined || at.storage.fixed) return;
  for (const piece of assembled.pieces) {
    const { value, offset, strides } = piece;
    const { base, shape } = value;
    if (
      isLeaf(base) || !isWhole(value) || context.locations.has(base) ||
      !isDense({ base, offset, shape, strides })
    ) continue;
    context.locations.set(base, {
      storage: at.storage,
      offset: at.offset + offset,
    });
    at.storage.nodes.push(base);
    context.inPlace.add(piece);
  }
}

/** Gives each storage an address; those that live at once lie apart. */
function assignAddresses(
  storages: readonly Storage[],
  { made, last }: Lifetimes,
  start: number,
): number {
  const spans = storages.map((storage) => ({
    storage,
    from: Math.min(...storage.nodes.map((node) => made.get(node)!)),
    to: Math.max(...storage.nodes.map((node) => last.get(node)!)),
  }));
  spans.sort((a, b) => b.storage.size - a.storage.size || a.from - b.from);
  const placed: typeof spans = [];
  let end = start;
  for (const span of spans) {
    const size = aligned(span.storage.size);
    let address = start;
    // Neighbours are sorted by address: take the first gap that is enough.
    for (const other of placed) {
      if (other.to < span.from || span.to < other.from) continue;
      if (address + size <= other.storage.address) break;
      address = Math.max(
        address,
        other.storage.address + aligned(other.storage.size),
      );
    }
    span.storage.address = address;
    end = Math.max(end, address + size);
    const behind = placed.findIndex(({ storage }) => storage.address > address);
    placed.splice(behind < 0 ? placed.length : behind, 0, span);
  }
  return end;
}

/**
 * Lays out a plan's arena: variables, inputs, constants, and the rest in as
 * little room as their lifetimes allow.
 *
 * @param recording What is computed.
 * @param schedule In which order.
 */
export function layOut(recording: Recording, schedule: Schedule): Layout {
  const locations = new Map<Node, Location>();
  const storages: Storage[] = [];
  let words = 0;
  const fixed = (node: Node): number => {
    const size = sizeOf(node.shape);
    const storage = { size, nodes: [node], address: words, fixed: true };
    locations.set(node, { storage, offset: 0 });
    words += aligned(size);
    return storage.address;
  };
  const variables = recording.variables.map(({ base }) => fixed(base));
  const inputs = Object.fromEntries(
    Object.entries(recording.inputs).map(([name, { base }]) => [
      name,
      fixed(base),
    ]),
  );
  const constants = usedConstants(schedule).map((node) => ({
    address: fixed(node),
    values: node.values,
  }));
  for (const [node, variable] of schedule.inPlace) {
    const { storage } = locations.get(recording.variables[variable].base)!;
    locations.set(node, { storage, offset: 0 });
  }
  const place = (node: Node): Location => {
    const size = sizeOf(node.shape);
    const storage = { size, nodes: [node], address: -1, fixed: false };
    storages.push(storage);
    locations.set(node, { storage, offset: 0 });
    return { storage, offset: 0 };
  };
  const inPlace = new Set<Piece>();
  for (const cluster of schedule.clusters.toReversed()) {
    const [node] = cluster.nodes;
    if (node.kind !== "assemble") continue;
    placePieces(node, locations.get(node) ?? place(node), {
      locations,
      inPlace,
    });
  }
  const lives = lifetimes(schedule);
  const stored = storedNodes(schedule);
  schedule.clusters.forEach((cluster, time) => {
    for (const node of cluster.nodes) {
      if (!stored.has(node) || locations.has(node)) continue;
      const storage = reusable(node, cluster, {
        time,
        last: lives.last,
        locations,
      });
      if (storage === undefined) {
        place(node);
      } else {
        storage.nodes.push(node);
        locations.set(node, { storage, offset: 0 });
      }
    }
  });
  words = assignAddresses(storages, lives, words);
  return {
    words,
    variables,
    inputs,
    constants,
    addressOf: (node) => {
      const found = locations.get(node);
      return found ? found.storage.address + found.offset : -1;
    },
    isInPlace: (piece) => inPlace.has(piece),
  };
}

/** Constants that have to lie in the arena, as loops do not carry them. */
function usedConstants(
  schedule: Schedule,
): (Node & { kind: "constant" })[] {
  const used = new Set<Node & { kind: "constant" }>();
  for (const { nodes } of schedule.clusters) {
    for (const node of nodes) {
      const inLoop = node.kind === "map" || node.kind === "reduce" ||
        node.kind === "assemble";
      for (const view of operandsOf(node)) {
        if (view.base.kind !== "constant") continue;
        if (!inLoop || uniformValue(view) === undefined) used.add(view.base);
      }
    }
  }
  return [...used];
}
