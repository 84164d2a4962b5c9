/**
 * Reading what a controller answers; what is not as it should be throws
 * `SyntaxError`.
 *
 * @module
 */
import type { StatsReply, WeightsReply } from "./ryu_messages.ts";

function refuse(name: string, value: unknown, wanted: string): never {
  const text = JSON.stringify(value) ?? "nothing";
  throw new SyntaxError(
    `${name} is ${
      text.length > 60 ? `${text.slice(0, 60)}...` : text
    }, expected ${wanted}`,
  );
}

function record(reply: unknown): Record<string, unknown> {
  if (reply === null || typeof reply !== "object" || Array.isArray(reply)) {
    return refuse("it", reply, "an object");
  }
  return reply as Record<string, unknown>;
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Infinity;
}

function amount(from: Record<string, unknown>, name: string): number {
  const value = from[name];
  return isAmount(value) ? value : refuse(name, value, "a number from 0");
}

function optionalAmount(
  from: Record<string, unknown>,
  name: string,
): number | undefined {
  return from[name] === undefined ? undefined : amount(from, name);
}

function amounts(from: Record<string, unknown>, name: string): number[] {
  const value = from[name];
  if (!Array.isArray(value)) return refuse(name, value, "a list of numbers");
  const wrong = value.findIndex((each) => !isAmount(each));
  if (wrong >= 0) {
    refuse(`${name}[${wrong}]`, value[wrong], "a number from 0");
  }
  return value;
}

/** The reply of `GET /stats` with so many links. */
export function readStatsReply(reply: unknown, linkCount: number): StatsReply {
  const from = record(reply);
  const link_utils = amounts(from, "link_utils");
  if (link_utils.length !== linkCount) {
    throw new SyntaxError(
      `link_utils has ${link_utils.length} entries, expected ${linkCount}: one a link`,
    );
  }
  return {
    link_utils,
    avg_delay: amount(from, "avg_delay"),
    throughput: amount(from, "throughput"),
    demand: optionalAmount(from, "demand"),
    largest_utilisation: optionalAmount(from, "largest_utilisation"),
  };
}

/** The reply of `GET /weights`. */
export function readWeightsReply(reply: unknown): WeightsReply {
  const from = record(reply);
  const [low, high, ...more] = amounts(from, "range");
  if (!(low < high) || more.length > 0) {
    refuse("range", from.range, "a lower and a higher number");
  }
  return {
    weights: amounts(from, "weights"),
    baseline: amounts(from, "baseline"),
    range: [low, high],
    clock: from.clock === "virtual" ? "virtual" : "wall",
  };
}
