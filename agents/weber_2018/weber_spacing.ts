/**
 * The spacing of grids that plastic inhibition makes.
 *
 * @module
 */

/** What the spacing depends on. */
export interface SpacingOptions {
  /** Standard deviation of excitatory inputs, in units of length. */
  readonly sigmaExc: number;
  /** Standard deviation of inhibitory inputs. */
  readonly sigmaInh: number;
  /** Excitatory inputs. */
  readonly Ne: number;
  /** Inhibitory inputs. */
  readonly Ni: number;
  /** Learning rate of excitatory weights. */
  readonly excEta: number;
  /** Learning rate of inhibitory weights. */
  readonly inhEta: number;
  /** Largest rate of excitatory inputs, Hz. Default 1. */
  readonly alphaE?: number;
  /** Largest rate of inhibitory inputs, Hz. Default 1. */
  readonly alphaI?: number;
}

/**
 * Spacing of the rate's maxima along a line with place-like inputs:
 *
 *     l = 2 pi sqrt((sI^2 - sE^2) /
 *         ln(etaI NI aI^2 sI^4 / (etaE NE aE^2 sE^4)))
 *
 * (Weber and Sprekeler, eLife 7:e34560, 2018, equation 78).
 *
 * @param options Inputs and learning rates.
 * @returns In units of length; NaN where no pattern forms, because inhibition
 * is no smoother than excitation or too slow.
 */
export function weberSpacing(options: SpacingOptions): number {
  const { sigmaExc, sigmaInh, Ne, Ni, excEta, inhEta } = options;
  const { alphaE = 1, alphaI = 1 } = options;
  const ratio = (inhEta * Ni * alphaI ** 2 * sigmaInh ** 4) /
    (excEta * Ne * alphaE ** 2 * sigmaExc ** 4);
  return sigmaInh > sigmaExc && ratio > 1
    ? 2 * Math.PI * Math.sqrt((sigmaInh ** 2 - sigmaExc ** 2) / Math.log(ratio))
    : NaN;
}
