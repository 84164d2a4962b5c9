/**
 * Regenerates what docs/load_balancing_rules.md says of constant weights and
 * of rewards.
 *
 * @module
 */
import { integerOption, numberListOption } from "../core/options.ts";
import { runScript, UsageError } from "../core/script.ts";
import {
  BEST_RATIO,
  scanWeights,
  weightScanTables,
} from "../experiments/load_balancing/weight_scan.ts";

await runScript({
  name: "scan_load_balancing",
  task: "reproduce:load-balancing-rewards",
  description:
    "Plays the paper's moderate set-up with constant weights, the same flows for each ratio between the weights of servers of 2 and of 4 cores: mean completion times, and by how much each reward tells a ratio from the best one.",
  options: {
    ratios: numberListOption({
      description: "Weight of a server of 2 cores over that of one of 4.",
      default: [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.667, 0.8, 1],
      minimum: 0.1,
      maximum: 10,
    }),
    episodes: integerOption({
      description: "Episodes of each ratio.",
      default: 24,
      minimum: 1,
    }),
  },
}, async (options, context) => {
  if (!options.ratios.includes(BEST_RATIO)) {
    throw new UsageError(
      `Cannot compare ratios ${options.ratios}: expected ${BEST_RATIO} among them`,
    );
  }
  const scanned = await scanWeights(options, context);
  return { tables: weightScanTables(scanned), json: { scanned } };
});
