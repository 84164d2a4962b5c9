/**
 * The flows of a data set's command line: in the embedded network, or between
 * the hosts of a real one.
 *
 * @module
 */
import type { ScheduledFlow } from "../../envs/sdn/flows.ts";
import {
  type RunningTraffic,
  startTraffic,
  writeTrafficScript,
} from "./traffic_script.ts";

export type { RunningTraffic, ScheduledFlow };

/** What the command line says. */
export interface DatasetTrafficOptions {
  /** The flows. */
  readonly flows: readonly ScheduledFlow[];
  /** Whether they start. */
  readonly startTraffic: boolean;
  /** Where the script for real hosts goes. */
  readonly scriptPath: string;
  /** `embedded` or the controller's address. */
  readonly ryu: string;
}

/** What becomes of it. */
export interface DatasetTraffic extends AsyncDisposable {
  /** Flows that the embedded network carries. */
  readonly embedded: readonly ScheduledFlow[];
  /** What to tell the user. */
  readonly notes: readonly string[];
  /** Throws `Error` where traffic between real hosts has failed. */
  check(): void;
}

/**
 * Writes the script of the flows, and starts it where they start and the
 * network is not embedded.
 *
 * @param options What the command line says. Throws `RangeError` for hosts
 * without an address, and a one-line error where the script cannot be written.
 */
export async function datasetTraffic(
  options: DatasetTrafficOptions,
): Promise<DatasetTraffic> {
  const { flows, scriptPath, ryu } = options;
  const notes: string[] = [];
  let running: RunningTraffic | undefined;
  if (flows.length > 0) {
    await writeTrafficScript(scriptPath, flows);
    notes.push(`Wrote traffic script to ${scriptPath}`);
    if (!options.startTraffic) {
      notes.push("The flows of --traffic-pairs wait for --start-traffic");
    } else if (ryu !== "embedded") running = startTraffic(scriptPath);
  }
  return {
    embedded: options.startTraffic && ryu === "embedded" ? flows : [],
    notes,
    check() {
      if (running?.failure !== undefined) {
        throw new Error(`Cannot keep traffic running: ${running.failure}`);
      }
    },
    [Symbol.asyncDispose]: async () => await running?.[Symbol.asyncDispose](),
  };
}
