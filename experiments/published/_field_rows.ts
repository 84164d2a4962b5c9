/**
 * Rows of what is published of the fields.
 *
 * @module
 */
import { mean } from "../../analysis/statistics.ts";
import {
  measureInterval,
  pairedDifference,
} from "../load_balancing/comparison.ts";
import { rewardSignal } from "../load_balancing/weight_scan.ts";
import type { Block } from "./_score_rows.ts";
import type {
  ArenaDocument,
  ContenderOutcome,
  LoadBalancingDocument,
  RewardsDocument,
  RoutingDocument,
} from "./documents.ts";
import { fixed, percent, spread } from "./wording.ts";

function sortedOutcomes(document: unknown): ContenderOutcome[] {
  const { outcomes } = document as LoadBalancingDocument;
  const time = (outcome: ContenderOutcome) =>
    measureInterval(outcome, "mean").estimate;
  return outcomes.toSorted((one, two) => time(one) - time(two));
}

function shownName({ name, oracle, learned }: ContenderOutcome): string {
  if (oracle) return `\`${name}\` (knows all)`;
  return learned ? `**${name}**` : `\`${name}\``;
}

export function loadBalancingRows([document]: readonly unknown[]): string[][] {
  return sortedOutcomes(document).map((outcome) => {
    const { estimate, high } = measureInterval(outcome, "mean");
    const value = (name: Parameters<typeof measureInterval>[1]) =>
      measureInterval(outcome, name).estimate;
    return [
      shownName(outcome),
      fixed(1000 * estimate, 2),
      fixed(1000 * (high - estimate), 2),
      fixed(1000 * value("p90"), 1),
      fixed(1000 * value("p95"), 1),
      fixed(1000 * value("p99"), 1),
      fixed(100 * value("rejected"), 3),
      fixed(value("jain"), 3),
      fixed(value("product"), 3),
      fixed(value("overProvision"), 2),
    ];
  });
}

/** Learners less each of some rules, milliseconds. */
function differenceRows(rules: readonly string[]): Block["rows"] {
  return ([document]) => {
    const outcomes = sortedOutcomes(document);
    const { seconds } = document as LoadBalancingDocument;
    const rule = (name: string) => outcomes.find((one) => one.name === name)!;
    const time = (outcome: ContenderOutcome) =>
      measureInterval(outcome, "mean").estimate;
    return outcomes.filter(({ learned }) => learned).map((outcome) => [
      outcome.name,
      fixed(1000 * time(outcome), 2),
      ...rules.map((name) => {
        const { estimate, low, high } = pairedDifference(outcome, rule(name));
        const ends = [low, high].map((end) => fixed(1000 * end, 2));
        return `${fixed(1000 * estimate, 2)} [${ends.join(", ")}]`;
      }),
      `${percent(time(outcome) / time(rule("sed")) - 1, 2)}`,
      fixed(seconds[outcome.name], 0),
    ]);
  };
}

export function differenceBlock(...rules: string[]): Block {
  return {
    header: [
      "learner",
      "mean (ms)",
      ...rules.map((rule) => `less ${rule.toUpperCase()} (ms)`),
      "over SED",
      "a seed (s)",
    ],
    parts: ["load-balancing"],
    rows: differenceRows(rules),
  };
}

export function weightRows([document]: readonly unknown[]): string[][] {
  const { scanned } = document as RewardsDocument;
  return scanned.map(({ ratio, means }) => [
    String(ratio),
    spread(means.map((seconds) => 1000 * seconds), 1),
  ]);
}

/** Ratios whose rewards are shown. */
export const SHOWN_RATIOS = [0.4, 0.45, 0.6, 0.667, 1];

export function rewardRows([document]: readonly unknown[]): string[][] {
  const { scanned } = document as RewardsDocument;
  return Object.keys(scanned[0].rewards).map((name) => [
    name,
    ...SHOWN_RATIOS.map((ratio) =>
      fixed(rewardSignal(scanned, ratio, name), 2)
    ),
  ]);
}

export function routingRows([document]: readonly unknown[]): string[][] {
  return (document as RoutingDocument).lines.map((line) => {
    const gains = line.seeds.map(({ gain }) => gain);
    return [
      line.name,
      fixed(line.utilisation, 3),
      spread(gains, 3),
      gains.map((gain) => fixed(gain, 2)).join(", "),
      fixed(line.classicGain, 3),
    ];
  });
}

export function spacingRows([document]: readonly unknown[]): string[][] {
  const { spacing = [] } = document as ArenaDocument;
  return spacing.map(({ set, ratios }) => [
    set,
    String(ratios.length),
    spread(ratios, 3),
    Math.abs(mean(ratios) - 1) <= 0.05 ? "yes" : "no",
  ]);
}

export function gridRows([document]: readonly unknown[]): string[][] {
  const { runs, test } = (document as ArenaDocument).grids!;
  type Run = typeof runs[number];
  const values = (name: keyof Run) => runs.map((run) => run[name]);
  const above = (name: "before" | "after") =>
    `${values(name).filter((score) => score > 0).length} of ${runs.length}`;
  return [
    ["score above 0 before learning", above("before")],
    ["score above 0 after", above("after")],
    ["became so, and no more so", `${test.won}, ${test.lost}`],
    ["McNemar's probability", test.probability.toPrecision(2)],
    ["mean score before", spread(values("before"), 3)],
    ["mean score after", spread(values("after"), 3)],
    ["spacing, part of the room", spread(values("spacing"), 3)],
    ["mean rate (Hz)", spread(values("meanRate"), 2)],
    ["peak rate (Hz)", spread(values("peakRate"), 1)],
  ];
}

export function successorRows([document]: readonly unknown[]): string[][] {
  const { successor = [] } = document as ArenaDocument;
  return successor.map((row) => [
    String(row.discount),
    fixed(row.meanSquare, 3),
    fixed(row.expected, 3),
    fixed(row.largestDifference, 4),
  ]);
}
