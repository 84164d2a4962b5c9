/**
 * The least largest utilisation that any routing can reach: a multi-commodity
 * flow, solved as a linear programme by HiGHS.
 *
 * @module
 */
import highsModule, { type Model, type ModelData } from "highs";
import { edgeNodes, type Topology } from "./topology.ts";
import { checkMatrix } from "./traffic_matrices.ts";

export type { Topology };

/** The best that can be done with some demands. */
export interface OptimalRouting {
  /** The largest utilisation; above 1 where not all fits. */
  readonly largestUtilisation: number;
  /** Loads that reach it, Mbit/s. Shape [arcs]. */
  readonly loads: Float64Array;
}

/** Solves for the best routing, one matrix after the other. */
export interface OptimumSolver extends Disposable {
  /**
   * The best routing for demands (as for `fluidSolver`). Throws `Error` where
   * the solver finds none.
   */
  solve(demands: Float64Array): OptimalRouting;
  /** Prices under which the best routing takes shortest paths. */
  prices(demands: Float64Array): OptimalPrices;
}

/**
 * What a Mbit/s costs at the optimum: the dual values of the capacities. With
 * the arcs' prices as weights, all ways that `loads` take are shortest paths
 * (Wang, Wang and Zhang, "Internet traffic engineering without full mesh
 * overlaying", INFOCOM 2001), though traffic is split unevenly over them.
 */
export interface OptimalPrices {
  /** The largest utilisation; above 1 where not all fits. */
  readonly largestUtilisation: number;
  /** Price of each arc. Shape [arcs]. */
  readonly arcs: Float64Array;
  /** The dearer direction's price, relative to the dearest. Shape [links]. */
  readonly links: Float64Array;
  /** Loads of the shortest routing that is optimal, Mbit/s. Shape [arcs]. */
  readonly loads: Float64Array;
}

// The package declares itself a CommonJS module, so that types see a namespace
// where the module that is loaded exports the function itself.
const loadHighs = highsModule as unknown as typeof highsModule.default;

/** How much above the optimum link prices may look for shorter ways. */
const SLACK = 1e-6;

/** Columns: the largest utilisation, then for each destination its arcs. */
function column(topology: Topology, destination: number, arc: number): number {
  return 1 + destination * topology.arcCount + arc;
}

/**
 * Rows: for each destination what leaves each other switch minus what enters
 * it, which is the demand; then each arc's load minus its share of capacity.
 */
function programme(topology: Topology, destinations: number[]): ModelData {
  const { nodeCount, arcCount, arcTails, arcHeads, capacities } = topology;
  const numCols = 1 + destinations.length * arcCount;
  const conservation = destinations.length * (nodeCount - 1);
  const numRows = conservation + arcCount;
  const starts = [0];
  const indices: number[] = [];
  const values: number[] = [];
  const put = (row: number, value: number) => {
    indices.push(row);
    values.push(value);
  };
  for (let arc = 0; arc < arcCount; arc++) {
    put(conservation + arc, -capacities[arc >> 1]);
  }
  starts.push(indices.length);
  destinations.forEach((t, d) => {
    const row = (u: number) => d * (nodeCount - 1) + (u < t ? u : u - 1);
    for (let arc = 0; arc < arcCount; arc++) {
      if (arcTails[arc] !== t) put(row(arcTails[arc]), 1);
      if (arcHeads[arc] !== t) put(row(arcHeads[arc]), -1);
      put(conservation + arc, 1);
      starts.push(indices.length);
    }
  });
  const colCost = new Float64Array(numCols);
  colCost[0] = 1;
  const rowLower = new Float64Array(numRows).fill(0, 0, conservation);
  rowLower.fill(-Infinity, conservation);
  return {
    numCols,
    numRows,
    colCost,
    colLower: new Float64Array(numCols),
    colUpper: new Float64Array(numCols).fill(Infinity),
    rowLower,
    rowUpper: new Float64Array(numRows),
    matrix: {
      format: "csc",
      numRows,
      numCols,
      starts: Int32Array.from(starts),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    },
  };
}

function run(model: Model, optimal: number): void {
  model.run();
  const status = model.getModelStatus();
  if (status !== optimal) {
    throw new Error(
      `Cannot find the best routing: the solver ends with status ${status}, expected ${optimal} (optimal)`,
    );
  }
}

/**
 * A solver for a network. Close it (`using`) when it is no longer needed: its
 * memory is not the collector's.
 *
 * @param topology The network.
 */
export async function optimumSolver(
  topology: Topology,
): Promise<OptimumSolver> {
  const highs = await loadHighs();
  const { nodeCount, arcCount, linkCount, capacities } = topology;
  const destinations = edgeNodes(topology);
  const conservation = destinations.length * (nodeCount - 1);
  const model = highs.createModel(programme(topology, destinations));
  model.options.set({ output_flag: false });
  const { optimal } = highs.constants.modelStatus;
  const flowColumns = {
    kind: "range" as const,
    from: 1,
    to: destinations.length * arcCount,
  };

  /** Writes the demands; returns their unit, which keeps numbers near 1. */
  function setDemands(demands: Float64Array): number {
    checkMatrix(topology, demands);
    const unit = demands.reduce((most, demand) => Math.max(most, demand), 0);
    const scale = unit > 0 ? unit : 1;
    const wanted: number[] = [];
    for (const t of destinations) {
      for (let u = 0; u < nodeCount; u++) {
        if (u !== t) wanted.push(demands[u * nodeCount + t] / scale);
      }
    }
    const rows = { kind: "range" as const, from: 0, to: conservation - 1 };
    model.changeRowsBounds(rows, wanted, wanted);
    return scale;
  }

  function minimiseUtilisation(): void {
    const none = new Float64Array(destinations.length * arcCount);
    model.changeColCost(0, 1);
    model.changeColsCost(flowColumns, none);
    model.changeColBounds(0, 0, highs.infinity);
    run(model, optimal);
  }

  function loadsOf(colValue: Float64Array, unit: number): Float64Array {
    const loads = new Float64Array(arcCount);
    destinations.forEach((_, d) => {
      for (let arc = 0; arc < arcCount; arc++) {
        loads[arc] += unit * colValue[column(topology, d, arc)];
      }
    });
    return loads;
  }

  return {
    solve(demands) {
      const unit = setDemands(demands);
      minimiseUtilisation();
      const { colValue } = model.getSolution();
      return {
        largestUtilisation: unit * colValue[0],
        loads: loadsOf(colValue, unit),
      };
    },
    prices(demands) {
      const unit = setDemands(demands);
      minimiseUtilisation();
      // Of all ways that keep the optimum, the shortest: without this, links
      // that are not full would cost nothing.
      const [most] = model.getSolution().colValue;
      model.changeColBounds(0, 0, most * (1 + SLACK));
      model.changeColCost(0, 0);
      model.changeColsCost(
        flowColumns,
        Float64Array.from(
          { length: destinations.length * arcCount },
          (_, i) => 1 / capacities[(i % arcCount) >> 1],
        ),
      );
      run(model, optimal);
      const { rowDual, colValue } = model.getSolution();
      const arcs = Float64Array.from(
        { length: arcCount },
        (_, arc) => 1 / capacities[arc >> 1] - rowDual[conservation + arc],
      );
      const links = Float64Array.from(
        { length: linkCount },
        (_, l) => Math.max(arcs[2 * l], arcs[2 * l + 1]),
      );
      const dearest = links.reduce((a, b) => Math.max(a, b));
      return {
        largestUtilisation: unit * most,
        arcs,
        links: links.map((price) => price / dearest),
        loads: loadsOf(colValue, unit),
      };
    },
    [Symbol.dispose]: () => model.dispose(),
  };
}
