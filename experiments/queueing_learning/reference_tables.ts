/**
 * The original's numbers, computed as it computed them.
 *
 * @module
 */
import type { KoopmanModel } from "../../analysis/koopman/model.ts";
import {
  REFERENCE_CONSTANTS,
  referenceBound,
  type ReferenceConstants,
  referenceSettlingIndex,
} from "../../analysis/settling/reference_settling.ts";
import type { Table } from "../../core/table.ts";

export type { KoopmanModel, ReferenceConstants, Table };

/** What the table is of. */
export interface ReferenceTableOptions extends Partial<ReferenceConstants> {
  /** Half widths of bands. */
  readonly epsilons: readonly number[];
}

/**
 * Settling and bound by the original's formulas and constants, in its
 * half-units.
 *
 * @param queueMean Mean queue length on its grid.
 * @param model Gives the largest modulus.
 * @param options Bands, and constants that are not the original's.
 */
export function referenceSettlingTable(
  queueMean: Float64Array,
  model: KoopmanModel,
  options: ReferenceTableOptions,
): Table {
  const { epsilons } = options;
  const constants = { ...REFERENCE_CONSTANTS, ...options };
  const { modulus } = model.spectrum.eigenvalues[0];
  const fixed = { format: (value: number) => value.toFixed(0) };
  return {
    title:
      `The same as the original had it: first visit of ${constants.target} +- epsilon from time 0, and its bound with constants, in steps of the grid`,
    columns: [
      { header: "epsilon" },
      { header: "first visit", ...fixed },
      { header: "bound", ...fixed },
    ],
    rows: epsilons.map((epsilon) => {
      const index = referenceSettlingIndex(queueMean, epsilon, constants);
      return [
        epsilon,
        Number.isFinite(index) ? index : undefined,
        referenceBound(modulus, epsilon, constants),
      ];
    }),
  };
}
