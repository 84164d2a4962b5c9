/**
 * The environment that recorded steps come from.
 *
 * @module
 */
import type { OfflineData } from "../../agents/offline/offline_data.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { type EnvironmentSpec, makeEnvironment } from "../../envs/registry.ts";
import type { RecordedSteps } from "../training/offline_files.ts";

export type { EnvironmentSpec, JsonRecord, OfflineData, RecordedSteps };

/** What is assumed of files that do not say where their rows come from. */
export interface AssumedEnvironment {
  /** Whether actions are those of the original, from -0.5 to 0.5. */
  readonly mode: "default" | "reference";
}

function optionsOf(
  { data, options }: RecordedSteps,
  { mode }: AssumedEnvironment,
): JsonRecord {
  if (options !== undefined) return options;
  const { observationSize, actionSize } = data;
  if (observationSize !== actionSize + 2) {
    throw new TypeError(
      `its states have ${observationSize} values and its actions ${actionSize}, expected two states more than actions: utilisations, delay and throughput`,
    );
  }
  return { linkCount: actionSize, mode };
}

function checkActions(
  { actions, actionSize }: OfflineData,
  environment: EnvironmentSpec,
): void {
  const { actionSpace } = makeEnvironment(environment);
  if (actionSpace.kind !== "box") return;
  const { low, high } = actionSpace;
  const place = actions.findIndex((action, i) =>
    action < low[i % actionSize] || action > high[i % actionSize]
  );
  if (place >= 0) {
    throw new RangeError(
      `its action in row ${Math.floor(place / actionSize)} holds ${
        actions[place]
      }, expected from ${low[0]} to ${
        high[0]
      } (--mode says what actions of files are that do not say it)`,
    );
  }
}

/**
 * The environment of recorded steps: the one that the file names with all its
 * options, the scale of actions among them, or for files of states and actions
 * alone one of as many links.
 *
 * @param path The file, for messages. Throws `TypeError` and `RangeError` that
 * name it where its sizes or actions do not fit.
 * @param steps Its content.
 * @param assumed For files that do not say it.
 */
export function recordedEnvironment(
  path: string,
  steps: RecordedSteps,
  assumed: AssumedEnvironment,
): EnvironmentSpec {
  try {
    const environment = { id: "SDN-v1", options: optionsOf(steps, assumed) };
    checkActions(steps.data, environment);
    return environment;
  } catch (error) {
    if (error instanceof Error) {
      error.message = `Cannot learn from ${
        JSON.stringify(path)
      }: ${error.message}`;
    }
    throw error;
  }
}
