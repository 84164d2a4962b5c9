/**
 * Collecting a data set to its end, or to where it has to stop.
 *
 * @module
 */
import type { RoutingPolicy } from "../../agents/rules/routing_policies.ts";
import {
  asUsageError,
  InterruptedError,
  type Progress,
} from "../../core/script.ts";
import type { SDNEnv } from "../../envs/sdn/sdn_env.ts";
import {
  collectEpisode,
  type DatasetDescription,
  episodeSeeds,
  type ExpertDataset,
  makeDataset,
  resumeDataset,
  writeDataset,
} from "./expert_dataset.ts";
import { type DatasetTotals, makeTotals } from "./dataset_report.ts";

export type {
  DatasetDescription,
  DatasetTotals,
  ExpertDataset,
  Progress,
  RoutingPolicy,
  SDNEnv,
};

/** What is collected. */
export interface CollectionPlan {
  /** Where the file goes. */
  readonly path: string;
  /** Where all randomness comes from. */
  readonly seed: number;
  /** How many episodes. */
  readonly episodes: number;
  /** Steps of each. */
  readonly steps: number;
  /** What the file says of itself; undefined for the original's two arrays. */
  readonly description: DatasetDescription | undefined;
  /** Whether to go on with the file. */
  readonly resume: boolean;
  /** Called after every step; what it throws ends the run. */
  readonly check?: () => void;
}

/** What of a script's context is used. */
export interface CollectionContext {
  /** Ends the collection. */
  readonly signal: AbortSignal;
  /** Gives signals their turn. */
  breathe(): Promise<void>;
  /** Shows progress. */
  progress(
    options: { total: number; label: string; unit: string; start?: number },
  ): Progress;
}

/** What was collected. */
export interface Collection {
  /** The rows. */
  readonly dataset: ExpertDataset;
  /** Sums over the rows of this run. */
  readonly totals: DatasetTotals;
  /** Rows that were there before. */
  readonly resumedRows: number;
}

/** How often the file is brought up to date meanwhile. */
const SAVE_EVERY_MS = 5000;

/**
 * Plays episodes and writes their rows. The file is brought up to date every
 * few seconds and, whatever ends the run, at its end; so that what was
 * gathered can be read, and gone on with.
 *
 * @param player Environment and policy.
 * @param plan How much, and where it goes.
 * @param context Progress and signals.
 */
export async function collectDataset(
  player: { readonly env: SDNEnv; readonly policy: RoutingPolicy },
  plan: CollectionPlan,
  context: CollectionContext,
): Promise<Collection> {
  const { path, episodes, steps, description } = plan;
  const dataset = makeDataset(player.env, episodes * steps);
  if (plan.resume) {
    await asUsageError(() =>
      resumeDataset(path, dataset, { steps, description })
    );
  }
  const resumedRows = dataset.rows;
  const totals = makeTotals();
  const seeds = episodeSeeds(plan.seed, episodes);
  using shown = context.progress({
    total: episodes * steps,
    label: "Collecting",
    unit: "samples",
    start: resumedRows,
  });
  const onStep = (result: ReturnType<SDNEnv["step"]>) => {
    plan.check?.();
    totals.add(result);
    shown.update(dataset.rows);
  };
  let savedAt = performance.now();
  try {
    while (dataset.episodes < episodes) {
      const seed = seeds[dataset.episodes];
      await collectEpisode(dataset, player, { seed, onStep, ...context });
      if (performance.now() - savedAt > SAVE_EVERY_MS) {
        await writeDataset(path, dataset, description);
        savedAt = performance.now();
      }
    }
  } catch (error) {
    throw await saved(error, dataset, plan);
  }
  await writeDataset(path, dataset, description);
  return { dataset, totals, resumedRows };
}

/** Keeps what there is; the error says where it is and how to go on. */
async function saved(
  error: unknown,
  dataset: ExpertDataset,
  { path, description }: CollectionPlan,
): Promise<unknown> {
  const message = error instanceof Error ? error.message : String(error);
  const isInterrupt = error instanceof InterruptedError;
  const ErrorClass = isInterrupt ? InterruptedError : Error;
  if (dataset.rows === 0) return error;
  await writeDataset(path, dataset, description);
  return new ErrorClass(
    `${message}; the ${dataset.rows} samples so far are in ${path}, go on with --resume`,
    { cause: error },
  );
}
