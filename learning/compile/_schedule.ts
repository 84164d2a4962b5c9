/**
 * In which order a recording is computed, and how its state is written.
 *
 * @module
 */
import {
  type Cluster,
  fuse,
  inOrder,
  isLeaf,
  liveNodes,
  operandsOf,
  waitFor,
} from "./_fusion.ts";
import { type ArrayView, dtypeOf, isWhole, map, type Node } from "./_graph.ts";
import type { Recording } from "./_recorder.ts";
import { isDense } from "./_view.ts";

/** A recording in the order in which it runs. */
export interface Schedule {
  /** What runs, in order. */
  readonly clusters: readonly Cluster[];
  /** Nodes that are computed where a variable lies, over its old value. */
  readonly inPlace: ReadonlyMap<Node, number>;
  /** Results that are copied to where variables lie at the end. */
  readonly copies: readonly { from: ArrayView; variable: number }[];
  /** The step's results, all dense parts of computed nodes. */
  readonly outputs: readonly ArrayView[];
  /** Indices of variables that the step changes. */
  readonly updated: readonly number[];
}

function copy(recording: Recording, view: ArrayView): ArrayView {
  return map(recording.graph, "COPY", {
    operands: [view],
    shape: view.shape,
    dtype: dtypeOf(view),
  });
}

/** A view of values that no later step overwrites by surprise. */
function asResult(recording: Recording, view: ArrayView): ArrayView {
  return isLeaf(view.base) || !isDense(view) ? copy(recording, view) : view;
}

function isUnchanged(view: ArrayView, variable: ArrayView): boolean {
  return view.base === variable.base && isWhole(view);
}

/** Whether a node may be written over the variable that its cluster reads. */
function overwritesInPlace(node: Node, cluster: Cluster, old: Node): boolean {
  const reads = cluster.nodes.flatMap((each) =>
    operandsOf(each).filter(({ base }) => base === old).map((view) => ({
      reader: each,
      view,
    }))
  );
  if (node.kind !== "map") return reads.length === 0;
  return reads.every(({ reader, view }) =>
    reader.kind !== "product" && isWhole(view)
  );
}

/**
 * Decides on the order, and which variables are updated in place.
 *
 * @param recording From `record`; copies of results are added to its graph.
 */
export function schedule(recording: Recording): Schedule {
  const { graph, variables } = recording;
  const outputs = recording.outputs.map((view) => asResult(recording, view));
  const targets = new Map<Node, number>();
  const copies: { from: ArrayView; variable: number }[] = [];
  const updated: number[] = [];
  recording.updates.forEach((update, variable) => {
    if (update === undefined || isUnchanged(update, variables[variable])) {
      return;
    }
    updated.push(variable);
    const whole = !isLeaf(update.base) && isWhole(update) &&
      !targets.has(update.base);
    const view = whole ? update : copy(recording, update);
    if (targets.has(view.base)) copies.push({ from: view, variable });
    else targets.set(view.base, variable);
  });
  const results = [
    ...outputs.map(({ base }) => base),
    ...targets.keys(),
    ...copies.map(({ from }) => from.base),
  ];
  const nodes = liveNodes(graph.nodes, results);
  const clusters = fuse(nodes);
  // Where an index is out of range, no variable has changed yet.
  const gathers = clusters.filter(({ nodes: [{ kind }] }) => kind === "gather");
  const inPlace = new Map<Node, number>();
  for (const [node, variable] of targets) {
    const old = variables[variable].base;
    const writer = clusters.find((each) => each.nodes.includes(node))!;
    const readers = clusters.filter((each) =>
      each !== writer &&
      each.nodes.some((reader) =>
        operandsOf(reader).some(({ base }) => base === old)
      )
    );
    const possible = overwritesInPlace(node, writer, old) &&
      [...readers, ...gathers].every((before) => waitFor(writer, before));
    if (possible) inPlace.set(node, variable);
    else copies.push({ from: wholeOf(node), variable });
  }
  return { clusters: inOrder(clusters), inPlace, copies, outputs, updated };
}

function wholeOf(node: Node): ArrayView {
  return {
    base: node,
    offset: 0,
    shape: [node.shape.reduce((a, b) => a * b, 1)],
    strides: [1],
  };
}
