/**
 * What happened with each message, as CSV.
 *
 * @module
 */
import { type CsvLog, openCsvLog } from "../../core/csv_log.ts";
import type { ControlSummary } from "./controller.ts";
import type { DataPlaneSummary } from "./data_plane_side.ts";

export type { ControlSummary, DataPlaneSummary };

/** A log of one side. */
export interface SideLog<Summary> extends Disposable {
  /** Appends a row about the latest message. */
  add(summary: Summary): void;
}

const orEmpty = (value: number) => Number.isFinite(value) ? value : null;

function logOf<Summary>(
  log: CsvLog,
  add: (summary: Summary) => void,
): SideLog<Summary> {
  return { add, [Symbol.dispose]: () => log.close() };
}

/**
 * `controller.csv`: seconds since it began, the state, the message, and the
 * weights that were written.
 *
 * @param folder Made where it is not there.
 * @param now The time in milliseconds. Default `performance.now`.
 */
export function openControllerLog(
  folder: string,
  now: () => number = () => performance.now(),
): SideLog<ControlSummary> {
  const began = now();
  const log = openCsvLog(`${folder}/controller.csv`, [
    "seconds",
    "state",
    "message",
    "servers",
    "latency_us",
    "lowest_weight",
    "highest_weight",
  ]);
  return logOf(
    log,
    ({ state, message, servers, latency, weights }) =>
      log.append([
        (now() - began) / 1000,
        state,
        message,
        servers,
        // Of decisions; weights of SED take none.
        state === "steering" ? orEmpty(latency.latest) : null,
        ...weights.map(orEmpty),
      ]),
  );
}

/**
 * `dataplane.csv`: simulated time, the message, how many regions are steered,
 * and the flows since the message before.
 *
 * @param folder Made where it is not there.
 */
export function openPlaneLog(folder: string): SideLog<DataPlaneSummary> {
  const log = openCsvLog(`${folder}/dataplane.csv`, [
    "time",
    "message",
    "steered",
    "finished",
    "failed",
    "completion_seconds",
    "jain",
  ]);
  return logOf(log, ({ time, messages, steered, recent }) =>
    log.append([
      time,
      messages,
      steered,
      recent.finished,
      recent.failed,
      orEmpty(recent.completionSeconds),
      orEmpty(recent.jain),
    ]));
}
