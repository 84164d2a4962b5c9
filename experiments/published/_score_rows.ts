/**
 * Rows of published scores.
 *
 * @module
 */
import { median } from "../../analysis/statistics.ts";
import { PUBLISHED_RUNS } from "../reproduction/published_runs.ts";
import type { DevicesDocument, ScoresDocument } from "./documents.ts";
import { fixed, spread } from "./wording.ts";

/** A block of a page: rows under a header, and the parts they are made of. */
export interface Block {
  readonly header: readonly string[];
  readonly parts: readonly string[];
  /** Rows; the documents come in the order of the parts. */
  readonly rows: (documents: readonly unknown[]) => string[][];
}

type ScoreLine = ScoresDocument["scores"][number];

export const REFERENCE_PARTS = [
  "cartpole-dqn",
  "cartpole-ppo",
  "acrobot-dqn",
  "pendulum-ppo",
  "pendulum-ddpg",
  "pendulum-td3",
  "pendulum-sac",
  "pendulum-position-sac-gru",
  "pendulum-position-sac",
  "recall-sac-gru",
  "recall-sac",
  "two-step-game-qmix",
  "two-step-game-vdn",
] as const;

const ALGORITHM_NAMES: Readonly<Record<string, string>> = {
  "recall-sac": "SAC without memory",
  "pendulum-sac": "SAC without memory",
  "pendulum-position-sac": "SAC without memory",
  "two-step-game-vdn": "VDN",
};

function algorithmOf(part: typeof REFERENCE_PARTS[number]): string {
  return ALGORITHM_NAMES[part] ?? PUBLISHED_RUNS[part].agent.toUpperCase();
}

function scoresOf(document: unknown): readonly ScoreLine[] {
  return (document as ScoresDocument).scores;
}

function reached(lines: readonly ScoreLine[]): string {
  const verdicts = lines.filter((line) => typeof line.reached === "boolean");
  if (verdicts.length === 0) return "";
  return verdicts.every((line) => line.reached) ? "yes" : "no";
}

function wanted(lines: readonly ScoreLine[]): string {
  return lines.filter(({ target }) => target !== "")
    .map(({ policy, target }) => `${policy}: ${target}`).join("; ");
}

export function autoscalingRows(documents: readonly unknown[]): string[][] {
  return documents.flatMap(scoresOf).map((line) => [
    line.name,
    line.policy.replace(/ \(.*\)$/, ""),
    String(line.scores.length),
    spread(line.scores, 2),
    fixed(median(line.scores), 2),
    fixed(Math.min(...line.scores), 2),
    line.target,
    reached([line]),
  ]);
}

function referenceRows(
  parts: readonly (typeof REFERENCE_PARTS[number])[],
): Block["rows"] {
  return (documents) =>
    documents.map((document, i) => {
      const lines = scoresOf(document);
      const digits = Math.abs(lines[0].scores[0]) < 10 ? 2 : 1;
      const { environment, totalTimesteps } = PUBLISHED_RUNS[parts[i]];
      const best = lines.find(({ policy }) => policy === "best checkpoint");
      return [
        environment.id,
        algorithmOf(parts[i]),
        totalTimesteps.toLocaleString("en"),
        spread(lines[0].scores, digits),
        best === undefined ? "" : spread(best.scores, digits),
        wanted(lines),
        reached(lines),
      ];
    });
}

const REFERENCE_HEADER = [
  "environment",
  "agent",
  "steps",
  "last policy",
  "best checkpoint",
  "wanted",
  "reached",
];

export function referenceBlock(
  ...parts: (typeof REFERENCE_PARTS[number])[]
): Block {
  return {
    header: REFERENCE_HEADER,
    parts: parts.map((part) => `reference-envs/${part}`),
    rows: referenceRows(parts),
  };
}

export const DEVICE_PARTS = [
  "autoscaling-dqn",
  "autoscaling-ppo",
  "cartpole-dqn",
  "cartpole-ppo",
];

export function deviceRows(documents: readonly unknown[]): string[][] {
  return documents.flatMap((document) =>
    (document as DevicesDocument).results.map((result) => [
      result.part,
      spread(result.native, 2),
      spread(result.wasm, 2),
      fixed(result.probability, 2),
    ])
  );
}

export function tabularRows(documents: readonly unknown[]): string[][] {
  return documents.flatMap(scoresOf).map((line) => [
    line.name,
    String(line.scores.length),
    spread(line.scores, 3),
    line.target,
    reached([line]),
  ]);
}
