/**
 * The original's numbers, computed as it computed them.
 *
 * @module
 */
import type { KoopmanModel } from "../../analysis/koopman/model.ts";
import {
  referenceBound,
  referenceSettlingIndex,
} from "../../analysis/settling/reference_settling.ts";
import type { Table } from "../../core/table.ts";

export type { KoopmanModel, Table };

/**
 * Settling and bound by the original's formulas and constants, in its
 * half-units.
 *
 * @param queueMean Mean queue length on its grid.
 * @param model Gives the largest modulus.
 * @param epsilons Half widths of bands.
 */
export function referenceSettlingTable(
  queueMean: Float64Array,
  model: KoopmanModel,
  epsilons: readonly number[],
): Table {
  const { modulus } = model.spectrum.eigenvalues[0];
  const fixed = { format: (value: number) => value.toFixed(0) };
  return {
    title:
      "The same as the original had it: first visit of 60 +- epsilon from time 0, and its bound with constants, in steps of the grid",
    columns: [
      { header: "epsilon" },
      { header: "first visit", ...fixed },
      { header: "bound", ...fixed },
    ],
    rows: epsilons.map((epsilon) => {
      const index = referenceSettlingIndex(queueMean, epsilon);
      return [
        epsilon,
        Number.isFinite(index) ? index : undefined,
        referenceBound(modulus, epsilon),
      ];
    }),
  };
}
