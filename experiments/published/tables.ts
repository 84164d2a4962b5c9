/**
 * The tables of README and docs that are made of docs/results.
 *
 * @module
 */
import { formatTable } from "../../core/table.ts";
import { comparisonTable } from "../autoscaling/comparison.ts";
import { fluidCheckTable } from "../sdn/fluid_check.ts";
import {
  differenceBlock,
  gridRows,
  loadBalancingRows,
  rewardRows,
  routingRows,
  SHOWN_RATIOS,
  spacingRows,
  successorRows,
  weightRows,
} from "./_field_rows.ts";
import {
  answerRows,
  autoencoderRows,
  chainRows,
  claimRows,
  controlRows,
  lineRows,
  mitigationRows,
  RECOVERY_WINDOWS,
  recoveryRows,
  settlingRows,
  timescaleRows,
  windowRows,
} from "./_queueing_rows.ts";
import {
  autoscalingRows,
  type Block,
  DEVICE_PARTS,
  deviceRows,
  REFERENCE_PARTS,
  referenceBlock,
  tabularRows,
} from "./_score_rows.ts";
import type {
  FirstResultDocument,
  FluidDocument,
  PublishedRun,
} from "./documents.ts";
import { markdownTable, tableMarkdown } from "./markdown.ts";
import { captionOf } from "./wording.ts";

export type { PublishedRun };

/** Published runs by the names of their parts. */
export type PublishedRuns = ReadonlyMap<string, PublishedRun>;

const ROUTING_HEADER = [
  "routing",
  "largest utilisation",
  "gain",
  "of the seeds",
  "gain by Fortz-Thorup's search",
];

/** A block that is shown as a script shows it. */
interface ScriptBlock {
  readonly parts: readonly string[];
  readonly text: (documents: readonly unknown[]) => string;
}

/** The blocks by their names. */
const BLOCKS: Readonly<Record<string, Block | ScriptBlock>> = {
  "first-result": {
    parts: ["first-result"],
    text: ([document]) => {
      const { comparisons: [{ title, policies }] } =
        document as FirstResultDocument;
      const table = comparisonTable({ results: policies }, title);
      return ["```text", formatTable(table), "```"].join("\n");
    },
  },
  autoscaling: {
    header: [
      "agent",
      "policy",
      "seeds",
      "return",
      "median",
      "worst",
      "wanted",
      "reached",
    ],
    parts: ["dqn", "ppo", "qlearning"].map((part) => `autoscaling/${part}`),
    rows: autoscalingRows,
  },
  "reference-envs": referenceBlock(...REFERENCE_PARTS),
  "reference-dqn": referenceBlock("cartpole-dqn", "acrobot-dqn"),
  "reference-ppo": referenceBlock("cartpole-ppo", "pendulum-ppo"),
  "reference-ddpg": referenceBlock("pendulum-ddpg", "pendulum-td3"),
  "reference-sac": referenceBlock(
    "pendulum-sac",
    "pendulum-position-sac-gru",
    "pendulum-position-sac",
    "recall-sac-gru",
    "recall-sac",
  ),
  "reference-qmix": referenceBlock("two-step-game-qmix", "two-step-game-vdn"),
  tabular: {
    header: ["table", "seeds", "return", "wanted", "reached"],
    parts: ["reference-envs/tabular"],
    rows: tabularRows,
  },
  devices: {
    header: ["training", "native", "wasm", "probability"],
    parts: DEVICE_PARTS.map((part) => `devices/${part}`),
    rows: deviceRows,
  },
  "load-balancing": differenceBlock("ecmp", "awcmp", "sed"),
  "load-balancing-all": {
    header: [
      "who",
      "mean (ms)",
      "± 95 %",
      "p90",
      "p95",
      "p99",
      "rejected (%)",
      "Jain",
      "product",
      "over-provision",
    ],
    parts: ["load-balancing"],
    rows: loadBalancingRows,
  },
  "load-balancing-differences": differenceBlock(
    "ecmp",
    "wcmp",
    "awcmp",
    "lsq",
    "sed",
  ),
  weights: {
    header: ["r", "mean (ms)"],
    parts: ["load-balancing-rewards"],
    rows: weightRows,
  },
  rewards: {
    header: ["reward", ...SHOWN_RATIOS.map((ratio) => `r = ${ratio}`)],
    parts: ["load-balancing-rewards"],
    rows: rewardRows,
  },
  "control-claims": {
    header: ["claim", "found", "reached"],
    parts: ["queueing/control"],
    rows: claimRows,
  },
  control: {
    header: [
      "policy",
      "median time to recover",
      "not recovered",
      "answered in time",
      "attempts refused per request",
      "extra threads",
    ],
    parts: ["queueing/control"],
    rows: controlRows,
  },
  timescale: {
    header: ["what", "time", "95 % interval", "over that of long runs"],
    parts: ["queueing/timescale"],
    rows: timescaleRows,
  },
  settling: {
    header: [
      "runs",
      "epsilon",
      "empirical",
      "bound",
      "factor",
      "bound from the fault",
      "factor",
    ],
    parts: ["queueing/timescale"],
    rows: settlingRows,
  },
  "timescale-claims": {
    header: ["claim", "found", "reached"],
    parts: ["queueing/timescale"],
    rows: claimRows,
  },
  autoencoder: {
    header: ["what", "Loadstar", "independent"],
    parts: ["queueing/reference"],
    rows: autoencoderRows,
  },
  chain: {
    header: [
      "arrival rate",
      "chain",
      "simulated as `orbit`",
      "as `reference`",
      "as `attempt`",
      "error against `attempt`",
    ],
    parts: ["queueing-simulator"],
    rows: chainRows,
  },
  line: {
    header: ["time", "first server", "original", "second server", "original"],
    parts: ["queueing-simulator"],
    rows: lineRows,
  },
  windows: {
    header: [
      "window",
      "completions",
      "queue",
      "latency",
      "drops",
      "retries among completions",
    ],
    parts: ["queueing-simulator"],
    rows: windowRows,
  },
  recovery: {
    header: ["model, arrival rate", ...RECOVERY_WINDOWS, "stuck at the end"],
    parts: ["queueing-simulator"],
    rows: recoveryRows,
  },
  answers: {
    header: ["question", "simulation", "Markov chain", "learned model"],
    parts: ["analyse-metastability"],
    rows: answerRows,
  },
  mitigations: {
    header: [
      "mitigation",
      "not recovered",
      "median time",
      "in time before",
      "after",
      "losses per request",
    ],
    parts: ["analyse-metastability"],
    rows: mitigationRows,
  },
  packets: {
    parts: ["check-fluid-emulator"],
    text: ([document]) =>
      tableMarkdown(fluidCheckTable((document as FluidDocument).checks)),
  },
  routing: {
    header: ROUTING_HEADER,
    parts: ["sdn"],
    rows: routingRows,
  },
  "routing-unseen": {
    header: ROUTING_HEADER,
    parts: ["sdn-unseen"],
    rows: routingRows,
  },
  spacing: {
    header: ["set", "neurons", "spacing over the law's", "mean within 5 %"],
    parts: ["arena/spacing"],
    rows: spacingRows,
  },
  grids: {
    header: ["what", "measured"],
    parts: ["arena/grids"],
    rows: gridRows,
  },
  successor: {
    header: ["gamma", "mean square of t", "expected", "largest difference"],
    parts: ["arena/successor"],
    rows: successorRows,
  },
};

/** Names of all blocks. */
export const BLOCK_NAMES: readonly string[] = Object.keys(BLOCKS);

/**
 * A table with a line that says what regenerates it, in Markdown.
 *
 * @param name One of {@linkcode BLOCK_NAMES}. Throws `RangeError` for others.
 * @param runs All published runs. Throws `RangeError` where one is missing.
 */
export function publishedTable(name: string, runs: PublishedRuns): string {
  const block = BLOCKS[name];
  if (block === undefined) {
    throw new RangeError(
      `Cannot write the results ${JSON.stringify(name)}: expected one of ${
        BLOCK_NAMES.join(", ")
      }`,
    );
  }
  const found = block.parts.map((part) => {
    const run = runs.get(part);
    if (run !== undefined) return run;
    throw new RangeError(`Cannot find docs/results/${part}.json`);
  });
  const documents = found.map(({ document }) => document);
  const text = "text" in block
    ? block.text(documents)
    : markdownTable(block.header, block.rows(documents));
  return `${text}\n\n${captionOf(block.parts, found)}`;
}
