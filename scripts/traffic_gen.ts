/**
 * Schedules flows between hosts, writes a script that runs them, and runs it.
 *
 * @module
 */
import { booleanOption, pathOption } from "../core/options.ts";
import { runScript, UsageError } from "../core/script.ts";
import { flowOptions, userFlows } from "../experiments/sdn/options.ts";
import {
  startTraffic,
  writeTrafficScript,
} from "../experiments/sdn/traffic_script.ts";

await runScript({
  name: "traffic_gen",
  task: "traffic-gen",
  description:
    "Schedules flows between the hosts of a real network and writes a script that runs them with iperf3, each at its time, and ends the servers afterwards.",
  options: {
    ...flowOptions,
    out: pathOption({
      description: "Where the script goes.",
      default: "traffic_commands.sh",
    }),
    execute: booleanOption({
      description:
        "Runs it: hosts are network namespaces called h1, h2, ..., which only root may enter.",
    }),
  },
  examples: [
    "--traffic-pairs h1:h2,h2:h3 --traffic-bw 20M",
    "--traffic-pairs h1:h3 --execute",
  ],
}, async (options, { signal, note }) => {
  const flows = userFlows(options);
  if (flows.length === 0) {
    throw new UsageError(
      "Cannot schedule no flows: expected --traffic-pairs, such as h1:h2,h2:h3",
    );
  }
  await writeTrafficScript(options.out, flows);
  if (options.execute) {
    const last = flows.reduce(
      (end, flow) => Math.max(end, flow.startSeconds + flow.durationSeconds),
      0,
    );
    note(`Running ${flows.length} flows, for ${last} s`);
    await using traffic = startTraffic(options.out);
    const stopped = new Promise((resolve) =>
      signal.addEventListener("abort", resolve)
    );
    await Promise.race([traffic.finished, stopped]);
    if (traffic.failure !== undefined) {
      throw new Error(`Cannot run ${options.out}: ${traffic.failure}`);
    }
  }
  return {
    tables: [{
      title: "Flows",
      columns: [
        { header: "from" },
        { header: "to" },
        { header: "start", unit: "s" },
        { header: "duration", unit: "s" },
        { header: "rate", unit: "Mbit/s" },
      ],
      rows: flows.map((flow) => [
        flow.source,
        flow.destination,
        flow.startSeconds,
        flow.durationSeconds,
        flow.rate,
      ]),
    }],
    lines: [`Script: ${options.out}`],
    json: { out: options.out, executed: options.execute, flows },
  };
});
