/**
 * Traffic by name, or from a file.
 *
 * @module
 */
import { userPath } from "../../core/paths.ts";
import { readTrace } from "../../envs/autoscaling/traces.ts";
import type { TrafficOptions } from "../../envs/load_balancing/env_traffic.ts";
import { readFlowTrace } from "../../envs/load_balancing/flow_trace_files.ts";

export type { TrafficOptions };

/**
 * What `--trace-type` asks for.
 *
 * @param type `poisson`, `wiki`, or a file: recorded jobs with a column `time`,
 * or counts with the columns `minute,requests`. Throws `SyntaxError`, which
 * names the file, where it is neither.
 */
export async function readTraffic(
  type: string,
): Promise<TrafficOptions | "poisson" | "wiki"> {
  if (type === "poisson" || type === "wiki") return type;
  const path = userPath(type);
  try {
    return { type: "recorded", trace: await readFlowTrace(path) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    try {
      return { type: "counted", trace: await readTrace(path) };
    } catch {
      throw error;
    }
  }
}
